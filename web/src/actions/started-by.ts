import type { PlanView } from '../../../src/contract/views.ts'
import type { OpenDialog, PlanRequest } from './dialogs.ts'
import type { Started } from './operations.ts'

/** What is to be remembered of a plan that is run from this page. */
export function startedBy(request: PlanRequest, plan: PlanView, undo: OpenDialog | null, nameOf: (key: string) => string): Started {
  const moved = Object.keys(plan.after).filter(key => plan.after[key] !== plan.before[key])
  const [server] = moved
  const source = server === undefined ? null : (plan.after[server] ?? null)
  return { request, undo, moved: moved.length !== 1 || server === undefined || source === null ? null : { server: nameOf(server), source: nameOf(source) } }
}
