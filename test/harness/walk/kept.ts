/** A place where an answer of ours differs from the recorded one, on purpose. */
export interface Kept {
  /** `status`, `type`, or where in the answer: `$.Details.Hostname`. */
  readonly at: string
  readonly why: string
}

const goRuntime = 'what Go’s runtime alone has is left out; the rest are the nearest figures of this one'

const statusWithNextPoll = 'whether semi-sync works is asked with the next poll, when it is known to be on; the original asks always'
const newPlugin = 'the servers of these tests have the plugin of the new names only; the recorded ones had that of the old'
const readBefore = 'the original may still show the source from before the move (http-api.md 4.1); this is read after it'
const keepsGtid = 'a replica that uses GTID goes on using it; the original leaves it by file and position, where GTID operations refuse it afterwards'
const keepsApplying = 'the applier goes on while a replica is moved, so that nothing it received is thrown away; the original shows it stopped'
const putBack = 'whoever recorded had set a delay of 5 seconds on the former primary, and let it apply'
const firstLook = 'recorded before its replica had noticed; here replicas are asked at once, so that a moment later it is known to be dead'
const twoOfOneAlias = 'while a replica is detached two clusters have one alias, and either may be found (http-api.md 3.2)'

/** Every difference that is kept, by the recording. One without an entry fails the walk, and so does an entry whose difference is gone. */
export const kept: Readonly<Record<string, readonly Kept[]>> = {
  'metrics/debug-metrics.json': [{ at: '$.memstats', why: goRuntime }],
  'metrics/debug-vars.json': [{ at: '$.memstats', why: goRuntime }],
  'status/headers.json': [{ at: '$', why: 'the host that was asked for is told as well: a proxy may change it, and that is what people look for here' }],
  'errors/relocate-in-maintenance.json': [{ at: '$.Message', why: 'begins with who holds the lock, and ends as the original’s' }],
  'meta/hostname-resolve-cache.json': [{ at: '$.Details', why: 'with HostnameResolveMethod none no name is looked up, and so none is kept' }],
  'semisync/enable-semi-sync-master.json': [{ at: '$.Details.SemiSyncMasterStatus', why: statusWithNextPoll }],
  'semisync/enable-semi-sync-replica.json': [{ at: '$.Details.SemiSyncReplicaStatus', why: statusWithNextPoll }],
  'semisync/instance-source.json': [{ at: '$.SemiSyncMasterPluginNewVersion', why: newPlugin }, { at: '$.SemiSyncReplicaPluginNewVersion', why: newPlugin }],
  'relocate/relocate-replicas.json': [{ at: '$.Details[0].MasterKey.Port', why: readBefore }],
  'relocate/relocate-slaves.json': [{ at: '$.Details[0].MasterKey.Port', why: readBefore }],
  'relocate/move-below.json': [{ at: '$.Details.UsingOracleGTID', why: keepsGtid }],
  'relocate/move-up.json': [{ at: '$.Details.UsingOracleGTID', why: keepsGtid }],
  'relocate/move-up-replicas.json': [
    { at: '$.Details[0].UsingOracleGTID', why: keepsGtid }, { at: '$.Details[0].Slave_SQL_Running', why: keepsApplying }, { at: '$.Details[0].ReplicationSQLThreadRuning', why: keepsApplying },
    { at: '$.Details[0].ReplicationSQLThreadState', why: keepsApplying },
  ],
  'replication/topology-detached.json': [{ at: '$.Message', why: twoOfOneAlias }, { at: '$.Details', why: twoOfOneAlias }],
  'recovery/audit-failure-detection-stopped-replicas.json': [{ at: '$[0].IsActive', why: 'asked at once; recorded when its period was over' }],
  'recovery/downtimed-after-graceful.json': [
    { at: '$[0].Slave_SQL_Running', why: putBack }, { at: '$[0].ReplicationSQLThreadRuning', why: putBack }, { at: '$[0].ReplicationSQLThreadState', why: putBack }, { at: '$[0].SQLDelay', why: putBack },
  ],
  'recovery/graceful-master-takeover-auto.json': [{ at: '$.Details.AnalysisEntry.CountDowntimedReplicas', why: putBack }, { at: '$.Details.AnalysisEntry.CountDelayedReplicas', why: putBack }],
  'recovery/audit-recovery-unack.json': [{ at: '$', why: 'the takeovers before had to be acknowledged here, so that the former primary is left as it was put back' }],
  'im/replication-analysis-dead-im.json': [
    { at: '$.Details[0].Analysis', why: firstLook }, { at: '$.Details[0].Description', why: firstLook }, { at: '$.Details[0].CountValidReplicatingReplicas', why: firstLook },
    { at: '$.Details[0].CountReplicasFailingToConnectToMaster', why: firstLook },
  ],
  'im/topology-dead-im.json': [{ at: '$.Details', why: firstLook }],
  'errors/register-hostname-unresolve-badport.txt': [
    { at: 'type', why: 'the original panics; this is an error with its reason (http-api.md 1)' },
    { at: '$', why: 'the original panics; this is an error with its reason (http-api.md 1)' },
  ],
}

