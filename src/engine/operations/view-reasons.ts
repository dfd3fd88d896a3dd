import { reasonsOf } from '../../kit/reason-table.ts'

/** Words of a server's statuses, of steps and of what a person may not do; other languages are made from the codes. */
export const viewReason = reasonsOf({
  'status-unreachable': 'Cannot be reached: {text}',
  'status-applier-error': 'SQL error {number}: {text}',
  'status-receiver-error': 'Link error {number}: {text}',
  'status-receiver-connecting': 'The receiver is connecting to its source',
  'status-stopped': 'Replication is stopped',
  'status-receiver-stopped': 'The receiver is stopped',
  'status-applier-stopped': 'The applier is stopped',
  'status-not-checked': 'Not checked for {seconds} s',
  'status-never-checked': 'Not checked yet',
  'status-group-not-online': 'Group member is {state}',
  'status-lag': 'Lag {seconds} s',
  'status-lag-unknown': 'Lag unknown',
  'status-errant-gtid': 'Has transactions of its own: {set}',
  'status-maintenance': 'In maintenance by {owner}: {reason}',
  'status-replicating': 'Replicating, {seconds} s behind',
  'status-writable': 'Writable',
  'status-read-only-primary': 'Primary is read-only',

  'read-only-service': 'The service is read-only (ReadOnly)',
  'read-only-user': 'This user may only read',
  'not-in-power-users': 'This user is not in PowerAuthUsers',
  'no-token': 'An access token is needed',
  'never': 'This authentication method lets nobody write',

  'step-stop-receiver': 'Stop fetching from the source',
  'step-start-receiver': 'Start fetching from the source',
  'step-stop-replication': 'Stop replication',
  'step-start-replication': 'Start replication',
  'step-start-applier': 'Start applying',
  'step-read-executed': 'Read what it has executed and received',
  'step-wait-executed': 'Wait until it has executed {set}',
  'step-change-source': 'Follow {to}',
  'step-copy-replication-credentials': 'Use the replication user of {like}',
  'step-forget-source': 'Stop being a replica',
  'step-set-read-only': 'Refuse writes',
  'step-set-writable': 'Accept writes',

  'backend-ok': 'The store answers',
  'backend-failing': 'The store fails: {text}',
} as const)
