import type { Refusal } from '../../../model/planning/plan.ts'
import { type Instance, isLastCheckValid } from '../../../model/topology/instance.ts'
import { serverFailedReason } from '../refusals.ts'

/** It was read a moment ago, and did not answer: in the words in which the network tells it. */
export function notReached(server: Instance | undefined): Refusal | null {
  if (server === undefined || server.check.failure === null || isLastCheckValid(server)) return null
  return { refused: serverFailedReason(server.key, server.check.failure) }
}
