import type { AnalysisFacts, Remedy } from './finding.ts'
import type { AnalysisPolicy } from './policy.ts'
import { areWritesStalled } from './warnings.ts'

/** Whom to ask again before anything is decided: the server itself, its replicas, its source. */
export type Neighbour = 'server' | 'replicas' | 'source'

/** A way in which a server can fail. `code` and `says` are public: hooks, dashboards and scripts know them to the letter. */
export interface Failure {
  readonly code: string
  readonly says: string
  readonly holds: (facts: AnalysisFacts, policy: AnalysisPolicy) => boolean
  /** What mends it. `report`: detection is registered and its hooks run, nothing else. `none`: not even that. */
  readonly remedy: Remedy | 'report' | 'none'
  /** Probed at once when this is found. */
  readonly lookAgainAt: readonly Neighbour[]
  /** Done at once beside looking again. */
  readonly alsoAtOnce?: 'restart-receivers' | 'restart-unheard-receivers' | 'remember-coordinates'
  /** Not worth acting upon while every replica is in a downtime (contract failure-detection.md section 6, rule 4). */
  readonly excusedByReplicasDowntime?: true
  /** Not actionable for some seconds after we ourselves restarted the replicas' receivers. */
  readonly waitsForGrace?: true
}

const semiSyncIsShort = (f: AnalysisFacts): boolean =>
  f.isPrimary && f.semiSyncSourceEnabled && f.semiSyncSourceActive && f.semiSyncWaitForReplicaCount > 0 && f.semiSyncClients < f.semiSyncWaitForReplicaCount

const allLag = (f: AnalysisFacts): boolean =>
  !f.lastCheckValid && f.laggingReplicas === f.replicas && f.delayedReplicas < f.replicas && f.validReplicatingReplicas > 0

const noneReplicates = (f: AnalysisFacts): boolean => f.validReplicatingReplicas === 0
const allAnswer = (f: AnalysisFacts): boolean => f.validReplicas === f.replicas
const someAnswer = (f: AnalysisFacts): boolean => f.validReplicas > 0 && f.validReplicas < f.replicas
const someReplicate = (f: AnalysisFacts): boolean => f.validReplicas > 0 && f.validReplicatingReplicas > 0

/** It answers, and there is somebody who could take its place. */
const isUseless = (f: AnalysisFacts): boolean => f.isPrimary && !f.isCoPrimary && f.lastCheckValid && f.validReplicas > 0

/** It acknowledges nothing, because nobody who could acknowledge can connect to it; who stopped on purpose says nothing. */
const isCutOffSemiSync = (f: AnalysisFacts, policy: AnalysisPolicy): boolean =>
  policy.cutOffSemiSyncSeconds > 0 && isUseless(f) && f.semiSyncSourceEnabled && f.semiSyncSourceActive && f.semiSyncWaitForReplicaCount > 0 &&
  f.replicasCutOff === f.validReplicas && f.waitsForAcknowledgement && f.writesStalledSeconds >= policy.cutOffSemiSyncSeconds

