/**
 * Keys of old sample files that nothing reads any more: known, noted, and without effect whatever their value.
 * The sentence says what became of each.
 */
export const legacyKeys: Readonly<Record<string, string>> = {
  BufferBinlogEvents: 'Once chose to buffer binary log events while scanning; buffering is unconditional now.',
  BinlogFileHistoryDays: 'Days of recorded binary log file names per instance; now the constant 1.',
  MaintenanceOwner:
    'Default owner of maintenance; now the constant "orchestrator" (an HTTP node uses its own host name, the ' +
    'command line the OS user).',
  ReadLongRunningQueries: 'Once enabled the collection of long running queries; gone.',
  DiscoveryPollSeconds: 'Even older name for the poll interval; gone in favour of InstancePollSeconds (which is not set by it).',
  ActiveNodeExpireSeconds: 'Seconds after which an active node that went silent loses leadership (shared backend); now the constant 5.',
  AuditPageSize: 'Page size of audit, recovery and detection lists; now the constant 20.',
  SlaveStartPostWaitMilliseconds: 'Pause after starting replication before its state was read; gone.',
  MySQLTopologyMaxPoolConnections: 'Connections per managed server; now the constant 3.',
  MaintenancePurgeDays: 'Days after which ended maintenance records are purged; now the constant 7.',
  MaintenanceExpireMinutes: 'Default length of maintenance and downtime; now the constant 10.',
  HttpTimeoutSeconds: 'Timeout of HTTP calls to agents; now the constant 60.',
  AgentAutoDiscover: 'Once discovered the MySQL server of a submitted agent automatically; gone.',
  PseudoGTIDCoordinatesHistoryHeuristicMinutes: 'Age of recorded coordinates used to bound Pseudo-GTID searches; now the constant 2.',
  PseudoGTIDPreferIndependentMultiMatch: 'Once selected the strategy for matching many replicas; gone.',
  MaxOutdatedKeysToShow: 'Once limited the number of outdated instances that are logged; gone.',
  RecoveryPollSeconds: 'Seconds between recovery checks; now the constant 1.',
  StatusSimpleHealth:
    'Once selected whether the status endpoint answered with a short or a detailed body; the answer is always ' +
    'detailed now.',
}
