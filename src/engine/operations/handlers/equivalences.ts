import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import type { Handler } from '../handler.ts'
import { operationReason, refuse } from '../refusals.ts'

const sourceEquivalent: Handler<Contract['source-equivalent']> = async ({ instance, logFile, logPos }, parts) => {
  if (!/^\d{1,19}$/.test(logPos)) return refuse(operationReason('log-position-invalid', { text: logPos }))
  return ok({ places: await parts.equivalences.find({ server: instance, at: { file: logFile, position: BigInt(logPos) } }) })
}

export const equivalenceHandlers = { 'source-equivalent': sourceEquivalent }
