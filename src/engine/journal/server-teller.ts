import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Group, Json } from '../../ports/group.ts'
import type { Log } from '../../ports/log.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Command } from './commands.ts'
import { every } from './every.ts'
import { NotProposed } from './group-proposer.ts'
import type { Proposer } from './journal.ts'
import type { SharedWorld } from './shared-world.ts'
import { plainReading } from './told-reading.ts'

/** All servers are compared with what the group knows so often, whatever was noticed between. */
const tellMilliseconds = 2000
/** Servers that are found at one time are told of together. */
const togetherMilliseconds = 20
/** What one command bears; a command is bounded. */
const atOnce = { servers: 500, letters: 200_000 }

export interface ServerTellerParts {
  readonly group: Pick<Group<Command>, 'isLeader'>
  readonly world: Pick<SharedWorld, 'isUnnamed' | 'onCarriedOut' | 'onLoaded'>
  readonly proposer: Proposer
  /** Servers that the group has been told of. */
  readonly known: () => Promise<readonly InstanceKey[]>
  readonly inventory: Pick<Inventory, 'topology' | 'get' | 'onChange'>
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
}

/**
 * Whoever leads tells the group of every server that it finds, at once and with what it read of it: a leader may die with the primary a moment after, and the
 * next one can miss only what it has heard of, and find only replicas that somebody has named.
 */
export class ServerTeller {
  readonly #parts: ServerTellerParts
  readonly #stops: (() => void)[]
  /** As far as was noticed since all were compared; null: not compared yet. */
  #known: Set<InstanceKey> | null = null
  /** Told of while nobody had read them. */
  readonly #unread = new Set<InstanceKey>()
  readonly #noticed = new Set<InstanceKey>()
  #cancelSoon: (() => void) | null = null
  #running: Promise<void> = Promise.resolve()

  constructor(parts: ServerTellerParts) {
    this.#parts = parts
    this.#stops = [
      parts.inventory.onChange(changed => this.#notice(changed)),
      parts.world.onCarriedOut((command, _, isNew) => { if (isNew) this.#carriedOut(command) }),
      parts.world.onLoaded(() => { this.#known = null }),
      every(parts.clock, tellMilliseconds, () => this.#tellBehind(true)),
    ]
  }

  /** Resolves when the group knows this server; rejects when it does not: whoever found it does not lead any more, and the next leader has never heard of it. */
  async tell(key: InstanceKey): Promise<void> {
    const { group, world, inventory, known, proposer } = this.#parts
    // The first command makes the leader's memory that of the group.
    if (world.isUnnamed) await proposer.propose({ do: 'know-servers', keys: [key] })
    if (group.isLeader()) await this.#next(true)
    if (inventory.get(key) === undefined || (await known()).includes(key)) return
    throw new NotProposed({ kind: 'no-leader', leader: null, text: `${key} was found, but its group of managers could not be told: ask again` })
  }

  close(): void {
    this.#cancelSoon?.()
    for (const stop of this.#stops) stop()
  }

  #notice(changed: ReadonlySet<InstanceKey>): void {
    if (!this.#parts.group.isLeader()) return
    for (const key of changed) if (this.#isNews(this.#parts.inventory.get(key))) this.#noticed.add(key)
    if (this.#noticed.size === 0 || this.#cancelSoon !== null) return
    this.#cancelSoon = this.#parts.clock.after(togetherMilliseconds, () => {
      this.#cancelSoon = null
      this.#tellBehind(this.#known === null)
    })
  }

  #isNews(instance: Instance | undefined): instance is Instance {
    if (instance === undefined) return false
    return this.#known?.has(instance.key) !== true || (this.#unread.has(instance.key) && instance.check.lastSeenAt !== null)
  }

  #carriedOut(command: Command): void {
    if (command.do === 'forget') {
      for (const key of command.keys) for (const set of [this.#known, this.#unread]) set?.delete(key)
    } else if (command.do === 'know-servers') {
      const read = new Set((command.readings ?? []).map(keyOf))
      for (const key of command.keys) {
        this.#known?.add(key)
        if (read.has(key)) this.#unread.delete(key)
        else this.#unread.add(key)
      }
    }
  }

  #tellBehind(all: boolean): void {
    this.#next(all).catch((error: unknown) => this.#parts.log.warning('the group could not be told which servers there are', { text: String(error) }))
  }

  /** One at a time: the next one knows what was told before. */
  #next(all: boolean): Promise<void> {
    const tell = (): Promise<void> => this.#tell(all)
    this.#running = this.#running.then(tell, tell)
    return this.#running
  }

  async #tell(all: boolean): Promise<void> {
    const { group, world, inventory, known, proposer } = this.#parts
    const noticed = [...this.#noticed]
    this.#noticed.clear()
    if (!group.isLeader() || world.isUnnamed) return
    if (all) this.#known = new Set(await known())
    const news = (all ? [...inventory.topology.instances.values()] : noticed.map(key => inventory.get(key))).filter(instance => this.#isNews(instance))
    for (const { keys, readings } of batches(news)) {
      await proposer.propose({ do: 'know-servers', keys, readings })
      // What is too large to be told is read by each, and not told of again.
      for (const { key, check } of news) if (check.lastSeenAt !== null) this.#unread.delete(key)
    }
  }
}

interface Batch {
  readonly keys: InstanceKey[]
  readonly readings: Json[]
  letters: number
}

function batches(instances: readonly Instance[]): readonly Batch[] {
  const all: Batch[] = []
  for (const instance of instances) {
    const reading = instance.check.lastSeenAt === null ? null : plainReading(instance)
    const letters = reading === null ? 0 : JSON.stringify(reading).length
    const isTold = reading !== null && letters <= atOnce.letters
    let batch = all.at(-1)
    if (batch === undefined || batch.keys.length >= atOnce.servers || (isTold && batch.letters + letters > atOnce.letters)) all.push(batch = { keys: [], readings: [], letters: 0 })
    batch.keys.push(instance.key)
    if (!isTold) continue
    batch.readings.push(reading)
    batch.letters += letters
  }
  return all
}

const keyOf = (reading: Json): unknown => (typeof reading === 'object' && reading !== null && 'key' in reading ? reading['key'] : null)
