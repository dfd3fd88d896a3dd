import type { Reason } from '../../kit/reason.ts'
import { upstreamOf } from '../topology/cluster.ts'
import { isDetachedFromSource } from '../topology/describe.ts'
import { isUnderMaintenance } from '../topology/freshness.ts'
import type { Instance, ReplicationLink } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { canReplicate } from '../topology/replication-rules.ts'
import type { ActRow } from './act-plan.ts'
import { refuseUnlessReadLately } from './can-move.ts'
import { hasUnapplied } from './failover-held.ts'
import { planOf, type Row } from './failover-plan.ts'
import { matchRemark } from './match-remarks.ts'
import type { LeftBehind, Move, MovesPlan, Planning } from './moves.ts'
import { moveRemark } from './move-remarks.ts'
import type { Plan, Refusal } from './plan.ts'
import { type Quiet, quieten, startAgain } from './quiesce.ts'
import { refuse } from './refusals.ts'
import type { Condition, Step } from './step.ts'

/** How long two logs may be walked; logs of a whole day are read in minutes. */
const matchMilliseconds = 10 * 60_000

/** A replica that can be matched below another server, with the steps that do it. */
export interface Matched {
  readonly replica: Instance
  readonly link: ReplicationLink
  readonly target: Instance
  readonly rows: readonly ActRow[]
  readonly checks: readonly Reason[]
  readonly warnings: readonly Reason[]
}

/**
 * May a replica be matched below another server by Pseudo-GTID, and how? (contract refactoring.md section 12.)
 *
 * Nothing is lost: the replica first applies all that it has received, and only then stands; or its applier stands already, and nothing received waits.
 * So all that it holds is in what it has executed, which the walk ends behind. The statement from which both logs are walked is unique, every
 * event behind it is compared, and a difference, a gap or an end in the other log leaves the replica as it was.
 */
export function judgeMatch(replicaKey: InstanceKey, targetKey: InstanceKey, planning: Planning): Matched | Refusal {
  const { topology, policy, now } = planning
  const [replica, target] = [topology.get(replicaKey), topology.get(targetKey)]
  if (replica === undefined || target === undefined) return refuse('unknown-instance', { server: replica === undefined ? replicaKey : targetKey })
  const names = { replica: replicaKey, target: targetKey }
  if (replica.group?.memberRole === 'SECONDARY') return refuse('group-secondary', names)
  if (!policy.pseudoGtid) return refuse('match-unset', {})
  if (replicaKey === targetKey) return refuse('match-itself', names)
  if (isAbove(replica, target, planning)) return refuse('below-own-replica', names)
  const { replication: link } = replica
  if (link === null) return refuse('not-a-replica', { replica: replicaKey })
  if (isDetachedFromSource(replica)) return refuse('detached', { replica: replicaKey })
  if (replica.channels.length > 1) return refuse('several-channels', { replica: replicaKey, channels: replica.channels.length })
  const unread = refuseUnlessReadLately(replica, policy.freshness, now) ?? refuseUnlessReadLately(target, policy.freshness, now)
  if (unread !== null) return unread
  const may = canReplicate(replica, target, policy.replication)
  if (!may.allowed) return refuse('cannot-replicate', { ...names, obstacle: may.obstacle.text, rule: may.obstacle.code })
  if (target.isBinlogServer || replica.isBinlogServer) return refuse('match-binlog-server', { target: target.isBinlogServer ? targetKey : replicaKey })
  if (target.binlogCoordinates === null) return refuse('match-needs-binary-log', { target: targetKey })
  if (isUnderMaintenance(replica, now) && replica.maintenance !== null) {
    return refuse('under-maintenance', { server: replicaKey, owner: replica.maintenance.owner, why: replica.maintenance.reason, wanted: `match below ${targetKey}` })
  }
  if (isUnderMaintenance(target, now)) return refuse('match-target-in-maintenance', { target: targetKey })
  const quiet = quieten(topology, { replica, link }, policy, targetKey)
  if ('refused' in quiet) return quiet
  if (link.applier !== 'running' && link.gtid === 'none' && hasUnapplied(replica)) return refuse('received-would-be-lost', { replica: replicaKey, source: targetKey })
  const unseen = [replica, target].filter(server => !server.usingPseudoGtid)
  return {
    replica, link, target, rows: rowsOf(replica, link, target, { ...quiet, requires: [...quiet.requires, ...bySets(replica, link)] }, policy.relayLogsOnly === true),
    checks: [matchRemark('method-pseudo-gtid', names), ...quiet.checks],
    warnings: [
      ...(may.warning === null ? [] : [moveRemark('left-behind', { replica: replicaKey, why: may.warning.text.trimEnd() })]),
      ...(link.gtid === 'none' ? [] : [matchRemark('match-gtid-off', names)]),
      ...unseen.map(({ key: server }) => matchRemark('match-no-entries-seen', { server })),
    ],
  }
}

