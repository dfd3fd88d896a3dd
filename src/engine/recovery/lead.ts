import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { DeposedPrimaries } from './deposed.ts'
import type { Ledger } from './ledger.ts'

/**
 * Whoever takes the lead first reads what its predecessor did and left: it would end nothing of that, and recover again what was recovered just now.
 * One that does not lead reads on what is open, because people may ask it, too.
 */
export class Lead {
  readonly #leads: () => boolean
  readonly #ledger: Ledger
  readonly #deposed: DeposedPrimaries
  #hasRead = false

  constructor(leads: () => boolean, ledger: Ledger, deposed: DeposedPrimaries) {
    this.#leads = leads
    this.#ledger = ledger
    this.#deposed = deposed
  }

  /** It leads, and knows all that was known when it began to. */
  get isInformed(): boolean {
    return this.#hasRead && this.#leads()
  }

  async begin(): Promise<void> {
    const leads = this.#leads()
    await this.#ledger.load()
    await this.#deposed.load()
    this.#hasRead = leads
  }

  /** Called every round, and before the first finding is acted on. */
  async inform(): Promise<void> {
    if (this.isInformed) return
    this.#hasRead = false
    const leads = this.#leads()
    await this.#ledger.load(leads)
    if (!leads) return
    await this.#deposed.load()
    this.#hasRead = this.#leads()
  }

  /** Who was deposed is judged, and fenced, by the one that leads alone: what the others know of it may be old. */
  judge(changed: Iterable<InstanceKey>): void {
    if (this.isInformed) this.#deposed.judge(changed)
  }
}
