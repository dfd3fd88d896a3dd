import { RequestFailure } from '../../api/request.ts'
import type { Reason } from '../../../../src/kit/reason.ts'
import type { en } from '../../words/en.ts'

export type Explanation = keyof typeof en.discover.explain

/** Kinds of failures of the server's own list, and the explanation that belongs to each. */
const byCode: Readonly<Record<string, Explanation>> = {
  'refused': 'refused',
  'name-unknown': 'name',
  'timeout': 'timeout',
  'access-denied': 'denied',
  'privilege-missing': 'privilege',
  'not-mysql': 'protocol',
  'unreachable': 'unreachable',
}

/** What to do about a failure; null when there is nothing more to say than the server's own sentence. */
export function explain(reason: Reason): { readonly explanation: Explanation | null; readonly grant: string | null } {
  const { code, parameters } = reason
  const kind = typeof parameters['kind'] === 'string' ? parameters['kind'] : code
  const grant = typeof parameters['grant'] === 'string' && parameters['grant'] !== '' ? parameters['grant'] : null
  return { explanation: byCode[kind] ?? null, grant }
}

/** The reason in a failed request, or one made of its text. */
export const reasonOf = (error: unknown): Reason =>
  error instanceof RequestFailure && error.reason !== null
    ? error.reason
    : { code: 'unknown', parameters: {}, text: error instanceof Error ? error.message : String(error) }
