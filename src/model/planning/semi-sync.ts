import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { type ActRow, actPlan, serverOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planned } from './plan.ts'
import { refuse } from './refusals.ts'

export type SemiSyncSide = 'source' | 'replica'

/** Names that the original's users know; a server without the plugin answers that it does not know them. */
const oldVariables: Readonly<Record<SemiSyncSide, string>> = { source: 'rpl_semi_sync_master_enabled', replica: 'rpl_semi_sync_slave_enabled' }

/** Switches one side of semi-sync. The replica side holds once the receiver connects anew, so a running receiver is restarted; nothing received is lost by that. */
export function planSemiSync(topology: Topology, key: InstanceKey, side: SemiSyncSide, enabled: boolean): Planned {
  const server = serverOf(topology, key)
  if ('refused' in server) return server
  const { semiSync, replication: link } = server
  if (semiSync === null || !(side === 'source' ? semiSync.sourcePluginLoaded : semiSync.replicaPluginLoaded)) {
    return refuse('semi-sync-plugin-missing', { server: key, side, variable: oldVariables[side] })
  }
  const kind = `${enabled ? 'enable' : 'disable'}-semi-sync-${side}` as const
  const says = actRemark(kind, { server: key })
  const set: ActRow = {
    step: { do: 'set-semi-sync', on: key, side, enabled },
    ifStoppedHere: actRemark(side === 'replica' ? 'semi-sync-later' : 'semi-sync-set', { server: key }),
  }
  if (side === 'source') return actPlan(topology, { kind, says, rows: [set] })
  if (semiSync.replicaEnabled === enabled) return actPlan(topology, { kind, says, rows: [], concerns: [key] })
  if (link === null || link.receiver === 'stopped') return actPlan(topology, { kind, says, rows: [set] })
  if (server.version.flavour === 'MariaDB') return actPlan(topology, { kind, says, rows: [set], warnings: [actRemark('receiver-not-restarted', {})] })
  return actPlan(topology, {
    kind, says,
    rows: [
      set,
      { step: { do: 'stop-receiver', on: key }, undo: [{ do: 'start-receiver', on: key }], ifStoppedHere: actRemark('still-replica', { server: key, source: link.source }) },
      { step: { do: 'start-receiver', on: key }, ifStoppedHere: actRemark('semi-sync-set', { server: key }) },
    ],
  })
}
