import type { SchedulePolicy } from '../../model/scheduling/schedule.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import { PollPlan } from './poll-plan.ts'
import type { QueueSamples } from './queue-samples.ts'
import type { DiscoverySettings } from './settings.ts'
import { WorkQueue } from './work-queue.ts'

export interface PollLoopOptions {
  readonly clock: Clock
  readonly settings: DiscoverySettings
  /** Reads a server; never rejects. */
  readonly poll: (key: InstanceKey) => Promise<void>
  /** Asks for a sign of life, if this is a server that is to give one. */
  readonly pulse: (key: InstanceKey) => void
  /** A poll of this server is under way that the loop does not know of. */
  readonly isPolled: (key: InstanceKey) => boolean
  /** Now and then. */
  readonly housekeep: () => Promise<void>
}

/** The loop looks at the plan at least and at most so often. */
const lookLeastMilliseconds = 5
const lookMostMilliseconds = 100
const housekeepingMilliseconds = 60_000
/** A server with replicas gives a sign of life so often; a poll interval that is longer would notice a hanging one late. */
const pulseMilliseconds = 1_000
/** A poll that waits longer for its server only waits, and lets another one begin: servers that hang delay no other. */
const placeMilliseconds = 250

/** Read anew at each turn: a reload may change it. */
const scheduleOf = (settings: DiscoverySettings): SchedulePolicy => ({
  get intervalMilliseconds() { return settings.pollIntervalSeconds * 1000 },
  get deadFactor() { return settings.deadFactor },
  get deadMaxMilliseconds() { return settings.deadIntervalMaxSeconds * 1000 },
})

/** Begins each poll when it is due, so many at the same time; those of servers that cannot be read wait in a queue of their own. */
export class PollLoop {
  readonly plan: PollPlan
  readonly #options: PollLoopOptions
  readonly #queue: WorkQueue
  /** Apart in any case: those that hang until their deadline must not take the places of those that answer. */
  readonly #deadQueue: WorkQueue
  #running: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null
  #housekeepingAt = 0
  #overlaps = 0

  constructor(options: PollLoopOptions) {
    this.#options = options
    const { settings, clock, poll } = options
    this.plan = new PollPlan(scheduleOf(settings), pulseMilliseconds)
    const deadMost = (): number => settings.deadMaxConcurrency
    const most = (): number => Math.max(1, settings.maxConcurrency)
    const half = (): number => Math.max(1, Math.floor(most() / 2))
    const work = async (key: InstanceKey): Promise<void> => {
      if (this.#running !== null) await poll(key)
    }
    const both = { capacity: () => settings.queueCapacity, work, now: () => clock.monotonic() }
    // Either a bound of their own, as configured, or at most half of the common one.
    this.#queue = new WorkQueue({ ...both, placeMilliseconds, places: () => (deadMost() > 0 ? most() : most() - this.#deadQueue.placesTaken) })
    this.#deadQueue = new WorkQueue({
      ...both, placeMilliseconds: Infinity, places: () => (deadMost() > 0 ? deadMost() : Math.min(half(), most() - this.#queue.placesTaken)),
    })
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  /** Polls these at once, then each at its place in the interval. */
  start(keys: Iterable<InstanceKey>): void {
    if (this.#running !== null) return
    const now = this.#now
    this.#housekeepingAt = now + housekeepingMilliseconds
    const stop = new AbortController()
    this.#running = { stop, ended: this.#loop(stop.signal) }
    for (const key of keys) {
      this.plan.add(key, now)
      this.enqueue(key)
    }
  }

  async stop(): Promise<void> {
    const running = this.#running
    this.#running = null
    this.#queue.clear()
    this.#deadQueue.clear()
    running?.stop.abort()
    await running?.ended
  }

  get status(): { readonly queued: number; readonly active: number; readonly deadQueued: number; readonly dead: number; readonly overlaps: number } {
    const { waiting: queued, active } = this.#queue
    return { queued, active: active + this.#deadQueue.active, deadQueued: this.#deadQueue.waiting, dead: this.plan.dead, overlaps: this.#overlaps }
  }

  sampleQueues(samples: QueueSamples): void {
    const at = this.#now
    const [queue, dead] = [this.#queue, this.#deadQueue]
    if (this.#options.settings.deadMaxConcurrency > 0) {
      samples.add('DEFAULT', { at, active: queue.active, queued: queue.waiting })
      samples.add('DEADINSTANCES', { at, active: dead.active, queued: dead.waiting })
    } else samples.add('DEFAULT', { at, active: queue.active + dead.active, queued: queue.waiting + dead.waiting })
  }

  /** A poll out of turn. */
  enqueue(key: InstanceKey): void {
    const queue = this.plan.isDead(key) ? this.#deadQueue : this.#queue
    if (this.#queue.has(key) || this.#deadQueue.has(key) || this.#options.isPolled(key)) this.#overlaps++
    else queue.add(key)
  }

  async #loop(stop: AbortSignal): Promise<void> {
    const { clock, housekeep } = this.#options
    while (!stop.aborted) {
      this.#begin(this.#now)
      if (this.#now >= this.#housekeepingAt) {
        this.#housekeepingAt = this.#now + housekeepingMilliseconds
        await housekeep()
      }
      await clock.sleep(Math.min(lookMostMilliseconds, Math.max(lookLeastMilliseconds, this.plan.nextAt - this.#now)), stop)
    }
  }

  #begin(now: number): void {
    const { pulse } = this.#options
    for (let key = this.plan.takeDue(now); key !== undefined; key = this.plan.takeDue(now)) this.enqueue(key)
    for (let key = this.plan.takePulse(now); key !== undefined; key = this.plan.takePulse(now)) pulse(key)
    this.#queue.next()
    this.#deadQueue.next()
  }

  get #now(): number {
    return this.#options.clock.monotonic()
  }
}
