import type { AnalysisFacts, Remedy } from '../analysis/finding.ts'
import type { Recovery } from './records.ts'

export interface RemedyFacts {
  /** Its public name in messages of the original. */
  readonly plan: string
  readonly kind: Recovery['kind']
  /** Which list of cluster filters must cover the cluster; null: none gates it. */
  readonly filter: 'primary' | 'intermediate' | null
  /** A person's command overrides blocks; these two are never overridden (contract recovery.md section 1). */
  readonly obeysForce: boolean
  /** What a failing PreFailover hook makes of the recovery (contract hooks.md section 1); null: the list does not run. */
  readonly whenHookBeforeFails: 'not-attempted' | 'unsuccessful' | null
}

export const remedies: Readonly<Record<Remedy, RemedyFacts>> = {
  'promote-replica': {
    plan: 'RecoverDeadMaster', kind: 'MasterRecovery', filter: 'primary', obeysForce: true, whenHookBeforeFails: 'not-attempted',
  },
  'promote-co-primary': {
    plan: 'RecoverDeadCoMaster', kind: 'CoMasterRecovery', filter: 'primary', obeysForce: true, whenHookBeforeFails: 'unsuccessful',
  },
  'replace-intermediate': {
    plan: 'RecoverDeadIntermediateMaster', kind: 'IntermediateMasterRecovery', filter: 'intermediate', obeysForce: true,
    whenHookBeforeFails: 'unsuccessful',
  },
  'relocate-group-replicas': {
    plan: 'RecoverDeadReplicationGroupMemberWithReplicas', kind: 'ReplicationGroupMemberRecovery', filter: 'intermediate', obeysForce: true,
    whenHookBeforeFails: 'unsuccessful',
  },
  'repair-semi-sync': {
    plan: 'RecoverLockedSemiSyncMaster', kind: 'MasterRecovery', filter: null, obeysForce: false, whenHookBeforeFails: null,
  },
  'make-writable': {
    plan: 'RecoverNonWriteableMaster', kind: 'MasterRecovery', filter: null, obeysForce: false, whenHookBeforeFails: 'not-attempted',
  },
}

export const filterSettings: Readonly<Record<'primary' | 'intermediate', string>> = {
  primary: 'RecoverMasterClusterFilters',
  intermediate: 'RecoverIntermediateMasterClusterFilters',
}

/** By which means replicas of a dead primary are regrouped (contract recovery.md 3, step 3). */
export function recoveryMethodOf(remedy: Remedy, facts: AnalysisFacts): Recovery['method'] {
  if (remedy !== 'promote-replica' && remedy !== 'promote-co-primary') return 'NotMasterRecovery'
  if (facts.oracleGtidImmediateTopology || facts.mariadbGtidImmediateTopology) return 'MasterRecoveryGTID'
  return facts.binlogServerImmediateTopology ? 'MasterRecoveryBinlogServer' : 'MasterRecoveryPseudoGTID'
}
