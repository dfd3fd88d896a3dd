import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { isGtidCompatible } from '../topology/replication-rules.ts'
import { moveRemark } from './move-remarks.ts'
import { planMovesAnyWay } from './moves-any-way.ts'
import { type LeftBehind, type MovesPlan, planMoves, type Planning, tooComplex } from './moves.ts'
import type { Refusal } from './plan.ts'
import { refuse } from './refusals.ts'

export interface ReplicasRequest {
  readonly instance: InstanceKey
  readonly target: InstanceKey
  /** Which of the replicas; all when left out. */
  readonly matches?: (replica: InstanceKey) => boolean
}

/** The replicas that a request is about: those of the instance but the target itself, in the order of their keys. */
const replicasOf = ({ instance, target, matches = () => true }: ReplicasRequest, { topology }: Planning): readonly Instance[] =>
  topology.replicasOf(instance).filter(({ key }) => key !== target && matches(key))

/** The same, with those that follow a binlog server below the instance; the binlog servers themselves know no GTID of MySQL and stay. */
function withBinlogServers(request: ReplicasRequest, planning: Planning): readonly Instance[] {
  const { target, matches = () => true } = request
  const behind = planning.topology.replicasOf(request.instance).filter(({ isBinlogServer }) => isBinlogServer).flatMap(({ key }) => planning.topology.replicasOf(key))
  return [...replicasOf(request, planning), ...behind.filter(({ key }) => key !== target && matches(key))]
}

function unknown({ instance, target }: ReplicasRequest, { topology }: Planning): Refusal | null {
  const missing = [instance, target].find(key => topology.get(key) === undefined)
  return missing === undefined ? null : refuse('unknown-instance', { server: missing })
}

/** Moves all replicas of a server, which may be dead, below another one. Below itself it only makes them connect again. */
export function planRelocateReplicas(request: ReplicasRequest, planning: Planning): MovesPlan | Refusal {
  const { instance, target } = request
  const refused = unknown(request, planning)
  if (refused !== null) return refused
  const replicas = replicasOf(request, planning)
  const above = replicas.find(({ key }) => planning.topology.isDescendant(target, key))
  if (above !== undefined) return refuse('replicas-below-own-replica', { target, replica: above.key })
  return planMovesAnyWay({
    kind: 'relocate-replicas', says: replicas.length === 0 ? moveRemark('nothing-to-move', {}) : moveRemark('relocate-replicas', { instance, target }),
    moves: replicas.map(({ key: replica }) => ({ replica, target })), concerns: [instance, target], refusal: tooComplex(instance, target),
  }, planning)
}

/** The same by GTID alone. */
export function planMoveReplicasGtid(request: ReplicasRequest, planning: Planning): MovesPlan | Refusal {
  const { instance, target } = request
  const refused = unknown(request, planning)
  if (refused !== null) return refused
  // Whoever follows a binlog server of it follows its log, too.
  const replicas = withBinlogServers(request, planning)
  const to = planning.topology.get(target)
  const compatible = replicas.filter(replica => to !== undefined && isGtidCompatible(replica, to))
  const others: readonly LeftBehind[] = replicas.filter(replica => !compatible.includes(replica))
    .map(({ key }) => ({ replica: key, why: refuse('not-gtid-compatible', { replica: key, target }).refused }))
  const failed = (left: readonly LeftBehind[]): Refusal =>
    refuse('no-replica-moved-gtid', { count: left.length, reasons: left.map(({ why }) => why.text.trimEnd()).join('; ') })
  if (compatible.length === 0 && others.length > 0) return failed(others)
  const plan = planMoves({
    kind: 'move-replicas-gtid', says: replicas.length === 0 ? moveRemark('nothing-to-move', {}) : moveRemark('move-replicas-gtid', { instance, target }),
    moves: compatible.map(({ key: replica }) => ({ replica, target })), concerns: [instance, target], only: ['gtid'],
    warnings: others.map(({ replica, why }) => moveRemark('left-behind', { replica, why: why.text })), refusal: left => failed([...left, ...others]),
  }, planning)
  return 'refused' in plan ? plan : { ...plan, left: [...plan.left, ...others] }
}

/** Makes the other replicas of a replica's source follow that replica. */
export function planTakeSiblings(instance: InstanceKey, planning: Planning): MovesPlan | Refusal {
  const { topology } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  if (server.replication === null) return refuse('take-siblings-no-replica', { replica: instance })
  const source = server.replication.source
  const siblings = topology.siblingsOf(instance)
  return planMoves({
    kind: 'take-siblings', says: siblings.length === 0 ? moveRemark('nothing-to-move', {}) : moveRemark('take-siblings', { instance }),
    moves: siblings.map(({ key: replica }) => ({ replica, target: instance })), concerns: [instance], refusal: tooComplex(source, instance),
  }, planning)
}

/** Makes the replicas of a replica follow its source. */
export function planMoveUpReplicas({ instance, matches = () => true }: Omit<ReplicasRequest, 'target'>, planning: Planning): MovesPlan | Refusal {
  const { topology } = planning
  const server = topology.get(instance)
  if (server === undefined) return refuse('unknown-instance', { server: instance })
  if (server.replication === null) return refuse('not-a-replica', { replica: instance })
  const target = server.replication.source
  const replicas = topology.replicasOf(instance).filter(({ key }) => key !== target && matches(key))
  return planMovesAnyWay({
    kind: 'move-up-replicas', says: replicas.length === 0 ? moveRemark('nothing-to-move', {}) : moveRemark('move-up-replicas', { instance, target }),
    moves: replicas.map(({ key: replica }) => ({ replica, target })), concerns: [instance, target],
    refusal: left => refuse('all-failed', { reasons: left.map(({ why }) => why.text.trimEnd()).join('; ') }),
  }, planning)
}

/** Points the replicas of a server at it again, or at another server that has all that they have. */
export function planRepointReplicas(request: ReplicasRequest, planning: Planning): MovesPlan | Refusal {
  const { instance, target } = request
  const refused = unknown(request, planning)
  if (refused !== null) return refused
  const replicas = replicasOf(request, planning)
  return planMovesAnyWay({
    kind: 'repoint-replicas', says: replicas.length === 0 ? moveRemark('nothing-to-move', {}) : moveRemark('repoint-replicas', { instance, target }),
    moves: replicas.map(({ key: replica }) => ({ replica, target })), concerns: [instance, target],
    refusal: left => refuse('all-failed', { reasons: left.map(({ why }) => why.text.trimEnd()).join('; ') }),
  }, planning)
}
