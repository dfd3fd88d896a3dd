import { viewReason } from '../../engine/operations/view-reasons.ts'
import { type Answer, json, type Request } from '../exchange.ts'
import { here, type Route } from '../router.ts'
import type { ApiParts } from './context.ts'
import { problem, problemReason } from './problem.ts'

const path = '/api/v2/settings'

/** The settings of the manager that is asked. */
export const settingsRoute = (parts: ApiParts): Route => ({ method: 'GET', pattern: path, answer: request => settings(parts, request), isHere: here })

/** Commands and addresses among them tell much of a site: only for whoever may change something. */
function settings({ operations: { parts } }: ApiParts, { person }: Request): Answer {
  if (!person.mayWrite) return problem(problemReason('may-not-write', { why: person.whyNot === null ? '' : viewReason(person.whyNot, {}).text }), 403)
  const effective = parts.configuration.effective()
  return effective === null ? problem(problemReason('no-such-address', { path }), 404) : json({ node: parts.group.standing().self, ...effective })
}
