import { type Downtime, type Instance, isLastCheckValid, isReplicating } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import type { Recovery } from './records.ts'

/** Reason of the downtime that failed and lost servers get (contract recovery.md 3, step 6). A public word. */
export const lostInRecovery = 'lost-in-recovery'
const lostInRecoveryMilliseconds = 365 * 24 * 3600 * 1000

/** So many minutes (MasterFailoverLostInstancesDowntimeMinutes); 0: until it is well again. */
export const lostInRecoveryDowntime = (owner: string, now: number, minutes = 0): Downtime =>
  ({ owner, reason: lostInRecovery, beginsAt: now, endsAt: now + (minutes === 0 ? lostInRecoveryMilliseconds : minutes * 60_000) })

/** One that was not given its minutes never ends by time: it is begun anew in its length at each poll. Null: nothing to renew. */
export function renewedDowntime({ downtime }: Instance, now: number): Downtime | null {
  return downtime?.reason === lostInRecovery && downtime.endsAt - downtime.beginsAt >= lostInRecoveryMilliseconds ? { ...downtime, endsAt: now + lostInRecoveryMilliseconds } : null
}

/** After a minute it ends by itself when the server is well again: it replicates, or it is the one primary of its alias. */
export function isLostDowntimeOver(instance: Instance, topology: Topology, now: number): boolean {
  const { downtime } = instance
  if (downtime?.reason !== lostInRecovery || now - downtime.beginsAt <= 60_000 || !isLastCheckValid(instance)) return false
  return isReplicating(instance) || (instance.replicationDepth === 0 && isOnlyOneOfItsAlias(instance, topology))
}

function isOnlyOneOfItsAlias(instance: Instance, topology: Topology): boolean {
  const alias = instance.suggestedClusterAlias
  if (alias === '') return false
  for (const other of topology.instances.values()) if (other.key !== instance.key && other.suggestedClusterAlias === alias) return false
  return true
}

export const crashedAcknowledgement = { by: 'orchestrator', comment: 'detected crashed recovery' }

/**
 * Recoveries whose node is gone before they ended: active ones, and those with plans that are still open (`halfDone`, by uid) though their time is over, by
 * the clock of another machine, or a person has acknowledged them.
 */
export function crashedRecoveries(
  open: readonly Recovery[], liveNodes: readonly { readonly hostname: string; readonly token: string }[], halfDone: ReadonlySet<string> = new Set(),
): readonly Recovery[] {
  const live = new Set(liveNodes.map(({ hostname, token }) => `${hostname}\n${token}`))
  return open.filter(({ uid, isActive, endedAt, nodeHostname, nodeToken }) => (isActive || halfDone.has(uid)) && endedAt === null && !live.has(`${nodeHostname}\n${nodeToken}`))
}

/** Servers to be put in that downtime after a recovery of a primary: the failed one and those that could not be saved. */
export const serversLost = (failed: InstanceKey, lost: readonly InstanceKey[]): readonly InstanceKey[] => [...new Set([failed, ...lost])]
