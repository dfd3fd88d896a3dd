import { reasonsOf } from '../../kit/reason-table.ts'

/** What failovers without GTID say beside the words that all have. */
export const positionFailoverReason = reasonsOf({
  'plan-settle': 'Let the other replicas apply all that they have received, and stand',
  'failover-position-not-read': '{server} does not replicate by file and position, or has read nothing yet',
  'failover-position-not-standing': '{server} has not applied all that it has received',
  'failover-position-ahead': '{server} stands at {at} of the dead log and {successor} at {place}: it has transactions that {successor} does not have',
  'failover-position-behind': '{server} stands at {at} of the dead log and {successor} at {place}: without GTID and Pseudo-GTID the place in the new log cannot be found',
  'failover-position-unproven': 'without GTID nothing shows that a replica has all that was acknowledged',
  'failover-position-candidate-behind': '{candidate} has read less than {leader}, and nobody could give it the rest: {leader} is promoted',
  'failover-position-no-own-log': '{candidate} does not tell where its own log ends',
  'leader-place': '{successor} has executed the log of {source} up to {place}, and its own log ended at {own} then',
  'takeover-position-not-replicating': '{server} does not replicate (receiver {receiver}, applier {applier}), so it cannot come to the end of the log of the old primary. {text}',
  'takeover-position-lags': '{server} lags by {seconds} s, more than {limit} s: without GTID it must come to the end of the log of the old primary first',
  'takeover-position-no-log': 'the old primary {old} does not tell where its log ends, and without GTID nothing else says where others go on',
  'takeover-position-unseen': 'without GTID transactions that only {successor} has cannot be seen',
  'orphan-place-unknown': '{server} has executed the log of {failed} up to {at}, and without GTID and Pseudo-GTID only {failed} can say which place of the log of {successor} that is: {server} goes on by itself when {failed} returns; else the place must be found by hand (mysqlbinlog of {successor}: the transaction after the last one that {server} has) and {server} be pointed there, or it be copied anew',
  'orphan-other-log': '{server} has read the log that {failed} handed on up to {at}, and {successor} does not have that log',
  'orphan-binlog-server': '{server} is a binlog server and keeps the log of {failed}, which is not continued by {successor}: it must be set up anew below {successor}',
} as const)
