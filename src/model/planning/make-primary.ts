import { compareCoordinates } from '../topology/binlog-coordinates.ts'
import { type Instance, isLastCheckValid, isReplicating } from '../topology/instance.ts'
import { isEmptyGtidSet, subtractGtidSets, unionGtidSets } from '../topology/gtid-set.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { hasAppliedAllItRead } from '../topology/received.ts'
import { Topology } from '../topology/topology.ts'
import { hasUnapplied, heldGtids } from './failover-held.ts'
import type { ActRow } from './act-plan.ts'
import { leaderRows, wayBelowLeader } from './below-leader.ts'
import { moveRemark } from './move-remarks.ts'
import { afterMove, methodOf, type Move, type MovesPlan, planMoves, type Planning, stageRows } from './moves.ts'
import type { Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import type { Condition } from './step.ts'
import { wayOf } from './ways.ts'

/** Makes a replica of a source that does not answer the primary of its siblings. A deliberate act of a person; failovers do more (engine/recovery). */
export function planMakePrimary(instance: InstanceKey, planning: Planning): MovesPlan | Refusal {
  const { topology, policy } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  const source = topology.sourceOf(server)
  if (server.replication === null) return refuse('not-a-replica', { replica: instance })
  if (source === undefined) return refuse('source-unknown', { replica: instance, source: server.replication.source })
  if (isLastCheckValid(source) && isReplicating(source)) return refuse('make-primary-source-replicates', { source: source.key })
  if (isLastCheckValid(source)) return refuse('make-primary-source-answers', { source: source.key })
  if (source.replication !== null) return refuse('not-a-real-primary', { source: source.key, above: source.replication.source })
  if (!isLastCheckValid(server)) return refuse('unreachable', { server: instance, failure: server.check.failure?.text ?? 'not read' })
  const isBehind = hasUnapplied(server) || (server.replication.gtid !== 'mysql' && !hasAppliedAllItRead(server))
  if (isBehind) return refuse('make-primary-unapplied', { replica: instance })
  const siblings = topology.siblingsOf(instance)
  const ahead = siblings.find(sibling => isAhead(sibling, server, null))
  if (ahead !== undefined) return refuse('more-advanced-sibling', { act: 'MakeMaster', replica: instance, sibling: ahead.key })
  const on = instance
  const names = { instance, source: source.key }
  const byPosition = server.replication.gtid === 'none'
  const stop: readonly ActRow[] = server.replication.receiver === 'stopped' ? [] : [
    { step: { do: 'stop-receiver', on }, ifStoppedHere: moveRemark('applying-received', names), requires: [{ holds: 'replicates-from', server: on, source: source.key }] },
  ]
  const applied: readonly Condition[] = [{ holds: 'nothing-received-unapplied', server: on }, ...(byPosition ? [{ holds: 'executed-all-read', server: on } as const] : [])]
  const first: readonly ActRow[] = [
    // Where its log ends must be read before it takes writes.
    ...(byPosition && siblings.length > 0 ? leaderRows(server, policy.drainMilliseconds).map(row => ({ ...row, undo: [] })) : stop),
    { step: { do: 'set-writable', on }, ifStoppedHere: moveRemark('promoted-writable', names), requires: [{ holds: 'receiver-stopped', server: on }, ...applied] },
    { step: { do: 'forget-source', on }, ifStoppedHere: moveRemark('promoted', names), onFailure: 'note' },
  ]
  const then: Planning = { ...planning, topology: byPosition ? topology : asPrimary(topology, server) }
  return planMoves({
    ...(byPosition ? { judge: (move: Move) => wayBelowLeader(move, source.key, then) } : {}),
    kind: 'make-primary', says: moveRemark('make-primary', names), first: first.map((row, index) => ({ ...row, wave: index + 1 })), moves: siblings.map(({ key: replica }) => ({ replica, target: instance })), concerns: [source.key],
    checks: [moveRemark('source-silent', { ...names, failure: source.check.failure?.text ?? 'no answer' }), moveRemark('none-ahead', names)], refusal: null,
  }, then)
}

/** A replica takes the place of its source: it goes below the source's source, and its siblings follow it. The former source keeps its place. */
export function planMakeLocalPrimary(instance: InstanceKey, planning: Planning): MovesPlan | Refusal {
  const { topology } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  if (server.replication === null) return refuse('not-a-replica', { replica: instance })
  const source = topology.sourceOf(server)
  if (source === undefined) return refuse('source-unknown', { replica: instance, source: server.replication.source })
  if (source.replication === null) return refuse('no-source-above', { instance, source: source.key })
  const above = source.replication.source
  const up = wayOf(instance, above, planning)
  if ('refused' in up) return up
  const siblings = topology.siblingsOf(instance)
  const ahead = siblings.find(sibling => !isLastCheckValid(source) && isAhead(sibling, server, topology.get(above) ?? null))
  if (ahead !== undefined) return refuse('more-advanced-sibling', { act: 'MakeLocalMaster', replica: instance, sibling: ahead.key })
  const names = { instance, source: source.key }
  const wish = {
    kind: 'make-local-primary', says: moveRemark('make-local-primary', names), moves: siblings.map(({ key: replica }) => ({ replica, target: instance })),
    concerns: [source.key, above], warnings: up.warnings, checks: up.checks, methods: up.methods, refusal: null,
  }
  // Siblings find the same place through their source, so by position they come first; whoever needs no source for it follows afterwards.
  const plan = up.runs === 'below-standing' ? planMoves({ ...wish, last: stageRows(up, 1) }, planning)
    : planMoves({ ...wish, first: stageRows(up, 1) }, { ...planning, topology: afterMove(topology, instance, above) })
  return 'refused' in plan ? plan : { ...plan, method: methodOf([up.method, ...(plan.method === 'none' ? [] : [plan.method])]) }
}

/** Holds what neither the server has nor, through the one above, will get. */
function isAhead(sibling: Instance, server: Instance, above: Instance | null): boolean {
  const [theirs, own] = [sibling.replication, server.replication]
  if (theirs?.gtid === 'none' || own?.gtid === 'none') {
    return theirs?.readCoordinates !== null && theirs?.readCoordinates !== undefined && compareCoordinates(theirs.readCoordinates, own?.readCoordinates ?? { file: '', position: 0n }) > 0
  }
  const reachable = above === null ? heldGtids(server) : unionGtidSets(heldGtids(server), heldGtids(above))
  return !isEmptyGtidSet(subtractGtidSets(heldGtids(sibling), reachable))
}

/** The topology in which a server has forgotten its source, for judging who may follow it. */
const asPrimary = (topology: Topology, server: Instance): Topology =>
  new Topology(topology.number, new Map(topology.instances).set(server.key, { ...server, replication: null, channels: [], readOnly: false, superReadOnly: false }), topology.decisions)
