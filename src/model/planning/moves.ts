import type { Reason } from '../../kit/reason.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { Topology } from '../topology/topology.ts'
import { planOf, type Row } from './failover-plan.ts'
import { moveRemark } from './move-remarks.ts'
import type { Plan, PlannedStep, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { relocationOf } from './relocate.ts'
import { judgeOf, type Possible, type RelocatePolicy } from './relocate-judgement.ts'
import type { SetReference, Step } from './step.ts'

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
}

/** Judges each move alone: who may move, and who stays with the reason. */
export function judgeMoves(moves: readonly Move[], { topology, policy, now }: Planning): { readonly possible: readonly Possible[]; readonly left: readonly LeftBehind[] } {
  const possible: Possible[] = []
  const left: LeftBehind[] = []
  for (const { replica, target } of moves) {
    const judged = judgeOf(topology, replica, policy, now).judge(target)
    if ('refused' in judged) left.push({ replica, why: judged.refused })
    else possible.push(judged)
  }
  return { possible, left }
}

export interface MovesWish {
  readonly kind: string
  readonly says: Reason
  readonly moves: readonly Move[]
  /** Rows before the moves, in their waves. */
  readonly first?: readonly Row[]
  readonly concerns?: readonly InstanceKey[]
  readonly checks?: readonly Reason[]
  readonly warnings?: readonly Reason[]
  /** The answer when nobody can move, though somebody should; null when the plan is worth it all the same. */
  readonly refusal: ((left: readonly LeftBehind[]) => Refusal) | null
}

/** All moves that are possible, at the same time; those that are not are named in the warnings. Refused only when all are. */
export function planMoves(wish: MovesWish, planning: Planning): MovesPlan | Refusal {
  const { possible, left } = judgeMoves(wish.moves, planning)
  if (possible.length === 0 && left.length > 0 && wish.refusal !== null) return wish.refusal(left)
  const first = wish.first ?? []
  const wave = Math.max(0, ...first.map(row => row.wave)) + 1
  const relocations = possible.map(one => ({ ...relocationOf(one, planning.topology, planning.policy), part: one.replica.key }))
  const plan = planOf(planning.topology, {
    kind: wish.kind, says: wish.says, rows: [...first, ...relocations.flatMap(({ steps, part }) => steps.map(planned => partRow(planned, wave, part)))],
    concerns: [...(wish.concerns ?? []), ...wish.moves.flatMap(({ replica, target }) => [replica, target])],
    checks: [...(wish.checks ?? []), ...relocations.flatMap(({ checks }) => checks)],
    warnings: [...left.map(({ replica, why }) => moveRemark('left-behind', { replica, why: why.text.trimEnd() })), ...(wish.warnings ?? []), ...relocations.flatMap(({ warnings }) => warnings)],
    method: relocations.some(({ method }) => method === 'mariadb-gtid') ? 'mariadb-gtid' : relocations.length === 0 ? 'none' : 'gtid',
  })
  return { ...plan, moves: possible.map(({ replica, target }) => ({ replica: replica.key, target: target.key })), left }
}

const partRow = (planned: PlannedStep, wave: number, part: InstanceKey): Row => ({ ...planned, step: renamed(planned.step, part), wave, part, onFailure: 'note' })

/** One relocation as a stage of a plan: when it fails it is undone and the plan ends; once it is done it stays, whatever comes after. */
export function stageRows(possible: Possible, wave: number, { topology, policy }: Planning): readonly Row[] {
  return relocationOf(possible, topology, policy).steps.map(planned => ({ ...partRow(planned, wave, possible.replica.key), onFailure: 'stop' }))
}

/** Names are one's own only within one relocation; several share the bindings of a run. */
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
