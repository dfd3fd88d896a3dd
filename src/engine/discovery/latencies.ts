import type { InstanceKey } from '../../model/topology/instance-key.ts'

/** A slower answer counts for so much; a quicker one at once, so that a busy minute does not make us patient for long. */
const share = 1 / 8

/** How long each server takes to answer when it is well: far ones are not given up for being far. */
export class Latencies {
  readonly #usual = new Map<InstanceKey, number>()

  note(key: InstanceKey, milliseconds: number): void {
    const known = this.#usual.get(key)
    this.#usual.set(key, known === undefined || milliseconds < known ? milliseconds : known + (milliseconds - known) * share)
  }

  /** 0: it has never answered. */
  of(key: InstanceKey): number {
    return this.#usual.get(key) ?? 0
  }

  drop(key: InstanceKey): void {
    this.#usual.delete(key)
  }
}