/** A replica by position whose server names GTIDs is judged by them, too: positions can be set by hand. */
const bySets = ({ key: server, executedGtidSet }: Instance, link: ReplicationLink): readonly Condition[] =>
  link.gtid === 'none' && executedGtidSet !== '' ? [{ holds: 'nothing-received-unapplied', server }] : []

function isAbove(replica: Instance, target: Instance, { topology }: Planning): boolean {
  const seen = new Set<InstanceKey>()
  const lookup = (key: InstanceKey): Instance | undefined => topology.get(key)
  for (let at = upstreamOf(target, lookup); at !== undefined && !seen.has(at.key); at = upstreamOf(at, lookup)) {
    if (at.key === replica.key) return true
    seen.add(at.key)
  }
  return false
}

/** The name under which the place is kept where `replica` goes on below `target`. */
export const matchedPlace = (replica: InstanceKey, target: InstanceKey): string => `match of ${replica} on ${target}`

function rowsOf({ key: on }: Instance, link: ReplicationLink, target: Instance, quiet: Quiet, relayLogsOnly: boolean): readonly ActRow[] {
  const names = { replica: on, target: target.key, source: link.source }
  const [stood, matched] = [`executed by ${on}`, matchedPlace(on, target.key)]
  const stands = matchRemark('match-standing', names)
  const follows: Condition = { holds: 'replicates-from', server: on, source: link.source }
  const byPosition = link.gtid === 'none'
  // Only by its own position is it sent back, and only while it has executed nothing below the new source; by GTID it finds its place itself.
  const back: readonly Step[] = byPosition
    ? [
        { do: 'stop-replication', on }, { do: 'read-coordinates', on, which: 'executed', as: `undone by ${on}`, mustBe: { boundTo: matched } },
        { do: 'change-source', on, to: link.source, way: 'coordinates', at: { boundTo: stood } },
      ]
    : [{ do: 'stop-replication', on }, { do: 'change-source', on, to: link.source, way: link.gtid === 'mysql' ? 'auto-position' : link.gtid === 'mariadb-current-pos' ? 'current-pos' : 'slave-pos' }]
  const before: readonly ActRow[] = [
    ...quiet.rows,
    ...(byPosition ? [{ step: { do: 'read-coordinates', on, which: 'executed', as: stood }, requires: quiet.requires, ifStoppedHere: stands } as const] : []),
    { step: { do: 'match-position', on, with: target.key, as: matched, timeoutMilliseconds: matchMilliseconds, ...(relayLogsOnly ? { relayLogsOnly } : {}) }, requires: [...quiet.requires, { holds: 'is-reachable', server: target.key }], ifStoppedHere: stands },
  ]
  const again = startAgain(on, link)
  return [
    ...before.map((row, index) => (index === 0 ? { ...row, requires: [{ holds: 'is-reachable', server: target.key } as const, follows, ...(row.requires ?? [])] } : row)),
    {
      step: { do: 'change-source', on, to: target.key, way: 'coordinates', at: { boundTo: matched } }, requires: [...quiet.requires, follows], undo: back,
      ifStoppedHere: again.length === 0 ? matchRemark('match-moved', names) : matchRemark('match-turned', names),
    },
    ...again.map(step => ({ step, requires: [{ holds: 'replicates-from', server: on, source: target.key } as const], ifStoppedHere: matchRemark('match-moved', names) })),
  ]
}

/** One replica matched below another server. */
export function planMatch(replica: InstanceKey, target: InstanceKey, planning: Planning, kind: 'match-below' | 'match-up' | 'rematch' = 'match-below'): Plan | Refusal {
  const matched = judgeMatch(replica, target, planning)
  if ('refused' in matched) return matched
  return planOf(planning.topology, {
    kind, says: matchRemark(kind, { replica, target }), rows: matched.rows.map((row, index) => ({ wave: index + 1, ...row })), concerns: [replica, target], method: 'pseudo-gtid',
    checks: matched.checks, warnings: matched.warnings,
  })
}

