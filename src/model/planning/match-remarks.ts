import { reasonsOf } from '../../kit/reason-table.ts'

/** What plans by Pseudo-GTID say beside their steps. */
export const matchRemark = reasonsOf({
  'match-below': 'Match {replica} below {target} by Pseudo-GTID',
  'match-up': 'Match {replica} below the source of its source, {target}, by Pseudo-GTID',
  'rematch': 'Match {replica} below its present source {target} again by Pseudo-GTID',
  'match-replicas': 'Match the replicas of {instance} below {target} by Pseudo-GTID',
  'match-up-replicas': 'Match the replicas of {instance} below its source, {target}, by Pseudo-GTID',
  'method-pseudo-gtid': 'By Pseudo-GTID: the logs of {replica} and {target} are lined up from the newest unique statement that both have',
  'match-gtid-off': '{replica} uses GTID auto-position now and will replicate by file and position',
  'match-no-entries-seen': 'no unique statements were seen in the cluster of {server}: there may be none to match by',
  'match-target-left-out': '{target} is itself one of the replicas and stays where it is',
  'match-standing': '{replica} stays below {source} and does not replicate until it is started',
  'match-turned': '{replica} is below {target} and receives nothing until it is started',
  'match-moved': '{replica} is below {target}',
} as const)
