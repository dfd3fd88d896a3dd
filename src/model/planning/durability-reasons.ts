import { reasonsOf } from '../../kit/reason-table.ts'

/** Whether nothing that a primary acknowledged can be missing, and why that cannot be shown. */
export const durabilityReason = reasonsOf({
  'durability-proven':
    '{reached} of {count} semi-sync replicas of {failed} were reached and stopped receiving; {needed} prove that nothing is missing that it acknowledged ({waits} acknowledge each write)',
  'durability-source-unread': '{failed} was never read, so that it is not known who acknowledged its writes',
  'durability-source-off': '{failed} was no working semi-sync source when it was last read, so that writes that it acknowledged may be on it alone',
  'durability-timeout': '{failed} goes on without its replicas after {milliseconds} ms (rpl_semi_sync_source_timeout), so that writes that it acknowledged may be on it alone',
  'durability-goes-on-alone': '{failed} goes on without its replicas as soon as too few are connected (rpl_semi_sync_source_wait_no_replica is off), so that writes that it acknowledged may be on it alone',
  'durability-unknown-replicas': '{failed} counted {clients} semi-sync replicas, of which {known} are known',
  'durability-no-replicas': '{failed} had no semi-sync replica',
  'durability-too-few':
    '{reached} of {count} semi-sync replicas of {failed} can be reached; {needed} are needed to prove that nothing is missing that it acknowledged ({waits} acknowledge each write). Missing: {missing}',
  'durability-left-behind': '{candidate} did not get {count} transactions that {server} holds',
  'durability-overridden': '{by} accepts that acknowledged writes may be lost ({why}): {text}',
  'durability-refused': 'policy {policy}: {text}',
  'durability-waits': '{server} waits for {waits} replicas before it acknowledges a write, and {count} follow it: writes wait until more do',
} as const)
