import type { KeyFacts } from './key.ts'

/** The settings that the original reads, in its order. Defaults are as shipped, before adjustments (adjust.ts). */
export const formerKeys = {
  Debug: {
    type: 'boolean', default: false, group: 'process',
    says: 'Turns the log level up to DEBUG for the whole process, same as the --debug flag; --quiet still wins over it.',
  },
  EnableSyslog: {
    type: 'boolean', default: false, group: 'process',
    says: 'Also sends log lines (INFO and worse) to the local syslog under the tag "orchestrator".',
  },
  ListenAddress: {
    type: 'text', default: ':3000', group: 'http', form: 'listen-address',
    says: 'Host:port on which the HTTP server (web pages and API) listens; an empty host means every interface.',
  },
  ListenSocket: {
    type: 'text', default: '', group: 'http',
    says: 'Path of a unix domain socket for the HTTP server. When set, nothing listens on TCP.',
  },
  HTTPAdvertise: {
    type: 'text', default: '', group: 'raft',
    rule: 'When not empty: must parse as URL with scheme, host name and port, and without path (not even "/"); otherwise refused.',
    says:
      'Full base URL (scheme, host and port, no path) by which other raft members reach this node\'s HTTP service, for nodes ' +
      'behind NAT or port mapping.',
  },
  AgentsServerPort: {
    type: 'text', default: ':3001', group: 'agents', form: 'listen-address',
    says: 'Listen address of the separate HTTP server for orchestrator-agent callbacks; only opened when ServeAgentsHttp is on.',
  },
  MySQLTopologyUser: {
    type: 'text', default: '', group: 'topology-mysql',
    says: 'User name for connecting to every managed MySQL server. Not subject to ${ENV} substitution.',
  },
  MySQLTopologyPassword: {
    type: 'text', default: '', group: 'topology-mysql', secret: true,
    says: 'Password for the managed servers; a value containing ${NAME} is replaced in full by environment variable NAME.',
  },
  MySQLTopologyCredentialsConfigFile: {
    type: 'text', default: '', group: 'topology-mysql', rule: 'A missing or unparsable file is fatal.',
    says: 'Ini file with [client] user and password; when set, it overrides MySQLTopologyUser and MySQLTopologyPassword.',
  },
  MySQLTopologySSLPrivateKeyFile: {
    type: 'text', default: '', group: 'topology-mysql',
    says: 'PEM private key presented as client to managed servers.',
  },
  MySQLTopologySSLCertFile: {
    type: 'text', default: '', group: 'topology-mysql',
    says: 'PEM client certificate presented to managed servers.',
  },
  MySQLTopologySSLCAFile: {
    type: 'text', default: '', group: 'topology-mysql',
    says: 'PEM CA bundle with which the certificates of managed servers are checked.',
  },
  MySQLTopologySSLSkipVerify: {
    type: 'boolean', default: false, group: 'topology-mysql',
    says: 'Accept any server certificate from managed servers.',
  },
  MySQLTopologyUseMutualTLS: {
    type: 'boolean', default: false, group: 'topology-mysql',
    says: 'Connect to all managed servers over TLS with the client certificate above.',
  },
  MySQLTopologyUseMixedTLS: {
    type: 'boolean', default: true, group: 'topology-mysql',
    says:
      'Decide per managed server: try without TLS and switch to TLS for servers whose account demands it; the decision is ' +
      'cached.',
  },
  MySQLTopologyMaxAllowedPacket: {
    type: 'integer', default: -1, group: 'topology-mysql', atLeast: -1, atMost: 2147483647,
    says: 'max_allowed_packet for connections to managed servers; -1 keeps the driver default, 0 asks the server.',
  },
  TLSCacheTTLFactor: {
    type: 'unsigned', default: 100, group: 'topology-mysql',
    says: 'How long the per-server "needs TLS" decision is cached, as a multiple of InstancePollSeconds.',
  },
  BackendDB: {
    type: 'text', default: 'mysql', group: 'backend', form: 'backend',
    rule: 'mysql, empty, or text that contains sqlite; with SQLite, SQLite3DataFile must be set.',
    says: 'Kind of backend store. "mysql" or empty means MySQL; any value that contains "sqlite" means SQLite.',
  },
  SQLite3DataFile: {
    type: 'text', default: '', group: 'backend', rule: 'Refused when empty while BackendDB names SQLite.',
    says: 'Path of the SQLite database file, for a SQLite backend. ":memory:" gives a volatile backend.',
  },
  SkipOrchestratorDatabaseUpdate: {
    type: 'boolean', default: false, group: 'backend',
    says: 'Do not create or migrate the backend schema at start; --enable-database-update overrides it.',
  },
  PanicIfDifferentDatabaseDeploy: {
    type: 'boolean', default: false, group: 'backend',
    says: 'Refuse to start when the backend schema was deployed by another application version.',
  },
  RaftEnabled: {
    type: 'boolean', default: false, group: 'raft',
    rule: 'Needs RaftDataDir and RaftBind. Command line invocations other than "help TOPIC" refuse to run unless --ignore-raft-setup is given.',
    says: 'Runs the node as a member of a raft group; when false every other Raft* key is ignored.',
  },
  RaftBind: {
    type: 'text', default: '127.0.0.1:10008', group: 'raft', rule: 'Refused when empty while RaftEnabled is true.',
    says: 'Address (host or host:port) on which the raft transport listens and by which this node is known to its peers.',
  },
  RaftAdvertise: {
    type: 'text', default: '', group: 'raft',
    says: 'Address announced to peers when it differs from RaftBind; takes the value of RaftBind when empty.',
  },
  RaftDataDir: {
    type: 'text', default: '', group: 'raft', rule: 'Refused when empty while RaftEnabled is true.',
    says: 'Directory for the raft log and snapshots.',
  },
  DefaultRaftPort: {
    type: 'integer', default: 10008, group: 'raft', atLeast: 1, atMost: 65535,
    says: 'Port added to raft addresses that carry none.',
  },
  RaftNodes: {
    type: 'texts', default: [], group: 'raft',
    says: 'All members of the raft group (including this one), as host or host:port.',
  },
  ExpectFailureAnalysisConcensus: {
    type: 'boolean', default: true, group: 'raft',
    says: 'In raft mode, reserved switch for requiring several nodes to agree on an analysis; on by default.',
  },
  MySQLOrchestratorHost: {
    type: 'text', default: '', group: 'backend',
    says: 'Host of the MySQL backend.',
  },
  MySQLOrchestratorMaxPoolConnections: {
    type: 'integer', default: 128, group: 'backend', atLeast: 0,
    says: 'Upper bound on open connections to the MySQL backend.',
  },
  MySQLOrchestratorPort: {
    type: 'unsigned', default: 3306, group: 'backend', atLeast: 1, atMost: 65535,
    says: 'Port of the MySQL backend.',
  },
  MySQLOrchestratorDatabase: {
    type: 'text', default: '', group: 'backend',
    says: 'Schema name on the MySQL backend.',
  },
  MySQLOrchestratorUser: {
    type: 'text', default: '', group: 'backend',
    says: 'User for the MySQL backend. Not subject to ${ENV} substitution.',
  },
  MySQLOrchestratorPassword: {
    type: 'text', default: '', group: 'backend', secret: true,
    says: 'Password for the MySQL backend; a value containing ${NAME} is replaced in full by environment variable NAME.',
  },
  MySQLOrchestratorCredentialsConfigFile: {
    type: 'text', default: '', group: 'backend', rule: 'A missing or unparsable file is fatal.',
    says: 'Ini file with [client] user and password that overrides the two backend credentials keys.',
  },
  MySQLOrchestratorSSLPrivateKeyFile: {
    type: 'text', default: '', group: 'backend',
    says: 'PEM private key for the connection to the MySQL backend.',
  },
  MySQLOrchestratorSSLCertFile: {
    type: 'text', default: '', group: 'backend',
    says: 'PEM client certificate for the connection to the MySQL backend.',
  },
  MySQLOrchestratorSSLCAFile: {
    type: 'text', default: '', group: 'backend',
    says: 'PEM CA bundle with which the backend\'s certificate is checked.',
  },
  MySQLOrchestratorSSLSkipVerify: {
    type: 'boolean', default: false, group: 'backend',
    says: 'Accept any certificate from the MySQL backend.',
  },
  MySQLOrchestratorUseMutualTLS: {
    type: 'boolean', default: false, group: 'backend',
    says: 'Connect to the MySQL backend over TLS with the client certificate above.',
  },
  MySQLOrchestratorReadTimeoutSeconds: {
    type: 'integer', default: 30, group: 'backend', unit: 'seconds', atLeast: 0,
    says: 'Driver read timeout on backend connections, in seconds.',
  },
  MySQLOrchestratorRejectReadOnly: {
    type: 'boolean', default: false, group: 'backend',
    says: 'Drop a backend connection that turns out to be read-only, so that the pool reconnects to a writable server.',
  },
  MySQLOrchestratorMaxAllowedPacket: {
    type: 'integer', default: -1, group: 'backend', atLeast: -1, atMost: 2147483647,
    says: 'max_allowed_packet for backend connections; -1 keeps the driver default, 0 asks the server.',
  },
  MySQLConnectTimeoutSeconds: {
    type: 'integer', default: 2, group: 'topology-mysql', unit: 'seconds', atLeast: 0,
    says: 'Connect timeout in seconds, for managed servers as well as the backend.',
  },
  MySQLDiscoveryReadTimeoutSeconds: {
    type: 'integer', default: 10, group: 'topology-mysql', unit: 'seconds', atLeast: 0,
    says: 'Read timeout in seconds of the polling (discovery) queries on managed servers.',
  },
  MySQLTopologyReadTimeoutSeconds: {
    type: 'integer', default: 600, group: 'topology-mysql', unit: 'seconds', atLeast: 0,
    says: 'Read timeout in seconds of all other statements on managed servers (refactoring, recovery).',
  },
  MySQLConnectionLifetimeSeconds: {
    type: 'integer', default: 0, group: 'topology-mysql', unit: 'seconds', atLeast: 0,
    says: 'Maximum age in seconds of a pooled connection; 0 means no limit.',
  },
  DefaultInstancePort: {
    type: 'integer', default: 3306, group: 'discovery', atLeast: 1, atMost: 65535,
    says: 'Port assumed for an instance given without one.',
  },
  SlaveLagQuery: {
    type: 'text', default: '', group: 'discovery', synonymOf: 'ReplicationLagQuery',
    rule: 'Refused when both this and ReplicationLagQuery are set to different values.',
    says: 'Old name of ReplicationLagQuery; its value is moved there while loading and the key itself is emptied.',
  },
  ReplicationLagQuery: {
    type: 'text', default: '', group: 'discovery', rule: 'Refused when both this and SlaveLagQuery are set to different values.',
    says:
      'Query run on each replica that yields one row with one number, the replication lag in seconds (for example from a ' +
      'heartbeat table). Empty: Seconds_Behind_Master is used.',
  },
  ReplicationCredentialsQuery: {
    type: 'text', default: '', group: 'topology-mysql',
    says:
      'Query run on a managed server to learn the replication account: one row of user, password and optionally SSL CA, SSL ' +
      'certificate and SSL key. Used when replication must be set up on a server that has none (takeover, co-master). Without ' +
      'it the credentials are read from mysql.slave_master_info.',
  },
  DiscoverByShowSlaveHosts: {
    type: 'boolean', default: false, group: 'discovery',
    says:
      'Find replicas of a server by SHOW REPLICAS / SHOW SLAVE HOSTS (needs report_host on the replicas) before falling back on ' +
      'the process list.',
  },
  UseSuperReadOnly: {
    type: 'boolean', default: false, group: 'topology-mysql',
    says: 'Set super_read_only in step with every change of read_only.',
  },
  InstancePollSeconds: {
    type: 'unsigned', default: 5, group: 'discovery', unit: 'seconds', atLeast: 1, rule: 'Refused when greater than DeadInstancePollSecondsMax.',
    says: 'Interval in seconds between two polls of the same instance.',
  },
  DeadInstancePollSecondsMultiplyFactor: {
    type: 'number', default: 1, group: 'discovery', rule: 'Refused when smaller than 1.',
    says: 'Growth factor of the poll interval of an unreachable instance; 1 keeps the interval constant.',
  },
  DeadInstancePollSecondsMax: {
    type: 'unsigned', default: 300, group: 'discovery', unit: 'seconds', rule: 'Refused when smaller than InstancePollSeconds.',
    says: 'Ceiling in seconds for that grown interval.',
  },
  DeadInstanceDiscoveryMaxConcurrency: {
    type: 'unsigned', default: 0, group: 'discovery',
    says: 'Number of workers of a separate queue for unreachable instances; 0 leaves them in the normal queue.',
  },
  DeadInstanceDiscoveryLogsEnabled: {
    type: 'boolean', default: false, group: 'discovery',
    says: 'Log the scheduling of polls of unreachable instances.',
  },
  ReasonableInstanceCheckSeconds: {
    type: 'unsigned', default: 1, group: 'discovery', unit: 'seconds',
    says: 'Time a poll may take before the instance counts as not seen (added to InstancePollSeconds when judging validity).',
  },
  InstanceWriteBufferSize: {
    type: 'integer', default: 100, group: 'discovery', atLeast: 0,
    says: 'Most polled instances written to the backend in one statement when writes are buffered.',
  },
  BufferInstanceWrites: {
    type: 'boolean', default: false, group: 'discovery',
    says: 'Collect polled instances and write them to the backend in batches.',
  },
  InstanceFlushIntervalMilliseconds: {
    type: 'integer', default: 100, group: 'discovery', unit: 'milliseconds', atLeast: 0,
    says: 'Longest time an instance waits in the write buffer.',
  },
  SkipMaxScaleCheck: {
    type: 'boolean', default: true, group: 'discovery',
    says: 'Do not test each server for being a MaxScale binlog server.',
  },
  LowerReplicaVersionAllowed: {
    type: 'boolean', default: false, group: 'topology-control',
    says: 'Allow a replica of a lower version below a source of a higher one (logged as a warning) instead of refusing it.',
  },
  UnseenInstanceForgetHours: {
    type: 'unsigned', default: 240, group: 'discovery', unit: 'hours',
    says: 'Hours without a successful poll after which an instance is forgotten.',
  },
  SnapshotTopologiesIntervalHours: {
    type: 'unsigned', default: 0, group: 'discovery', unit: 'hours',
    says: 'Hours between automatic topology snapshots; 0 turns them off.',
  },
  DiscoveryMaxConcurrency: {
    type: 'unsigned', default: 300, group: 'discovery', atLeast: 1,
    says: 'Number of polling workers.',
  },
  DiscoveryQueueCapacity: {
    type: 'unsigned', default: 100000, group: 'discovery', atLeast: 1,
    says: 'Capacity of the polling queue.',
  },
  DiscoveryQueueMaxStatisticsSize: {
    type: 'integer', default: 120, group: 'metrics', atLeast: 0,
    says: 'Number of one-second samples of queue statistics that are kept.',
  },
  DiscoveryCollectionRetentionSeconds: {
    type: 'unsigned', default: 120, group: 'metrics', unit: 'seconds',
    says: 'Seconds for which raw discovery, backend-query and write-buffer metrics are kept.',
  },
  DiscoverySeeds: {
    type: 'texts', default: [], group: 'discovery', form: 'instance',
    says: 'Instances (host:port) to discover at start when not known yet.',
  },
  InstanceBulkOperationsWaitTimeoutSeconds: {
    type: 'unsigned', default: 10, group: 'topology-control', unit: 'seconds',
    says: 'Seconds to wait for a single instance within an operation on many.',
  },
  HostnameResolveMethod: {
    type: 'text', default: 'default', group: 'resolve', known: ['', 'none', 'default', 'cname', 'ip'],
    says: 'How host names are normalised by the application: "none", "default" (no-op), "cname", "ip".',
  },
  MySQLHostnameResolveMethod: {
    type: 'text', default: '@@hostname', group: 'resolve', known: ['', 'none', '@@hostname', '@@report_host'],
    says: 'What a server is asked for its own name: "none" or "", "@@hostname", "@@report_host".',
  },
  SkipBinlogServerUnresolveCheck: {
    type: 'boolean', default: true, group: 'resolve',
    says: 'Do not verify, for binlog servers, that a registered virtual name resolves back to the host.',
  },
  ExpiryHostnameResolvesMinutes: {
    type: 'integer', default: 60, group: 'resolve', unit: 'minutes', atLeast: 0,
    says: 'Lifetime in minutes of cached host name resolutions (at least 1).',
  },
  RejectHostnameResolvePattern: {
    type: 'text', default: '', group: 'resolve', form: 'pattern',
    says: 'Regular expression; a resolved name that matches is neither used nor stored.',
  },
  ReasonableReplicationLagSeconds: {
    type: 'integer', default: 10, group: 'problems', unit: 'seconds', atLeast: 0,
    says: 'Lag in seconds above which an instance appears among the problems.',
  },
  ProblemIgnoreHostnameFilters: {
    type: 'texts', default: [], group: 'problems', form: 'pattern',
    says: 'Regular expressions on host:port of instances that are left out of the problems list.',
  },
  VerifyReplicationFilters: {
    type: 'boolean', default: false, group: 'topology-control',
    says: 'Take replication filters into account when judging whether one server may replicate from another.',
  },
  ReasonableMaintenanceReplicationLagSeconds: {
    type: 'integer', default: 20, group: 'topology-control', unit: 'seconds', atLeast: 0,
    says: 'Lag in seconds above which classic moves are refused and an instance shows the state "lag".',
  },
  CandidateInstanceExpireMinutes: {
    type: 'unsigned', default: 60, group: 'recovery', unit: 'minutes',
    says: 'Minutes after which a registered promotion rule lapses.',
  },
  AuditLogFile: {
    type: 'text', default: '', group: 'audit',
    says: 'File to which audit entries are appended (tab separated); empty for none.',
  },
  AuditToSyslog: {
    type: 'boolean', default: false, group: 'audit',
    says: 'Send audit entries to syslog.',
  },
  AuditToBackendDB: {
    type: 'boolean', default: false, group: 'audit',
    says: 'Store audit entries in the backend; without it /api/audit stays empty.',
  },
  AuditPurgeDays: {
    type: 'unsigned', default: 7, group: 'audit', unit: 'days',
    says: 'Days after which stored audit and recovery records are purged.',
  },
  RemoveTextFromHostnameDisplay: {
    type: 'text', default: '', group: 'web',
    says: 'Text cut off host names on the web pages.',
  },
  ReadOnly: {
    type: 'boolean', default: false, group: 'auth',
    says: 'Refuse every action that needs write authorization.',
  },
  AuthenticationMethod: {
    type: 'text', default: '', group: 'auth', known: ['', 'basic', 'multi', 'proxy', 'token', 'oauth'],
    rule: 'Any value loads. "multi" without HTTPAuthUser is fatal when the HTTP server starts.',
    says:
      '"" (none), "basic", "multi", "proxy", "token" or "oauth", in any case; any other value behaves like none. Under "oauth" without ' +
      'OAuthIssuer nobody is authorized to write.',
  },
  OAuthClientId: {
    type: 'text', default: '', group: 'auth',
    says: 'What the OpenID provider knows this program as; without OAuthIssuer unused, as with the original.',
  },
  OAuthClientSecret: {
    type: 'text', default: '', group: 'auth', secret: true,
    says: 'The secret shared with the OpenID provider; sessions are sealed with a key made of it. Without OAuthIssuer unused.',
  },
  OAuthScopes: {
    type: 'texts', default: [], group: 'auth',
    says: 'Scopes that the OpenID provider is asked for beside openid, such as profile, email, groups.',
  },
  HTTPAuthUser: {
    type: 'text', default: '', group: 'auth',
    rule: 'In http mode with AuthenticationMethod "multi", an empty value is fatal; with "basic" it only logs a warning.',
    says: 'User of basic/multi authentication.',
  },
  HTTPAuthPassword: {
    type: 'text', default: '', group: 'auth', secret: true,
    says: 'Password of basic/multi authentication.',
  },
  AuthUserHeader: {
    type: 'text', default: 'X-Forwarded-User', group: 'auth',
    says: 'Request header that carries the user name under "proxy" authentication.',
  },
  PowerAuthUsers: {
    type: 'texts', default: ['*'], group: 'auth',
    says: 'Users allowed to write under "proxy"; "*" stands for everybody.',
  },
  PowerAuthGroups: {
    type: 'texts', default: [], group: 'auth',
    says: 'Unix groups whose members may write under "proxy".',
  },
  AccessTokenUseExpirySeconds: {
    type: 'unsigned', default: 60, group: 'auth', unit: 'seconds',
    says: 'Seconds within which a freshly generated public token must be exchanged.',
  },
  AccessTokenExpiryMinutes: {
    type: 'unsigned', default: 1440, group: 'auth', unit: 'minutes',
    says: 'Minutes for which an exchanged token stays valid.',
  },
  ClusterNameToAlias: {
    type: 'map', default: {}, group: 'classification', form: 'pattern',
    says: 'Regular expression on the cluster name mapped to an alias; used when a cluster has no alias of its own.',
  },
  DetectClusterAliasQuery: {
    type: 'text', default: '', group: 'classification',
    says: 'Query run on a server (in the end on the cluster\'s primary) that yields the cluster alias: one row, one column.',
  },
  DetectClusterDomainQuery: {
    type: 'text', default: '', group: 'classification',
    says: 'Query run on the primary that yields the cluster\'s domain name (CNAME, VIP).',
  },
  DetectInstanceAliasQuery: {
    type: 'text', default: '', group: 'classification',
    says: 'Query run on a server that yields its alias.',
  },
  DetectPromotionRuleQuery: {
    type: 'text', default: '', group: 'classification',
    says: 'Query run on a server that yields its promotion rule.',
  },
  DataCenterPattern: {
    type: 'text', default: '', group: 'classification', form: 'pattern',
    says: 'Regular expression with one group that extracts the data center from the host name.',
  },
  RegionPattern: {
    type: 'text', default: '', group: 'classification', form: 'pattern',
    says: 'Regular expression with one group that extracts the region from the host name.',
  },
  PhysicalEnvironmentPattern: {
    type: 'text', default: '', group: 'classification', form: 'pattern',
    says: 'Regular expression with one group that extracts the physical environment from the host name.',
  },
  DetectDataCenterQuery: {
    type: 'text', default: '', group: 'classification',
    says: 'Query run on a server that yields its data center; wins over DataCenterPattern.',
  },
  DetectRegionQuery: {
    type: 'text', default: '', group: 'classification',
    says: 'Query run on a server that yields its region; wins over RegionPattern.',
  },
  DetectPhysicalEnvironmentQuery: {
    type: 'text', default: '', group: 'classification',
    says: 'Query run on a server that yields its physical environment; wins over PhysicalEnvironmentPattern.',
  },
  DetectSemiSyncEnforcedQuery: {
    type: 'text', default: '', group: 'semi-sync',
    says: 'Query run on a server that yields its semi-sync priority (0 for asynchronous); wins over the default detection.',
  },
  SupportFuzzyPoolHostnames: {
    type: 'boolean', default: true, group: 'pools',
    says: 'Let submit-pool-instances accept partial host names.',
  },
  InstancePoolExpiryMinutes: {
    type: 'unsigned', default: 60, group: 'pools', unit: 'minutes',
    says: 'Minutes after which submitted pool membership lapses.',
  },
  PromotionIgnoreHostnameFilters: {
    type: 'texts', default: [], group: 'recovery', form: 'pattern',
    says: 'Regular expressions on host:port of servers that are never promoted.',
  },
  ServeAgentsHttp: {
    type: 'boolean', default: false, group: 'agents',
    says: 'Open the agents\' HTTP server and enable the agent routes of the API.',
  },
  AgentsUseSSL: {
    type: 'boolean', default: false, group: 'agents',
    says: 'Serve the agents\' HTTP server over TLS and talk TLS to agents.',
  },
  AgentsUseMutualTLS: {
    type: 'boolean', default: false, group: 'agents',
    says: 'Demand client certificates from agents.',
  },
  AgentSSLSkipVerify: {
    type: 'boolean', default: false, group: 'agents',
    says: 'Do not verify certificates of agents.',
  },
  AgentSSLPrivateKeyFile: {
    type: 'text', default: '', group: 'agents',
    says: 'PEM private key of the agents\' server; an encrypted key makes the process ask for a passphrase at start.',
  },
  AgentSSLCertFile: {
    type: 'text', default: '', group: 'agents',
    says: 'PEM certificate of the agents\' server.',
  },
  AgentSSLCAFile: {
    type: 'text', default: '', group: 'agents',
    says: 'PEM CA bundle for agents.',
  },
  AgentSSLValidOUs: {
    type: 'texts', default: [], group: 'agents',
    says: 'Organizational units a client certificate of an agent may carry.',
  },
  UseSSL: {
    type: 'boolean', default: false, group: 'http',
    says: 'Serve web pages and API over TLS.',
  },
  UseMutualTLS: {
    type: 'boolean', default: false, group: 'http',
    says: 'Demand client certificates from web and API clients and check their organizational unit.',
  },
  SSLSkipVerify: {
    type: 'boolean', default: false, group: 'http',
    says: 'Do not verify certificates.',
  },
  SSLPrivateKeyFile: {
    type: 'text', default: '', group: 'http',
    says: 'PEM private key of the HTTP server; an encrypted key makes the process ask for a passphrase at start.',
  },
  SSLCertFile: {
    type: 'text', default: '', group: 'http',
    says: 'PEM certificate of the HTTP server.',
  },
  SSLCAFile: {
    type: 'text', default: '', group: 'http',
    says: 'PEM CA bundle for client certificates.',
  },
  SSLValidOUs: {
    type: 'texts', default: [], group: 'http',
    says: 'Organizational units a client certificate may carry.',
  },
  StatusEndpoint: {
    type: 'text', default: '/api/status', group: 'http',
    says:
      'Path of the status check. Anything but the default is registered verbatim (URLPrefix is not put in front) and ' +
      '/api/status then does not exist.',
  },
  StatusOUVerify: {
    type: 'boolean', default: false, group: 'http',
    says: 'With mutual TLS, also check the organizational unit on requests for the status endpoint.',
  },
  AgentPollMinutes: {
    type: 'unsigned', default: 60, group: 'agents', unit: 'minutes',
    says: 'Minutes between polls of an agent.',
  },
  UnseenAgentForgetHours: {
    type: 'unsigned', default: 6, group: 'agents', unit: 'hours',
    says: 'Hours without contact after which an agent is forgotten.',
  },
  StaleSeedFailMinutes: {
    type: 'unsigned', default: 60, group: 'agents', unit: 'minutes',
    says: 'Minutes without progress after which a seed is failed.',
  },
  SeedAcceptableBytesDiff: {
    type: 'integer', default: 8192, group: 'agents', atLeast: 0,
    says: 'Difference in bytes between source and target still accepted as a complete seed copy.',
  },
  SeedWaitSecondsBeforeSend: {
    type: 'integer', default: 2, group: 'agents', atLeast: 0,
    says: 'Pause in seconds before the seed source starts to send.',
  },
  AutoPseudoGTID: {
    type: 'boolean', default: false, group: 'pseudo-gtid',
    says: 'Inject Pseudo-GTID entries on primaries automatically; sets the four related keys to fixed values while loading.',
  },
  PseudoGTIDPattern: {
    type: 'text', default: '', group: 'pseudo-gtid',
    says: 'Pattern of Pseudo-GTID entries in the binary logs; empty disables Pseudo-GTID operations.',
  },
  PseudoGTIDPatternIsFixedSubstring: {
    type: 'boolean', default: false, group: 'pseudo-gtid',
    says: 'Treat PseudoGTIDPattern as a plain substring, not as a regular expression.',
  },
  PseudoGTIDMonotonicHint: {
    type: 'text', default: '', group: 'pseudo-gtid',
    says: 'Substring that tells that Pseudo-GTID entries grow monotonically.',
  },
  DetectPseudoGTIDQuery: {
    type: 'text', default: '', group: 'pseudo-gtid',
    says: 'Query run on a server that yields 1 when Pseudo-GTID is injected there.',
  },
  BinlogEventsChunkSize: {
    type: 'integer', default: 10000, group: 'pseudo-gtid', atLeast: 0,
    says: 'Number of events fetched per SHOW BINLOG/RELAYLOG EVENTS.',
  },
  SkipBinlogEventsContaining: {
    type: 'texts', default: [], group: 'pseudo-gtid',
    says: 'Substrings of events to skip while comparing binary logs.',
  },
  ReduceReplicationAnalysisCount: {
    type: 'boolean', default: true, group: 'recovery',
    says:
      'Restrict the analysis to servers where something can be wrong (those with replicas, and first tier replicas with ' +
      'trouble) instead of one entry per server.',
  },
  FailureDetectionPeriodBlockMinutes: {
    type: 'integer', default: 60, group: 'recovery', unit: 'minutes', atLeast: 0,
    says: 'Minutes for which a detected failure of a server is not detected (and its hooks not run) again.',
  },
  RecoveryPeriodBlockMinutes: {
    type: 'integer', default: 60, group: 'recovery', unit: 'minutes', atLeast: 0, synonymOf: 'RecoveryPeriodBlockSeconds',
    says: 'Old form of RecoveryPeriodBlockSeconds; only counts when that one is explicitly 0.',
  },
  RecoveryPeriodBlockSeconds: {
    type: 'integer', default: 3600, group: 'recovery', unit: 'seconds', atLeast: 0,
    says:
      'Seconds after a recovery during which another automatic recovery of the same cluster/instance is blocked unless ' +
      'acknowledged.',
  },
  RecoveryIgnoreHostnameFilters: {
    type: 'texts', default: [], group: 'recovery', form: 'pattern',
    says: 'Regular expressions on host:port of servers whose failures are never recovered automatically.',
  },
  RecoverMasterClusterFilters: {
    type: 'texts', default: [], group: 'recovery', form: 'cluster-filter',
    says:
      'Clusters with automatic primary recovery: exact cluster name or alias, "alias=NAME", "alias~=REGEX", "*" or a regular ' +
      'expression on the cluster name.',
  },
  RecoverIntermediateMasterClusterFilters: {
    type: 'texts', default: [], group: 'recovery', form: 'cluster-filter',
    says: 'The same for intermediate primaries.',
  },
  ProcessesShellCommand: {
    type: 'text', default: 'bash', group: 'hooks',
    says: 'Shell with which hooks are run (called as SHELL -c COMMAND).',
  },
  OnFailureDetectionProcesses: {
    type: 'texts', default: [], group: 'hooks',
    says: 'Hooks run whenever a failure is detected, also when no recovery follows.',
  },
  PreGracefulTakeoverProcesses: {
    type: 'texts', default: [], group: 'hooks',
    says: 'Hooks run before a graceful takeover makes the primary read-only; a failing hook aborts it.',
  },
  PreFailoverProcesses: {
    type: 'texts', default: [], group: 'hooks',
    says: 'Hooks run before a recovery acts; a failing hook aborts it.',
  },
  PostFailoverProcesses: {
    type: 'texts', default: [], group: 'hooks',
    says: 'Hooks run after any successful recovery.',
  },
  PostUnsuccessfulFailoverProcesses: {
    type: 'texts', default: [], group: 'hooks',
    says: 'Hooks run after a recovery that promoted nothing.',
  },
  PostMasterFailoverProcesses: {
    type: 'texts', default: [], group: 'hooks',
    says: 'Hooks run after a successful primary recovery, before PostFailoverProcesses.',
  },
  PostIntermediateMasterFailoverProcesses: {
    type: 'texts', default: [], group: 'hooks',
    says: 'Hooks run after a successful recovery of an intermediate primary, before PostFailoverProcesses.',
  },
  PostGracefulTakeoverProcesses: {
    type: 'texts', default: [], group: 'hooks',
    says: 'Hooks run at the end of a graceful takeover.',
  },
  PostTakeMasterProcesses: {
    type: 'texts', default: [], group: 'hooks',
    says: 'Hooks run after a successful take-master, and after a recovery that preferred another replica to the most advanced one.',
  },
  RecoverNonWriteableMaster: {
    type: 'boolean', default: false, group: 'recovery',
    says: 'Treat a read-only primary as a problem and make it writable.',
  },
  CoMasterRecoveryMustPromoteOtherCoMaster: {
    type: 'boolean', default: true, group: 'recovery',
    says: 'On failure of one co-primary, promote only the other one.',
  },
  DetachLostSlavesAfterMasterFailover: {
    type: 'boolean', default: true, group: 'recovery', synonymOf: 'DetachLostReplicasAfterMasterFailover',
    says:
      'Old name of DetachLostReplicasAfterMasterFailover; being on by default, it must be set to false for the feature to be ' +
      'off.',
  },
  DetachLostReplicasAfterMasterFailover: {
    type: 'boolean', default: false, group: 'recovery',
    says:
      'Detach replicas that were ahead of the promoted server and therefore lost. Effectively on unless the old name is set to ' +
      'false.',
  },
  ApplyMySQLPromotionAfterMasterFailover: {
    type: 'boolean', default: true, group: 'recovery',
    says: 'Reset replication and set read_only=0 on the promoted server, and try read_only=1 on the failed one.',
  },
  PreventCrossDataCenterMasterFailover: {
    type: 'boolean', default: false, group: 'recovery',
    says: 'Never promote a server in another data center.',
  },
  PreventCrossRegionMasterFailover: {
    type: 'boolean', default: false, group: 'recovery',
    says: 'Never promote a server in another region.',
  },
  MasterFailoverLostInstancesDowntimeMinutes: {
    type: 'unsigned', default: 0, group: 'recovery', unit: 'minutes',
    says:
      'Minutes of downtime for the failed server and those that a recovery could not save. 0: until they are well again. ' +
      '(The original does not read it, and always acts as with 0.)',
  },
  MasterFailoverDetachSlaveMasterHost: {
    type: 'boolean', default: false, group: 'recovery', synonymOf: 'MasterFailoverDetachReplicaMasterHost',
    says: 'Old name of MasterFailoverDetachReplicaMasterHost; true switches the new key on.',
  },
  MasterFailoverDetachReplicaMasterHost: {
    type: 'boolean', default: false, group: 'recovery',
    says: 'Detach the promoted server from the failed primary when promotion is not applied by the application.',
  },
  FailMasterPromotionOnLagMinutes: {
    type: 'unsigned', default: 0, group: 'recovery', unit: 'minutes',
    rule: 'Refused when greater than 0 while ReplicationLagQuery (after taking over SlaveLagQuery) is empty.',
    says: 'Fail a promotion when the candidate lags at least so many minutes; 0 disables.',
  },
  FailMasterPromotionIfSQLThreadNotUpToDate: {
    type: 'boolean', default: false, group: 'recovery', rule: 'Refused when DelayMasterPromotionIfSQLThreadNotUpToDate is true as well.',
    says: 'Fail a promotion when the candidate has not applied all its relay logs.',
  },
  DelayMasterPromotionIfSQLThreadNotUpToDate: {
    type: 'boolean', default: false, group: 'recovery', rule: 'Refused when FailMasterPromotionIfSQLThreadNotUpToDate is true as well.',
    says: 'Wait with the promotion until the candidate has applied all its relay logs.',
  },
  PostponeSlaveRecoveryOnLagMinutes: {
    type: 'unsigned', default: 0, group: 'recovery', unit: 'minutes', synonymOf: 'PostponeReplicaRecoveryOnLagMinutes',
    rule: 'Refused when both names are nonzero and differ.',
    says: 'Old name of PostponeReplicaRecoveryOnLagMinutes; a nonzero value is copied there.',
  },
  PostponeReplicaRecoveryOnLagMinutes: {
    type: 'unsigned', default: 0, group: 'recovery', unit: 'minutes', rule: 'Refused when both names are nonzero and differ.',
    says: 'Relocate replicas that lag more than so many minutes only at the end of the recovery; 0 disables.',
  },
  OSCIgnoreHostnameFilters: {
    type: 'texts', default: [], group: 'classification', form: 'pattern',
    says: 'Regular expressions on host:port of replicas left out of the OSC/gh-ost replica suggestions.',
  },
  GraphiteAddr: {
    type: 'text', default: '', group: 'metrics',
    says: 'Host:port of a graphite server; empty disables.',
  },
  GraphitePath: {
    type: 'text', default: '', group: 'metrics',
    says: 'Prefix of graphite metric names; {hostname} is replaced.',
  },
  GraphiteConvertHostnameDotsToUnderscores: {
    type: 'boolean', default: true, group: 'metrics',
    says: 'Replace dots in the host name by underscores within the graphite path.',
  },
  GraphitePollSeconds: {
    type: 'integer', default: 60, group: 'metrics', unit: 'seconds', atLeast: 0,
    says: 'Seconds between graphite writes; 0 disables.',
  },
  URLPrefix: {
    type: 'text', default: '', group: 'http',
    says: 'Path prefix of every page, API route and static file, normalised while loading to one leading and no trailing slash.',
  },
  DiscoveryIgnoreReplicaHostnameFilters: {
    type: 'texts', default: [], group: 'discovery', form: 'pattern',
    says: 'Regular expressions on host:port of replicas that are not discovered from their source.',
  },
  DiscoveryIgnoreMasterHostnameFilters: {
    type: 'texts', default: [], group: 'discovery', form: 'pattern',
    says: 'Regular expressions on host:port of sources that are not discovered from their replica.',
  },
  DiscoveryIgnoreHostnameFilters: {
    type: 'texts', default: [], group: 'discovery', form: 'pattern',
    says: 'Regular expressions on host:port of servers never discovered at all.',
  },
  DiscoveryIgnoreReplicationUsernameFilters: {
    type: 'texts', default: [], group: 'discovery', form: 'pattern',
    says: 'Regular expressions on the replication user; replicas that use a matching one are not discovered.',
  },
  EnableDiscoveryFiltersLogs: {
    type: 'boolean', default: true, group: 'discovery',
    says: 'Log instances skipped by the discovery filters.',
  },
  ConsulAddress: {
    type: 'text', default: '', group: 'kv',
    says: 'Host:port of Consul\'s HTTP API; empty disables Consul.',
  },
  ConsulScheme: {
    type: 'text', default: 'http', group: 'kv', known: ['http', 'https'],
    says: 'Scheme of Consul\'s HTTP API.',
  },
  ConsulAclToken: {
    type: 'text', default: '', group: 'kv', secret: true,
    says: 'ACL token for writes to Consul.',
  },
  ConsulCrossDataCenterDistribution: {
    type: 'boolean', default: false, group: 'kv',
    says: 'Write KV pairs to every Consul data center.',
  },
  ConsulKVStoreProvider: {
    type: 'text', default: 'consul', group: 'kv', known: ['consul', 'consul-txn'],
    says: '"consul" (one write per pair) or "consul-txn" (transactions).',
  },
  ConsulMaxKVsPerTransaction: {
    type: 'integer', default: 5, group: 'kv', atLeast: 0,
    says: 'Most KV operations per Consul transaction; brought into the range 5 to 64 while loading.',
  },
  ZkAddress: {
    type: 'text', default: '', group: 'kv',
    says: 'ZooKeeper servers, comma separated host[:port]; accepted, with experimental support only.',
  },
  KVClusterMasterPrefix: {
    type: 'text', default: 'mysql/master', group: 'kv',
    says: 'Prefix of the keys under which cluster primaries are stored; normalised to exactly one trailing slash.',
  },
  WebMessage: {
    type: 'text', default: '', group: 'web',
    says: 'Text shown on every web page below the navigation bar.',
  },
  MaxConcurrentReplicaOperations: {
    type: 'integer', default: 5, group: 'topology-control', atLeast: 1,
    says: 'Most replicas worked on at the same time within one operation.',
  },
  EnforceExactSemiSyncReplicas: {
    type: 'boolean', default: false, group: 'semi-sync',
    says: 'Recover also from too many semi-sync replicas, and bring the enabled set to exactly the wait count in priority order.',
  },
  RecoverLockedSemiSyncMaster: {
    type: 'boolean', default: false, group: 'semi-sync',
    says: 'Recover a primary that is stuck waiting for semi-sync acknowledgements by enabling semi-sync on replicas.',
  },
  ReasonableLockedSemiSyncMasterSeconds: {
    type: 'unsigned', default: 0, group: 'semi-sync', unit: 'seconds',
    says: 'Seconds for which the lock must be suspected before it is reported; takes ReasonableReplicationLagSeconds when 0.',
  },
  PrependMessagesWithOrcIdentity: {
    type: 'text', default: '', group: 'http', known: ['', 'none', 'FQDN', 'hostname', 'custom'],
    says:
      '"FQDN", "hostname" or "custom": prefix of every API Message; "" or "none" for no prefix. Other values are ignored with a ' +
      'warning.',
  },
  CustomOrcIdentity: {
    type: 'text', default: '', group: 'http',
    says: 'Identity used when PrependMessagesWithOrcIdentity is "custom", or when the host name cannot be found.',
  },
} as const satisfies Record<string, KeyFacts>
