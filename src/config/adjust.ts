import type { SettingKey } from './keys.ts'
import { generalProblem, type Problem } from './problem.ts'
import type { Draft } from './settings.ts'

/**
 * Settings that follow from others, put right after each file (the original's list, in its order). `explicit`: keys that some file gave
 * so far. Answers what is worth knowing; what is wrong is refusals.ts.
 */
export function adjust(draft: Draft, explicit: ReadonlySet<SettingKey>, file: string | null): readonly Problem[] {
  const warnings: Problem[] = []
  if (draft.RecoveryPeriodBlockSeconds === 0) draft.RecoveryPeriodBlockSeconds = 60 * draft.RecoveryPeriodBlockMinutes
  else if (explicit.has('RecoveryPeriodBlockMinutes') && !explicit.has('RecoveryPeriodBlockSeconds')) {
    warnings.push(
      generalProblem(
        `RecoveryPeriodBlockMinutes has no effect, because RecoveryPeriodBlockSeconds is ${draft.RecoveryPeriodBlockSeconds} unless it is set; ` +
          'set that one instead',
        file, 'RecoveryPeriodBlockMinutes',
      ),
    )
  }
  if (draft.ReplicationLagQuery === '') draft.ReplicationLagQuery = draft.SlaveLagQuery
  draft.SlaveLagQuery = ''
  // The old name is on by default and used to force the new one on; a new name that is written down now counts.
  if (!explicit.has('DetachLostReplicasAfterMasterFailover')) draft.DetachLostReplicasAfterMasterFailover = draft.DetachLostSlavesAfterMasterFailover
  if (draft.MasterFailoverDetachSlaveMasterHost) draft.MasterFailoverDetachReplicaMasterHost = true
  if (draft.PostponeSlaveRecoveryOnLagMinutes !== 0) {
    draft.PostponeReplicaRecoveryOnLagMinutes = draft.PostponeSlaveRecoveryOnLagMinutes
    draft.PostponeSlaveRecoveryOnLagMinutes = 0 // so that a later file that gives the new name is not refused
  }
  warnings.push(...withoutDatabase(draft, explicit, file))
  const prefix = draft.URLPrefix.replace(/^\/+|\/+$/g, '')
  draft.URLPrefix = prefix === '' ? '' : `/${prefix}`
  if (draft.RaftAdvertise === '') draft.RaftAdvertise = draft.RaftBind
  draft.KVClusterMasterPrefix = draft.KVClusterMasterPrefix === '' ? '/' : `${draft.KVClusterMasterPrefix.replace(/\/+$/, '')}/`
  if (draft.AutoPseudoGTID) {
    draft.PseudoGTIDPattern = 'drop view if exists `_pseudo_gtid_`'
    draft.PseudoGTIDPatternIsFixedSubstring = true
    draft.PseudoGTIDMonotonicHint = 'asc:'
    draft.DetectPseudoGTIDQuery = 'select 1'
  }
  draft.ConsulMaxKVsPerTransaction = Math.min(64, Math.max(5, draft.ConsulMaxKVsPerTransaction))
  if (draft.ReasonableLockedSemiSyncMasterSeconds === 0) draft.ReasonableLockedSemiSyncMasterSeconds = draft.ReasonableReplicationLagSeconds
  return warnings
}

const inMemory = ':memory:'

/** An old key that the original came to ignore: a file that names a backend means that backend. */
function withoutDatabase(draft: Draft, explicit: ReadonlySet<SettingKey>, file: string | null): readonly Problem[] {
  if (!draft.DatabaselessMode__experimental) return []
  const key = 'DatabaselessMode__experimental'
  if (explicit.has('SQLite3DataFile') || draft.MySQLOrchestratorHost !== '') {
    if (!explicit.has('SQLite3DataFile') && draft.SQLite3DataFile === inMemory) [draft.SQLite3DataFile, draft.BackendDB] = ['', explicit.has('BackendDB') ? draft.BackendDB : 'mysql']
    return [generalProblem(`${key} has no effect, because a backend is named`, file, key)]
  }
  draft.BackendDB = 'sqlite'
  draft.SQLite3DataFile = inMemory
  return [generalProblem(`${key}: everything is remembered in memory alone, and gone when the program ends`, file, key)]
}
