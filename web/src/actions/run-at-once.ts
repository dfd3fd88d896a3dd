import type { PlanView } from '../../../src/contract/views.ts'
import type { Preferences } from '../ui/preferences.ts'
import type { PlanRequest } from './dialogs.ts'

/** A plan that a person need not look at, by their own wish: the move of one server that they chose just now, of the lowest level that changes something, and without a warning. */
export const mayRunAtOnce = (request: Pick<PlanRequest, 'isMoveInHand' | 'typed'>, plan: Pick<PlanView, 'dangerLevel' | 'warnings' | 'steps'>, wish: Preferences['moves']): boolean =>
  wish === 'atOnce' && request.isMoveInHand === true && request.typed === null && plan.dangerLevel <= 1 && plan.steps.length > 0 && plan.warnings.length === 0
