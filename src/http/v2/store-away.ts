import type { Answer } from '../exchange.ts'
import type { Route } from '../router.ts'
import { problem, problemReason } from './problem.ts'

/** Answers from the store: while that is away, 503 with what it said, so that whoever asks knows that it is not this process that is wrong. */
export const fromStore = (answer: Route['answer']): Route['answer'] => async (request, parameters): Promise<Answer> => {
  try {
    return await answer(request, parameters)
  } catch (error) {
    const text = sayingOfStore(error)
    if (text === null) throw error
    return problem(problemReason('store-unread', { text }), 503)
  }
}

/** What a database or the way to it says carries a code, or ended the connection; null: a mistake of our own, which stays a fault. */
function sayingOfStore(error: unknown): string | null {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) return null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const isOfStore = code === null ? 'fatal' in error && error.fatal === true : code === 'ERR_SQLITE_ERROR' || !code.startsWith('ERR_')
  // One that tried several addresses of a name says nothing itself.
  return isOfStore ? error.message || (code ?? String(error)) : null
}
