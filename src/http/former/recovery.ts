import type { ClusterSummary } from '../../contract/clusters.ts'
import type { BlockedRecovery, Detection, Recovery, RecoveryStep } from '../../model/recovery/records.ts'
import type { FormerContext } from './context.ts'
import { type AnalysisRecord, formerAnalysis } from './analysis.ts'
import { formerCoordinates, formerKey, formerKeys, formerPlainTime, formerTime } from './parts.ts'

type Noted = Pick<Detection, 'key' | 'code' | 'clusterName' | 'clusterAlias' | 'replicas'>

/** What was stored of the analysis: key, code, cluster and replicas; all else is zero. */
function storedAnalysis(noted: Noted, context: FormerContext, more: Pick<AnalysisRecord, 'startActivePeriod'>): AnalysisRecord {
  const filters = context.recovers({ name: noted.clusterName, alias: noted.clusterAlias })
  const cluster: ClusterSummary = { name: noted.clusterName, alias: noted.clusterAlias, domain: '', servers: 0, ...filters }
  return {
    key: noted.key, cluster, code: noted.code, description: '', replicas: noted.replicas, instance: null, finding: null, now: context.now,
    node: { hostname: '', token: '' }, isActionable: false, commandHint: '', ...more,
  }
}

/** TopologyRecovery as read back from the store (contract http-api.md 5.6). */
export function formerRecovery(recovery: Recovery, context: FormerContext) {
  return {
    Id: recovery.id,
    UID: recovery.uid,
    AnalysisEntry: formerAnalysis(storedAnalysis(recovery, context, { startActivePeriod: '' })),
    SuccessorKey: formerKey(recovery.successor),
    SuccessorAlias: recovery.successorAlias,
    SuccessorBinlogCoordinates: null as ReturnType<typeof formerCoordinates> | null,
    IsActive: recovery.isActive,
    IsSuccessful: recovery.isSuccessful,
    LostReplicas: formerKeys(recovery.lostReplicas),
    ParticipatingInstanceKeys: formerKeys(recovery.participants),
    AllErrors: recovery.errors.length === 0 ? [''] : recovery.errors,
    RecoveryStartTimestamp: formerTime(recovery.startedAt),
    RecoveryEndTimestamp: formerPlainTime(recovery.endedAt),
    ProcessingNodeHostname: recovery.nodeHostname,
    ProcessingNodeToken: recovery.nodeToken,
    Acknowledged: recovery.acknowledged !== null,
    AcknowledgedAt: formerTime(recovery.acknowledged?.at ?? null),
    AcknowledgedBy: recovery.acknowledged?.by ?? '',
    AcknowledgedComment: recovery.acknowledged?.comment ?? '',
    LastDetectionId: recovery.detectionId,
    RelatedRecoveryId: 0,
    Type: '',
    RecoveryType: 'NotMasterRecovery' as Recovery['method'],
  }
}

/** TopologyRecovery as a command answers it, right after it was done. */
export function formerLiveRecovery(recovery: Recovery, context: FormerContext) {
  const stored = formerRecovery(recovery, context)
  const record = storedAnalysis(recovery, context, { startActivePeriod: '' })
  const occasion = context.decisionOf(recovery.uid)
  const analysis = formerAnalysis({
    ...record, cluster: { ...record.cluster, servers: occasion?.serversOfCluster ?? 0 }, instance: occasion?.instance ?? null, finding: occasion?.finding ?? null, isActionable: true,
    commandHint: recovery.command, node: { hostname: recovery.nodeHostname, token: recovery.nodeToken },
  })
  return {
    ...stored,
    AnalysisEntry: { ...analysis, IsMaster: recovery.kind === 'MasterRecovery' },
    SuccessorBinlogCoordinates: recovery.successorCoordinates === null ? null : formerCoordinates(recovery.successorCoordinates),
    AllErrors: recovery.errors,
    Type: recovery.kind,
    RecoveryType: recovery.method,
  }
}

/** A detection, in the shape of a recovery of which most is empty. */
export function formerDetection(detection: Detection, context: FormerContext) {
  return {
    Id: detection.id,
    UID: '',
    AnalysisEntry: formerAnalysis(storedAnalysis(detection, context, { startActivePeriod: formerTime(detection.startedAt) })),
    SuccessorKey: null,
    SuccessorAlias: '',
    SuccessorBinlogCoordinates: null,
    IsActive: detection.endedActiveAt === null,
    IsSuccessful: false,
    LostReplicas: [],
    ParticipatingInstanceKeys: [],
    AllErrors: null,
    RecoveryStartTimestamp: formerTime(detection.startedAt),
    RecoveryEndTimestamp: '',
    ProcessingNodeHostname: detection.nodeHostname,
    ProcessingNodeToken: detection.nodeToken,
    Acknowledged: false,
    AcknowledgedAt: '',
    AcknowledgedBy: '',
    AcknowledgedComment: '',
    LastDetectionId: 0,
    RelatedRecoveryId: context.recoveryOfDetection(detection.id),
    Type: '',
    RecoveryType: '',
  }
}

export const formerRecoveryStep = (step: RecoveryStep) => ({ Id: step.id, RecoveryUID: step.recoveryUid, AuditAt: formerTime(step.at), Message: step.message })

export const formerBlockedRecovery = (blocked: BlockedRecovery) => ({
  FailedInstanceKey: formerKey(blocked.key),
  ClusterName: blocked.clusterName,
  Analysis: blocked.code,
  LastBlockedTimestamp: formerTime(blocked.lastBlockedAt),
  BlockingRecoveryId: blocked.blockingRecoveryId,
})
