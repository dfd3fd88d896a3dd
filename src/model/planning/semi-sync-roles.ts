import { type Instance, isLastCheckValid, isReplicating } from '../topology/instance.ts'
import { compareKeys } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { promotionRules } from './promote-choice.ts'

/** EnforceExactSemiSyncReplicas and RecoverLockedSemiSyncMaster. */
export interface SemiSyncPolicy {
  readonly enforcesExact: boolean
  readonly recoversLocked: boolean
}

export const defaultSemiSyncPolicy: SemiSyncPolicy = { enforcesExact: false, recoversLocked: false }

/** `exact`: so many replicas acknowledge as the source waits for, the rest does not. `enough`: at least so many; nobody is switched off. */
export type SemiSyncMode = 'exact' | 'enough'

/** Null: neither setting is on, so roles are not kept by counting. */
export const semiSyncModeOf = ({ enforcesExact, recoversLocked }: SemiSyncPolicy): SemiSyncMode | null =>
  (enforcesExact ? 'exact' : recoversLocked ? 'enough' : null)

/** One replica whose side of semi-sync is to be switched. */
export interface SemiSyncSwitch {
  readonly replica: Instance
  readonly enabled: boolean
}

const priorityOf = ({ semiSync }: Instance): number => semiSync?.priority ?? 0

/**
 * Which replicas of a semi-sync source are to acknowledge, and which not (contract recovery.md section 10): those with a priority, highest first,
 * then by promotion rule and name; without one they are always asynchronous. Who does not replicate, or lacks the plugin, cannot take part;
 * `starting` takes part all the same, because it is about to.
 */
export function semiSyncSwitches(source: Instance, replicas: readonly Instance[], mode: SemiSyncMode, starting?: Instance): readonly SemiSyncSwitch[] {
  const able = replicas.filter(replica =>
    isLastCheckValid(replica) && replica.semiSync?.replicaPluginLoaded === true && (isReplicating(replica) || replica.key === starting?.key))
  const wanted = able.filter(replica => priorityOf(replica) > 0).sort(bySuitability)
  const { waitForReplicaCount = 0, clients = 0 } = source.semiSync ?? {}
  const isOn = (replica: Instance): boolean => replica.semiSync?.replicaEnabled === true
  if (mode === 'enough') {
    const missing = Math.max(0, waitForReplicaCount - clients)
    return wanted.filter(replica => !isOn(replica)).slice(0, missing).map(replica => ({ replica, enabled: true }))
  }
  const acknowledging = new Set(wanted.slice(0, waitForReplicaCount))
  return able.filter(replica => isOn(replica) !== acknowledging.has(replica)).sort(bySuitability).map(replica => ({ replica, enabled: acknowledging.has(replica) }))
}

function bySuitability(left: Instance, right: Instance): number {
  return (
    priorityOf(right) - priorityOf(left) ||
    promotionRules.indexOf(left.promotionRule) - promotionRules.indexOf(right.promotionRule) ||
    compareKeys(left.key, right.key)
  )
}

/** How the replica side of a server has to stand when it starts to replicate; null: as it is (contract refactoring.md section 6). */
export function replicaSideAtStart(topology: Topology, starting: Instance, policy: SemiSyncPolicy, source: Instance | undefined): boolean | null {
  const { semiSync } = starting
  if (semiSync === null || !semiSync.replicaPluginLoaded) return null
  const mode = semiSyncModeOf(policy)
  if (mode === null) {
    if (semiSync.priority <= 0) return null
    const wanted = starting.promotionRule !== 'must_not'
    return wanted === semiSync.replicaEnabled ? null : wanted
  }
  if (source === undefined) return null
  const siblings = topology.replicasOf(source.key).filter(({ key }) => key !== starting.key)
  return semiSyncSwitches(source, [...siblings, starting], mode, starting).find(({ replica }) => replica.key === starting.key)?.enabled ?? null
}
