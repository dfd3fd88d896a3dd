import { type Instance, isLastCheckValid, isReplicating } from '../topology/instance.ts'
import { isEmptyGtidSet, subtractGtidSets, unionGtidSets } from '../topology/gtid-set.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { hasAppliedAllItRead } from '../topology/received.ts'
import { Topology } from '../topology/topology.ts'
import { hasUnapplied, heldGtids } from './failover-held.ts'
import type { Row } from './failover-plan.ts'
import { moveRemark } from './move-remarks.ts'
import { afterMove, type MovesPlan, planMoves, type Planning, stageRows } from './moves.ts'
import type { Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { judgeOf } from './relocate-judgement.ts'

/** Makes a replica of a source that does not answer the primary of its siblings. A deliberate act of a person; failovers do more (engine/recovery). */
export function planMakePrimary(instance: InstanceKey, planning: Planning): MovesPlan | Refusal {
  const { topology } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  const source = topology.sourceOf(server)
  if (server.replication === null) return refuse('not-a-replica', { replica: instance })
  if (source === undefined) return refuse('source-unknown', { replica: instance, source: server.replication.source })
  if (isLastCheckValid(source) && isReplicating(source)) return refuse('make-primary-source-replicates', { source: source.key })
  if (isLastCheckValid(source)) return refuse('make-primary-source-answers', { source: source.key })
  if (source.replication !== null) return refuse('not-a-real-primary', { source: source.key, above: source.replication.source })
  if (!isLastCheckValid(server)) return refuse('unreachable', { server: instance, failure: server.check.failure?.text ?? 'not read' })
  const isBehind = server.replication.gtid.startsWith('mariadb') ? !hasAppliedAllItRead(server) : hasUnapplied(server)
  if (isBehind) return refuse('make-primary-unapplied', { replica: instance })
  const siblings = topology.siblingsOf(instance)
  const ahead = siblings.find(sibling => isAhead(sibling, server, null))
  if (ahead !== undefined) return refuse('more-advanced-sibling', { act: 'MakeMaster', replica: instance, sibling: ahead.key })
  const on = instance
  const names = { instance, source: source.key }
  const stop: readonly Row[] = server.replication.receiver === 'stopped' ? [] : [
    { wave: 1, step: { do: 'stop-receiver', on }, ifStoppedHere: moveRemark('applying-received', names), requires: [{ holds: 'replicates-from', server: on, source: source.key }] },
  ]
  const first: readonly Row[] = [
    ...stop,
    { wave: 2, step: { do: 'set-writable', on }, ifStoppedHere: moveRemark('promoted-writable', names), requires: [{ holds: 'receiver-stopped', server: on }, { holds: 'nothing-received-unapplied', server: on }] },
    { wave: 3, step: { do: 'forget-source', on }, ifStoppedHere: moveRemark('promoted', names), onFailure: 'note' },
  ]
  return planMoves({
    kind: 'make-primary', says: moveRemark('make-primary', names), first, moves: siblings.map(({ key: replica }) => ({ replica, target: instance })), concerns: [source.key],
    checks: [moveRemark('source-silent', { ...names, failure: source.check.failure?.text ?? 'no answer' }), moveRemark('none-ahead', names)], refusal: null,
  }, { ...planning, topology: asPrimary(topology, server) })
}

/** A replica takes the place of its source: it goes below the source's source, and its siblings follow it. The former source keeps its place. */
export function planMakeLocalPrimary(instance: InstanceKey, planning: Planning): MovesPlan | Refusal {
  const { topology, policy, now } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  if (server.replication === null) return refuse('not-a-replica', { replica: instance })
  const source = topology.sourceOf(server)
  if (source === undefined) return refuse('source-unknown', { replica: instance, source: server.replication.source })
  if (source.replication === null) return refuse('no-source-above', { instance, source: source.key })
  const above = source.replication.source
  const up = judgeOf(topology, instance, policy, now).judge(above)
  if ('refused' in up) return up
  const siblings = topology.siblingsOf(instance)
  const ahead = siblings.find(sibling => !isLastCheckValid(source) && isAhead(sibling, server, topology.get(above) ?? null))
  if (ahead !== undefined) return refuse('more-advanced-sibling', { act: 'MakeLocalMaster', replica: instance, sibling: ahead.key })
  const names = { instance, source: source.key }
  return planMoves({
    kind: 'make-local-primary', says: moveRemark('make-local-primary', names), first: stageRows(up, 1, planning),
    moves: siblings.map(({ key: replica }) => ({ replica, target: instance })), concerns: [source.key, above], warnings: up.warnings,
    checks: [moveRemark('method-gtid', { replica: instance, target: above })], refusal: null,
  }, { ...planning, topology: afterMove(topology, instance, above) })
}

/** Holds what neither the server has nor, through the one above, will get. */
function isAhead(sibling: Instance, server: Instance, above: Instance | null): boolean {
  const reachable = above === null ? heldGtids(server) : unionGtidSets(heldGtids(server), heldGtids(above))
  return !isEmptyGtidSet(subtractGtidSets(heldGtids(sibling), reachable))
}

/** The topology in which a server has forgotten its source, for judging who may follow it. */
const asPrimary = (topology: Topology, server: Instance): Topology =>
  new Topology(topology.number, new Map(topology.instances).set(server.key, { ...server, replication: null, channels: [], readOnly: false, superReadOnly: false }), topology.decisions)
