import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { type ActRow, actPlan, replicaOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import { hasUnapplied } from './failover-held.ts'
import type { Planned } from './plan.ts'
import { refuse } from './refusals.ts'
import { type DrainPolicy, stopReceiver, waitApplied } from './quiesce.ts'
import { hasAppliedAllItRead } from '../topology/received.ts'

/** The receiver stops first, the applier when it has applied all that was received; a delayed replica is not waited for. */
export function planStopNicely(topology: Topology, key: InstanceKey, policy: DrainPolicy): Planned {
  const found = replicaOf(topology, key)
  if ('refused' in found) return found
  const { replica, link } = found
  const waits = link.gtid === 'mysql' ? hasUnapplied(replica) : link.readCoordinates !== null && !hasAppliedAllItRead(replica)
  const applies = link.applier === 'running' || (waits && link.delaySeconds === 0)
  const stands = actRemark('still-replica', { server: key, source: link.source })
  const startApplier: readonly ActRow[] = applies && link.applier !== 'running' ? [{ step: { do: 'start-applier', on: key }, undo: [{ do: 'stop-applier', on: key }], ifStoppedHere: stands }] : []
  // A MariaDB whose threads both stand throws away what it has received when one is started: there the applier starts while the receiver is there.
  const appliesFirst = replica.mariadbGtid !== null && link.receiver !== 'stopped'
  if (startApplier.length > 0 && replica.mariadbGtid !== null && link.gtid !== 'none' && link.receiver === 'stopped') return refuse('received-would-be-lost', { replica: key, source: link.source })
  const rows: readonly ActRow[] = [
    ...(appliesFirst ? startApplier : []), ...stopReceiver(link, replica), ...(appliesFirst ? [] : startApplier),
    ...(applies && link.delaySeconds === 0 ? waitApplied(replica, link, policy) : []),
    ...(applies ? [{ step: { do: 'stop-replication', on: key } as const, ifStoppedHere: actRemark('still-replica-stopped', { server: key, source: link.source }) }] : []),
  ]
  return actPlan(topology, { kind: 'stop-replica-nice', says: actRemark('stop-replica-nice', { server: key }), rows, concerns: [key] })
}
