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
  'moved-later': '{server} applies late on purpose or answers slowly: it is moved when it has applied what it received, and nobody waits for it',
  'orphan-place-unknown': '{server} has executed the log of {failed} up to {at}, and without GTID and Pseudo-GTID only {failed} can say which place of the log of {successor} that is: {server} goes on by itself when {failed} returns; else the place must be found by hand (mysqlbinlog of {successor}: the transaction after the last one that {server} has) and {server} be pointed there, or it be copied anew',
  'orphan-other-log': '{server} has read the log that {failed} handed on up to {at}, and {successor} does not have that log',
  'orphan-binlog-server': '{server} is a binlog server and keeps the log of {failed}, which is not continued by {successor}: it must be set up anew below {successor}',
  'failover-beside-ahead': '{server} has transactions that {successor} does not have: {gtids}',
  'failover-beside-unknown': '{server} replicates by position, and not all of its transactions have numbers: where it stands in the log of {successor} cannot be shown',
  'failover-beside-gap': '{server} replicates by position and lacks {gtids}, which are not only the newest transactions of {successor}: it may have their rows already, so that neither a place nor auto-position is safe',
  'failover-beside-by-gtid': '{server} replicated by position and lacks the newest transactions of {successor}: it follows by GTID from now on, because no place in the log of {successor} is known',
} as const)
