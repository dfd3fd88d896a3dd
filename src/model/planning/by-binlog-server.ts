import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { isBinlogServer, logOrigin } from '../topology/log-origin.ts'
import { planOf, type Row } from './failover-plan.ts'
import { logRemark } from './log-remarks.ts'
import type { MethodVerdict } from './methods.ts'
import { moveRemark } from './move-remarks.ts'
import { afterMove, type LeftBehind, type Move, type MovesPlan, type Planning, renamed } from './moves.ts'
import type { Plan, Planned, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { planSameLog } from './same-log.ts'

/** How one replica is moved by whatever way there is; handed in, because that one asks here too. */
export type Relocate = (replica: InstanceKey, target: InstanceKey, planning: Planning) => Planned

/**
 * A move to, from or of a binlog server (contract refactoring.md section 10, rules 4 to 7 and 12): at once where both sources hand on one log, else over
 * the server whose log it is. Null: no binlog server is concerned.
 */
export function planByBinlogServer(replica: InstanceKey, target: InstanceKey, planning: Planning, relocate: Relocate): Planned | null {
  const direct = planSameLog(replica, target, planning)
  if (direct !== null) return direct
  const { topology } = planning
  const [server, to] = [topology.get(replica), topology.get(target)]
  const source = server?.replication?.source
  if (server === undefined || to === undefined || source === undefined) return null
  if (server.isBinlogServer) return refuse('binlog-server-by-hand', { replica, target })
  if (to.isBinlogServer) {
    const between = logOrigin(topology, target)
    if (between === null || topology.get(between) === undefined || between === target) return refuse('binlog-server-source-unknown', { source: to.replication?.source ?? target })
    return inStages(replica, [between, target], planning, relocate, logRemark('two-stages', { replica, between, target }))
  }
  const between = isBinlogServer(topology, source) ? logOrigin(topology, source) : null
  if (between === null || between === target || topology.get(between) === undefined) return null
  return inStages(replica, [between, target], planning, relocate, logRemark('out-of-binlog-server', { replica, between }))
}

/** One place after the other; refused when the way ends at any of them. */
function inStages(replica: InstanceKey, targets: readonly InstanceKey[], planning: Planning, relocate: Relocate, check: Reason): Plan | Refusal {
  let at = planning
  const plans: Plan[] = []
  for (const target of targets) {
    const plan = relocate(replica, target, at)
    if ('refused' in plan) return plan
    plans.push(plan)
    at = { ...at, topology: afterMove(at.topology, replica, target) }
  }
  const target = targets.at(-1) ?? replica
  const rows = plans.flatMap((plan, stage) => stageOf(plan, replica, stage * 2 + 1, targets[stage] === target ? replica : partOf(replica, targets[stage] ?? target)))
  return planOf(planning.topology, {
    kind: 'relocate', says: moveRemark('repoint', { instance: replica, target }), rows, concerns: plans.flatMap(({ concerns }) => concerns),
    method: plans.some(({ method }) => method === 'position') ? 'position' : (plans[0]?.method ?? 'none'),
    checks: [check, ...eachOnce(plans.flatMap(({ checks }) => checks))], warnings: eachOnce(plans.flatMap(({ warnings }) => warnings)),
  })
}

/** A stage that came to its end is never undone: back below the former source others may have what the replica has executed meanwhile. What is only noted comes after it. */
function stageOf(plan: Plan, replica: InstanceKey, wave: number, part: InstanceKey): readonly Row[] {
  return plan.steps.map(({ step, requires, ifStoppedHere, undo, onFailure }) => {
    const row = { step: renamed(step, replica), requires, ifStoppedHere, undo }
    return onFailure === 'note' ? { ...row, wave: wave + 1, onFailure } : { ...row, wave, part, onFailure: 'stop' }
  })
}

/** The first stage is a part by a name that no server has, so that the last one alone tells whether the replica has moved. */
const partOf = (replica: InstanceKey, between: InstanceKey): InstanceKey => `${replica} below ${between}` as InstanceKey

/** Stages that are judged alike say so once. */
const eachOnce = (reasons: readonly Reason[]): readonly Reason[] => [...new Map(reasons.map(reason => [`${reason.code} ${reason.text}`, reason])).values()]

export interface LogMovesWish {
  readonly kind: string
  readonly says: Reason
  readonly moves: readonly Move[]
  readonly concerns: readonly InstanceKey[]
  readonly checks?: readonly Reason[]
  readonly refusal: (left: readonly LeftBehind[]) => Refusal
}

/** Several moves of which some are to, from or of a binlog server, each a part of the plan. Null: none is. */
export function planMovesByBinlogServer(wish: LogMovesWish, planning: Planning, relocate: Relocate): MovesPlan | Refusal | null {
  const { topology } = planning
  const concerned = ({ replica, target }: Move): boolean => [replica, target, topology.get(replica)?.replication?.source].some(key => key !== undefined && isBinlogServer(topology, key))
  if (!wish.moves.some(concerned)) return null
  const left: LeftBehind[] = []
  const moves: Move[] = []
  const methods: MethodVerdict[] = []
  const plans: Plan[] = []
  const rows: Row[] = []
  let waves = 1
  for (const move of wish.moves) {
    const { replica, target } = move
    const plan = relocate(replica, target, planning)
    methods.push(...(plan.methods ?? []))
    if ('refused' in plan) {
      left.push({ replica, why: plan.refused })
      continue
    }
    moves.push(move)
    plans.push(plan)
    const isStaged = plan.steps.some(({ part }) => part !== undefined)
    const changesOthers = plan.steps.some(({ step }) => step.on !== replica && step.do !== 'wait-position')
    // Moves in stages may need the same servers to stand: one after another.
    const from = isStaged ? waves : 0
    rows.push(...plan.steps.map(({ step, requires, ifStoppedHere, undo, wave, part }): Row =>
      ({ step: isStaged ? step : renamed(step, replica), requires, ifStoppedHere, undo, onFailure: 'note', ...(isStaged ? { wave: from + wave, ...(part === undefined ? {} : { part }) } : { wave: changesOthers ? waves + 1 : 1, part: replica }) })))
    if (!isStaged && changesOthers) waves += 1
    if (isStaged) waves += Math.max(...plan.steps.map(({ wave }) => wave))
  }
  if (plans.length === 0) return wish.refusal(left)
  const plan = planOf(topology, {
    kind: wish.kind, says: wish.says, rows, concerns: [...wish.concerns, ...plans.flatMap(({ concerns }) => concerns)],
    checks: [...(wish.checks ?? []), ...plans.flatMap(({ checks }) => checks)],
    warnings: [...left.map(({ replica, why }) => moveRemark('left-behind', { replica, why: why.text.trimEnd() })), ...plans.flatMap(({ warnings }) => warnings)],
    method: plans.some(({ method }) => method === 'position') ? 'position' : (plans[0]?.method ?? 'none'),
  })
  return { ...plan, moves, left, methods }
}
