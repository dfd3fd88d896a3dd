import { type SettingValues, setting } from '../../kit/setting.ts'

export const discoverySettings = {
  pollIntervalSeconds: setting<number>('InstancePollSeconds', 5, 'Seconds between two polls of a server.'),
  readTimeoutSeconds: setting<number>('MySQLDiscoveryReadTimeoutSeconds', 10, 'Longest time of one poll, in seconds; a poll never outlasts its interval by more than one connect.'),
  connectTimeoutSeconds: setting<number>('MySQLConnectTimeoutSeconds', 2, 'Longest time to connect to a server, in seconds.'),
  maxConcurrency: setting<number>('DiscoveryMaxConcurrency', 300, 'Polls that run at the same time; one that has waited a quarter of a second for its server takes no place any more.'),
  queueCapacity: setting<number>('DiscoveryQueueCapacity', 100_000, 'Servers that wait to be polled; more are left for later.'),
  deadFactor: setting<number>('DeadInstancePollSecondsMultiplyFactor', 1, 'Growth of the poll interval of a server that cannot be reached; 1: none.'),
  deadIntervalMaxSeconds: setting<number>('DeadInstancePollSecondsMax', 300, 'Ceiling of that grown interval, in seconds.'),
  deadMaxConcurrency: setting<number>('DeadInstanceDiscoveryMaxConcurrency', 0, 'Polls of unreachable servers at the same time, beside the others; 0: at most half of the common number.'),
  logDead: setting<boolean>('DeadInstanceDiscoveryLogsEnabled', false, 'Log the scheduling of polls of unreachable servers.'),
  seeds: setting<readonly string[]>('DiscoverySeeds', [], 'Servers to discover at start when they are not known yet.'),
  defaultPort: setting<number>('DefaultInstancePort', 3306, 'Port of a server that is given without one.'),
  resolveMethod: setting('HostnameResolveMethod', 'default', 'How host names are normalised: none, default (as is), cname, ip.'),
  resolveExpiryMinutes: setting<number>('ExpiryHostnameResolvesMinutes', 60, 'Minutes for which a resolved host name is kept.'),
  rejectResolvePattern: setting('RejectHostnameResolvePattern', '', 'A resolved name that matches is not used.'),
  ignoreHosts: setting<readonly string[] | null>('DiscoveryIgnoreHostnameFilters', null, 'Patterns of servers that are never read.'),
  ignoreReplicas: setting<readonly string[] | null>('DiscoveryIgnoreReplicaHostnameFilters', null, 'Patterns of replicas that are not discovered from their source.'),
  ignoreSources: setting<readonly string[] | null>('DiscoveryIgnoreMasterHostnameFilters', null, 'Patterns of sources that are not discovered from their replica.'),
  ignoreReplicationUsers: setting<readonly string[] | null>('DiscoveryIgnoreReplicationUsernameFilters', null, 'Patterns of replication users whose replicas are not discovered.'),
  logFilters: setting<boolean>('EnableDiscoveryFiltersLogs', true, 'Log servers that a filter leaves out.'),
  forgetAfterHours: setting<number>('UnseenInstanceForgetHours', 240, 'Hours without a good reading after which a server is forgotten.'),
  queueSamplesMost: setting<number>('DiscoveryQueueMaxStatisticsSize', 120, 'Samples of the queues that are kept, one a second.'),
  metricsSeconds: setting<number>('DiscoveryCollectionRetentionSeconds', 120, 'Seconds for which figures of single polls are kept.'),
}

export type DiscoverySettings = SettingValues<typeof discoverySettings>
