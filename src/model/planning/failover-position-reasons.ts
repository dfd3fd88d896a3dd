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
} as const)
