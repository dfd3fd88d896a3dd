import type { KeyFacts } from './key.ts'

/**
 * Settings that the original does not have. Each has a default under which an old configuration means what it always meant,
 * or, where the original had no bound at all, a generous one.
 */
export const ownKeys = {
  DatabaselessMode__experimental: {
    type: 'boolean', default: false, group: 'backend',
    says: 'Remember everything in memory alone, as long as the program runs. Only where no backend is named: with MySQLOrchestratorHost or SQLite3DataFile it is noted and ignored, as later versions of the original ignore it.',
  },
  TopologyHistoryDays: {
    type: 'unsigned', default: 7, group: 'backend', unit: 'days', atMost: 366,
    says: 'For how many days it is kept how the topology stood at each moment, which the page draws again; 0: not at all.',
  },
  TopologyHistoryMaxMegabytes: {
    type: 'unsigned', default: 100, group: 'backend', atLeast: 1,
    says: 'How many megabytes that history may take in the backend; when it is more, the oldest goes first.',
  },
  LogFormat: {
    type: 'text', default: 'text', group: 'process', known: ['text', 'json'],
    says: 'How the service writes its log and its requests: text, as the original does, or json, one object a line with time, level, message and the facts by name.',
  },
  CustomFilesFolder: {
    type: 'text', default: 'resources/public', group: 'web',
    says: 'Folder with css/custom.css and js/custom.js of your own, which every page loads last; from the working directory, where the original has them. Read at the start; files that are missing or empty are left out.',
  },
  HTTPRequestLog: {
    type: 'boolean', default: true, group: 'http',
    says: 'Whether each HTTP request is written to standard output, as the original does.',
  },
  FailureConfirmationMilliseconds: {
    type: 'unsigned', default: 0, group: 'recovery', unit: 'milliseconds',
    says: 'How long a failure must be seen without a break before it is acted upon; 0 acts on the first complete evidence.',
  },
  FailureConfirmationMillisecondsByCluster: {
    type: 'map', default: {}, group: 'recovery', form: 'cluster-filter',
    says: 'FailureConfirmationMilliseconds for clusters of their own (filters as in RecoverMasterClusterFilters, the first that matches decides), as text: "500".',
  },
  StalledWritesSeconds: {
    type: 'unsigned', default: 10, group: 'detection', unit: 'seconds',
    says: 'After so long, writes that wait while a primary writes nothing count as stalled, which is reported; 0: never.',
  },
  ReplaceStalledMaster: {
    type: 'boolean', default: false, group: 'detection',
    says: 'Whether a primary that answers, and whose writes are stalled, is replaced as if it were dead. Writes that go on there afterwards are lost unless a semi-sync policy holds them back.',
  },
  ReplaceCutOffSemiSyncMasterSeconds: {
    type: 'unsigned', default: 3, group: 'detection', unit: 'seconds',
    says: 'A semi-sync primary that answers, whose writes have waited for acknowledgements for so long, and to which none of its replicas can connect, is replaced as if it were dead: nothing that it acknowledged is lost. 0: never.',
  },
  ReplaceMasterWithFullDisk: {
    type: 'boolean', default: false, group: 'detection',
    says: 'Whether a primary that answers, and whose writes wait for space on its disk, is replaced as if it were dead.',
  },
  DurabilityPolicy: {
    type: 'map', default: {}, group: 'recovery', form: 'cluster-filter',
    says: 'What a failover promises, by cluster (filters as in RecoverMasterClusterFilters, the first that matches decides): none (default), semi-sync (no write that a semi-sync primary acknowledged is lost, or nobody is promoted) or cross-dc-semi-sync (the same, acknowledged by replicas in other data centers).',
  },
  RejoinReturnedPrimary: {
    type: 'text', default: 'under-policy', group: 'recovery', known: ['never', 'under-policy', 'always'],
    says: 'Whether a replaced primary that returns follows the new one by itself, when it has nothing that the new one lacks: never, always, or under-policy (where DurabilityPolicy protects the cluster). Otherwise that is offered.',
  },
  LesserRecoveriesBlockMasterFailover: {
    type: 'boolean', default: true, group: 'recovery',
    says: 'Whether a recovery that promoted nobody (of an intermediate primary, of semi-sync, of a read-only primary) keeps a primary that dies after it from being replaced for RecoveryPeriodBlockSeconds.',
  },
  PublicationWaitMilliseconds: {
    type: 'unsigned', default: 3000, group: 'kv', unit: 'milliseconds',
    says: 'How long a recovery waits, before its hooks, for all places to say who the new primary is; what fails goes on being tried behind.',
  },
  PublicationWebhooks: {
    type: 'texts', default: [], group: 'kv',
    says: 'Addresses (http or https) that get a JSON document by POST whenever a cluster has a new writable primary.',
  },
  ProxySQLAdminAddresses: {
    type: 'texts', default: [], group: 'kv',
    says: 'Host:port (default port 6032) of the admin interface of each ProxySQL that is told who takes writes.',
  },
  ProxySQLAdminUser: {
    type: 'text', default: 'admin', group: 'kv',
    says: 'User of the admin interface of ProxySQL.',
  },
  ProxySQLAdminPassword: {
    type: 'text', default: '', group: 'kv', secret: true,
    says: 'Password of the admin interface of ProxySQL.',
  },
  ProxySQLWriterHostgroups: {
    type: 'map', default: {}, group: 'kv',
    says: 'Cluster alias to the number of its writer hostgroup in ProxySQL; other clusters are not told to ProxySQL.',
  },
  HookTimeoutSeconds: {
    type: 'unsigned', default: 3600, group: 'hooks', unit: 'seconds', atLeast: 1,
    says: 'Time after which a hook that is still running is ended, with everything it started, and counts as failed.',
  },
  RaftSecret: {
    type: 'text', default: '', group: 'raft', secret: true,
    says: 'What all members of the raft group know and nobody else, at least 16 characters: proves who speaks, and protects every message against change. Empty: whoever reaches the raft port may speak there, as with the original.',
  },
  RaftSSLPrivateKeyFile: {
    type: 'text', default: '', group: 'raft',
    says: 'PEM private key of this member towards the others. With RaftSSLCertFile and RaftSSLCAFile the raft port speaks TLS, and each side must be who its address says.',
  },
  RaftSSLCertFile: {
    type: 'text', default: '', group: 'raft',
    says: 'PEM certificate of this member towards the others, for the host name or address in RaftAdvertise.',
  },
  RaftSSLCAFile: {
    type: 'text', default: '', group: 'raft',
    says: 'PEM CA bundle with which the certificates of other members are checked.',
  },
  HTTPAuthReadOnlyPassword: {
    type: 'text', default: '', group: 'auth', secret: true,
    says: 'Password of the user readonly under "multi"; empty: any password lets that user in, as with the original.',
  },
  TrustedProxyAddresses: {
    type: 'texts', default: [], group: 'auth',
    says: 'Addresses, or networks as 10.0.0.0/8, of the proxies whose AuthUserHeader counts under "proxy"; a request from elsewhere may only read. In a group the managers belong to them, for they pass requests on. Empty: the header counts wherever it comes from, as with the original.',
    rule: 'Each is an IP address, or one with the number of bits of its network.',
  },
  ReadersMayTag: {
    type: 'boolean', default: false, group: 'auth',
    says: 'Whether tag, untag and untag-all need no authority to write, as with the original: neither of a user who may only read, nor under ReadOnly.',
  },
  RefuseGETWrites: {
    type: 'boolean', default: false, group: 'auth',
    says: 'Whether what changes something is answered to POST alone. Scripts of the original use GET.',
  },
  HTTPRequestsPerSecond: {
    type: 'unsigned', default: 0, group: 'http',
    says: 'How many requests a second one address may make (five seconds worth at once); more are answered with status 429. 0: as many as it likes.',
  },
  SSLPrivateKeyPassword: {
    type: 'text', default: '', group: 'http', secret: true,
    says: 'Password of an encrypted SSLPrivateKeyFile; empty: it is asked for on the terminal at start.',
  },
  OAuthIssuer: {
    type: 'text', default: '', group: 'auth',
    says: 'Address of the OpenID provider at which people sign in under "oauth". Empty: nobody can, everybody may read and nobody write, as with the original.',
    rule: 'Begins with https:// (http:// only for this machine itself), and needs OAuthClientId and an OAuthClientSecret of 16 characters or more.',
  },
  OAuthPublicAddress: {
    type: 'text', default: '', group: 'auth',
    says: 'Address of this service as browsers see it, URLPrefix included; the provider sends people back to /web/signed-in below it. Empty: what the browser asked for.',
    rule: 'Begins with http:// or https://.',
  },
  OAuthUserClaim: {
    type: 'text', default: '', group: 'auth',
    says: 'Claim that names the user, who may write when listed in PowerAuthUsers. Empty: the first that is given of preferred_username, email and sub.',
  },
  OAuthGroupsClaim: {
    type: 'text', default: 'groups', group: 'auth',
    says: 'Claim that lists the groups of the user, who may write when one of them is in PowerAuthGroups.',
  },
  OAuthSessionMinutes: {
    type: 'unsigned', default: 480, group: 'auth', unit: 'minutes', atLeast: 1,
    says: 'Minutes after which whoever signed in signs in anew.',
  },
  EtcdEndpoints: {
    type: 'texts', default: [], group: 'etcd',
    says: 'Addresses with http:// or https:// of the members of an etcd (3.4 or later) by which several managers are one, each with a database of its own. Empty: no etcd.',
    rule: 'Each is an address without a path; refused together with RaftEnabled.',
  },
  EtcdPrefix: {
    type: 'text', default: '/orchestrator/', group: 'etcd',
    says: 'What all keys of these managers in etcd begin with; other managers have another.', rule: 'Begins with a slash.',
  },
  EtcdLeaseSeconds: {
    type: 'unsigned', default: 2, group: 'etcd', unit: 'seconds', atLeast: 2, atMost: 60,
    says: 'How long a leader that is gone is waited for; etcd gives at least one and a half of its own election times.',
  },
  EtcdUser: {
    type: 'text', default: '', group: 'etcd',
    says: 'User of etcd; empty where it asks for none.',
  },
  EtcdPassword: {
    type: 'text', default: '', group: 'etcd', secret: true,
    says: 'Password of EtcdUser.',
  },
  EtcdSSLCAFile: {
    type: 'text', default: '', group: 'etcd',
    says: 'PEM CA bundle with which the certificates of etcd are checked; empty: those that the system trusts.',
  },
  EtcdSSLCertFile: {
    type: 'text', default: '', group: 'etcd',
    says: 'PEM certificate that is shown to etcd.', rule: 'Together with EtcdSSLPrivateKeyFile.',
  },
  EtcdSSLPrivateKeyFile: {
    type: 'text', default: '', group: 'etcd',
    says: 'PEM private key of EtcdSSLCertFile.',
  },
  AgentsAllowedAddresses: {
    type: 'texts', default: [], group: 'agents',
    says: 'Addresses and networks (CIDR) that may talk to the agents\' HTTP server; empty: all that reach it.', rule: 'Each is an IPv4 or IPv6 address, or one with /bits.',
  },
  AgentsAllowedHosts: {
    type: 'texts', default: [], group: 'agents', form: 'pattern',
    says: 'Regular expressions; an agent may register only a host that one of them matches whole. Empty: any host.',
  },
  AgentRequestTimeoutSeconds: {
    type: 'unsigned', default: 60, group: 'agents', unit: 'seconds', atLeast: 1, atMost: 3600,
    says: 'How long an agent has to answer a question or to do what it is told.',
  },
  AgentTokenInQuery: {
    type: 'boolean', default: true, group: 'agents',
    says: 'Write the token of an agent into the address of each request, where old agents look for it; false: in the header X-Orchestrator-Agent-Token alone, so that no proxy logs it.',
  },
  SeedMaxHours: {
    type: 'unsigned', default: 72, group: 'agents', unit: 'hours', atLeast: 1,
    says: 'A seed that takes longer is ended as failed.',
  },
} as const satisfies Record<string, KeyFacts>
