import type { OperationName } from '../../../src/contract/all.ts'
import type { PlanView, ServerView } from '../../../src/contract/views.ts'
import type { OpenDialog, PlanRequest } from './dialogs.ts'
import { relocation } from './perform.ts'
import { wayBack } from './way-back.ts'

/** What the page knows around a plan. */
export interface UndoAround {
  readonly members: readonly ServerView[]
  readonly nameOf: (key: string) => string
  readonly opposite: (operation: OperationName, server: string) => PlanRequest | null
}

/** The dialog that takes it back; null: there is none. */
export function undoOf(request: PlanRequest, plan: PlanView, { members, nameOf, opposite }: UndoAround): OpenDialog | null {
  const back = wayBack(plan)
  const server = request.input['instance']
  if (back.kind === 'opposite') {
    const asked = typeof server === 'string' ? opposite(back.operation, server) : null
    return asked === null ? null : { kind: 'plan', request: asked }
  }
  if (back.kind !== 'move') return null
  const [only, ...others] = back.servers
  if (only !== undefined && others.length === 0) return { kind: 'plan', request: relocation(only, back.to, nameOf) }
  const servers = members.filter(({ key }) => back.servers.includes(key))
  return servers.length === back.servers.length ? { kind: 'move-many', servers, destination: back.to } : null
}
