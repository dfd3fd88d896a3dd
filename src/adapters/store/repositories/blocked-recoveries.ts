import { instanceKey } from '../../../model/topology/instance-key.ts'
import type { Store } from '../../../ports/store.ts'
import { timeFrom, timeText } from '../time.ts'
import type { Context } from './context.ts'
import { keyColumns } from './key-text.ts'

/** For display only: decisions are made from the recoveries themselves. */
export function blockedRecoveries({ database, engine }: Context): Pick<Store['recoveries'], 'block' | 'blocked' | 'unblock'> {
  return {
    async block({ key, clusterName, code, lastBlockedAt, blockingRecoveryId }) {
      const row = {
        ...keyColumns(key), cluster_name: clusterName, analysis: code, last_blocked_timestamp: timeText(lastBlockedAt),
        blocking_recovery_id: blockingRecoveryId,
      }
      await engine.upsert(database, 'blocked_topology_recovery', ['hostname', 'port'], [row])
    },
    async blocked({ clusterName }) {
      let query = database.selectFrom('blocked_topology_recovery').selectAll().orderBy('last_blocked_timestamp', 'desc').orderBy('hostname').orderBy('port')
      if (clusterName !== undefined) query = query.where('cluster_name', '=', clusterName)
      return (await query.execute()).map(row => ({
        key: instanceKey(row.hostname, row.port), clusterName: row.cluster_name, code: row.analysis,
        lastBlockedAt: timeFrom(row.last_blocked_timestamp) ?? 0, blockingRecoveryId: Number(row.blocking_recovery_id ?? 0),
      }))
    },
    async unblock({ blockingRecoveryId, lastBlockedBefore }) {
      let query = database.deleteFrom('blocked_topology_recovery')
      if (blockingRecoveryId !== undefined) query = query.where('blocking_recovery_id', '=', blockingRecoveryId)
      if (lastBlockedBefore !== undefined) query = query.where('last_blocked_timestamp', '<', timeText(lastBlockedBefore))
      await query.execute()
    },
  }
}
