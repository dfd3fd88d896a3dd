import type { RecoveryStep } from '../../../model/recovery/records.ts'
import type { Store } from '../../../ports/store.ts'
import { timeText } from '../time.ts'
import { type Context, insertNumbered } from './context.ts'
import { exactTime, readDetail } from './detail.ts'

type StepDetail = Pick<RecoveryStep, 'at' | 'stage' | 'server' | 'outcome' | 'durationMilliseconds'>

export function recoverySteps(context: Context): Pick<Store['recoveries'], 'appendStep' | 'steps'> {
  const { database, engine } = context
  return {
    async appendStep({ recoveryUid, at, stage, server, message, outcome, durationMilliseconds }) {
      const id = await insertNumbered(context, 'topology_recovery_steps', { recovery_uid: recoveryUid, audit_at: timeText(at), message })
      const detail: StepDetail = { at, stage, server, outcome, durationMilliseconds }
      await engine.upsert(database, 'recovery_step_detail', ['recovery_step_id'], [{ recovery_step_id: id ?? 0, detail: JSON.stringify(detail) }])
    },
    async steps(uid) {
      const rows = await database
        .selectFrom('topology_recovery_steps').selectAll('topology_recovery_steps').where('recovery_uid', '=', uid)
        .leftJoin('recovery_step_detail', 'recovery_step_detail.recovery_step_id', 'topology_recovery_steps.recovery_step_id')
        .select('recovery_step_detail.detail')
        .orderBy('topology_recovery_steps.recovery_step_id')
        .execute()
      return rows.map(row => {
        const detail = readDetail<StepDetail>(row.detail ?? undefined)
        return {
          id: row.recovery_step_id, recoveryUid: row.recovery_uid, at: exactTime(row.audit_at, detail.at) ?? 0, stage: detail.stage ?? '',
          server: detail.server ?? null, message: row.message, outcome: detail.outcome ?? 'note', durationMilliseconds: detail.durationMilliseconds ?? null,
        }
      })
    },
  }
}
