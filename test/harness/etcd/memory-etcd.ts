import { fail, ok, type Result } from '../../../src/kit/result.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import type { Etcd, EtcdAct, EtcdAnswer, EtcdCondition, EtcdEvent, EtcdFailure, EtcdLease, EtcdTransaction, EtcdValue, EtcdWatch } from '../../../src/ports/etcd.ts'

interface Held {
  readonly value: Uint8Array
  readonly createRevision: number
  readonly lease: string | null
}

interface Watching extends EtcdWatch {
  readonly client: string
  readonly seen: (events: readonly EtcdEvent[]) => void
  readonly ended: (failure: EtcdFailure) => void
}

/** What may happen to a request on its way: nothing, it is not carried out, or it is and nobody is told. */
export type Fate = 'arrives' | 'is-lost' | 'answer-is-lost'

export interface MemoryEtcdWeather {
  fate(client: string): Fate
  milliseconds(client: string): number
}

const stillWeather: MemoryEtcdWeather = { fate: () => 'arrives', milliseconds: () => 1 }

/** etcd as it is documented, in memory and in simulated time, for groups of simulated managers. A real one is asked in test/integration/etcd*.test.ts. */
export class MemoryEtcd {
  readonly #clock: Clock
  #weather: MemoryEtcdWeather
  #held = new Map<string, Held>()
  #leases = new Map<string, { seconds: number; until: number }>()
  #watches: Watching[] = []
  #history: { readonly revision: number; readonly events: readonly EtcdEvent[] }[] = []
  #revision = 1
  #lease = 1000
  cluster = 'memory'

  constructor(clock: Clock, weather: MemoryEtcdWeather = stillWeather) {
    this.#clock = clock
    this.#weather = weather
  }

  set weather(weather: MemoryEtcdWeather) {
    this.#weather = weather
  }

  get revision(): number {
    return this.#revision
  }

