import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { actPlan, serverOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planned } from './plan.ts'
import { heldElsewhere } from './quiesce.ts'
import { refuse } from './refusals.ts'

/** Writes the replication account of a stopped replica again, as it has it stored or as ReplicationCredentialsQuery tells it. */
export function planCredentials(topology: Topology, key: InstanceKey): Planned {
  const server = serverOf(topology, key)
  if ('refused' in server) return server
  const { replication: link } = server
  if (!server.replicationCredentialsAvailable) return refuse('no-credentials', { server: key })
  if (link === null) return refuse('not-a-replica', { replica: key })
  if (link.receiver !== 'stopped') return refuse('replication-runs', { replica: key })
  const held = link.applier === 'running' ? { requires: [{ holds: 'applier-running', server: key } as const], checks: [] } : heldElsewhere(topology, server, link)
  if ('refused' in held) return held
  return actPlan(topology, {
    kind: 'change-source-credentials', says: actRemark('change-source-credentials', { server: key }), checks: held.checks,
    rows: [{
      step: { do: 'copy-replication-credentials', on: key, like: key }, requires: [{ holds: 'receiver-stopped', server: key }, ...held.requires],
      ifStoppedHere: actRemark('credentials-set', { server: key }),
    }],
  })
}
