import { reasonsOf } from '../../kit/reason-table.ts'

/** Why a recovery is or is not begun: worded once. Times are parameters in ms since 1970; names of settings and commands are public. */
export const recoveryReasonTexts = {
  // nothing to do
  'no-problem': 'nothing is wrong',
  'report-only': '{analysis} is reported; there is nothing to repair by itself',
  'no-remedy': '{analysis} has no remedy',
  suspected: '{server} does not answer us for {seconds} s; {linked} of {replicas} replicas still reach it — no failover',
  // not now
  'server-downtimed': '{server} is in a downtime ({owner}: {reason})',
  'replicas-downtimed': 'all replicas of {server} are in a downtime',
  'semi-sync-not-repaired': '{server} is not repaired: neither RecoverLockedSemiSyncMaster nor EnforceExactSemiSyncReplicas is set',
  'recoveries-off': 'automatic recovery is off (switched off by {by})',
  'not-covered': 'cluster {cluster} is outside {setting}',
  'blocked-instance':
    'AttemptRecoveryRegistration: instance {server} has recently been promoted (by failover of {failed}) and is in active period. It will not be failed over. You may acknowledge the failure on {failed} (-c ack-instance-recoveries) to remove this blockage',
  'blocked-cluster':
    'AttemptRecoveryRegistration: cluster {cluster} has recently experienced a failover (of {failed}) and is in active period. It will not be failed over again. You may acknowledge the failure on this cluster (-c ack-cluster-recoveries) or on {failed} (-c ack-instance-recoveries) to remove this blockage',
  'unfinished-recovery': 'found an active or recent recovery on {server}. Will not issue another {plan}.',
  'receivers-restarted': 'the receivers of the replicas of {server} were just restarted; what they say next decides',
  // the evidence
  'still-linked': '{linked} of {replicas} replicas are still connected to {server}',
  'asking-again': 'waiting for {waiting} of {replicas} replicas to answer after the failure',
  'only-we-miss-it': 'only our own probe fails: no replica has lost its connection to {server}',
  'deadline-not-reached': '{server} does not answer ({kind}); it is given {seconds} s',
  'lost-by-all': '{server} refuses us ({kind}), and all {witnesses} replicas that could know have lost it',
  'silent-for-all': '{server} has not answered for {seconds} s, and none of {witnesses} replicas hears it',
  'lets-nobody-in': '{server} answers nobody: neither us on new connections nor any of {witnesses} replicas, which were made to connect anew',
  'answers-again': '{server} answers again: the recovery is called off',
  'let-in': '{server} let {replica} in while its receiver was being stopped: the recovery is called off',
  'state-is-evidence': 'what {server} and its replicas report is evidence enough',
  'asked-for': 'a person asked for it',
  // doing
  due: 'it is repaired now: {remedy}',
  recovering: 'recovery {recovery} is under way',
} as const

export const recoveryReason = reasonsOf(recoveryReasonTexts)
