import type { Reason } from '../../kit/reason.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { Topology } from '../topology/topology.ts'
import type { ActRow } from './act-plan.ts'
import type { Equivalents } from './by-equivalence.ts'
import { planOf, type Row } from './failover-plan.ts'
import type { MethodVerdict, MoveMethod } from './methods.ts'
import { moveRemark } from './move-remarks.ts'
import type { Plan, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import type { RelocatePolicy } from './relocate-judgement.ts'
import type { SetReference, Step } from './step.ts'
import { rowsOf, type Way, wayOf } from './ways.ts'

export interface Move {
  readonly replica: InstanceKey
  readonly target: InstanceKey
}

/** A replica that stays where it is, and why. */
export interface LeftBehind {
  readonly replica: InstanceKey
  readonly why: Reason
}

/** Several replicas move, each a part of the plan: the failure of one stops nobody else. */
export interface MovesPlan extends Plan {
  readonly moves: readonly Move[]
  readonly left: readonly LeftBehind[]
}

/** What is judged and planned with; `now` is ms since 1970. */
export interface Planning {
  readonly topology: Topology
  readonly policy: RelocatePolicy
  readonly now: number
  /** Places of different logs that are known to be the same. */
  readonly equivalents?: Equivalents
}

interface JudgedMoves {
  readonly ways: readonly Way[]
  readonly left: readonly LeftBehind[]
  readonly methods: readonly MethodVerdict[]
}

/** Judges each move alone: who may move and how, and who stays with the reason. */
export function judgeMoves(moves: readonly Move[], judge: (move: Move) => Way | Refusal): JudgedMoves {
  const ways: Way[] = []
  const left: LeftBehind[] = []
  const methods: MethodVerdict[] = []
  for (const move of moves) {
    const way = judge(move)
    methods.push(...(way.methods ?? []))
    if ('refused' in way) left.push({ replica: move.replica, why: way.refused })
    else ways.push(way)
  }
  return { ways, left, methods }
}

export interface MovesWish {
  readonly kind: string
  readonly says: Reason
  readonly moves: readonly Move[]
  /** Rows before the moves, and after them, in their waves. */
  readonly first?: readonly Row[]
  readonly last?: readonly Row[]
  readonly concerns?: readonly InstanceKey[]
  readonly checks?: readonly Reason[]
  readonly warnings?: readonly Reason[]
  /** Methods of moves among `first` and `last`. */
  readonly methods?: readonly MethodVerdict[]
  /** The answer when nobody can move, though somebody should; null when the plan is worth it all the same. */
  readonly refusal: ((left: readonly LeftBehind[]) => Refusal) | null
  /** Only these methods are tried. */
  readonly only?: readonly MoveMethod[]
  /** Judges each move in place of the methods in their order. */
  readonly judge?: (move: Move) => Way | Refusal
}

/** All moves that are possible, at the same time where they can; those that are not are named in the warnings. Refused only when all are. */
export function planMoves(wish: MovesWish, planning: Planning): MovesPlan | Refusal {
  const { ways, left, methods } = judgeMoves(wish.moves, wish.judge ?? (({ replica, target }) => wayOf(replica, target, planning, wish.only)))
  const tried = [...(wish.methods ?? []), ...methods]
  if (ways.length === 0 && left.length > 0 && wish.refusal !== null) return { ...wish.refusal(left), methods: tried }
  const first = wish.first ?? []
  const moving = movingRows(ways, lastWave(first) + 1)
  const last = (wish.last ?? []).map(row => ({ ...row, wave: row.wave + Math.max(lastWave(first), lastWave(moving)) }))
  const plan = planOf(planning.topology, {
    kind: wish.kind, says: wish.says, rows: [...first, ...moving, ...last],
    concerns: [...(wish.concerns ?? []), ...wish.moves.flatMap(({ replica, target }) => [replica, target]), ...ways.flatMap(({ concerns = [] }) => concerns)],
    checks: [...(wish.checks ?? []), ...ways.flatMap(({ checks }) => checks)],
    warnings: [...left.map(({ replica, why }) => moveRemark('left-behind', { replica, why: why.text.trimEnd() })), ...(wish.warnings ?? []), ...ways.flatMap(({ warnings }) => warnings)],
    method: methodOf(ways.map(({ method }) => method)),
  })
  return { ...plan, methods: tried, moves: ways.map(({ replica, target }) => ({ replica, target })), left }
}

const lastWave = (rows: readonly Row[]): number => Math.max(0, ...rows.map(({ wave }) => wave))

/** The method of several moves. */
export function methodOf(methods: readonly Plan['method'][]): Plan['method'] {
  const [only = 'none', ...others] = new Set(methods)
  return others.length === 0 ? only : 'mixed'
}

/**
 * Ways that change only their replica go at the same time. Replicas that go up by position go with them, while their source stands; it is started as
 * soon as they are there. Those for whom the new source must stand go one after another.
 */
function movingRows(ways: readonly Way[], from: number): readonly Row[] {
  const standing = new Map(ways.flatMap(way => (way.runs === 'below-standing' ? [[way.standing, way] as const] : [])))
  const before = [...standing.values()].flatMap(({ first }) => first.map((row, index) => ({ ...row, wave: from + index })))
  const wave = Math.max(from, lastWave(before) + 1)
  const together = ways.filter(({ runs }) => runs !== 'one-by-one').flatMap(way => partRows(way, wave))
  const after = [...standing.values()].flatMap(({ last }) => last.map((row, index) => ({ ...row, wave: wave + 1 + index })))
  const next = Math.max(wave, lastWave(after)) + 1
  return [...before, ...together, ...after, ...ways.filter(({ runs }) => runs === 'one-by-one').flatMap((way, index) => partRows(way, next + index))]
}

const partRows = ({ rows, replica }: Way, wave: number): readonly Row[] => rows.map(row => ({ ...row, step: renamed(row.step, replica), wave, part: replica, onFailure: 'note' }))

/** One move as a stage of a plan: when it fails it is undone and the plan ends; once it is done it stays, whatever comes after. */
export const stageRows = (way: Way, wave: number): readonly Row[] =>
  rowsOf(way).map((row: ActRow) => ({ ...row, step: renamed(row.step, way.replica), wave, part: way.replica, onFailure: row.onFailure ?? 'stop' }))

/** Names of sets are one's own only within one relocation; several share the bindings of a run. Names of places tell whose they are. */
export function renamed(step: Step, replica: InstanceKey): Step {
  if (step.do === 'read-executed') return { ...step, as: `${step.as} by ${replica}` }
  if (step.do === 'wait-executed') return { ...step, what: nameOf(step.what, replica) }
  return step
}

const nameOf = (what: SetReference, replica: InstanceKey): SetReference => ('boundTo' in what ? { boundTo: `${what.boundTo} by ${replica}` } : what)

/** The topology as it is once a replica has moved, for judging what comes after. */
export function afterMove(topology: Topology, replica: InstanceKey, target: InstanceKey): Topology {
  const instance = topology.get(replica)
  if (instance?.replication === undefined || instance.replication === null) return topology
  const link = { ...instance.replication, source: target }
  const moved: Instance = { ...instance, replication: link, channels: instance.channels.map(channel => ({ ...channel, source: target })) }
  return new Topology(topology.number, new Map(topology.instances).set(replica, moved), topology.decisions)
}

/** The original's answer when nobody could be moved, with every reason behind it. */
export const tooComplex = (of: InstanceKey, target: InstanceKey) => (left: readonly LeftBehind[]): Refusal =>
  refuse('none-can-move', { instance: of, target, count: left.length, reasons: left.map(({ why }) => why.text.trimEnd()).join('; ') })