/** What a server that was read just now is told beside what the original fills when it reads its own store; whatever is asked. By the whole difference. */
export const keptOfServersJustRead: readonly { readonly difference: RegExp; readonly why: string }[] = [
  { difference: /\.FlavorName: "" expected, "MySQL" found$/, why: 'empty in the original; a new implementation may fill it (http-api.md 5.1)' },
  { difference: /\.RelaylogCoordinates\.Type: 0 expected, 1 found$/, why: 'the original types the relay log of a server without one by whether it was read from its store; it is 1 everywhere here (http-api.md 5.1)' },
  { difference: /\.Problems: 0 entries expected, 1 found$/, why: 'empty in the original until it reads its store; a problem that was just caused is told at once' },
]

/** What differs in answers about recoveries. By the whole difference. */
export const keptOfRecoveries: readonly { readonly difference: RegExp; readonly why: string }[] = [
  { difference: /\.ParticipatingInstanceKeys: 0 entries expected, 2 found$/, why: 'who took part is told; the original leaves it empty for a primary' },
  { difference: /\.Count(Valid|ValidReplicating|Logging|RowBasedLogging)?Replicas: 1 expected, 3 found$/, why: 'siblings move after the switch, so that writes are held for less; the original has moved them before' },
  { difference: /\$\.Details\.IsActive: false expected, true found$/, why: 'the record as it stands, which keeps others from beginning; the original answers one that is not filled' },
  { difference: /\$\.Details\.LastDetectionId: 0 expected, \d+ found$/, why: 'the number of what was announced; the original answers a record that is not filled' },
  { difference: /^\$\[\d\]\.Acknowledged(: false expected, true|Comment: "(?:done it)?" expected, "back") found$/, why: 'what was done before had to be acknowledged here, so that the former primary is left as it was put back' },
]

const measured = 'figures that were measured'
const journal = 'what was done, in the words of whoever did it'

/** Answers whose values are of the moment: names of members, their order and types are compared, for every entry of a list. */
export const byShape: Readonly<Record<string, string>> = {
  'audit/audit.json': journal, 'audit/audit-page.json': journal, 'audit/audit-bad-page.json': journal, 'audit/audit-instance.json': journal, 'audit/audit-instance-page.json': journal, 'audit/audit-mysql.json': journal,
  'meta/snapshot-topologies.json': 'says how long it took',
  'metrics/backend-query-metrics-aggregated.json': measured, 'metrics/backend-query-metrics-raw.json': measured, 'metrics/debug-metrics.json': measured, 'metrics/debug-vars.json': measured,
  'metrics/discovery-metrics-aggregated.json': measured, 'metrics/discovery-queue-metrics-aggregated-queue.json': measured, 'metrics/discovery-queue-metrics-aggregated.json': measured,
  'metrics/discovery-queue-metrics-raw-queue.json': measured, 'metrics/discovery-queue-metrics-raw.json': measured, 'metrics/write-buffer-metrics-aggregated.json': measured,
  'metrics/discovery-metrics-raw.json': measured,
  'recovery/audit-recovery-steps.json': journal, 'recovery/audit-recovery-steps-graceful.json': journal, 'im/audit-recovery-steps.json': journal,
  'im/audit-failure-detection.json': 'asked before it died a second time, which is announced anew after the period alone',
  'analysis/replication-analysis-changelog-dead.json': 'what these servers went through before',
  'gtid/locate-gtid-errant.json': 'names of binary logs',
  'relocate/regroup-replicas.json': 'which of several replicas that stand equal is chosen', 'relocate/regroup-replicas-gtid.json': 'which of several replicas that stand equal is chosen',
  'relocate/repoint-replicas.json': 'in the order in which they were done at once',
}
