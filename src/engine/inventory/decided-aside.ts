import type { Instance } from '../../model/topology/instance.ts'
import { hostOf, type InstanceKey } from '../../model/topology/instance-key.ts'

type Decided = Pick<Instance, 'downtime' | 'maintenance' | 'promotionRule'>

const nothing: Decided = { downtime: null, maintenance: null, promotionRule: 'neutral' }

/** What people decided of servers that are not (or no longer) known, until they are; and the virtual names of hosts. */
export class DecidedAside {
  readonly #decided = new Map<InstanceKey, Decided>()
  readonly #virtualNames = new Map<string, string>()

  change(key: InstanceKey, change: (decided: Decided) => Decided): void {
    this.keep(key, change(this.#decided.get(key) ?? nothing))
  }

  /** A server is being forgotten: what was decided of it stays. */
  keep(key: InstanceKey, { downtime, maintenance, promotionRule }: Decided): void {
    if (downtime === null && maintenance === null && promotionRule === 'neutral') this.#decided.delete(key)
    else this.#decided.set(key, { downtime, maintenance, promotionRule })
  }

  /** The server is known from now on. */
  take(instance: Instance): Instance {
    const decided = this.#decided.get(instance.key) ?? nothing
    this.#decided.delete(instance.key)
    const promotionRule = instance.promotionRule === 'neutral' ? decided.promotionRule : instance.promotionRule
    return { ...instance, ...decided, promotionRule, unresolvedHostname: this.#virtualNames.get(hostOf(instance.key)) ?? instance.unresolvedHostname }
  }

  /** '' ends it. */
  setVirtualName(host: string, name: string): void {
    if (name === '') this.#virtualNames.delete(host)
    else this.#virtualNames.set(host, name)
  }
}
