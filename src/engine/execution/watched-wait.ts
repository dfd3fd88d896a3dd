import { fail, type Result } from '../../kit/result.ts'
import type { Reason } from '../../kit/reason.ts'
import { countHeldBeyond, countMissing, executedOnly, heldGtids, readGtids } from '../../model/planning/failover-held.ts'
import type { Step } from '../../model/planning/step.ts'
import type { Instance, ServerFailure } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { beyond, heldPosition, readPosition } from '../../model/topology/mariadb-held.ts'
import type { StepEffect } from '../../ports/servers.ts'
import { executionReason, failureReason } from './reasons.ts'

type WaitStep = Extract<Step, { do: 'wait-executed' }>

export interface WatchedWait {
  readonly step: WaitStep
  /** Waits on the server for so long as the step says. */
  perform(step: WaitStep): Promise<Result<StepEffect, ServerFailure>>
  /** A server as it is now; undefined: it does not answer. */
  look(server: InstanceKey): Promise<Instance | undefined>
  /** What the step waits for, as text. */
  readonly waited: string
  /** A server of the same plan: it is known to answer, so that a look at it costs little. */
  isOfPlan(server: InstanceKey): boolean
  monotonic(): number
}

/** One look after so long, then ever more seldom: a wait that succeeds at once costs none. */
const firstSliceMilliseconds = 500
const longestSliceMilliseconds = 2000

/**
 * Waits until the server has executed what is asked, in slices with a look between them: an applier that has stopped with an error executes nothing more,
 * so waiting on is only time without a primary. Everything else (no answer, an applier that is slow) is waited for until the end, as unknown is not never.
 */
export async function waitWatched(wait: WatchedWait): Promise<Result<StepEffect, Reason>> {
  const { step, perform, monotonic } = wait
  const end = monotonic() + step.timeoutMilliseconds
  for (let slice = firstSliceMilliseconds; ; slice = Math.min(2 * slice, longestSliceMilliseconds)) {
    const left = Math.max(1, Math.round(end - monotonic()))
    const isLast = left <= slice
    const done = await perform(isLast ? { ...step, timeoutMilliseconds: left } : { ...step, timeoutMilliseconds: slice })
    if (done.ok) return done
    if (done.failure.kind !== 'timeout') return fail(failureReason(step.on, done.failure))
    const never = isLast ? null : await whyNever(wait)
    if (never !== null) return fail(never)
    if (isLast || monotonic() >= end) return fail(executionReason('not-executed-in-time', { server: step.on, milliseconds: step.timeoutMilliseconds }))
  }
}

/** Why what is waited for cannot come: the applier failed, here or on the source, of which all is here that it has executed. Null: it may come. */
async function whyNever({ step, look, waited, isOfPlan }: WatchedWait): Promise<Reason | null> {
  const seen = await look(step.on)
  if (seen === undefined) return null
  const text = stoppedWith(seen)
  if (text !== null) return executionReason('applier-failed', { server: step.on, text })
  const source = seen.replication?.source
  const above = source === undefined || !isOfPlan(source) ? undefined : await look(source)
  const textAbove = above === undefined ? null : stoppedWith(above)
  if (above === undefined || textAbove === null || holdsAll(seen, waited) || countHeldBeyond(executedOnly(above), seen) > 0) return null
  return executionReason('applier-failed', { server: above.key, text: textAbove })
}

const holdsAll = (server: Instance, waited: string): boolean =>
  (server.mariadbGtid === null ? countMissing(readGtids(waited), heldGtids(server)) : beyond(readPosition(waited), heldPosition(server)).count) === 0

/** The error with which the only applier of a replica stopped; null: it runs, was stopped by somebody, or another channel may still bring what is waited for. */
export function stoppedWith({ replication, channels }: Instance): string | null {
  if (replication === null || channels.length > 1 || replication.applier !== 'stopped' || replication.applierError.number === 0) return null
  return `Error ${replication.applierError.number}: ${replication.applierError.text}`
}
