import { canAutoPosition } from '../topology/auto-position.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { type ActRow, actPlan, type Replica, replicaOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planned, Refusal } from './plan.ts'
import { type DrainPolicy, type Quiet, quieten, stopReceiver } from './quiesce.ts'
import { refuse } from './refusals.ts'
import type { Condition, Step } from './step.ts'

/** What stands before the host of a source that a replica was detached from; nobody can connect to it. */
const detachedMark = '//'

export const isDetachedFrom = (source: InstanceKey): boolean => source.startsWith(detachedMark)

/** Stops fetching and writes the source's host so that nobody can connect to it; what was received is kept and applied. The receiver is left stopped. */
export function planDetach(topology: Topology, key: InstanceKey, policy: DrainPolicy): Planned {
  const found = replicaOf(topology, key)
  if ('refused' in found) return found
  const { link } = found
  if (isDetachedFrom(link.source)) return refuse('already-detached', { replica: key })
  // The mark makes it a name that is no address; nothing but this and the status of such a replica ever makes one.
  const to = `${detachedMark}${link.source}` as InstanceKey
  const turn = turnTo(topology, found, to, policy, link.source)
  if ('refused' in turn) return turn
  return actPlan(topology, {
    kind: 'detach-replica', says: actRemark('detach-replica', { server: key, source: link.source }), method: methodOf(found), checks: turn.checks,
    warnings: [actRemark('detached-cluster', { server: key }), ...(link.applier === 'running' ? [] : [actRemark('applies-no-more', {})])],
    rows: [
      ...turn.rows,
      { ...turn.change, ifStoppedHere: actRemark('is-detached', { server: key }) },
      ...(turn.applierStands && link.applier === 'running' ? [{ step: { do: 'start-applier', on: key } as const, ifStoppedHere: actRemark('is-detached', { server: key }) }] : []),
    ],
  })
}

/** Undoes a detach and starts replication. */
export function planReattach(topology: Topology, key: InstanceKey, policy: DrainPolicy): Planned {
  const found = replicaOf(topology, key)
  if ('refused' in found) return found
  const { replica, link } = found
  if (!isDetachedFrom(link.source)) return refuse('not-detached', { replica: key })
  // What stands behind the mark is the key that was there before.
  const to = link.source.slice(detachedMark.length) as InstanceKey
  const source = topology.get(to)
  if (link.gtid === 'mysql' && source !== undefined) {
    const can = canAutoPosition(replica.executedGtidSet, source.purgedGtidSet)
    if (!can.ok) return refuse('unreadable-gtids', { replica: key, target: to })
    if (!can.value) return refuse('purged-gtids', { replica: key, target: to })
  }
  const turn = turnTo(topology, found, to, policy, to)
  if ('refused' in turn) return turn
  return actPlan(topology, {
    kind: 'reattach-replica', says: actRemark('reattach-replica', { server: key, source: to }), method: methodOf(found), checks: turn.checks, concerns: source === undefined ? [] : [to],
    warnings: source === undefined || source.check.failure !== null ? [actRemark('detached-from-dead', { source: to })] : [],
    rows: [
      ...turn.rows,
      { ...turn.change, ifStoppedHere: actRemark('is-attached', { server: key, source: to }) },
      { step: { do: 'start-replication', on: key }, ifStoppedHere: actRemark('is-replica', { server: key, source: to }) },
    ],
  })
}

const methodOf = ({ link }: Replica) => (link.gtid === 'mysql' ? 'gtid' : link.gtid === 'none' ? 'none' : 'mariadb-gtid')

interface Turn extends Pick<Quiet, 'rows' | 'checks'> {
  readonly change: Omit<ActRow, 'ifStoppedHere'>
  /** The applier had to be stopped for it. */
  readonly applierStands: boolean
}

/** Names another source and nothing else. Where the applier runs and the server allows it, only the receiver is concerned and nothing is thrown away. */
function turnTo(topology: Topology, found: Replica, to: InstanceKey, policy: DrainPolicy, holder: InstanceKey): Turn | Refusal {
  const { replica, link } = found
  const on = replica.key
  const follows: Condition = { holds: 'replicates-from', server: on, source: link.source }
  const isMariadb = replica.version.flavour === 'MariaDB'
  type Way = Extract<Step, { do: 'change-source' }>['way']
  const change = (way: Way, requires: readonly Condition[]): Turn['change'] =>
    ({ step: { do: 'change-source', on, to, way }, requires: [follows, ...requires], undo: [{ do: 'change-source', on, to: link.source, way }] })
  if (link.gtid === 'none' && link.readCoordinates === null) return refuse('receiver-stands-unread', { replica: on })
  if (link.applier === 'running' && !isMariadb) {
    const way: Way = link.gtid === 'mysql' ? 'receiver-only' : 'read-position'
    return {
      rows: stopReceiver(link, replica), checks: [], applierStands: false,
      change: change(way, [{ holds: 'receiver-stopped', server: on }, { holds: 'applier-running', server: on }]),
    }
  }
  const quiet = quieten(topology, found, policy, holder)
  if ('refused' in quiet) return quiet
  const way = ({ 'mysql': 'auto-position', 'none': 'executed-position', 'mariadb-slave-pos': 'slave-pos', 'mariadb-current-pos': 'current-pos' } as const)[link.gtid]
  return { rows: quiet.rows, checks: quiet.checks, applierStands: true, change: change(way, quiet.requires) }
}
