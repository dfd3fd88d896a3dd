import { reasonsOf } from '../../kit/reason-table.ts'

/** What failovers over binlog servers say beside the words that all have. */
export const binlogFailoverReason = reasonsOf({
  'plan-leader-stands': 'Let {leader} stand with what it has read of {failed}',
  'plan-gather-binlog-servers': 'Let the other binlog servers read on from {leader}',
  'plan-roll-forward': 'Let {candidate} apply all that {leader} has, and stand there',
  'plan-number-logs': 'Let {candidate} forget its source, write on in the file after the one that {leader} has, and take writes',
  'plan-binlog-server-source': 'Let {leader} read on from {successor}',
  'plan-binlog-server-up': 'Let {server} read from {successor} itself',

  'read-furthest': '{leader} has read furthest of the log of {failed}: {place}',
  'passed-over': '{server} is passed over: {text}',
  'binlog-server-stands': '{server} hands on what it has, and reads nothing more',
  'binlog-server-behind-leader': '{server} names {leader} as its source and reads nothing yet',
  'rolled-forward': '{candidate} has all that {leader} has; nobody is primary yet',
  'logs-numbered': '{candidate} follows nobody, and writes its log under a number that the binlog servers wait for; nobody is primary yet',

  'stands-elsewhere': '{server} stands at {place}, and not at the end of the file before {file}, with which the new log begins',
  feeds: '{candidate} has read the dead log up to {at} and {server} up to {place}: it reads the rest there first',
  'not-fed': '{candidate} has not read what {server} has up to {place}, and goes on without it: {text}',
  'binlog-server-no-place': '{server} does not tell how far it has read',
  'no-binlog-server-left': 'none of the binlog servers below {failed} answers and tells how far it has read',
  'no-promotable-below': 'no replica of the binlog servers of {failed} can take over: {text}',
  'needs-own-log-alone': '{server} logs what it replicates, so that its own log cannot go on where the binlog servers end',
  'needs-binary-log': '{server} has no binary log',
  'not-by-file-and-position': '{server} does not replicate by file and position',
  'log-name-differs': '{server} names its logs {own} and the binlog servers theirs {leads}: they would not find the next one',
  'log-number-beyond': '{server} writes {own} already, which is beyond {leads}, the file that the binlog servers have: its log cannot go on there',
  'log-number-too-far': '{server} writes {own} and the binlog servers have {leads}: more than {limit} files would have to be begun',
  'own-log-unread': '{server} does not tell where its own log ends',
  'reads-beyond': '{server} has read {at} of the dead log and {leader} only {place}: it has transactions that no binlog server has',
} as const)
