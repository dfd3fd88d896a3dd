import { type SettingValues, setting } from '../../kit/setting.ts'

const none: readonly string[] = []
const noRules: Readonly<Record<string, string>> = {}

/** Public keys of everything recovery reads (contract recovery.md section 17, hooks.md section 1). */
export const recoverySettings = {
  pollSeconds: setting('InstancePollSeconds', 5, 'Seconds between two polls of a server.'),
  primaryFilters: setting('RecoverMasterClusterFilters', none, 'Clusters whose primary is replaced automatically.'),
  intermediateFilters: setting('RecoverIntermediateMasterClusterFilters', none, 'Clusters whose intermediate sources are replaced automatically.'),
  blockSeconds: setting('RecoveryPeriodBlockSeconds', 3600, 'How long a recovery forbids another one of its cluster, counted from its start.'),
  detectionBlockMinutes: setting('FailureDetectionPeriodBlockMinutes', 60, 'How long a failure that goes on is not announced again.'),
  confirmationMilliseconds: setting('FailureConfirmationMilliseconds', 0, 'How long a failure must be seen without a break before it is acted upon.'),
  confirmationByCluster: setting('FailureConfirmationMillisecondsByCluster', noRules, 'The same for clusters of their own, as text.'),
  makesWritable: setting<boolean>('ApplyMySQLPromotionAfterMasterFailover', true, 'Make the promoted server forget its source and take writes.'),
  detachesLost: setting<boolean>('DetachLostReplicasAfterMasterFailover', true, 'Detach replicas that could not be saved.'),
  lostDowntimeMinutes: setting('MasterFailoverLostInstancesDowntimeMinutes', 0, 'How long servers that a recovery gave up are in a downtime; 0: until they are well.'),
  preventCrossDataCenter: setting<boolean>('PreventCrossDataCenterMasterFailover', false, 'Never promote in another data center.'),
  preventCrossRegion: setting<boolean>('PreventCrossRegionMasterFailover', false, 'Never promote in another region.'),
  failOnLagMinutes: setting('FailMasterPromotionOnLagMinutes', 0, 'Refuse to promote a replica that lags so much; 0: off.'),
  failIfApplierBehind: setting<boolean>('FailMasterPromotionIfSQLThreadNotUpToDate', false, 'Refuse to promote a replica that cannot apply what it received in time.'),
  waitForApplier: setting<boolean>('DelayMasterPromotionIfSQLThreadNotUpToDate', false, 'Wait for the replica to apply what it received, however long.'),
  promotionIgnored: setting('PromotionIgnoreHostnameFilters', none, 'Hosts that are never promoted.'),
  mustPromoteOtherCoPrimary: setting<boolean>('CoMasterRecoveryMustPromoteOtherCoMaster', true, 'When a co-primary dies, promote the other one or nobody.'),
  recoverLockedSemiSync: setting<boolean>('RecoverLockedSemiSyncMaster', false, 'Give a locked semi-sync primary enough replicas that acknowledge.'),
  exactSemiSyncReplicas: setting<boolean>('EnforceExactSemiSyncReplicas', false, 'Semi-sync on exactly the wanted replicas.'),
  useSuperReadOnly: setting<boolean>('UseSuperReadOnly', false, 'Also set super_read_only.'),
  durability: setting('DurabilityPolicy', noRules, 'Clusters in which no acknowledged write may be lost: none, semi-sync or cross-dc-semi-sync.'),
  rejoinsReturned: setting<'never' | 'under-policy' | 'always'>('RejoinReturnedPrimary', 'under-policy',
    'Let a replaced primary that returns follow the new one by itself, when it has nothing that the new one lacks: never, always, or under-policy, where DurabilityPolicy protects the cluster.'),
  lesserBlocksPrimary: setting<boolean>('LesserRecoveriesBlockMasterFailover', true, 'Recoveries that promoted nobody block the replacement of a primary.'),
  detachesPromoted: setting<boolean>('MasterFailoverDetachReplicaMasterHost', false, 'Detach the promoted server from its source where it is not made to forget it.'),
  postponeMinutes: setting('PostponeReplicaRecoveryOnLagMinutes', 0, 'Move replicas without GTID behind a recovery that apply so many minutes late on purpose; 0: nobody waits.'),
  bulkWaitSeconds: setting('InstanceBulkOperationsWaitTimeoutSeconds', 10, 'How long one replica may take to apply what it received before another is tried.'),
  reasonableMaintenanceLagSeconds: setting('ReasonableMaintenanceReplicationLagSeconds', 20, 'Lag above which a replica is not handed over to.'),
  verifyReplicationFilters: setting<boolean>('VerifyReplicationFilters', false, 'Do not put an unfiltered replica below a filtered one.'),
  lowerReplicaVersionAllowed: setting<boolean>('LowerReplicaVersionAllowed', false, 'Allow replicas of an older version than their source.'),
  lagQuery: setting('ReplicationLagQuery', '', 'Query that yields the replication lag in seconds.'),
  pseudoGtidPattern: setting('PseudoGTIDPattern', '', 'Pattern of Pseudo-GTID entries in the binary logs; empty disables Pseudo-GTID operations.'),
  shell: setting('ProcessesShellCommand', 'bash', 'Shell that runs hooks.'),
  hookTimeoutSeconds: setting('HookTimeoutSeconds', 3600, 'Time after which a hook is ended and counts as failed.'),
  onFailureDetection: setting('OnFailureDetectionProcesses', none, 'Run when a failure is noticed.'),
  preGracefulTakeover: setting('PreGracefulTakeoverProcesses', none, 'Run before a takeover stops writes.'),
  preFailover: setting('PreFailoverProcesses', none, 'Run before a recovery; a failure aborts it.'),
  postPrimaryFailover: setting('PostMasterFailoverProcesses', none, 'Run after a primary was replaced.'),
  postIntermediateFailover: setting('PostIntermediateMasterFailoverProcesses', none, 'Run after an intermediate source was replaced.'),
  postFailover: setting('PostFailoverProcesses', none, 'Run after every successful recovery.'),
  postUnsuccessfulFailover: setting('PostUnsuccessfulFailoverProcesses', none, 'Run after a recovery that promoted nobody.'),
  postGracefulTakeover: setting('PostGracefulTakeoverProcesses', none, 'Run at the end of a takeover.'),
  postTakeSource: setting('PostTakeMasterProcesses', none, 'Run after a replica took the place of its source, or of the one that would have been promoted else.'),
}

export type RecoverySettings = SettingValues<typeof recoverySettings>
