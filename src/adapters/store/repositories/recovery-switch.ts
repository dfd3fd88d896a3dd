import type { Store } from '../../../ports/store.ts'
import type { Context } from './context.ts'

/** The original keeps only that recoveries are off; who turned them off and when is ours, and unknown when a script did. */
export function recoverySwitch({ database, engine }: Context): Store['recoverySwitch'] {
  return {
    async load() {
      const off = await database.selectFrom('global_recovery_disable').select('disable_recovery').where('disable_recovery', '=', 1).executeTakeFirst()
      if (off === undefined) return null
      const detail = await database.selectFrom('recovery_switch_detail').selectAll().executeTakeFirst()
      return { since: Number(detail?.since ?? 0), by: detail?.turned_off_by ?? '' }
    },
    async set(disabled) {
      await database.deleteFrom('recovery_switch_detail').execute()
      if (disabled === null) {
        await database.deleteFrom('global_recovery_disable').execute()
        return
      }
      await engine.upsert(database, 'recovery_switch_detail', ['anchor'], [{ anchor: 1, since: disabled.since, turned_off_by: disabled.by }])
      await engine.upsert(database, 'global_recovery_disable', ['disable_recovery'], [{ disable_recovery: 1 }])
    },
  }
}
