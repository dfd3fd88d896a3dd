/** Why a server is not matched below another by Pseudo-GTID; the sentences are the original's where it had one. */
export const matchRefusals = {
  'match-unset': { class: 'conflict', says: 'PseudoGTIDPattern not configured; cannot use Pseudo-GTID' },
  'match-itself': { class: 'bad-request', says: 'MatchBelow: attempt to match an instance below itself {replica}' },
  'match-binlog-server': { class: 'conflict', says: 'Cannot use PseudoGTID with Binlog Server {target}' },
  'match-target-in-maintenance': { class: 'conflict', says: 'Cannot match below {target}; it is in maintenance' },
  'match-needs-binary-log': { class: 'conflict', says: '{target} does not tell where its binary log ends' },
} as const
