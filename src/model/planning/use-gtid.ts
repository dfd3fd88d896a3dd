import { canAutoPosition } from '../topology/auto-position.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { type ActRow, actPlan, type Replica, replicaOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planned, Refusal } from './plan.ts'
import { type DrainPolicy, quieten, startAgain } from './quiesce.ts'
import { refuse } from './refusals.ts'
import type { Step } from './step.ts'

type Way = Extract<Step, { do: 'change-source' }>['way']

/** From file and position to GTID, at the same source. */
export function planEnableGtid(topology: Topology, key: InstanceKey, policy: DrainPolicy): Planned {
  const found = replicaOf(topology, key)
  if ('refused' in found) return found
  const { replica, link } = found
  if (link.gtid !== 'none') return refuse('already-uses-gtid', { replica: key })
  const source = topology.get(link.source)
  const refusal = whyNoGtid(replica, source)
  if (refusal !== null) return refusal
  const way: Way = replica.version.flavour === 'MariaDB' ? 'slave-pos' : 'auto-position'
  return turned(topology, found, 'enable-gtid', way, [], policy)
}

/** From GTID to file and position, at the same source. */
export function planDisableGtid(topology: Topology, key: InstanceKey, policy: DrainPolicy): Planned {
  const found = replicaOf(topology, key)
  if ('refused' in found) return found
  const { link } = found
  if (link.gtid === 'none') return refuse('not-using-gtid', { replica: key })
  if (link.executedCoordinates === null) return refuse('receiver-stands-unread', { replica: key })
  const back: Way = ({ 'mysql': 'auto-position', 'mariadb-slave-pos': 'slave-pos', 'mariadb-current-pos': 'current-pos' } as const)[link.gtid]
  return turned(topology, found, 'disable-gtid', 'executed-position', [{ do: 'change-source', on: key, to: link.source, way: back }], policy)
}

function whyNoGtid(replica: Instance, source: Instance | undefined): Refusal | null {
  const cannot = (why: string): Refusal => refuse('cannot-enable-gtid', { replica: replica.key, why })
  if (source === undefined || source.check.failure !== null) return cannot('its source cannot be read')
  if (replica.version.flavour === 'MariaDB') return source.version.flavour === 'MariaDB' ? null : cannot(`its source ${source.key} is no MariaDB`)
  for (const server of [replica, source]) if (server.gtidMode !== 'ON') return cannot(`gtid_mode of ${server.key} is ${server.gtidMode || 'unknown'}`)
  const can = canAutoPosition(replica.executedGtidSet, source.purgedGtidSet)
  if (!can.ok) return refuse('unreadable-gtids', { replica: replica.key, target: source.key })
  return can.value ? null : refuse('purged-gtids', { replica: replica.key, target: source.key })
}

function turned(topology: Topology, found: Replica, kind: 'enable-gtid' | 'disable-gtid', way: Way, undo: readonly Step[], policy: DrainPolicy): Planned {
  const { replica: { key: on }, link } = found
  const quiet = quieten(topology, found, policy)
  if ('refused' in quiet) return quiet
  const rows: readonly ActRow[] = [
    ...quiet.rows,
    {
      step: { do: 'change-source', on, to: link.source, way }, requires: [{ holds: 'replicates-from', server: on, source: link.source }, ...quiet.requires], undo,
      ifStoppedHere: actRemark(kind === 'enable-gtid' ? 'uses-gtid' : 'uses-position', { server: on }),
    },
    ...startAgain(on, link).map((step): ActRow => ({ step, ifStoppedHere: actRemark('is-replica', { server: on, source: link.source }) })),
  ]
  return actPlan(topology, { kind, says: actRemark(kind, { server: on }), rows, checks: quiet.checks, concerns: [link.source], method: kind === 'enable-gtid' ? 'gtid' : 'none' })
}
