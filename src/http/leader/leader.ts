import type { IncomingHttpHeaders } from 'node:http'
import type { GroupParts } from '../../engine/operations/group-parts.ts'
import type { Parameters, Route } from '../router.ts'

/** Which manager passed a request on. One that was passed on is answered where it arrives, so that none goes round. */
export const passedOnHeader = 'x-orchestrator-passed-on-by'

export const passedOnBy = (headers: IncomingHttpHeaders): string | null => {
  const value = headers[passedOnHeader]
  return typeof value === 'string' && value !== '' ? value.slice(0, 255) : null
}

/**
 * May a change that all managers share be begun by this process? Managers on one store each may, whoever leads;
 * of those that agree on a leader it alone may (contract security-and-http.md 2).
 */
export function mayChange(group: Pick<GroupParts, 'standing'>): boolean {
  const { mode, state } = group.standing()
  return mode === 'shared-store' || state === 'leader'
}

/** Where a request is answered: null here, else the leader's address. Nobody known to lead, or nobody's address: here, where reads show what is remembered. */
export function leaderFor(
  group: Pick<GroupParts, 'standing'>, { route, parameters }: { readonly route: Route; readonly parameters: Parameters }, headers: IncomingHttpHeaders,
): string | null {
  const { mode, state, leader, self } = group.standing()
  if (mode === 'shared-store' || state === 'leader' || leader === null || leader.name === self) return null
  if (route.isHere?.(parameters) === true || passedOnBy(headers) !== null) return null
  return leader.uri
}
