import type { Store } from '../../../ports/store.ts'
import { timeText } from '../time.ts'
import { endActivePeriod } from './active-period.ts'
import { blockedRecoveries } from './blocked-recoveries.ts'
import { type Context, insertNumbered, rowsPerPage } from './context.ts'
import { keyColumns } from './key-text.ts'
import { outcomeColumns, recoveryDetail, recoveryFromRow, recoveryRow } from './recovery-row.ts'
import { recoverySteps } from './recovery-steps.ts'

export function recoveries(context: Context): Store['recoveries'] {
  const { database, engine } = context
  const all = () =>
    database
      .selectFrom('topology_recovery').selectAll('topology_recovery')
      .leftJoin('recovery_detail', 'recovery_detail.uid', 'topology_recovery.uid').select('recovery_detail.detail')
      .orderBy('recovery_id', 'desc')
  const writeDetail = (uid: string, detail: string): Promise<void> => engine.upsert(database, 'recovery_detail', ['uid'], [{ uid, detail }])

  return {
    ...recoverySteps(context),
    ...blockedRecoveries(context),

    async register(recovery) {
      const id = await insertNumbered(context, 'topology_recovery', recoveryRow(recovery))
      if (id === null) return null
      await writeDetail(recovery.uid, recoveryDetail(recovery))
      return { ...recovery, id }
    },

    /** What people did meanwhile stays: an acknowledgement is only added, and an active period only ended. */
    async update(recovery) {
      const { acknowledged } = recovery
      await database.updateTable('topology_recovery').set(engine.fit('topology_recovery', outcomeColumns(recovery))).where('uid', '=', recovery.uid).execute()
      if (acknowledged !== null) {
        await database
          .updateTable('topology_recovery')
          .set({ acknowledged: 1, acknowledged_at: timeText(acknowledged.at), acknowledged_by: acknowledged.by, acknowledge_comment: acknowledged.comment })
          .where('uid', '=', recovery.uid).where('acknowledged', '=', 0).execute()
      }
      if (!recovery.isActive) await endActivePeriod(database, 'topology_recovery', recovery.id, acknowledged?.at ?? recovery.endedAt ?? recovery.startedAt)
      await writeDetail(recovery.uid, recoveryDetail(recovery))
    },

    async list({ id, uid, clusterName, clusterAlias, unacknowledgedOnly, activeOnly, endedSince, successor, page }) {
      let query = all().limit(rowsPerPage).offset(page * rowsPerPage)
      if (id !== undefined) query = query.where('recovery_id', '=', id)
      if (uid !== undefined) query = query.where('topology_recovery.uid', '=', uid)
      if (clusterName !== undefined) query = query.where('cluster_name', '=', clusterName)
      if (clusterAlias !== undefined) query = query.where('cluster_alias', '=', clusterAlias)
      if (unacknowledgedOnly === true) query = query.where('acknowledged', '=', 0)
      if (activeOnly === true) query = query.where('in_active_period', '=', 1)
      if (endedSince !== undefined) query = query.where('end_recovery', '>=', timeText(endedSince))
      if (successor !== undefined) {
        const { hostname, port } = keyColumns(successor)
        query = query.where('successor_hostname', '=', hostname).where('successor_port', '=', port)
      }
      return (await query.execute()).map(row => recoveryFromRow(row, row.detail))
    },

    async open() {
      const rows = await all().where(where => where.or([where('in_active_period', '=', 1), where('end_recovery', 'is', null)])).execute()
      return rows.map(row => recoveryFromRow(row, row.detail))
    },

    /** By cluster: its name, or its alias where it has one. */
    async acknowledge({ id, uid, key, clusterName, clusterAlias, activeOnly }, { at, by, comment }) {
      let query = database.selectFrom('topology_recovery').select('recovery_id').where('acknowledged', '=', 0)
      if (id !== undefined) query = query.where('recovery_id', '=', id)
      if (uid !== undefined) query = query.where('uid', '=', uid)
      if (activeOnly === true) query = query.where('in_active_period', '=', 1)
      if (key !== undefined) {
        const { hostname, port } = keyColumns(key)
        query = query.where('hostname', '=', hostname).where('port', '=', port)
      }
      if (clusterName !== undefined || (clusterAlias !== undefined && clusterAlias !== '')) {
        query = query.where(where =>
          where.or([
            ...(clusterName === undefined ? [] : [where('cluster_name', '=', clusterName)]),
            ...(clusterAlias === undefined || clusterAlias === '' ? [] : [where('cluster_alias', '=', clusterAlias)]),
          ]),
        )
      }
      const ids = (await query.execute()).map(row => row.recovery_id)
      const set = engine.fit('topology_recovery', { acknowledged: 1, acknowledged_at: timeText(at), acknowledged_by: by, acknowledge_comment: comment })
      for (const recoveryId of ids) {
        await database.updateTable('topology_recovery').set(set).where('recovery_id', '=', recoveryId).execute()
        await endActivePeriod(database, 'topology_recovery', recoveryId, at)
      }
      return ids.length
    },

    async endActivePeriod(startedBefore, at) {
      const rows = await database
        .selectFrom('topology_recovery').select('recovery_id')
        .where('in_active_period', '=', 1).where('start_active_period', '<', timeText(startedBefore)).execute()
      let ended = 0
      for (const { recovery_id: id } of rows) if (await endActivePeriod(database, 'topology_recovery', id, at)) ended++
      return ended
    },
  }
}
