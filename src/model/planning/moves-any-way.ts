import { planMovesByBinlogServer } from './by-binlog-server.ts'
import { planRelocateAnyWay } from './move-one.ts'
import { type MovesPlan, type MovesWish, planMoves, type Planning } from './moves.ts'
import type { Refusal } from './plan.ts'

/** Several moves at the same time, each in the way there is for it. */
export const planMovesAnyWay = (wish: MovesWish & { readonly refusal: NonNullable<MovesWish['refusal']> }, planning: Planning): MovesPlan | Refusal =>
  planMovesByBinlogServer({ concerns: [], ...wish }, planning, planRelocateAnyWay) ?? planMoves(wish, planning)
