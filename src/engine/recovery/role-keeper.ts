import { planKeepRoles } from '../../model/planning/repair-semi-sync.ts'
import { isDowntimed, isUnderMaintenance } from '../../model/topology/freshness.ts'
import { type Instance, isLastCheckValid, isReplica } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { durabilityOf } from './durability.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'

/** Between two looks at a cluster's roles, and after something of it failed. */
const lookEveryMilliseconds = 10_000
const afterFailureMilliseconds = 60_000

/** Keeps who waits and who acknowledges as the durability policy of a cluster says, while all is well; a failover can prove something only then. */
export class RoleKeeper {
  readonly #parts: RecoveryParts
  readonly #policies: Policies
  readonly #fleet: Fleet
  readonly #nextAt = new Map<InstanceKey, number>()

  constructor(parts: RecoveryParts, policies: Policies, fleet: Fleet) {
    this.#parts = parts
    this.#policies = policies
    this.#fleet = fleet
  }

  /** `isBusy`: something is done in that cluster, or its server is not to be touched. */
  async keep(isBusy: (primary: Instance) => boolean): Promise<void> {
    const topology = this.#fleet.topology()
    if (this.#policies.durability.length === 0 || topology.decisions.recoveriesDisabled !== null) return
    for (const primary of topology.instances.values()) {
      if (isReplica(primary) || topology.replicasOf(primary.key).length === 0 || !this.#isDue(primary) || isBusy(primary)) continue
      const durability = durabilityOf(this.#policies.durability, topology, primary.clusterName)
      const plan = planKeepRoles(topology, primary, durability, { drainMilliseconds: this.#policies.failover.drainLimit })
      if (plan === null) continue
      const outcome = await this.#parts.execution.run(plan, { by: 'orchestrator' })
      const failed = outcome.steps.find(({ state }) => state === 'failed')?.failure ?? outcome.failure
      if (failed !== null) this.#nextAt.set(primary.key, this.#parts.clock.now() + afterFailureMilliseconds)
      this.#parts.audit.write('keep-semi-sync-roles', primary.key, primary.clusterName, failed === null ? plan.says.text : `${plan.says.text}: ${failed.text}`)
    }
  }

  #isDue(primary: Instance): boolean {
    const now = this.#parts.clock.now()
    if (primary.readOnly || !isLastCheckValid(primary) || isUnderMaintenance(primary, now) || isDowntimed(primary, now)) return false
    if (now < (this.#nextAt.get(primary.key) ?? 0)) return false
    this.#nextAt.set(primary.key, now + lookEveryMilliseconds)
    return true
  }
}
