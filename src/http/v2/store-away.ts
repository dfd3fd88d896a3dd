import { operationReason } from '../../engine/operations/refusals.ts'
import { sayingOfStore } from '../../engine/operations/store-away.ts'
import type { Answer } from '../exchange.ts'
import type { Route } from '../router.ts'
import { problem } from './problem.ts'

/** Answers from the store: while that is away, 503 with what it said, so that whoever asks knows that it is not this process that is wrong. */
export const fromStore = (answer: Route['answer']): Route['answer'] => async (request, parameters): Promise<Answer> => {
  try {
    return await answer(request, parameters)
  } catch (error) {
    const text = sayingOfStore(error)
    if (text === null) throw error
    return problem(operationReason('store-unread', { text }), 503)
  }
}
