import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { actPlan, replicaOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planned } from './plan.ts'
import { intendsReceiver } from './quiesce.ts'
import { refuse } from './refusals.ts'
import { standsAt } from './stands-at.ts'

/** Leaves out the one transaction at which a replica's applier stands with an error, and starts it again. */
export function planSkipQuery(topology: Topology, key: InstanceKey): Planned {
  const found = replicaOf(topology, key)
  if ('refused' in found) return found
  const { replica, link } = found
  if (link.applier !== 'stopped') return refuse('applier-runs', { replica: key })
  if (link.applierError.number === 0) return refuse('no-applier-error', { replica: key })
  if (link.gtid === 'mariadb-slave-pos' || link.gtid === 'mariadb-current-pos') return refuse('skip-with-mariadb-gtid', { replica: key })
  const gtid = standsAt(replica)
  if (gtid === null) return refuse('failed-transaction-unknown', { replica: key })
  const receives = intendsReceiver(link)
  return actPlan(topology, {
    kind: 'skip-query', says: actRemark('skip-query', { server: key }), method: gtid === '' ? 'none' : 'gtid',
    warnings: [actRemark('skip-differs', { server: key }), ...(receives ? [] : [actRemark('receiver-stays', {})])],
    rows: [
      {
        step: gtid === '' ? { do: 'skip-next-event', on: key } : { do: 'inject-empty', on: key, set: gtid },
        requires: [{ holds: 'applier-stopped', server: key }, { holds: 'applier-failed-on', server: key, gtid }],
        ifStoppedHere: actRemark('is-skipped', { server: key }),
      },
      {
        step: { do: receives ? 'start-replication' : 'start-applier', on: key },
        ifStoppedHere: actRemark('is-replica', { server: key, source: link.source }),
      },
    ],
  })
}