/** Below the source of its source. */
export function planMatchUp(replica: InstanceKey, planning: Planning): Plan | Refusal {
  const source = sourceAbove(replica, planning)
  return typeof source === 'string' ? planMatch(replica, source, planning, 'match-up') : source
}

/** Below its present source again. */
export function planRematch(replica: InstanceKey, planning: Planning): Plan | Refusal {
  const server = planning.topology.get(replica)
  if (server === undefined) return refuse('unknown-instance', { server: replica })
  return server.replication === null ? refuse('not-a-replica', { replica }) : planMatch(replica, server.replication.source, planning, 'rematch')
}

function sourceAbove(replica: InstanceKey, { topology }: Planning): InstanceKey | Refusal {
  const server = topology.get(replica)
  if (server === undefined) return refuse('unknown-instance', { server: replica })
  if (server.replication === null) return refuse('not-a-replica', { replica })
  const source = topology.sourceOf(server)
  if (source === undefined) return refuse('source-unknown', { replica, source: server.replication.source })
  return source.replication === null ? refuse('source-not-a-replica', { replica, source: source.key }) : source.replication.source
}

/** The rows of one match as a part of a plan: when it fails it is undone alone. */
export const matchPart = (matched: Matched, wave: number, onFailure: Row['onFailure'] = 'note'): readonly Row[] =>
  matched.rows.map(row => ({ ...row, wave, part: matched.replica.key, ...(onFailure === undefined ? {} : { onFailure }) }))

export interface MatchReplicasWish {
  readonly instance: InstanceKey
  readonly target: InstanceKey
  readonly matches?: (key: InstanceKey) => boolean
  readonly kind?: 'match-replicas' | 'match-up-replicas'
}

/** The replicas of a server, each matched below another one at the same time; a target among them is not counted (contract refactoring.md section 12). */
export function planMatchReplicas({ instance, target, matches = () => true, kind = 'match-replicas' }: MatchReplicasWish, planning: Planning): MovesPlan | Refusal {
  const { topology } = planning
  const missing = [instance, target].find(key => topology.get(key) === undefined)
  if (missing !== undefined) return refuse('unknown-instance', { server: missing })
  if (!planning.policy.pseudoGtid) return refuse('match-unset', {})
  const wished = topology.replicasOf(instance).filter(({ key }) => matches(key))
  const replicas = wished.filter(({ key }) => key !== target)
  const matched: Matched[] = []
  const left: LeftBehind[] = []
  for (const { key } of replicas) {
    const judged = judgeMatch(key, target, planning)
    if ('refused' in judged) left.push({ replica: key, why: judged.refused })
    else matched.push(judged)
  }
  if (matched.length === 0 && left.length > 0) return refuse('all-failed', { reasons: left.map(({ why }) => why.text.trimEnd()).join('; ') })
  const plan = planOf(topology, {
    kind, says: replicas.length === 0 ? moveRemark('nothing-to-move', {}) : matchRemark(kind, { instance, target }), rows: matched.flatMap(one => matchPart(one, 1)),
    concerns: [instance, target, ...replicas.map(({ key }) => key)], method: matched.length === 0 ? 'none' : 'pseudo-gtid', checks: matched.flatMap(({ checks }) => checks),
    warnings: [
      ...(wished.length > replicas.length ? [matchRemark('match-target-left-out', { target })] : []),
      ...left.map(({ replica, why }) => moveRemark('left-behind', { replica, why: why.text.trimEnd() })), ...matched.flatMap(({ warnings }) => warnings),
    ],
  })
  return { ...plan, moves: matched.map(({ replica }): Move => ({ replica: replica.key, target })), left }
}

/** The replicas of a replica, each matched below its source. */
export function planMatchUpReplicas({ instance, matches = () => true }: Omit<MatchReplicasWish, 'target' | 'kind'>, planning: Planning): MovesPlan | Refusal {
  const { topology } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  if (server.replication === null) return refuse('not-a-replica', { replica: instance })
  return planMatchReplicas({ instance, target: server.replication.source, matches, kind: 'match-up-replicas' }, planning)
}
