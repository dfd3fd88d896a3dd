import { setting, type SettingValues } from '../kit/setting.ts'

/** What the program as a whole is told: the service's face, and thresholds that several parts share. */
export const appSettings = {
  debug: setting<boolean>('Debug', false, 'Log everything.'),
  listenAddress: setting('ListenAddress', ':3000', 'Host:port on which the page and the API are served.'),
  listenSocket: setting('ListenSocket', '', 'Path of a unix socket to serve on instead.'),
  urlPrefix: setting('URLPrefix', '', 'What all addresses begin with.'),
  statusEndpoint: setting('StatusEndpoint', '/api/status', 'Address of the status check.'),
  webMessage: setting('WebMessage', '', 'Shown on every page.'),
  prependIdentity: setting('PrependMessagesWithOrcIdentity', '', 'FQDN, hostname, custom or none: who says what the API says.'),
  customIdentity: setting('CustomOrcIdentity', '', 'The identity for custom.'),
  auditLogFile: setting('AuditLogFile', '', 'File that every audited operation is appended to.'),
  auditToBackend: setting<boolean>('AuditToBackendDB', false, 'Keep the audit in the store.'),
  auditPurgeDays: setting<number>('AuditPurgeDays', 7, 'Days for which the audit is kept.'),
  pollSeconds: setting<number>('InstancePollSeconds', 5, 'Seconds between two polls of a server.'),
  defaultPort: setting<number>('DefaultInstancePort', 3306, 'Port of a server that is given without one.'),
  reasonableLagSeconds: setting<number>('ReasonableReplicationLagSeconds', 10, 'Lag above which a replica counts as lagging.'),
  maintenanceLagSeconds: setting<number>('ReasonableMaintenanceReplicationLagSeconds', 20, 'Lag above which a replica is not moved.'),
  lowerReplicaVersionAllowed: setting<boolean>('LowerReplicaVersionAllowed', false, 'Allow replicas of an older version than their source.'),
  verifyReplicationFilters: setting<boolean>('VerifyReplicationFilters', false, 'Do not put an unfiltered replica below a filtered one.'),
  problemIgnoredHosts: setting<readonly string[] | null>('ProblemIgnoreHostnameFilters', null, 'Hosts that problems leaves out.'),
  recoveryIgnoredHosts: setting<readonly string[] | null>('RecoveryIgnoreHostnameFilters', null, 'Hosts whose failures are ignored.'),
  primaryFilters: setting<readonly string[] | null>('RecoverMasterClusterFilters', null, 'Clusters whose primary is replaced automatically.'),
  intermediateFilters: setting<readonly string[] | null>('RecoverIntermediateMasterClusterFilters', null, 'Clusters whose intermediate sources are replaced automatically.'),
  promotionIgnored: setting<readonly string[] | null>('PromotionIgnoreHostnameFilters', null, 'Hosts that are never promoted.'),
  useSuperReadOnly: setting<boolean>('UseSuperReadOnly', false, 'Also set super_read_only.'),
  lockedSemiSyncSeconds: setting<number>('ReasonableLockedSemiSyncMasterSeconds', 0, 'Time before a semi-sync primary counts as locked.'),
  exactSemiSyncReplicas: setting<boolean>('EnforceExactSemiSyncReplicas', false, 'Semi-sync on exactly the wanted replicas.'),
  recoverReadOnlyPrimary: setting<boolean>('RecoverNonWriteableMaster', false, 'Make a read-only primary writable.'),
  controlIgnoredHosts: setting<readonly string[] | null>('OSCIgnoreHostnameFilters', null, 'Hosts that an online schema change is never told to watch.'),
  fuzzyPoolHosts: setting<boolean>('SupportFuzzyPoolHostnames', true, 'Let submit-pool-instances accept partial host names.'),
  poolExpiryMinutes: setting<number>('InstancePoolExpiryMinutes', 60, 'Minutes after which the submitted members of a pool lapse.'),
  resolveExpiryMinutes: setting<number>('ExpiryHostnameResolvesMinutes', 60, 'Minutes for which a resolved host name and a virtual one are kept.'),
  snapshotHours: setting<number>('SnapshotTopologiesIntervalHours', 0, 'Hours between snapshots of the topology; 0: none.'),
  candidateExpireMinutes: setting<number>('CandidateInstanceExpireMinutes', 60, 'Minutes for which a promotion rule holds.'),
}

export type AppSettings = SettingValues<typeof appSettings>
