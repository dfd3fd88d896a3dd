import { isDowntimed } from '../topology/freshness.ts'
import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import { hostOf, portOf } from '../topology/instance-key.ts'
import { majorVersionText } from '../topology/version.ts'
import type { AnalysisFacts } from './finding.ts'
import { isFailingToConnect, isSilent, linkState } from './link-state.ts'
import { type AnalysisMemory, isForAcknowledgement } from './memory.ts'
import { type AnalysisPolicy, semiSyncLockBelievedAfterSeconds } from './policy.ts'
import { areShutOut } from './shut-out.ts'

/**
 * One server and the servers configured to replicate from it, as the numbers that decide (contract failure-detection.md 1.3).
 * `replicas` are all of them: dead, downtimed or under maintenance as well.
 */
export function factsOf(instance: Instance, replicas: readonly Instance[], policy: AnalysisPolicy, memory: AnalysisMemory, now: number): AnalysisFacts {
  const lastCheckValid = isAnswering(instance, policy)
  const counts = countReplicas(replicas, lastCheckValid ? null : { restartedAt: memory.believedRestarts?.get(instance.key) ?? null }, policy, now)
  const { semiSync, group } = instance
  const waits = memory.writeWaits?.get(instance.key)
  const isGroupMember = group !== null && group.name !== '' && group.memberState !== 'OFFLINE'
  return {
    isPrimary: !hasSource(instance) && (group === null || group.name === '' || group.memberRole === 'PRIMARY'),
    isCoPrimary: instance.isCoPrimary || counts.hasCoPrimary,
    isGroupMember,
    isBinlogServer: instance.isBinlogServer,
    lastCheckValid,
    lastCheckPartialSuccess: instance.check.partialSuccess,
    replicas: replicas.length,
    validReplicas: counts.valid,
    validReplicatingReplicas: counts.replicating,
    replicasFailingToConnect: counts.failingToConnect,
    downtimedReplicas: counts.downtimed,
    delayedReplicas: counts.delayed,
    laggingReplicas: counts.lagging,
    replicationDepth: instance.replicationDepth,
    isFailingToConnectToSource: instance.replication !== null && isFailingToConnect(instance.replication),
    isDowntimed: isDowntimed(instance, now),
    oracleGtidImmediateTopology: counts.valid > 0 && counts.usingMysqlGtid === counts.valid,
    mariadbGtidImmediateTopology: counts.valid > 0 && counts.usingMariadbGtid === counts.valid,
    binlogServerImmediateTopology: counts.valid > 0 && counts.validBinlogServers === counts.valid,
    pseudoGtidImmediateTopology: instance.usingPseudoGtid,
    semiSyncSourceEnabled: semiSync?.sourceEnabled ?? false,
    semiSyncSourceActive: semiSync?.sourceActive ?? false,
    semiSyncWaitForReplicaCount: semiSync?.waitForReplicaCount ?? 0,
    semiSyncClients: semiSync?.clients ?? 0,
    semiSyncReplicasEnabled: counts.semiSyncEnabled,
    isStaleBinlogCoordinates: isLockBelieved(instance, policy, memory, now),
    loggingReplicas: counts.logging,
    statementLoggingReplicas: counts.statement,
    mixedLoggingReplicas: counts.mixed,
    rowLoggingReplicas: counts.row,
    distinctMajorVersionsLoggingReplicas: counts.majorVersions,
    gtidMode: instance.gtidMode,
    minReplicaGtidMode: counts.minGtidMode,
    maxReplicaGtidMode: counts.maxGtidMode,
    maxReplicaGtidErrant: counts.maxErrant,
    isReadOnly: instance.readOnly,
    writesStalledSeconds: lastCheckValid ? (waits?.seconds ?? 0) : 0,
    waitsForDisk: lastCheckValid && waits?.isForDisk === true,
    waitsForAcknowledgement: lastCheckValid && waits !== undefined && isForAcknowledgement(waits),
    replicasCutOff: counts.cutOff,
    isConnectionLimitReached: instance.check.failure?.kind === 'too-many-connections',
    isStaleWritable: lastCheckValid && !instance.readOnly && !hasSource(instance) && memory.deposed?.has(instance.key) === true,
  }
}

/** The last check was good, and none that was begun since is overdue. */
function isAnswering(instance: Instance, policy: AnalysisPolicy): boolean {
  const { lastAttemptedAt, lastSeenAt } = instance.check
  if (lastSeenAt === null || !isLastCheckValid(instance)) return false
  return lastAttemptedAt === null || lastAttemptedAt <= lastSeenAt + (policy.pollSeconds + policy.checkSlackSeconds) * 1000
}

