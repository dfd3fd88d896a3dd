import type { Reason } from '../../kit/reason.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { durabilityReason } from './durability-reasons.ts'
import { countHeldBeyond } from './failover-held.ts'

/** What a failover promises about acknowledged writes: nothing; that none is lost; the same, acknowledged in another data centre. */
export const durabilityPolicies = ['none', 'semi-sync', 'cross-dc-semi-sync'] as const
export type DurabilityPolicy = (typeof durabilityPolicies)[number]

export type Proof = { readonly proven: true; readonly because: Reason } | { readonly proven: false; readonly because: Reason; readonly missing: readonly InstanceKey[] }

const unproven = (because: Reason, missing: readonly InstanceKey[] = []): Proof => ({ proven: false, because, missing })

/** So long a source waits for an acknowledgement that is not coming, that somebody has decided by then. */
const waitsForeverMilliseconds = 3_600_000n

/** Semi-sync replicas of a source as last read; one that was never read may have been one. */
export const acknowledgersOf = (replicas: readonly Instance[]): readonly Instance[] =>
  replicas.filter(({ semiSync, check }) => semiSync?.replicaEnabled === true || semiSync?.replicaActive === true || check.lastSeenAt === null)

/**
 * Servers that the failed one counted, by their UUIDs, and that replicate from another one by now (`servers`); and how many of those that it named are no
 * server that is known, or not for sure: two with one UUID are nobody.
 */
export function acknowledgersElsewhere({ key: failed, semiSync }: Instance, replicas: readonly Instance[], known: Iterable<Instance>): { readonly servers: readonly Instance[]; readonly unknown: number } {
  const byUuid = new Map<string, Instance[]>()
  for (const server of known) if (server.serverUuid !== '' && server.key !== failed) byUuid.set(server.serverUuid.toLowerCase(), [...(byUuid.get(server.serverUuid.toLowerCase()) ?? []), server])
  const servers: Instance[] = []
  let unknown = 0
  for (const uuid of new Set(semiSync?.acknowledgers?.uuids)) {
    const [server, another] = byUuid.get(uuid) ?? []
    if (server === undefined || another !== undefined) unknown += 1
    else if (!replicas.some(({ key }) => key === server.key)) servers.push(server)
  }
  return { servers, unknown }
}

/** It answers, and receives nothing from the failed server: it acknowledges nothing more. */
export const hasLeft = ({ check, replication, channels }: Instance, failed: InstanceKey): boolean =>
  check.failure === null && check.lastSeenAt !== null && replication?.source !== failed && channels.every(({ source }) => source !== failed)

/**
 * An acknowledged write is on at least k of the semi-sync replicas S. So any |S| − k + 1 of them hold every acknowledged write between them; and once
 * that many have stopped receiving, the old primary cannot acknowledge another one, wherever it is (beyond.md section 4). Of S is also who was moved away
 * a moment ago (`known`: every server there is): what it acknowledged it holds still.
 */
export function proofOf(failed: Instance, replicas: readonly Instance[], reached: ReadonlySet<InstanceKey>, known: Iterable<Instance>): Proof {
  const names = { failed: failed.key }
  const { semiSync } = failed
  if (failed.check.lastSeenAt === null) return unproven(durabilityReason('durability-source-unread', names))
  if (semiSync === null || !semiSync.sourceEnabled || !semiSync.sourceActive || semiSync.waitForReplicaCount < 1) return unproven(durabilityReason('durability-source-off', names))
  if (semiSync.timeoutMilliseconds < waitsForeverMilliseconds) {
    return unproven(durabilityReason('durability-timeout', { ...names, milliseconds: Number(semiSync.timeoutMilliseconds) }))
  }
  if (semiSync.goesOnAlone === true) return unproven(durabilityReason('durability-goes-on-alone', names))
  const direct = acknowledgersOf(replicas)
  const elsewhere = acknowledgersElsewhere(failed, replicas, known)
  const all = [...direct, ...elsewhere.servers]
  if (all.length === 0) return unproven(durabilityReason('durability-no-replicas', names))
  // A connection that its replica has left is counted until its thread ends: it is no replica that nobody knows.
  const clients = Math.min(semiSync.clients, semiSync.acknowledgersMax ?? Infinity)
  const named = semiSync.acknowledgers
  if (named?.exact === true && elsewhere.unknown > 0) {
    return unproven(durabilityReason('durability-unknown-replicas', { ...names, clients: named.uuids.length, known: named.uuids.length - elsewhere.unknown }))
  }
  const counted = elsewhere.unknown > 0 ? direct.length : all.length
  if (clients > counted) return unproven(durabilityReason('durability-unknown-replicas', { ...names, clients, known: counted }))
  const waits = semiSync.waitForReplicaCount
  const needed = Math.max(1, all.length - waits + 1)
  const missing = all.filter(({ key }) => !reached.has(key)).map(({ key }) => key)
  const counts = { ...names, reached: all.length - missing.length, count: all.length, needed, waits }
  if (counts.reached >= needed) return { proven: true, because: durabilityReason('durability-proven', counts) }
  return unproven(durabilityReason('durability-too-few', { ...counts, missing: missing.join(', ') }), missing)
}

/** The successor lacks what one of the reached replicas holds, which may have been acknowledged; null: it holds all that any of them does. */
export function leftBehind(candidate: Instance, replicas: readonly Instance[]): Reason | null {
  for (const replica of replicas) {
    const count = replica.key === candidate.key ? 0 : countHeldBeyond(replica, candidate)
    if (count > 0) return durabilityReason('durability-left-behind', { candidate: candidate.key, server: replica.key, count })
  }
  return null
}

/**
 * Whether a replica of this source is to acknowledge under the policy; null: the policy says nothing, or it cannot. Where servers have semi-sync priorities
 * one without is asynchronous, as it always was.
 */
export function acknowledges(source: Instance, replica: Instance, policy: DurabilityPolicy): boolean | null {
  if (policy === 'none' || replica.semiSync === null || !replica.semiSync.replicaPluginLoaded) return null
  if ((source.semiSync?.priority ?? 0) > 0 && replica.semiSync.priority <= 0) return false
  return policy === 'semi-sync' || replica.dataCenter !== source.dataCenter
}
