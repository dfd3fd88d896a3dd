import { isLastCheckValid, isReplica, isReplicating, type Instance } from '../topology/instance.ts'
import type { Topology } from '../topology/topology.ts'
import { actRemark } from './act-remarks.ts'
import { acknowledges, type DurabilityPolicy } from './durability.ts'
import { planOf, type Row } from './failover-plan.ts'
import { failoverReason } from './failover-reasons.ts'
import type { Plan, Refusal } from './plan.ts'
import { type DrainPolicy, quieten } from './quiesce.ts'
import { type SemiSyncMode, type SemiSyncSwitch, semiSyncSwitches } from './semi-sync-roles.ts'

/**
 * Gives a semi-sync source the replicas that it waits for: replicas with a priority are no sources themselves, then those that are needed are
 * switched on, then those that are too many off (contract recovery.md section 10). A receiver is restarted so that its side holds; what it has received stays.
 */
export function planRepairSemiSync(topology: Topology, source: Instance, mode: SemiSyncMode, policy: DrainPolicy): Plan | Refusal {
  const replicas = topology.replicasOf(source.key)
  const switches = semiSyncSwitches(source, replicas, mode)
  const restarted = switches.map(wanted => ({ ...wanted, rows: switchRows(topology, wanted, wanted.enabled ? 2 : 3, policy) }))
  const able = restarted.flatMap(({ rows }) => ('refused' in rows ? [] : rows))
  if (able.length === 0) return { refused: failoverReason('semi-sync-no-actions', { server: source.key }) }
  const sources = replicas.filter(replica => replica.semiSync?.sourceEnabled === true && replica.semiSync.priority > 0 && isLastCheckValid(replica))
  const rows: Row[] = sources.map(({ key }) => ({
    wave: 1, step: { do: 'set-semi-sync', on: key, side: 'source', enabled: false }, onFailure: 'note', ifStoppedHere: actRemark('semi-sync-set', { server: key }),
  }))
  return planOf(topology, {
    kind: 'repair-semi-sync', says: failoverReason('plan-repair-semi-sync', { server: source.key }), rows: [...rows, ...able], concerns: [source.key], method: 'none',
    warnings: restarted.flatMap(({ rows: refused }) => ('refused' in refused ? [refused.refused] : [])),
  })
}

/**
 * Under a durability policy everybody has the role that the policy gives it. Replicas come first: a source that waits for acknowledgements is made of the
 * primary only when as many replicas as it waits for are counted, or every write would be blocked. Null: everything is so already, or nothing can be done now.
 */
export function planKeepRoles(topology: Topology, primary: Instance, durability: DurabilityPolicy, policy: DrainPolicy): Plan | null {
  const { semiSync } = primary
  if (semiSync === null || !semiSync.sourcePluginLoaded || durability === 'none') return null
  const rows = topology.replicasOf(primary.key).flatMap((replica): readonly Row[] => {
    const enabled = acknowledges(primary, replica, durability)
    if (enabled === null || enabled === replica.semiSync?.replicaEnabled || !isLastCheckValid(replica) || !isReplicating(replica) || replica.channels.length > 1) return []
    const switched = switchRows(topology, { replica, enabled }, 1, policy)
    return 'refused' in switched ? [] : switched
  })
  // A replica that waits for acknowledgements as a primary does executes nothing while nobody acknowledges to it: a former primary that somebody made follow by hand.
  const waiting = (topology.clusters.get(primary.clusterName) ?? []).filter(member => member.key !== primary.key && isReplica(member) && member.readOnly && member.semiSync?.sourceEnabled === true && isLastCheckValid(member))
  rows.push(...waiting.map(({ key: on }): Row => ({
    wave: 1, part: on, step: { do: 'set-semi-sync', on, side: 'source', enabled: false }, onFailure: 'note', ifStoppedHere: actRemark('semi-sync-set', { server: on }),
  })))
  // A primary that does not wait yet does not say how many it counts; its replicas say that they acknowledge.
  const ready = topology.replicasOf(primary.key).filter(replica =>
    acknowledges(primary, replica, durability) === true && replica.semiSync?.replicaActive === true && isReplicating(replica) && isLastCheckValid(replica)).length
  const isTurned = !semiSync.sourceEnabled && ready >= Math.max(1, semiSync.waitForReplicaCount)
  const source: readonly Row[] = isTurned
    ? [{ wave: 2, step: { do: 'set-semi-sync', on: primary.key, side: 'source', enabled: true }, onFailure: 'note', ifStoppedHere: actRemark('semi-sync-set', { server: primary.key }) }] : []
  if (rows.length + source.length === 0) return null
  const says = failoverReason('plan-keep-roles', { server: primary.key, policy: durability })
  return planOf(topology, { kind: 'keep-roles', says, rows: [...rows, ...source], concerns: [primary.key], method: 'none' })
}

/** One replica's side, and its receiver anew. Each is a part of its own: who fails is put back and holds up nobody. */
function switchRows(topology: Topology, { replica, enabled }: SemiSyncSwitch, wave: number, policy: DrainPolicy): readonly Row[] | Refusal {
  const { key: on, replication: link } = replica
  const later = actRemark('semi-sync-later', { server: on })
  const part = { wave, part: on, onFailure: 'note' } as const
  const set: Row = {
    ...part, step: { do: 'set-semi-sync', on, side: 'replica', enabled }, ifStoppedHere: later, undo: [{ do: 'set-semi-sync', on, side: 'replica', enabled: !enabled }],
  }
  if (link === null || link.receiver === 'stopped') return [set]
  const done = actRemark('semi-sync-set', { server: on })
  if (replica.version.flavour !== 'MariaDB') {
    return [
      set,
      { ...part, step: { do: 'stop-receiver', on }, undo: [{ do: 'start-receiver', on }], ifStoppedHere: actRemark('still-replica', { server: on, source: link.source }) },
      { ...part, step: { do: 'start-receiver', on }, ifStoppedHere: done },
    ]
  }
  // MariaDB throws its relay log away when its receiver starts anew by GTID, so it applies everything first.
  const quiet = quieten(topology, { replica, link }, policy)
  if ('refused' in quiet) return quiet
  return [set, ...quiet.rows.map(row => ({ ...row, ...part })), { ...part, step: { do: 'start-replication', on }, requires: quiet.requires, ifStoppedHere: done }]
}

/**
 * A commit that was blocked before a replica acknowledged stays blocked: who connects anew acknowledges only what it is sent from then on (measured on
 * MySQL 9.7). One more transaction, without content, is acknowledged, and with it all before it. Only for a source that has enough replicas by now.
 */
export function planReleaseCommits(topology: Topology, source: Instance): Plan {
  const on = source.key
  return planOf(topology, {
    kind: 'release-commits', says: failoverReason('plan-release-commits', { server: on }), method: 'none',
    rows: [{ wave: 1, step: { do: 'commit-nothing', on }, requires: [{ holds: 'is-primary', server: on }], ifStoppedHere: failoverReason('commits-released', { server: on }) }],
  })
}

/** MariaDB has no such statement that is logged and does nothing. */
export const canReleaseCommits = (source: Instance): boolean => source.version.flavour !== 'MariaDB'