/** The first row that holds is the finding; the order is part of the meaning (contract failure-detection.md section 3). Not for group members. */
export const failures: readonly Failure[] = [
  {
    code: 'DeadMasterWithoutReplicas',
    says: 'Master cannot be reached by orchestrator and has no replica',
    holds: f => f.isPrimary && !f.lastCheckValid && f.replicas === 0,
    remedy: 'none',
    lookAgainAt: [],
  },
  {
    code: 'DeadMaster',
    says: 'Master cannot be reached by orchestrator and none of its replicas is replicating',
    holds: f => f.isPrimary && !f.lastCheckValid && allAnswer(f) && noneReplicates(f),
    remedy: 'promote-replica',
    lookAgainAt: ['server', 'replicas'],
    waitsForGrace: true,
  },
  {
    code: 'DeadMasterAndReplicas',
    says: 'Master cannot be reached by orchestrator and none of its replicas is replicating',
    holds: f => f.isPrimary && !f.lastCheckValid && f.replicas > 0 && f.validReplicas === 0 && noneReplicates(f),
    remedy: 'report',
    lookAgainAt: ['server', 'replicas'],
  },
  {
    code: 'DeadMasterAndSomeReplicas',
    says: 'Master cannot be reached by orchestrator; some of its replicas are unreachable and none of its reachable replicas is replicating',
    holds: f => f.isPrimary && !f.lastCheckValid && someAnswer(f) && noneReplicates(f),
    remedy: 'promote-replica',
    lookAgainAt: ['server', 'replicas'],
    waitsForGrace: true,
  },
  {
    code: 'UnreachableMasterWithLaggingReplicas',
    says: 'Master cannot be reached by orchestrator and all of its replicas are lagging',
    holds: f => f.isPrimary && allLag(f),
    remedy: 'report',
    lookAgainAt: ['server', 'replicas'],
    alsoAtOnce: 'restart-receivers',
  },
  {
    code: 'UnreachableMaster',
    says: 'Master cannot be reached by orchestrator but it has replicating replicas; possibly a network/host issue',
    holds: f => f.isPrimary && !f.lastCheckValid && !f.lastCheckPartialSuccess && someReplicate(f),
    remedy: 'report',
    lookAgainAt: ['server', 'replicas'],
    alsoAtOnce: 'restart-unheard-receivers',
  },
  {
    code: 'UnreachableMaster',
    says: 'Master cannot be reached by orchestrator but it has replicating replicas; possibly a network/host issue',
    holds: f => f.isPrimary && !f.lastCheckValid && f.lastCheckPartialSuccess && f.replicasFailingToConnect > 0 && someReplicate(f),
    remedy: 'report',
    lookAgainAt: ['server', 'replicas'],
    alsoAtOnce: 'restart-unheard-receivers',
  },
  {
    code: 'CutOffSemiSyncMaster',
    says: 'Semi sync master answers, but none of its replicas can connect to it and its writes wait for their acknowledgements',
    holds: isCutOffSemiSync,
    remedy: 'promote-replica',
    lookAgainAt: ['server', 'replicas'],
  },
  {
    code: 'LockedSemiSyncMaster',
    says: "Semi sync master is locked since it doesn't get enough replica acknowledgements",
    holds: f => semiSyncIsShort(f) && f.isStaleBinlogCoordinates,
    remedy: 'repair-semi-sync',
    lookAgainAt: ['server', 'replicas'],
    waitsForGrace: true,
  },
  {
    code: 'DiskFullMaster',
    says: 'Master answers, but its writes wait for space on the disk',
    holds: (f, policy) => policy.replaces.fullDisk && isUseless(f) && f.waitsForDisk,
    remedy: 'promote-replica',
    lookAgainAt: ['server', 'replicas'],
  },
  {
    code: 'WritesStalledMaster',
    says: 'Master answers, but no write has got through for long',
    holds: (f, policy) => policy.replaces.stalledWrites && isUseless(f) && areWritesStalled(f, policy),
    remedy: 'promote-replica',
    lookAgainAt: ['server', 'replicas'],
  },
  {
    code: 'LockedSemiSyncMasterHypothesis',
    says: 'Semi sync master seems to be locked, more samplings needed to validate',
    holds: f => semiSyncIsShort(f) && !f.isStaleBinlogCoordinates,
    remedy: 'none',
    lookAgainAt: ['server'],
    alsoAtOnce: 'remember-coordinates',
  },
  {
    code: 'MasterWithTooManySemiSyncReplicas',
    says: 'Semi sync master has more semi sync replicas than configured',
    holds: (f, policy) =>
      policy.enforceExactSemiSyncReplicas && f.isPrimary && f.semiSyncSourceEnabled && f.semiSyncSourceActive &&
      f.semiSyncWaitForReplicaCount > 0 && f.semiSyncClients > f.semiSyncWaitForReplicaCount,
    remedy: 'repair-semi-sync',
    lookAgainAt: [],
  },
  {
    code: 'NoWriteableMasterStructureWarning',
    says: 'Master with replicas is read_only',
    holds: (f, policy) => policy.recoverReadOnlyPrimary && f.isPrimary && f.lastCheckValid && f.isReadOnly && f.validReplicatingReplicas > 0,
    remedy: 'make-writable',
    lookAgainAt: [],
  },
  {
    code: 'MasterSingleReplicaNotReplicating',
    says: 'Master is reachable but its single replica is not replicating',
    holds: f => f.isPrimary && f.lastCheckValid && f.replicas === 1 && f.validReplicas === 1 && noneReplicates(f),
    remedy: 'none',
    lookAgainAt: ['server'],
  },
  {
    code: 'MasterSingleReplicaDead',
    says: 'Master is reachable but its single replica is dead',
    holds: f => f.isPrimary && f.lastCheckValid && f.replicas === 1 && f.validReplicas === 0,
    remedy: 'none',
    lookAgainAt: [],
    excusedByReplicasDowntime: true,
  },
  {
    code: 'AllMasterReplicasNotReplicating',
    says: 'Master is reachable but none of its replicas is replicating',
    holds: f => f.isPrimary && f.lastCheckValid && f.replicas > 1 && allAnswer(f) && noneReplicates(f),
    remedy: 'report',
    lookAgainAt: ['server'],
    excusedByReplicasDowntime: true,
  },
  {
    code: 'AllMasterReplicasNotReplicatingOrDead',
    says: 'Master is reachable but none of its replicas is replicating',
    holds: f => f.isPrimary && f.lastCheckValid && f.replicas > 1 && someAnswer(f) && noneReplicates(f),
    remedy: 'report',
    lookAgainAt: ['server'],
    excusedByReplicasDowntime: true,
  },
  {
    code: 'DeadCoMaster',
    says: 'Co-master cannot be reached by orchestrator and none of its replicas is replicating',
    holds: f => f.isCoPrimary && !f.lastCheckValid && f.replicas > 0 && allAnswer(f) && noneReplicates(f),
    remedy: 'promote-co-primary',
    lookAgainAt: ['server', 'replicas'],
  },
  {
    code: 'DeadCoMasterAndSomeReplicas',
    says: 'Co-master cannot be reached by orchestrator; some of its replicas are unreachable and none of its reachable replicas is replicating',
    holds: f => f.isCoPrimary && !f.lastCheckValid && someAnswer(f) && noneReplicates(f),
    remedy: 'promote-co-primary',
    lookAgainAt: ['server', 'replicas'],
  },
  {
    code: 'UnreachableCoMaster',
    says: 'Co-master cannot be reached by orchestrator but it has replicating replicas; possibly a network/host issue',
    holds: f => f.isCoPrimary && !f.lastCheckValid && !f.lastCheckPartialSuccess && someReplicate(f),
    remedy: 'none',
    lookAgainAt: ['server', 'replicas'],
    alsoAtOnce: 'restart-unheard-receivers',
  },
  {
    code: 'AllCoMasterReplicasNotReplicating',
    says: 'Co-master is reachable but none of its replicas is replicating',
    holds: f => f.isCoPrimary && f.lastCheckValid && f.replicas > 0 && noneReplicates(f),
    remedy: 'none',
    lookAgainAt: ['server'],
    excusedByReplicasDowntime: true,
  },
  {
    code: 'DeadIntermediateMasterWithSingleReplicaFailingToConnect',
    says: 'Intermediate master cannot be reached by orchestrator and its (single) replica is failing to connect',
    holds: f =>
      !f.isPrimary && !f.lastCheckValid && f.replicas === 1 && f.validReplicas === 1 && f.replicasFailingToConnect === 1 && noneReplicates(f),
    remedy: 'replace-intermediate',
    lookAgainAt: ['server', 'replicas', 'source'],
    excusedByReplicasDowntime: true,
  },
  {
    code: 'DeadIntermediateMasterWithSingleReplica',
    says: 'Intermediate master cannot be reached by orchestrator and its (single) replica is not replicating',
    holds: f => !f.isPrimary && !f.lastCheckValid && f.replicas === 1 && f.validReplicas === 1 && noneReplicates(f),
    remedy: 'none',
    lookAgainAt: ['server', 'replicas'],
    excusedByReplicasDowntime: true,
  },
  {
    code: 'DeadIntermediateMaster',
    says: 'Intermediate master cannot be reached by orchestrator and none of its replicas is replicating',
    holds: f => !f.isPrimary && !f.lastCheckValid && f.replicas > 1 && allAnswer(f) && noneReplicates(f),
    remedy: 'replace-intermediate',
    lookAgainAt: ['server', 'replicas', 'source'],
  },
  {
    code: 'DeadIntermediateMasterAndSomeReplicas',
    says: 'Intermediate master cannot be reached by orchestrator; some of its replicas are unreachable and none of its reachable replicas is replicating',
    holds: f => !f.isPrimary && !f.lastCheckValid && someAnswer(f) && noneReplicates(f),
    remedy: 'replace-intermediate',
    lookAgainAt: ['server', 'replicas', 'source'],
    excusedByReplicasDowntime: true,
  },
  {
    code: 'DeadIntermediateMasterAndReplicas',
    says: 'Intermediate master cannot be reached by orchestrator and all of its replicas are unreachable',
    holds: f => !f.isPrimary && !f.lastCheckValid && f.replicas > 0 && f.validReplicas === 0,
    remedy: 'report',
    lookAgainAt: ['server', 'replicas', 'source'],
    excusedByReplicasDowntime: true,
  },
  {
    code: 'UnreachableIntermediateMasterWithLaggingReplicas',
    says: 'Intermediate master cannot be reached by orchestrator and all of its replicas are lagging',
    holds: f => !f.isPrimary && allLag(f),
    remedy: 'report',
    lookAgainAt: ['server', 'replicas'],
    alsoAtOnce: 'restart-receivers',
  },
  {
    code: 'UnreachableIntermediateMaster',
    says: 'Intermediate master cannot be reached by orchestrator but it has replicating replicas; possibly a network/host issue',
    holds: f => !f.isPrimary && !f.lastCheckValid && !f.lastCheckPartialSuccess && someReplicate(f),
    remedy: 'none',
    lookAgainAt: ['server', 'replicas'],
    alsoAtOnce: 'restart-unheard-receivers',
  },
  {
    code: 'AllIntermediateMasterReplicasFailingToConnectOrDead',
    says: 'Intermediate master is reachable but all of its replicas are failing to connect',
    holds: f =>
      !f.isPrimary && f.lastCheckValid && f.replicas > 1 && noneReplicates(f) && f.replicasFailingToConnect > 0 && f.replicasFailingToConnect === f.validReplicas,
    remedy: 'replace-intermediate',
    lookAgainAt: ['server', 'replicas'],
    excusedByReplicasDowntime: true,
  },
  {
    code: 'AllIntermediateMasterReplicasNotReplicating',
    says: 'Intermediate master is reachable but none of its reachable replicas is replicating',
    holds: f => !f.isPrimary && f.lastCheckValid && f.replicas > 0 && f.validReplicas > 0 && noneReplicates(f),
    remedy: 'none',
    lookAgainAt: ['server'],
    excusedByReplicasDowntime: true,
  },
  {
    code: 'BinlogServerFailingToConnectToMaster',
    says: 'Binlog server is unable to connect to its master',
    holds: f => f.isBinlogServer && f.isFailingToConnectToSource,
    remedy: 'none',
    lookAgainAt: ['source'],
  },
  {
    code: 'FirstTierReplicaFailingToConnectToMaster',
    says: '1st tier replica (directly replicating from topology master) is unable to connect to the master',
    holds: f => f.replicationDepth === 1 && f.isFailingToConnectToSource,
    remedy: 'none',
    lookAgainAt: ['source'],
  },
]

/** The only thing said of a member of a replication group (contract failure-detection.md section 4). */
export const groupFailures: readonly Failure[] = [
  {
    code: 'DeadReplicationGroupMemberWithReplicas',
    says: 'Group member is unreachable and all its reachable replicas are not replicating',
    holds: f => !f.lastCheckValid && f.replicas > 0 && noneReplicates(f),
    remedy: 'relocate-group-replicas',
    lookAgainAt: ['server', 'replicas'],
  },
]

export const noProblem: Failure = { code: 'NoProblem', says: '', holds: () => true, remedy: 'none', lookAgainAt: [] }

/** The failure that the facts are, or `noProblem`. */
export function failureOf(facts: AnalysisFacts, policy: AnalysisPolicy): Failure {
  return (facts.isGroupMember ? groupFailures : failures).find(failure => failure.holds(facts, policy)) ?? noProblem
}

const byCode = new Map([...failures, ...groupFailures, noProblem].map(failure => [failure.code, failure]))

/** The entry of a public code; `noProblem` for a word that is not in the tables. */
export const failureWithCode = (code: string): Failure => byCode.get(code) ?? noProblem
