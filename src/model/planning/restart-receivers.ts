import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { startThrowsAway } from '../topology/mariadb-held.ts'
import type { Topology } from '../topology/topology.ts'
import { actRemark } from './act-remarks.ts'
import { followRows } from './failover.ts'
import { planOf, type Row } from './failover-plan.ts'
import { failoverReason } from './failover-reasons.ts'
import type { Plan } from './plan.ts'
import type { Step } from './step.ts'

/** A MariaDB stops a receiver that tries to connect only when it gives up, after `slave_net_timeout` (measured: a minute); so it tries no longer than this. */
export const triesSeconds = 2
export const triesLong = ({ version }: Instance): boolean => version.flavour === 'MariaDB'

/**
 * Lets replicas connect anew to a source that does not answer us, so that they notice whether it still sends (contract failure-detection.md section 10).
 * Nobody waits for them to connect: that they cannot is the evidence. A MariaDB by GTID throws away what it has received when its receiver starts while its
 * applier stands too.
 */
export function planRestartReceivers(topology: Topology, source: InstanceKey, mayRestart: (replica: InstanceKey) => boolean): Plan {
  const rows = topology.replicasOf(source).flatMap((replica): Row[] => {
    const { key: on, replication: link } = replica
    if (link === null || link.receiver === 'stopped' || replica.channels.length > 1 || !isLastCheckValid(replica) || !mayRestart(on)) return []
    const isSlow = triesLong(replica) && !replica.isBinlogServer
    if (isSlow && (link.receiver !== 'running' || link.applier !== 'running')) return []
    const requires: Row['requires'] = isSlow ? [{ holds: 'applier-running', server: on }] : []
    const part = { wave: 1, part: on, onFailure: 'note' } as const
    return [
      { ...part, step: { do: 'stop-receiver', on }, undo: [{ do: 'start-receiver', on }], ifStoppedHere: actRemark('still-replica', { server: on, source }) },
      {
        ...part, step: { do: 'start-receiver', on, connectsLater: true, ...(isSlow ? { triesSeconds } : {}) }, requires,
        ifStoppedHere: actRemark('is-replica', { server: on, source }),
      },
    ]
  })
  return planOf(topology, { kind: 'restart-receivers', says: failoverReason('plan-restart-receivers', { failed: source }), rows, method: 'none' })
}

/**
 * Receivers that were stopped fetch again, or try to: nothing came of what they were stopped for. One that was to be fed by another follows its source again,
 * as far as it loses nothing by that.
 */
export function planStartReceivers(topology: Topology, source: InstanceKey, replicas: readonly InstanceKey[]): Plan {
  const rows = replicas.flatMap((on): readonly Row[] => {
    const replica = topology.get(on)
    if (replica !== undefined && isTurned(replica, source)) return followRows(replica, source, 1).map(row => ({ ...row, step: later(row.step), part: on, onFailure: 'note' as const }))
    // A MariaDB that would lose by it what it alone may hold is left as it is.
    return losesByStart(topology, on) ? [] : [{ wave: 1, step: later({ do: 'start-receiver', on }), onFailure: 'note', ifStoppedHere: actRemark('is-replica', { server: on, source }) }]
  })
  return planOf(topology, { kind: 'start-receivers', says: failoverReason('plan-start-receivers', { failed: source }), rows, method: 'none' })
}

/** The source may be dead: nobody waits for a connection. */
const later = (step: Step): Step => (step.do === 'start-receiver' ? { ...step, connectsLater: true } : step)

const isTurned = ({ replication }: Instance, source: InstanceKey): boolean => replication !== null && replication.source !== source

function losesByStart(topology: Topology, on: InstanceKey): boolean {
  const replica = topology.get(on)
  return replica !== undefined && startThrowsAway(replica)
}
