import { type SettingValues, setting } from '../../kit/setting.ts'

/** How servers are reached and what is asked of them beside the standard facts. */
export const mysqlSettings = {
  user: setting('MySQLTopologyUser', '', 'User name for connecting to every managed server.'),
  password: setting('MySQLTopologyPassword', '', 'Password for the managed servers.'),
  keyFile: setting('MySQLTopologySSLPrivateKeyFile', '', 'PEM private key presented as client to managed servers.'),
  certFile: setting('MySQLTopologySSLCertFile', '', 'PEM client certificate presented to managed servers.'),
  caFile: setting('MySQLTopologySSLCAFile', '', 'PEM CA bundle with which the certificates of managed servers are checked.'),
  skipVerify: setting<boolean>('MySQLTopologySSLSkipVerify', false, 'Accept any server certificate from managed servers.'),
  useMutualTls: setting<boolean>('MySQLTopologyUseMutualTLS', false, 'Connect to all managed servers over TLS with the client certificate.'),
  useMixedTls: setting<boolean>('MySQLTopologyUseMixedTLS', true, 'Try without TLS first and switch to TLS for servers whose account demands it.'),
  tlsCacheFactor: setting<number>('TLSCacheTTLFactor', 100, 'How long the note that a server needs TLS is kept, as a multiple of InstancePollSeconds.'),
  pollIntervalSeconds: setting<number>('InstancePollSeconds', 5, 'Seconds between two polls of a server.'),
  connectTimeoutSeconds: setting<number>('MySQLConnectTimeoutSeconds', 2, 'Longest time to connect to a server, in seconds.'),
  maxAllowedPacket: setting<number>('MySQLTopologyMaxAllowedPacket', -1, 'Longest packet sent to a server, in bytes; -1 or 0: what one packet can hold, and the server judges.'),
  connectionLifetimeSeconds: setting<number>('MySQLConnectionLifetimeSeconds', 0, 'Greatest age of a connection, in seconds; 0 is no limit.'),
  skipMaxScaleCheck: setting<boolean>('SkipMaxScaleCheck', true, 'Do not test each server for being a MaxScale binlog server.'),
  discoverByShowReplicas: setting<boolean>('DiscoverByShowSlaveHosts', false, 'Find replicas by SHOW REPLICAS before falling back on the process list.'),
  hostnameFrom: setting('MySQLHostnameResolveMethod', '@@hostname', 'What a server is asked for its own name: none, @@hostname or @@report_host.'),
  ignoreReplicationUsers: setting<readonly string[]>('DiscoveryIgnoreReplicationUsernameFilters', [], 'Patterns of replication users; replicas that use a matching one are not discovered.'),
  lagQuery: setting('ReplicationLagQuery', '', 'Query that yields the replication lag in seconds; empty: the replica status is used.'),
  credentialsQuery: setting('ReplicationCredentialsQuery', '', 'Query that yields user, password and optionally CA, certificate and key of the replication account.'),
  aliasQuery: setting('DetectInstanceAliasQuery', '', "Query that yields a server's alias."),
  clusterAliasQuery: setting('DetectClusterAliasQuery', '', 'Query that yields the alias of the cluster.'),
  clusterDomainQuery: setting('DetectClusterDomainQuery', '', "Query that yields the cluster's domain name."),
  promotionRuleQuery: setting('DetectPromotionRuleQuery', '', "Query that yields a server's promotion rule."),
  dataCenterQuery: setting('DetectDataCenterQuery', '', "Query that yields a server's data center; wins over the pattern."),
  regionQuery: setting('DetectRegionQuery', '', "Query that yields a server's region; wins over the pattern."),
  environmentQuery: setting('DetectPhysicalEnvironmentQuery', '', "Query that yields a server's environment; wins over the pattern."),
  semiSyncPriorityQuery: setting('DetectSemiSyncEnforcedQuery', '', "Query that yields a server's semi-sync priority (0: asynchronous)."),
  injectsPseudoGtid: setting<boolean>('AutoPseudoGTID', false, 'Pseudo-GTID is injected by this program, which then knows where.'),
  pseudoGtidQuery: setting('DetectPseudoGTIDQuery', '', 'Query that yields 1 where Pseudo-GTID is injected.'),
  dataCenterPattern: setting('DataCenterPattern', '', 'Pattern with one group that takes the data center out of the host name.'),
  regionPattern: setting('RegionPattern', '', 'Pattern with one group that takes the region out of the host name.'),
  environmentPattern: setting('PhysicalEnvironmentPattern', '', 'Pattern with one group that takes the environment out of the host name.'),
}

export type MysqlSettings = SettingValues<typeof mysqlSettings>
