import type { RecoveryStepView, RecoverySummary, RecoveryView } from '../../../contract/views.ts'
import type { Recovery, RecoveryStep } from '../../../model/recovery/records.ts'

/** `newest` is the last step known of a recovery that runs. */
export function recoverySummary(recovery: Recovery, newest: Pick<RecoveryStep, 'message'> | null): RecoverySummary {
  return {
    uid: recovery.uid, id: recovery.id, code: recovery.code, command: recovery.command, clusterName: recovery.clusterName, clusterAlias: recovery.clusterAlias,
    failed: recovery.key, successor: recovery.successor, startedAt: recovery.startedAt, endedAt: recovery.endedAt, isActive: recovery.isActive,
    isSuccessful: recovery.isSuccessful, startedBy: recovery.startedBy, acknowledged: recovery.acknowledged,
    doing: recovery.endedAt === null ? (newest?.message ?? '') : '',
    ...(recovery.lostReplicas.length === 0 ? {} : { lost: recovery.lostReplicas.length }),
  }
}

export const recoveryStepView = ({ id, at, stage, server, message, outcome, durationMilliseconds }: RecoveryStep): RecoveryStepView =>
  ({ id, at, stage, server, message, outcome, durationMilliseconds })

export function recoveryView(recovery: Recovery, steps: readonly RecoveryStep[]): RecoveryView {
  return {
    ...recoverySummary(recovery, steps.at(-1) ?? null),
    lostReplicas: recovery.lostReplicas, participants: recovery.participants, errors: recovery.errors, steps: steps.map(recoveryStepView),
  }
}
