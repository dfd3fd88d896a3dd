import { ok, type Result } from '../../kit/result.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { TakeoverRequest } from '../recovery/graceful-takeover.ts'
import { operationReason, refuse, type Refused } from './refusals.ts'

/** Writes stand still while the successor catches up: nobody means longer than this. */
const waitMaxSeconds = 600

export interface TakeoverInput {
  readonly designated?: InstanceKey | undefined
  readonly seconds?: number | undefined
}

/** What a planned takeover is asked for, the same when it is shown and when it is done. */
export function takeoverWish({ designated, seconds }: TakeoverInput, auto: boolean, by: string): Result<TakeoverRequest, Refused> {
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 1 && seconds <= waitMaxSeconds)) {
    return refuse(operationReason('input-unreadable', { name: 'seconds', text: `${seconds} is no whole number from 1 to ${waitMaxSeconds}` }))
  }
  return ok({ designated: designated ?? null, auto, by, ...(seconds === undefined ? {} : { catchUpSeconds: seconds }) })
}