  keys(): readonly string[] {
    this.#expire()
    return [...this.#held.keys()].toSorted()
  }

  /** As somebody may do it with etcdctl. */
  empty(): void {
    this.#change([...this.#held.keys()].map(key => ({ do: 'delete', key })))
  }

  /** One manager's way to it. */
  client(name: string): Etcd {
    return {
      transact: (transaction, deadline) => this.#request(name, deadline, () => this.#transact(transaction), transaction),
      grantLease: (seconds, deadline) => this.#request(name, deadline, () => ok(this.#grant(seconds))),
      keepLease: (id, deadline) => this.#request(name, deadline, () => this.#keep(id)),
      endLease: (id, deadline) => this.#request(name, deadline, () => {
        this.#end(id)
        return ok(null)
      }),
      watch: (what, events) => this.#watch(name, what, events),
      close: () => undefined,
    }
  }

  /** Their connections break. */
  endWatches(client: string): void {
    const broken = this.#watches.filter(watching => watching.client === client)
    this.#watches = this.#watches.filter(watching => watching.client !== client)
    for (const { ended } of broken) ended({ kind: 'unreachable', text: 'the connection broke' })
  }

  async #request<Value>(client: string, deadline: number, act: () => Result<Value, EtcdFailure>, transaction?: EtcdTransaction): Promise<Result<Value, EtcdFailure>> {
    const fate = this.#weather.fate(client)
    const milliseconds = this.#weather.milliseconds(client)
    if (transaction !== undefined) checkSize(transaction)
    // What is late arrives all the same.
    if (fate === 'is-lost' || milliseconds >= deadline) {
      if (fate !== 'is-lost') this.#clock.after(milliseconds, () => { act() })
      await this.#clock.sleep(deadline)
      return fail({ kind: 'unreachable', text: `no answer within ${deadline} ms` })
    }
    await this.#clock.sleep(milliseconds / 2)
    const answer = act()
    if (fate === 'answer-is-lost') {
      await this.#clock.sleep(deadline - milliseconds / 2)
      return fail({ kind: 'unreachable', text: `no answer within ${deadline} ms` })
    }
    await this.#clock.sleep(milliseconds / 2)
    return answer
  }

  #transact({ when, acts, otherwise }: EtcdTransaction): Result<EtcdAnswer, EtcdFailure> {
    this.#expire()
    const holds = when.every(condition => this.#holds(condition))
    const branch = holds ? acts : otherwise
    for (const act of branch) if (act.do === 'put' && act.lease !== undefined && !this.#leases.has(act.lease)) return fail({ kind: 'lease-gone', text: 'requested lease not found' })
    // A transaction's reads see its own writes before them; here all its writes come first, as ours never depend on the order.
    this.#change(branch.filter(act => act.do !== 'get'))
    return ok({ holds, got: branch.filter(act => act.do === 'get').map(act => this.#get(act)), revision: this.#revision, cluster: this.cluster })
  }

  #holds(condition: EtcdCondition): boolean {
    const held = this.#held.get(condition.key)
    if ('value' in condition) return held !== undefined && Buffer.from(held.value).toString() === condition.value
    return (held?.createRevision ?? 0) === condition.createRevision
  }

  #get(act: Extract<EtcdAct, { readonly do: 'get' }>): readonly EtcdValue[] {
    const all = [...this.#held].filter(([key]) => inRange(key, act)).toSorted(([one], [other]) => (one < other ? -1 : 1))
    return all.slice(0, act.limit ?? all.length).map(([key, held]) => ({ key, ...held }))
  }

  #change(acts: readonly EtcdAct[]): void {
    const revision = this.#revision + 1
    const events: EtcdEvent[] = []
    for (const act of acts) {
      if (act.do === 'get') continue
      if (act.do === 'delete') {
        for (const key of [...this.#held.keys()].filter(key => inRange(key, act))) {
          this.#held.delete(key)
          events.push({ kind: 'deleted', key, revision })
        }
        continue
      }
      const held: Held = { value: Buffer.from(act.value), createRevision: this.#held.get(act.key)?.createRevision ?? revision, lease: act.lease ?? null }
      this.#held.set(act.key, held)
      events.push({ kind: 'put', value: { key: act.key, ...held }, revision })
    }
    if (events.length === 0) return
    this.#revision = revision
    this.#history.push({ revision, events })
    for (const watching of this.#watches) this.#tell(watching, events)
  }

  #tell(watching: Watching, events: readonly EtcdEvent[]): void {
    const own = events.filter(event => inRange(event.kind === 'put' ? event.value.key : event.key, watching))
    if (own.length === 0) return
    // In order: none overtakes another of the same watch.
    this.#clock.after(1, () => { if (this.#watches.includes(watching)) watching.seen(own) })
  }

  #watch(client: string, what: EtcdWatch, events: { seen(events: readonly EtcdEvent[]): void; ended(failure: EtcdFailure): void }): () => void {
    const watching: Watching = { ...what, client, seen: seen => events.seen(seen), ended: failure => events.ended(failure) }
    this.#watches.push(watching)
    for (const { revision, events: past } of this.#history) if (revision >= what.fromRevision) this.#tell(watching, past)
    return () => { this.#watches = this.#watches.filter(other => other !== watching) }
  }

  #grant(seconds: number): EtcdLease {
    const id = String((this.#lease += 1))
    this.#leases.set(id, { seconds, until: this.#clock.monotonic() + seconds * 1000 })
    this.#clock.after(seconds * 1000 + 1, () => this.#expire())
    return { id, seconds }
  }

  #keep(id: string): Result<EtcdLease, EtcdFailure> {
    this.#expire()
    const lease = this.#leases.get(id)
    if (lease === undefined) return fail({ kind: 'lease-gone', text: `lease ${id} has expired` })
    lease.until = this.#clock.monotonic() + lease.seconds * 1000
    this.#clock.after(lease.seconds * 1000 + 1, () => this.#expire())
    return ok({ id, seconds: lease.seconds })
  }

  #expire(): void {
    for (const [id, { until }] of this.#leases) if (until < this.#clock.monotonic()) this.#end(id)
  }

  #end(id: string): void {
    if (!this.#leases.delete(id)) return
    this.#change([...this.#held].filter(([, { lease }]) => lease === id).map(([key]) => ({ do: 'delete', key })))
  }
}

const inRange = (key: string, { key: from, upTo }: { readonly key: string; readonly upTo?: string }): boolean => (upTo === undefined ? key === from : key >= from && key < upTo)

/** etcd's own bounds: 128 operations and 1.5 MiB. */
function checkSize({ when, acts, otherwise }: EtcdTransaction): void {
  for (const list of [when, acts, otherwise]) if (list.length > 128) throw new Error(`a transaction of ${list.length} operations`)
  const bytes = [...acts, ...otherwise].reduce((sum, act) => sum + act.key.length + (act.do === 'put' ? act.value.length : 0), 0)
  if (bytes > 1.5 * 1024 * 1024) throw new Error(`a transaction of ${bytes} bytes`)
}
