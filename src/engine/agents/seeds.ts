import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { SeedBeginning } from '../../model/agents/seed.ts'
import { afterRestart, seedTraces } from '../../model/agents/seed-traces.ts'
import type { Seed, SeedState } from '../../model/agents/seed-record.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { agentReason } from './reasons.ts'
import { SeedDriver, type SeedDriverParts } from './seed-driver.ts'

export interface SeedsParts extends Omit<SeedDriverParts, 'waitSecondsBeforeSend'> {
  readonly settings: { readonly waitSecondsBeforeSend: number; readonly staleSeedMinutes: number; readonly seedHours: number }
  readonly changesNothing: boolean
  audit(kind: string, key: InstanceKey | null, message: string): void
  isLeader(): boolean
}

interface Driven {
  readonly stop: AbortController
  done: Promise<void>
}

/** Copies of the data of one host to another: begun by people, driven in the background, looked after when whoever drove them is gone. */
export class Seeds {
  readonly #parts: SeedsParts
  readonly #driven = new Map<number, Driven>()

  constructor(parts: SeedsParts) {
    this.#parts = parts
  }

  /** Answers the number of the seed; the work goes on behind. */
  async begin(target: string, source: string, by: string): Promise<Result<number, Reason>> {
    const { store, clock, agents, audit, changesNothing } = this.#parts
    if (target === source) return fail(agentReason('seed-onto-itself', { host: target }))
    if (changesNothing) return fail(agentReason('agent-noop', { host: target }))
    for (const host of [target, source]) {
      const record = await agents.record(host)
      if (!record.ok) return record
    }
    const open = await store.seeds.open()
    for (const host of [target, source]) {
      const other = open.find(seed => seed.target === host || seed.source === host)
      if (other !== undefined) return fail(agentReason('seed-under-way', { host, seed: other.id }))
    }
    const startedAt = clock.now()
    const id = await store.seeds.begin({ target, source, startedAt })
    audit('agent-seed', null, `seed ${id}: ${source} to ${target}; by ${by}`)
    this.#drive({ id, target, source, startedAt, endedAt: null, isComplete: false, isSuccessful: false }, { at: 'beginning' })
    return ok(id)
  }

  /** Stops the work, tells both agents, and lets go of the volume. */
  async abort(id: number, by: string): Promise<Result<null, Reason>> {
    const { store, audit } = this.#parts
    const seed = await store.seeds.get(id)
    if (seed === null) return fail(agentReason('seed-unknown', { seed: id }))
    if (seed.isComplete) return fail(agentReason('seed-ended', { seed: id }))
    await this.#stopDriving(id)
    audit('agent-abort-seed', null, `seed ${id}; by ${by}`)
    await this.#endFailed(seed, `Aborted by ${by}`, 'tell all')
    return ok(null)
  }

  active(host: string): Promise<readonly Seed[]> {
    return this.#parts.store.seeds.open().then(all => all.filter(({ target, source }) => target === host || source === host).toReversed())
  }

  recent(host: string): Promise<readonly Seed[]> {
    return this.#parts.store.seeds.recent(10, { host })
  }

  all(): Promise<readonly Seed[]> {
    return this.#parts.store.seeds.recent(100)
  }

  get(id: number): Promise<Seed | null> {
    return this.#parts.store.seeds.get(id)
  }

  states(id: number): Promise<readonly SeedState[]> {
    return this.#parts.store.seeds.states(id)
  }

  /** Goes on with seeds that nobody drives, and ends those that take too long. Whoever does not lead stops driving: the one that leads goes on. */
  async lookAfter(now: number): Promise<void> {
    const { store, isLeader, settings, changesNothing } = this.#parts
    if (changesNothing) return
    if (!isLeader()) {
      for (const { stop } of this.#driven.values()) stop.abort()
      return
    }
    for (const seed of await store.seeds.open()) {
      const states = await store.seeds.states(seed.id)
      const lastAt = states[0]?.at ?? seed.startedAt
      if (now - lastAt > settings.staleSeedMinutes * 60_000) await this.#endLate(seed, `No new step for ${settings.staleSeedMinutes} minutes`)
      else if (now - seed.startedAt > settings.seedHours * 3_600_000) await this.#endLate(seed, `Not done after ${settings.seedHours} hours`)
      else if (!this.#driven.has(seed.id)) await this.#goOnWith(seed, states)
    }
  }

  /** Nothing is begun any more; what is under way at agents goes on there, and is gone on with later. */
  async close(): Promise<void> {
    await Promise.all([...this.#driven.keys()].map(id => this.#stopDriving(id)))
  }

  async #goOnWith(seed: Seed, states: readonly SeedState[]): Promise<void> {
    const after = afterRestart(seed, states.toReversed())
    if (after.goesOn === null) return this.#endFailed(seed, after.why, after.aborts ? 'tell all' : after.unmounts ? 'unmount' : 'tell nobody')
    this.#parts.log.info('a seed is gone on with', { seed: seed.id, at: after.goesOn.at })
    this.#drive(seed, after.goesOn)
  }

  async #endLate(seed: Seed, why: string): Promise<void> {
    await this.#stopDriving(seed.id)
    await this.#endFailed(seed, why, 'tell all')
  }

  #drive(seed: Seed, from: SeedBeginning): void {
    const stop = new AbortController()
    const driver = new SeedDriver({ ...this.#parts, waitSecondsBeforeSend: this.#parts.settings.waitSecondsBeforeSend }, seed, stop.signal)
    const driven: Driven = { stop, done: Promise.resolve() }
    this.#driven.set(seed.id, driven)
    driven.done = this.#follow(seed, driver, from).finally(() => this.#driven.delete(seed.id))
  }

  async #follow(seed: Seed, driver: SeedDriver, from: SeedBeginning): Promise<void> {
    const { store, clock, log, audit } = this.#parts
    try {
      const to = await driver.drive(from)
      if (to === 'stopped') return
      await store.seeds.end(seed.id, clock.now(), to.ended === null)
      audit('agent-seed', null, `seed ${seed.id}: ${seed.source} to ${seed.target}: ${to.ended === null ? 'done' : `failed: ${to.ended}`}`)
    } catch (error) {
      // The store failed: its rows say how far it came, and it is looked after from there.
      log.error('a seed could not be driven on', { seed: seed.id, text: error instanceof Error ? error.message : String(error) })
    }
  }

  async #stopDriving(id: number): Promise<void> {
    const driven = this.#driven.get(id)
    driven?.stop.abort()
    await driven?.done
  }

  /** Failed; what its agents may still do is ended, as far as they answer, and the reason stands in the row of the last step. */
  async #endFailed(seed: Seed, why: string, tells: 'tell all' | 'unmount' | 'tell nobody'): Promise<void> {
    const { store, clock, agents, log } = this.#parts
    const states = await store.seeds.states(seed.id)
    const { mountedVolume } = seedTraces(seed, states.toReversed())
    const [last] = states
    if (last !== undefined) await store.seeds.failStep(last.id, why.slice(0, 255))
    await store.seeds.end(seed.id, clock.now(), false)
    const unmounts = mountedVolume !== null && tells !== 'tell nobody' ? [{ host: seed.source, command: { do: 'unmount' } as const }] : []
    const aborts = tells === 'tell all' ? [seed.target, seed.source].map(host => ({ host, command: { do: 'abort', seed: seed.id } as const })) : []
    for (const { host, command } of [...aborts, ...unmounts]) {
      const told = await agents.tell(host, command)
      if (!told.ok) log.warning('an agent could not be told of the end of a seed', { seed: seed.id, host, text: told.failure.text })
    }
  }
}
