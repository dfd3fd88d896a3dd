import { reasonsOf } from '../../kit/reason-table.ts'

/** Why two logs could not be lined up. The sentences are the original's where it had one. */
export const pseudoGtidReason = reasonsOf({
  'pseudo-gtid-unset': 'PseudoGTIDPattern not configured; cannot use Pseudo-GTID',
  'no-entry-in-binary-logs': 'Cannot find pseudo GTID entry in binlogs of {server}',
  'no-entry-in-relay-logs': 'Cannot find pseudo GTID entry in relay logs of {server}; its binary logs: {binaryLogs}; its relay logs: {relayLogs}',
  'entry-not-on-target': 'Cannot match pseudo GTID entry in binlogs of {server}; err: {why}',
  'ended-before-itself': 'Unexpected problem: instance binlog iteration ended before self coordinates. Ended with {ended}, self coordinates are {own}',
  'passed-relay-position': 'Unexpected problem: relay log scan passed relay log position without hitting it. Ended with {ended}, relay log position is {relay}',
  'target-ended': 'Unexpected end of binary logs for assumed master ({target}). This means the instance which attempted to be a replica ({replica}) was more advanced. Try the other way round',
  'entries-differ': 'Mismatching entries, aborting: {left} <-> {right}',
  'limit-not-met': 'maxBinlogCoordinates ({limit}) exceeded but not met',
  'nothing-compared': 'Unexpected: 0 events processed while iterating logs. Something went wrong; aborting. The entry stands at {entry} of {replica} and {twin} of {target}',
  'inside-transaction': '{target} does not tell where the event at {at} ends',
  'log-unreadable': '{server}: {text}',
  'order-not-kept': '{server} applies with several workers and does not keep the order of commits, so that its binary log may have another order than that of its source',
  'relay-log-unknown': '{server} does not tell where it stands in its relay log',
  'no-such-relay-event': 'Cannot find in the relay logs of {server} the event at {at}',
  'event-not-in-relay-logs': 'The relay logs of {server} do not have the event that {replica} executed last ({at})',
  'not-relay-siblings': 'CorrelateRelaylogCoordinates requires sibling instances, however {replica} has master {source}, and {other} has master {otherSource}',
} as const)
