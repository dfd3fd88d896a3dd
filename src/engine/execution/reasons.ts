import { reasonsOf } from '../../kit/reason-table.ts'
import type { ServerFailure } from '../../model/topology/instance.ts'
import type { Reason } from '../../kit/reason.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'

/** Why a step was not done, or a plan not begun. */
export const executionReason = reasonsOf({
  'server-busy': 'Cannot begin maintenance on {server}: another change of it is running ({owner})',
  'server-in-maintenance': 'Cannot begin maintenance on {server}: it is in maintenance by {owner}: {reason}',
  'server-half-done': 'Cannot begin maintenance on {server}: "{plan}" ({owner}) was cut off there and is not finished or undone yet; this is tried again every few seconds',
  noop: 'noop: aborting {operation} operation on {server}; signalling error but nothing went wrong.',
  'cannot-probe': '{server} could not be read: {text}',
  'never-read': '{server} has never been read',
  'statement-failed': '{server}: {text}',
  'condition-is-reachable': '{server} does not answer',
  'condition-replicates-from': '{server} no longer replicates from {source}, but from {actual}',
  'condition-is-primary': '{server} is no longer a primary',
  'condition-applier-running': 'the applier of {server} is not running',
  'condition-receiver-stopped': 'the receiver of {server} is not stopped',
  'condition-read-only': '{server} is not read-only',
  'condition-nothing-received-unapplied': '{server} has received transactions that it has not applied',
  'condition-can-auto-position': '{source} has purged transactions that {server} lacks',
  'condition-source-holds-received': '{source} lacks transactions that {server} has received and not applied',
  'condition-source-has-executed': '{source} lacks transactions that {server} has executed: {gtids}',
  'condition-applier-stopped': 'the applier of {server} is not stopped',
  'condition-receiver-there': 'the receiver of {server} has stopped',
  'condition-applier-failed-on': 'the applier of {server} does not stand at {gtid} any more',
  'condition-executed-all-read': '{server} has not executed all that it has read',
  'condition-has-executed': '{server} has not executed {set}',
  'condition-has-no-replicas': '{server} counts {replicas} as its replicas: one that has left is forgotten when it is next sent something, so wait a moment, or end its dump thread on {server}',
  'condition-is-writable': '{server} is read-only',
  'applier-failed': '{server} cannot execute what is waited for: its applier stopped with {text}',
  'not-executed-in-time': '{server} did not execute all that is waited for within {milliseconds} ms',
  'promise-not-kept': '{server} did not come to what {step} promises: {found}',
  'transactions-shrank': '{server} held {count} transactions before {step} that it does not hold any more',
  'skipped-after-failure': 'left out because an earlier step on {server} failed',
  'skipped-plan-stopped': 'left out because the plan stopped',
  'plan-aborted': 'the plan was stopped by {by}',
  'lease-lost': 'the lease {number} of cluster {cluster} is not ours any more: {text}',
  'plan-taken-over': 'this process stood still, and another one has taken the plan over',
  'plan-maybe-taken-over': 'another process may have taken the plan over, because the store does not answer: {text}',
  'fingerprint-stale': 'the plan has changed since it was shown: {difference}',
} as const)

/** In the words that the original's users search for: `Error 1094 (HY000): Unknown thread id: 7`. */
export const numberedText = ({ number, sqlState, text }: ServerFailure): string =>
  (number === null || text.startsWith('Error ') ? text : `Error ${number}${sqlState === undefined ? '' : ` (${sqlState})`}: ${text}`)

export const failureReason = (server: InstanceKey, failure: ServerFailure): Reason =>
  executionReason('statement-failed', {
    server, text: failure.grant === undefined ? numberedText(failure) : `${numberedText(failure)} (grant: ${failure.grant})`, kind: failure.kind, ...(failure.number === null ? {} : { number: failure.number }),
  })
