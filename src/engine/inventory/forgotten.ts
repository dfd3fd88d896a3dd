import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'

/** Servers that were forgotten on purpose, each until a certain time. */
export class Forgotten {
  readonly #clock: Pick<Clock, 'now'>
  readonly #until = new Map<InstanceKey, number>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  has(key: InstanceKey): boolean {
    const until = this.#until.get(key)
    if (until === undefined) return false
    if (until > this.#clock.now()) return true
    this.#until.delete(key)
    return false
  }

  add(key: InstanceKey, milliseconds: number): void {
    this.#until.set(key, this.#clock.now() + milliseconds)
  }

  /** Somebody asks for it. */
  delete(key: InstanceKey): void {
    this.#until.delete(key)
  }
}
