import { isReplica } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { actPlan, serverOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planned } from './plan.ts'
import { type DrainPolicy, quieten } from './quiesce.ts'

/** The server forgets its source, after it has applied all that it has received. A server that is no replica has nothing to forget. */
export function planResetReplica(topology: Topology, key: InstanceKey, policy: DrainPolicy): Planned {
  const replica = serverOf(topology, key)
  if ('refused' in replica) return replica
  const { replication: link } = replica
  const says = actRemark('reset-replica', { server: key })
  if (link === null || !isReplica(replica)) return actPlan(topology, { kind: 'reset-replica', says, rows: [], concerns: [key] })
  const quiet = quieten(topology, { replica, link }, policy)
  if ('refused' in quiet) return quiet
  return actPlan(topology, {
    kind: 'reset-replica', says, checks: quiet.checks, warnings: [],
    rows: [...quiet.rows, { step: { do: 'forget-source', on: key }, requires: quiet.requires, ifStoppedHere: actRemark('is-no-replica', { server: key }) }],
  })
}
