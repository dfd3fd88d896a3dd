import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import type { Handler } from '../handler.ts'
import { operationReason, refuse } from '../refusals.ts'

/** Everything is told whatever the places say now; those that could not be told are named, and told again behind. */
const submitPrimaries: Handler<Contract['submit-primaries']> = async ({ cluster }, parts) => {
  const { pairs, outcomes } = await parts.submitWriters(cluster ?? null)
  const failed = outcomes.flatMap(({ target, failure }) => (failure === null ? [] : [`${target}: ${failure}`]))
  return failed.length === 0 ? ok(pairs) : refuse(operationReason('not-published', { failures: failed.join('; ') }))
}

export const publicationHandlers = { 'submit-primaries': submitPrimaries }
