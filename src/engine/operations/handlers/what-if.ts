import type { Contract } from '../../../contract/all.ts'
import type { RecoveryDryRunView } from '../../../contract/views.ts'
import { ok } from '../../../kit/result.ts'
import { atRisk } from '../../../model/planning/at-risk.ts'
import { isReplica, type Instance } from '../../../model/topology/instance.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Handler } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse } from '../refusals.ts'

/** Of more servers than these nobody reads the answer; each is asked about by its cluster or by itself. */
const serversMax = 200

const whatIf: Handler<Contract['what-if']> = async ({ instance, cluster }, parts) => {
  const topology = parts.topology()
  if (instance !== undefined && topology.get(instance) === undefined) return refuse(operationReason('instance-unknown', { instance }))
  const keys = instance !== undefined ? [instance] : leading(cluster === undefined ? [...topology.instances.values()].filter(each => !isReplica(each)) : (topology.clusters.get(cluster) ?? []), parts)
  const servers: RecoveryDryRunView[] = []
  for (const key of keys.slice(0, serversMax)) servers.push(await foresee(key, parts))
  return ok({ servers })
}

/** Those that somebody follows: when another one dies there is nothing to be done. */
const leading = (servers: readonly Instance[], parts: OperationParts): readonly InstanceKey[] =>
  servers.filter(({ key }) => parts.topology().replicasOf(key).length > 0).map(({ key }) => key)

/** The recovery's own planning on a topology in which the server is dead, and what would be lost with it. */
async function foresee(key: InstanceKey, parts: OperationParts): Promise<RecoveryDryRunView> {
  return { ...(await parts.recoveries.dryRun(key)), risk: atRisk(parts.topology(), key) }
}

export const whatIfHandlers = { 'what-if': whatIf }
