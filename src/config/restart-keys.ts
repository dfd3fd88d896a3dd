import type { SettingKey } from './keys.ts'

/** Settings that are read once, when the service starts: a reload leaves them as they are and says so. Each list says why. */
const readAtStart = {
  'which address is listened on, and how': [
    'ListenAddress', 'ListenSocket', 'URLPrefix', 'StatusEndpoint', 'StatusOUVerify', 'UseSSL', 'UseMutualTLS', 'SSLSkipVerify', 'SSLPrivateKeyFile', 'SSLPrivateKeyPassword', 'SSLCertFile', 'SSLCAFile', 'SSLValidOUs',
    'AuthenticationMethod', 'OAuthClientId', 'OAuthClientSecret', 'OAuthScopes', 'OAuthIssuer', 'OAuthPublicAddress', 'OAuthUserClaim', 'OAuthGroupsClaim', 'CustomFilesFolder',
  ],
  'where it remembers': [
    'BackendDB', 'DatabaselessMode__experimental', 'SQLite3DataFile', 'MySQLOrchestratorHost', 'MySQLOrchestratorPort', 'MySQLOrchestratorDatabase', 'MySQLOrchestratorUser', 'MySQLOrchestratorPassword',
    'MySQLOrchestratorCredentialsConfigFile', 'MySQLOrchestratorMaxPoolConnections', 'MySQLOrchestratorReadTimeoutSeconds', 'MySQLOrchestratorRejectReadOnly', 'MySQLOrchestratorMaxAllowedPacket',
    'MySQLOrchestratorUseMutualTLS', 'MySQLOrchestratorSSLPrivateKeyFile', 'MySQLOrchestratorSSLCertFile', 'MySQLOrchestratorSSLCAFile', 'MySQLOrchestratorSSLSkipVerify',
    'SkipOrchestratorDatabaseUpdate', 'PanicIfDifferentDatabaseDeploy', 'DiscoveryCollectionRetentionSeconds',
    'DiscoveryQueueMaxStatisticsSize', 'DiscoverySeeds',
  ],
  'how several managers are one': [
    'RaftEnabled', 'RaftBind', 'RaftAdvertise', 'RaftDataDir', 'DefaultRaftPort', 'RaftNodes', 'HTTPAdvertise', 'RaftSecret', 'RaftSSLPrivateKeyFile', 'RaftSSLCertFile', 'RaftSSLCAFile',
    'ExpectFailureAnalysisConcensus', 'EtcdEndpoints', 'EtcdPrefix', 'EtcdLeaseSeconds', 'EtcdUser', 'EtcdPassword', 'EtcdSSLCAFile', 'EtcdSSLCertFile', 'EtcdSSLPrivateKeyFile',
  ],
  'certificates towards managed servers': [
    'MySQLTopologyUseMutualTLS', 'MySQLTopologyUseMixedTLS', 'MySQLTopologySSLPrivateKeyFile', 'MySQLTopologySSLCertFile', 'MySQLTopologySSLCAFile', 'MySQLTopologySSLSkipVerify',
  ],
  'who is told who takes writes': [
    'ZkAddress', 'ConsulAddress', 'ConsulScheme', 'ConsulAclToken', 'ConsulKVStoreProvider', 'ConsulMaxKVsPerTransaction', 'ConsulCrossDataCenterDistribution', 'PublicationWebhooks', 'ProxySQLAdminAddresses',
    'ProxySQLWriterHostgroups',
  ],
  'where figures and the log go': ['GraphiteAddr', 'GraphitePath', 'GraphiteConvertHostnameDotsToUnderscores', 'GraphitePollSeconds', 'EnableSyslog', 'LogFormat'],
  'the agents\' server': [
    'ServeAgentsHttp', 'AgentsServerPort', 'AgentsUseSSL', 'AgentsUseMutualTLS', 'AgentSSLSkipVerify', 'AgentSSLPrivateKeyFile', 'AgentSSLCertFile', 'AgentSSLCAFile', 'AgentSSLValidOUs',
    'AgentsAllowedAddresses', 'AgentsAllowedHosts',
  ],
  'what is looked for in binary logs': [
    'AutoPseudoGTID', 'PseudoGTIDPattern', 'PseudoGTIDPatternIsFixedSubstring', 'PseudoGTIDMonotonicHint', 'SkipBinlogEventsContaining', 'BinlogEventsChunkSize',
  ],
  'how names are read': ['HostnameResolveMethod', 'RejectHostnameResolvePattern', 'MySQLHostnameResolveMethod'],
} as const satisfies Readonly<Record<string, readonly SettingKey[]>>

export const restartKeys: ReadonlySet<SettingKey> = new Set(Object.values(readAtStart).flat())
