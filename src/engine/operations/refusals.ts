import { reasonsOf } from '../../kit/reason-table.ts'
import type { Reason } from '../../kit/reason.ts'
import { fail, type Result } from '../../kit/result.ts'
import type { ServerFailure } from '../../model/topology/instance.ts'
import { numberedText } from '../execution/reasons.ts'
import type { MethodVerdict } from '../../model/planning/methods.ts'
import type { Refusal } from '../../model/planning/plan.ts'
import { hostOf, type InstanceKey } from '../../model/topology/instance-key.ts'

/** Why an operation was not done: an answer. The sentences are the original's where it had one, because scripts match them. */
export const operationReason = reasonsOf({
  'unauthorized': 'Unauthorized',
  'input-missing': '{name} is required',
  'input-unreadable': '{name} cannot be read: {text}',
  'port-invalid': 'Invalid port: {port}',
  'address-invalid': '{text}',
  'duration-invalid': 'Cannot parse simple time: {text}',
  'number-invalid': 'strconv.ParseInt: parsing "{text}": invalid syntax',
  'pattern-invalid': 'Invalid regular expression {pattern}: {text}',
  'instance-unknown': 'Cannot read instance: {instance}',
  'replica-unknown': 'Error reading {instance}',
  'cluster-unknown': 'Unable to determine cluster name. clusterHint={hint}',
  'alias-unknown': 'No cluster found for alias {alias}',
  'no-primary': 'No masters found for {cluster}',
  'forget-unknown': 'ForgetInstance(): instance {instance} not found',
  'comment-missing': 'No acknowledge comment given',
  'no-errant-gtid': 'locate-errant-gtid: no errant-gtid on {instance}',
  'errant-gtid-purged': 'locate-errant-gtid: {gtids} is already purged on {instance}',
  'not-a-replica': 'instance is not a replica: {instance}',
  'several-channels': '{instance} replicates over {channels} channels; Orchestrator changes servers with one',
  'recovery-not-attempted': 'Recovery not attempted',
  'recovery-without-successor': 'Recovery attempted but no instance promoted',
  'takeover-without-successor': 'graceful-master-takeover: no successor promoted',
  'takeover-failed': '{text}',
  'server-failed': '{text}',
  'plan-failed': '{text}',
  'fingerprint-needs-plan': '{operation} has no plan that is fixed beforehand, so that there is no fingerprint to run',
  'not-published': 'Not every place was told who takes writes: {failures}',
  'all-moves-failed': '{reasons}. Error on all operations',
  'only-some-moved': 'MoveReplicasGTID: only moved {moved} out of {count} replicas of {instance}; error is: {reasons}',
  'only-some-matched': 'MultiMatchReplicas: only matched {moved} out of {count} replicas of {instance}; error is: {reasons}',
  'place-invalid': '{text} is no place in a log: file:position is expected',
  'tag-unnamed': 'NewTag: empty tag name',
  'tag-unreadable': '{text}',
  'tag-missing': 'tag {name} not found for {instance}',
  'tag-negated': 'Untag: does not support negation',
  'untag-all-without-value': 'Untag: either indicate an instance or a tag value. Will not delete on-valued tag across instances',
  'promotion-rule-invalid': 'Invalid CandidatePromotionRule: {rule}',
  'promotion-rule-unsupported': 'CandidatePromotionRule: {rule} not supported yet',
  'maintenance-taken': 'Cannot begin maintenance for instance: {instance}; maintenance reason: {reason}',
  'lag-of-nobody': 'No instances found in GetInstancesMaxLag',
  'cannot-replicate': '{text}',
  'no-candidate-replica': 'No candidate replica found for {instance}',
  'domain-unknown': 'Cannot find domain name for cluster {cluster}',
  'domain-without-instance': 'No instance is noted for domain {domain}',
  'seconds-invalid': 'Invalid value provided for seconds',
  'host-multiple': 'Will not resolve multi-hostname: {host}',
  'write-seconds-invalid': 'Unable to generate {what} metrics',
  'queue-seconds-invalid': 'Unable to generate discovery queue {kind} metrics',
  'queue-unknown': 'Unable to generate discovery queue aggregated metrics for unknown queue',
  'rejoin-not-replaced': '{old} was not replaced as primary by any recovery that is known here; name whom it is to follow',
  'log-position-invalid': 'Invalid logPos: {text}',
  'unknown-operation': 'There is no operation {name}',
  'no-raft': '{what}: not running with raft setup',
  'cannot-grab': 'Unable to grab election: Cannot GrabElection on {mode} setup',
  'cannot-reelect': 'Nobody is elected anew on {mode} setup',
  'not-grabbed': 'Unable to grab election: {text}',
  'raft-unhealthy': 'unhealthy',
  'raft-token-unknown': 'Cannot create snapshot: Raft health report: unknown token {token}',
  'raft-no-such-member': '{what}: {member} is no voting member. Voting members: {members}',
  'configuration-unusable': 'The configuration stays as it was: {text}',
  'retired': 'This API call has been retired',
  'nothing-asked': 'Say which: {names}',
  'store-unread': 'The managers\' database cannot be read: {text}',
  'too-many-operations': '{count} operations are running already',
} as const)

export interface Refused {
  readonly refused: Reason
  /** What the former answer gives as Details beside the message. */
  readonly details?: unknown
  /** Methods that were tried before it was refused. */
  readonly methods?: readonly MethodVerdict[]
}

export const refuse = (refused: Reason, details?: unknown): Result<never, Refused> => fail(details === undefined ? { refused } : { refused, details })

/** No plan, with what was tried. */
export const notPlanned = ({ refused, methods }: Refusal): Result<never, Refused> => fail(methods === undefined ? { refused } : { refused, methods })

/** A server could not be read or changed, in the words that scripts know. */
export const serverFailed = (key: InstanceKey, failure: ServerFailure): Result<never, Refused> => refuse(serverFailedReason(key, failure))

export const serverFailedReason = (key: InstanceKey, failure: ServerFailure): Reason =>
  operationReason('server-failed', {
    server: key, kind: failure.kind, number: failure.number ?? 0, text: serverFailureText(key, failure), ...(failure.grant === undefined ? {} : { grant: failure.grant }),
  })

export function serverFailureText(key: InstanceKey, failure: ServerFailure): string {
  switch (failure.kind) {
    case 'refused':
      return `dial tcp ${key}: connect: connection refused`
    case 'name-unknown':
      return `dial tcp: lookup ${hostOf(key)}: no such host`
    case 'timeout':
      return `dial tcp ${key}: i/o timeout`
    default: {
      return failure.grant === undefined ? numberedText(failure) : `${numberedText(failure)} (grant: ${failure.grant})`
    }
  }
}
