import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { actPlan, replicaOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planned } from './plan.ts'
import type { DrainPolicy } from './quiesce.ts'
import { refuse } from './refusals.ts'

/** Waits, and changes nothing. */
export function planWaitPosition(topology: Topology, key: InstanceKey, position: string, policy: DrainPolicy): Planned {
  if (!/^[^:]+:\d{1,19}$/.test(position)) return refuse('position-invalid', { position })
  const found = replicaOf(topology, key)
  if ('refused' in found) return found
  return actPlan(topology, {
    kind: 'wait-position', says: actRemark('wait-position', { server: key, position }),
    rows: [{
      step: { do: 'wait-position', on: key, upTo: position, timeoutMilliseconds: policy.drainMilliseconds }, requires: [{ holds: 'applier-running', server: key }],
      ifStoppedHere: actRemark('waits', { server: key }),
    }],
  })
}