/** Configured to follow a real server; a detached replica (`//host`) is not. */
function hasSource({ replication }: Instance): boolean {
  if (replication === null) return false
  const host = hostOf(replication.source)
  return host !== '' && host !== '_' && !host.startsWith('//') && portOf(replication.source) > 0
}

function isLockBelieved(instance: Instance, policy: AnalysisPolicy, memory: AnalysisMemory, now: number): boolean {
  const suspected = memory.suspectedLocks.get(instance.key)
  const { binlogCoordinates } = instance
  if (suspected === undefined || binlogCoordinates === null) return false
  const stands = suspected.coordinates.file === binlogCoordinates.file && suspected.coordinates.position === binlogCoordinates.position
  return stands && now - suspected.since > semiSyncLockBelievedAfterSeconds(policy) * 1000
}

interface ReplicaCounts {
  valid: number
  replicating: number
  failingToConnect: number
  cutOff: number
  downtimed: number
  delayed: number
  lagging: number
  usingMysqlGtid: number
  usingMariadbGtid: number
  validBinlogServers: number
  semiSyncEnabled: number
  logging: number
  statement: number
  mixed: number
  row: number
  majorVersions: number
  minGtidMode: string
  maxGtidMode: string
  maxErrant: string
  hasCoPrimary: boolean
}

/** A source that does not answer us, and when the receivers of its replicas were made to connect anew, as far as what they say is believed. */
interface Missed {
  readonly restartedAt: number | null
}

function countReplicas(replicas: readonly Instance[], missed: Missed | null, policy: AnalysisPolicy, now: number): ReplicaCounts {
  const counts: ReplicaCounts = {
    valid: 0, replicating: 0, failingToConnect: 0, cutOff: 0, downtimed: 0, delayed: 0, lagging: 0, usingMysqlGtid: 0, usingMariadbGtid: 0,
    validBinlogServers: 0, semiSyncEnabled: 0, logging: 0, statement: 0, mixed: 0, row: 0, majorVersions: 0,
    minGtidMode: replicas[0]?.gtidMode ?? '', maxGtidMode: '', maxErrant: '', hasCoPrimary: false,
  }
  const versions = new Set<string>()
  for (const replica of replicas) {
    const downtimed = isDowntimed(replica, now)
    if (downtimed) counts.downtimed++
    if (isLastCheckValid(replica)) countValid(replica, counts, missed, policy, now)
    if ((replica.replication?.delaySeconds ?? 0) > 0) counts.delayed++
    if ((replica.replicationLagSeconds ?? 0) > policy.reasonableLagSeconds) counts.lagging++
    if (replica.semiSync?.replicaEnabled) counts.semiSyncEnabled++
    if (replica.logBin && replica.logReplicaUpdates) {
      counts.logging++
      versions.add(majorVersionText(replica.version))
      if (replica.binlogFormat === 'STATEMENT') counts.statement++
      else if (replica.binlogFormat === 'MIXED') counts.mixed++
      else if (replica.binlogFormat === 'ROW') counts.row++
    }
    if (replica.gtidMode < counts.minGtidMode) counts.minGtidMode = replica.gtidMode
    if (replica.gtidMode > counts.maxGtidMode) counts.maxGtidMode = replica.gtidMode
    if (!downtimed && replica.errantGtidSet > counts.maxErrant) counts.maxErrant = replica.errantGtidSet
    if (replica.isCoPrimary) counts.hasCoPrimary = true
  }
  counts.majorVersions = versions.size
  return counts
}

/** To a source that hangs a receiver tries for a minute before it has an error to tell. */
const isShutOut = (replica: Instance, missed: Missed | null, policy: AnalysisPolicy, now: number): boolean =>
  missed !== null && missed.restartedAt !== null && areShutOut([replica], missed.restartedAt, ({ check }) => check.lastSeenAt ?? -Infinity, policy, now)

function countValid(replica: Instance, counts: ReplicaCounts, missed: Missed | null, policy: AnalysisPolicy, now: number): void {
  counts.valid++
  if (replica.isBinlogServer) counts.validBinlogServers++
  const link = replica.replication
  if (link === null) return
  if (link.gtid === 'mysql') counts.usingMysqlGtid++
  else if (link.gtid !== 'none') counts.usingMariadbGtid++
  if (isFailingToConnect(link) || (link.applier === 'running' && isShutOut(replica, missed, policy, now))) counts.failingToConnect++
  const state = linkState(link, now, policy)
  if (state === 'lost' || state === 'silent') counts.cutOff++
  const receives = link.receiver === 'running' && !(missed !== null && isSilent(link, now, policy))
  if (receives && link.applier === 'running') counts.replicating++
}
