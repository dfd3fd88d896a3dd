import type { Reason } from '../../kit/reason.ts'
import { isUnderMaintenance } from '../topology/freshness.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { canReplicate } from '../topology/replication-rules.ts'
import { refuseUnlessCanMove } from './can-move.ts'
import { moveRemark } from './move-remarks.ts'
import type { Planning } from './moves.ts'
import { belowRows, executeOnRows, readOnRows, upRows } from './position-rows.ts'
import type { Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import type { WayTaken } from './ways.ts'

type Relation = 'same' | 'up' | 'sibling'

/**
 * A move by file and position, for a replica that does not use GTID: below the source of its source, below a sibling, or to its source anew. Its source
 * and it, or its sibling and it, are made to stand at the same place of the same log, and the place where that is in the other's own log is named.
 * Source: contract refactoring.md section 8.
 */
export function wayByPosition(instance: InstanceKey, target: InstanceKey, planning: Planning): WayTaken | Refusal {
  const { topology, policy: { drainMilliseconds } } = planning
  const [server, other] = [topology.get(instance), topology.get(target)]
  if (server === undefined || other === undefined) return refuse('unknown-instance', { server: server === undefined ? instance : target })
  const relation = relationOf(server, other, planning)
  if (typeof relation !== 'string') return relation
  const source = topology.sourceOf(server) ?? other
  const cannot = refuseByState(server, source, other, relation, planning)
  if (cannot !== null && 'refused' in cannot) return cannot
  const [because, place] = [moveRemark('method-position', { replica: instance }), moveRemark(placeCode[relation], { replica: instance, other: relation === 'up' ? source.key : target })]
  const about = { method: 'position' as const, because, checks: [place], warnings: cannot === null ? [] : [cannot], concerns: [source.key] }
  switch (relation) {
    case 'same':
      return { ...about, runs: 'alone', rows: server.version.flavour === 'MariaDB' ? executeOnRows(server, target, drainMilliseconds) : readOnRows(server, target) }
    case 'up':
      return { ...about, runs: 'below-standing', standing: source.key, ...upRows(server, source, target, drainMilliseconds) }
    case 'sibling':
      return { ...about, runs: 'one-by-one', rows: belowRows(server, source.key, other, drainMilliseconds) }
  }
}

const placeCode = { same: 'place-kept', up: 'place-by-source', sibling: 'place-by-sibling' } as const

/** Where the target stands to the replica, as far as positions can tell the way there. */
function relationOf(server: Instance, other: Instance, { topology }: Planning): Relation | Refusal {
  const names = { replica: server.key, target: other.key }
  if (server.replication === null) return refuse('not-a-replica', { replica: server.key })
  if (server.replication.gtid !== 'none') return refuse('position-uses-gtid', names)
  if (server.isBinlogServer || other.isBinlogServer) return refuse('position-elsewhere', names) // by-binlog-server knows the way
  const source = topology.sourceOf(server)
  if (source === undefined) return refuse('position-source-unknown', { ...names, source: server.replication.source })
  // The same server under another name: what it logged is the same file.
  if (source.key === other.key || (other.serverUuid !== '' && other.serverUuid === source.serverUuid)) return 'same'
  if (source.replication?.source === other.key) return 'up'
  if (other.replication?.source !== source.key) return refuse('position-elsewhere', names)
  // Of a sibling with auto-position nobody can say up to which place of their source it should run.
  return other.replication.gtid === 'none' ? 'sibling' : refuse('position-sibling-gtid', names)
}

/** A refusal, or a warning where a rule was overruled. */
function refuseByState(server: Instance, source: Instance, other: Instance, relation: Relation, { policy: { freshness, replication }, now }: Planning): Refusal | Reason | null {
  const [instance, target] = [server.key, other.key]
  const others = relation === 'up' ? [source] : relation === 'sibling' ? [other] : []
  const cannot = refuseUnlessCanMove(server, freshness, replication.reasonableMaintenanceLagSeconds, now)
    ?? (relation === 'sibling' ? refuseUnlessCanMove(other, freshness, replication.reasonableMaintenanceLagSeconds, now) : null)
  if (cannot !== null) return cannot
  const may = canReplicate(server, other, replication)
  if (!may.allowed) return refuse('cannot-replicate', { replica: instance, target, obstacle: may.obstacle.text, rule: may.obstacle.code })
  const busy = [server, ...others].find(one => isUnderMaintenance(one, now))
  if (busy?.maintenance !== undefined && busy.maintenance !== null) {
    return refuse('under-maintenance', { server: busy.key, owner: busy.maintenance.owner, why: busy.maintenance.reason, wanted: `move below ${target}` })
  }
  return may.warning === null ? null : moveRemark('lower-version-allowed', { replica: instance, why: may.warning.text.trimEnd() })
}
