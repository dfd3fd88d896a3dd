import type { Discovery } from '../engine/discovery/discovery.ts'
import type { SharedStoreFollower } from '../engine/group/shared-store-follower.ts'
import type { Inventory } from '../engine/inventory/inventory.ts'
import type { RecoveryEngine } from '../engine/recovery/engine.ts'
import type { Clock } from '../ports/clock.ts'
import type { Group, GroupStanding } from '../ports/group.ts'
import type { Log } from '../ports/log.ts'

export interface ActingDutyParts {
  readonly group: Pick<Group<never>, 'standing' | 'onStanding' | 'isLeader'>
  readonly discovery: Pick<Discovery, 'start' | 'stop'>
  readonly recovery: Pick<RecoveryEngine, 'start' | 'stop'>
  readonly inventory: Pick<Inventory, 'keys' | 'get'>
  readonly follower: Pick<SharedStoreFollower, 'takeOver'>
  readonly clock: Clock
  readonly log: Log
}

/** Polling and recovering, as they begin and end. */
export interface Duty {
  readonly isOn: boolean
  start(): Promise<void>
  takeUp(): Promise<void>
  stop(): Promise<void>
}

/** Servers that do not answer by then are found out about as ever; the others are known afresh. */
const firstLookMilliseconds = 400
const lookMilliseconds = 20
/** What could not begin is begun again so much later. */
const againMilliseconds = 1000
/** What is under way when another process acts is not let go on by its fences; it has so long to notice. */
const endsMilliseconds = 10_000

/**
 * Polling and recovering are for the one of several processes that acts. They begin when this one does, after what the one before it wrote was read and the
 * servers were looked at, and end when another does. Where nobody is known to act, because the database does not answer, polling goes on: nothing is done with it.
 */
export class ActingDuty implements Duty {
  readonly #parts: ActingDutyParts
  #isOn = false
  #isRecovering = false
  #last: Promise<void> = Promise.resolve()
  #stop: () => void = () => undefined
  #cancelAgain: () => void = () => undefined

  constructor(parts: ActingDutyParts) {
    this.#parts = parts
  }

  /** It polls; else it shows what another process writes. */
  get isOn(): boolean {
    return this.#isOn
  }

  async start(): Promise<void> {
    this.#stop = this.#parts.group.onStanding(standing => void this.#follow(standing))
    await this.#follow(this.#parts.group.standing())
  }

  /** Called before this process acts in place of another. */
  async takeUp(): Promise<void> {
    const { follower, discovery, inventory, clock } = this.#parts
    await follower.takeOver()
    this.#isOn = true
    const [from, until] = [clock.now(), clock.monotonic() + firstLookMilliseconds]
    discovery.start()
    const isRead = (): boolean => [...inventory.keys()].every(key => (inventory.get(key)?.check.lastAttemptedAt ?? 0) >= from)
    while (!isRead() && clock.monotonic() < until) await clock.sleep(lookMilliseconds)
  }

  /** What is under way is let finish, so long as the caller waits. */
  async stop(): Promise<void> {
    this.#stop()
    this.#cancelAgain()
    await this.#last
    if (this.#isRecovering) await this.#parts.recovery.stop()
    this.#isRecovering = false
  }

  #follow({ state }: GroupStanding): Promise<void> {
    if (state === 'leader') this.#last = this.#last.then(() => this.#begin())
    else if (state === 'follower') this.#last = this.#last.then(() => this.#end())
    return this.#last
  }

  async #begin(): Promise<void> {
    const { discovery, recovery, group, log, clock } = this.#parts
    if (!group.isLeader()) return
    try {
      if (!this.#isOn) discovery.start()
      this.#isOn = true
      if (!this.#isRecovering) await recovery.start()
      this.#isRecovering = true
    } catch (error) {
      log.error('recovering could not begin', { text: String(error) })
      this.#cancelAgain = clock.after(againMilliseconds, () => void this.#follow(group.standing()))
    }
  }

  async #end(): Promise<void> {
    const { discovery, recovery, clock, group } = this.#parts
    if (group.isLeader() || (!this.#isOn && !this.#isRecovering)) return
    const wasRecovering = this.#isRecovering
    this.#isRecovering = false
    if (wasRecovering) await Promise.race([recovery.stop(), clock.sleep(endsMilliseconds)])
    await discovery.stop()
    this.#isOn = false
  }
}
