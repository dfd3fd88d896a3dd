import type { Reason } from '../../kit/reason.ts'
import { gtidSetText, isGtidSubset } from '../topology/gtid-set.ts'
import type { Instance } from '../topology/instance.ts'
import { hostOf, type InstanceKey, instanceKey, portOf } from '../topology/instance-key.ts'
import { executedPosition, heldPosition, lacking } from '../topology/mariadb-held.ts'
import { canReplicate, type ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import { countHeldBeyond, countMissing, hasUnapplied, heldGtids, readGtids } from './failover-held.ts'
import { planOf, type Row } from './failover-plan.ts'
import { acknowledges, type DurabilityPolicy } from './durability.ts'
import { failoverReason } from './failover-reasons.ts'
import type { Plan } from './plan.ts'
import { semiSyncSource } from './single.ts'
import type { Condition, SetReference, Step } from './step.ts'

/**
 * The stages of a failover. Each is planned from a fresh snapshot, because what a later one does depends on what the earlier one found:
 * stop receivers → (choose) → feed, if the chosen one lacks what another holds → drain → promote, and beside it repoint the others.
 */

/** A replica that will not follow the successor, and why. */
export interface LostReplica {
  readonly key: InstanceKey
  readonly reason: Reason
}

export interface Saved {
  readonly reachable: readonly Instance[]
  readonly lost: readonly LostReplica[]
}

/** Direct replicas that can take part, and those that cannot. */
export const replicasToSave = (topology: Topology, failed: InstanceKey): Saved => partOf(topology.replicasOf(failed))

/** With those that read its log from binlog servers: they lose it together with these. */
export const orphansToSave = (topology: Topology, failed: InstanceKey): Saved =>
  partOf(topology.replicasOf(failed).flatMap(replica => (replica.isBinlogServer ? [replica, ...topology.replicasOf(replica.key).filter(({ isBinlogServer }) => !isBinlogServer)] : [replica])))

function partOf(replicas: readonly Instance[]): Saved {
  const reachable: Instance[] = []
  const lost: LostReplica[] = []
  for (const replica of replicas) {
    const reason = unfitness(replica)
    if (reason === null) reachable.push(replica)
    else lost.push({ key: replica.key, reason })
  }
  return { reachable, lost }
}

function unfitness(replica: Instance): Reason | null {
  const server = replica.key
  if (replica.check.failure !== null || replica.check.lastSeenAt === null) return failoverReason('replica-unreachable', { server, text: replica.check.failure?.text ?? '' })
  if (replica.channels.length > 1) return failoverReason('replica-several-channels', { server })
  if (replica.replication?.gtid === 'none') return failoverReason(replica.isBinlogServer ? 'binlog-server-left' : 'replica-no-gtid', { server })
  return null
}

/** Stage one. After it nobody fetches any more, so what was read of them stays true; a replica that does not answer is noted and left behind. */
export function planStopReceivers(topology: Topology, failed: InstanceKey): Plan {
  const rows = orphansToSave(topology, failed).reachable
    .filter(({ replication }) => replication?.receiver !== 'stopped')
    .map(({ key }): Row => ({
      wave: 1, step: { do: 'stop-receiver', on: key }, onFailure: 'note', ifStoppedHere: failoverReason('stop-receiver-stopped', { server: key }),
    }))
  return planOf(topology, { kind: 'stop-receivers', says: failoverReason('plan-stop-receivers', { failed }), rows, concerns: [failed] })
}

/** Stage between: the candidate follows the more advanced server until it has executed all that one holds. */
export function planFeed(topology: Topology, candidate: Instance, feeder: Instance, timeoutMilliseconds: number): Plan {
  const on = candidate.key
  const ifStoppedHere = failoverReason('feed-stopped', { candidate: on, feeder: feeder.key })
  const named = `held by ${feeder.key}`
  const follows = followRows(candidate, feeder.key, 2)
  const after = Math.max(...follows.map(({ wave }) => wave))
  const rows: Row[] = [
    { wave: 1, step: { do: 'read-executed', on: feeder.key, as: named }, ifStoppedHere: failoverReason('still-before', {}) },
    ...follows.map(row => ({ ...row, ifStoppedHere })),
    { wave: after + 1, step: { do: 'wait-executed', on, what: { boundTo: named }, timeoutMilliseconds }, ifStoppedHere },
    { wave: after + 2, step: { do: 'stop-receiver', on }, ifStoppedHere },
  ]
  if (feeder.replication?.applier === 'stopped') rows.push({ wave: 1, step: startOfApplier(feeder), onFailure: 'note', ifStoppedHere })
  // A MariaDB that has not logged it yet would refuse the candidate's position.
  if (feeder.mariadbGtid !== null) rows.push({ wave: 2, step: { do: 'wait-executed', on: feeder.key, what: { boundTo: named }, timeoutMilliseconds }, ifStoppedHere })
  return planOf(topology, { kind: 'feed', says: failoverReason('plan-feed', { candidate: on, feeder: feeder.key }), rows, method: methodOf(candidate) })
}

/** It was not fed in time, and fetches nothing more: two that were to feed each other must not be left in a ring. */
export function planEndFeed(topology: Topology, candidate: InstanceKey, feeder: InstanceKey): Plan {
  const row: Row = { wave: 1, step: { do: 'stop-receiver', on: candidate }, onFailure: 'note', ifStoppedHere: failoverReason('feed-stopped', { candidate, feeder }) }
  return planOf(topology, { kind: 'feed', says: failoverReason('plan-feed', { candidate, feeder }), rows: [row] })
}

/** The candidate applies all it has received; bounded, because another candidate may be quicker. Without steps when there is nothing to apply. */
export function planDrain(topology: Topology, candidate: Instance, timeoutMilliseconds: number): Plan {
  const on = candidate.key
  const ifStoppedHere = failoverReason('drain-stopped', { candidate: on })
  const rows: Row[] = []
  const known = candidate.replication?.gtid === 'mysql'
  if (!known || hasUnapplied(candidate)) {
    if (candidate.replication?.applier === 'stopped') rows.push({ wave: 1, step: startOfApplier(candidate), ifStoppedHere })
    // MySQL has just said what it holds; MariaDB does not tell it by a set.
    if (!known) rows.push({ wave: 2, step: { do: 'read-executed', on, as: 'held' }, ifStoppedHere })
    const what: SetReference = known ? { set: gtidSetText(heldGtids(candidate)) } : { boundTo: 'held' }
    rows.push({ wave: 3, step: { do: 'wait-executed', on, what, timeoutMilliseconds }, ifStoppedHere })
  }
  return planOf(topology, { kind: 'drain', says: failoverReason('plan-drain', { candidate: on }), rows, method: methodOf(candidate) })
}

/** A MariaDB whose threads both stand would throw away what it has received. */
const startOfApplier = (replica: Instance): Step =>
  (replica.mariadbGtid !== null && replica.replication?.receiver === 'stopped' && hasUnapplied(replica) ? { do: 'apply-relay-log', on: replica.key } : { do: 'start-applier', on: replica.key })

/**
 * Writable first, then forgetting the source: the receiver is stopped and all is applied, so the source's name does no harm, while
 * RESET REPLICA ALL removes relay logs and costs time without a primary.
 */
export function planPromotion(topology: Topology, candidate: Instance, durability: DurabilityPolicy = 'none'): Plan {
  const on = candidate.key
  const before = [...semiSyncRows(candidate, durability), ...turnAwayRows(candidate, durability)]
  const wave = Math.max(0, ...before.map(row => row.wave)) + 1
  const rows: Row[] = [
    ...before,
    {
      wave, step: { do: 'set-writable', on }, ifStoppedHere: failoverReason('promote-writable', { candidate: on }),
      requires: [{ holds: 'receiver-stopped', server: on }, { holds: 'nothing-received-unapplied', server: on }],
    },
    { wave: wave + 1, step: { do: 'forget-source', on }, onFailure: 'note', ifStoppedHere: failoverReason('promote-done', { candidate: on }) },
  ]
  return planOf(topology, { kind: 'promote', says: failoverReason('plan-promote', { candidate: on }), rows, method: methodOf(candidate) })
}

/**
 * Where acknowledged writes are promised, the successor looks for its old source no more before it takes the first one: if it died before it has forgotten that
 * source, it would come back as a replica that acknowledges for a primary that was replaced, and that comes back too.
 */
function turnAwayRows(candidate: Instance, durability: DurabilityPolicy): readonly Row[] {
  const { key: on, replication: link, mariadbGtid } = candidate
  if (durability === 'none' || link === null || link.gtid === 'none') return []
  const to = detachedFrom(link.source)
  const ifStoppedHere = failoverReason('promote-turned-away', { candidate: on })
  const requires: Row['requires'] = [{ holds: 'receiver-stopped', server: on }, { holds: 'nothing-received-unapplied', server: on }]
  const way = mariadbGtid === null ? 'receiver-only' : link.gtid === 'mariadb-current-pos' ? 'current-pos' : 'slave-pos'
  const turn = (wave: number): Row => ({ wave, step: { do: 'change-source', on, to, way }, requires, ifStoppedHere })
  if (mariadbGtid === null) return [turn(1)]
  return [{ wave: 1, step: { do: 'stop-replication', on }, requires, ifStoppedHere: failoverReason('drain-stopped', { candidate: on }) }, turn(2)]
}

/** A host that nobody has: the name of the source stays readable (contract recovery.md 14). */
const detachedFrom = (source: InstanceKey): InstanceKey => instanceKey(`//${hostOf(source)}`, portOf(source))

/** A server with a semi-sync priority, or of a cluster in which nothing acknowledged may be lost, is a semi-sync source from its first write on. */
export function semiSyncRows(candidate: Instance, durability: DurabilityPolicy = 'none'): readonly Row[] {
  const { key: on, semiSync } = candidate
  const switches: readonly Step[] = durability === 'none' ? semiSyncSource(candidate, true)
    : semiSync?.sourcePluginLoaded === true && !semiSync.sourceEnabled ? [{ do: 'set-semi-sync', on, side: 'source', enabled: true }] : []
  return switches.map(step => ({ wave: 1, step, onFailure: 'note', ifStoppedHere: failoverReason('drain-stopped', { candidate: on }) }))
}

/** Whether a replica acknowledges is set before its receiver starts, so that it holds from the beginning. */
export function roleRows(replica: Instance, source: Instance, durability: DurabilityPolicy = 'none'): readonly Row[] {
  const enabled = acknowledges(source, replica, durability)
  if (enabled === null || enabled === replica.semiSync?.replicaEnabled) return []
  const step: Step = { do: 'set-semi-sync', on: replica.key, side: 'replica', enabled }
  return [{ wave: 1, step, onFailure: 'note', ifStoppedHere: failoverReason('stop-receiver-stopped', { server: replica.key }) }]
}

/** Follows the successor in its role; what fails of it is noted and holds up nobody. */
export function followInRole(replica: Instance, successor: Instance, durability: DurabilityPolicy = 'none'): readonly Row[] {
  const roles = roleRows(replica, successor, durability)
  return [...roles, ...followRows(replica, successor.key, roles.length + 1).map(row => ({ ...row, onFailure: 'note' as const }))]
}

/**
 * The old primary takes no writes any more. Commits that nobody acknowledges would keep it from that for ever, so of a semi-sync source that was replaced
 * (`wasReplaced`) the clients that wait are ended beside it: none of them is told of a success.
 */
export function planFence(topology: Topology, old: InstanceKey, wasReplaced = false): Plan {
  const ends: Row[] = wasReplaced && topology.get(old)?.semiSync?.sourceEnabled === true
    ? [{ wave: 1, step: { do: 'end-blocked-commits', on: old }, onFailure: 'note', ifStoppedHere: failoverReason('still-before', {}) }] : []
  const row: Row = { wave: 1, step: { do: 'set-read-only', on: old, alsoSuper: true }, onFailure: 'note', ifStoppedHere: failoverReason('fence-done', { old }) }
  return planOf(topology, { kind: 'fence', says: failoverReason('plan-fence', { old }), rows: [row, ...ends], method: 'none' })
}

/** The others follow the successor, which is judged as the primary it is about to be. Beside the promotion, never in its way. */
export function planRepoint(
  topology: Topology, replicas: readonly Instance[], successor: Instance, policy: ReplicationPolicy, durability: DurabilityPolicy = 'none',
): { readonly plan: Plan; readonly lost: readonly LostReplica[] } {
  const asPrimary: Instance = { ...successor, replication: null, channels: [] }
  const rows: Row[] = []
  const lost: LostReplica[] = []
  for (const replica of replicas) {
    if (replica.key === successor.key) continue
    const reason = obstacle(replica, asPrimary, successor, policy)
    if (reason === null) rows.push(...followInRole(replica, successor, durability))
    else lost.push({ key: replica.key, reason })
  }
  return { plan: planOf(topology, { kind: 'repoint', says: failoverReason('plan-repoint', { successor: successor.key }), rows, method: methodOf(successor), concerns: [successor.key] }), lost }
}

/**
 * Who has what the successor, which takes writes already, does not have. Positions of MariaDB do not show it once the successor's own numbers are higher;
 * who logged which number does.
 */
export function divergedFromLeader(replicas: readonly Instance[], successor: Instance): readonly LostReplica[] {
  if (successor.mariadbGtid === null) return []
  return replicas.flatMap(replica => {
    const { count } = lacking(successor, heldPosition(replica))
    return count === 0 || replica.key === successor.key ? [] : [{ key: replica.key, reason: failoverReason('replica-ahead', { server: replica.key, successor: successor.key, count }) }]
  })
}

/** Why a replica may not follow the successor; null when it may. */
export function obstacle(replica: Instance, asPrimary: Instance, successor: Instance, policy: ReplicationPolicy): Reason | null {
  const server = replica.key
  const rules = canReplicate(replica, asPrimary, policy)
  if (!rules.allowed) return failoverReason('replica-cannot-follow', { server, successor: successor.key, text: rules.obstacle.text })
  if (replica.replication?.gtid === 'none') return null
  const ahead = countHeldBeyond(replica, successor)
  if (ahead > 0) return failoverReason('replica-ahead', { server, successor: successor.key, count: ahead })
  const held = heldGtids(replica)
  if (!isGtidSubset(readGtids(successor.purgedGtidSet), held)) return failoverReason('replica-needs-purged', { server, successor: successor.key })
  return null
}

/**
 * A replica whose receiver is stopped (or stops here, when it runs) follows another source with nothing lost (beyond.md section 3): while its applier
 * runs only host and port are named; a stopped applier keeps nothing over a change, so the new source must hold what was received.
 * A MariaDB refuses a replica that is ahead of it, so one that may still be behind is waited for (`sourceMayBeBehind`).
 */
export function followRows(replica: Instance, source: InstanceKey, wave: number, sourceMayBeBehind = false): Row[] {
  const server = replica.key
  const ifStoppedHere = failoverReason('repoint-stopped', { server, successor: source })
  const link = replica.replication
  const stop: Row[] = link?.receiver === 'stopped' ? [] : [{ wave, step: { do: 'stop-receiver', on: server }, ifStoppedHere: failoverReason('stop-receiver-stopped', { server }) }]
  const done = failoverReason('repoint-done', { server, successor: source })
  if (link?.gtid === 'mariadb-slave-pos' || link?.gtid === 'mariadb-current-pos') {
    const way = link.gtid === 'mariadb-slave-pos' ? 'slave-pos' : 'current-pos'
    const named = `held by ${server}`
    const receiverStopped: Condition = { holds: 'receiver-stopped', server }
    const wait = (on: InstanceKey, at: number): Row =>
      ({ wave: wave + at, step: { do: 'wait-executed', on, what: { boundTo: named }, timeoutMilliseconds: mariadbDrainMilliseconds }, ifStoppedHere })
    const takesUp = link.applier === 'stopped' && hasUnapplied(replica)
    const applies = link.applier === 'running' || takesUp
    return [
      ...stop,
      ...(takesUp ? [{ wave: wave + 1, step: { do: 'apply-relay-log', on: server } as const, requires: [receiverStopped], ifStoppedHere }] : []),
      ...(applies || sourceMayBeBehind ? [{ wave: wave + 2, step: { do: 'read-executed', on: server, as: named } as const, requires: [receiverStopped], ifStoppedHere }] : []),
      ...(applies ? [wait(server, 3)] : []),
      ...(sourceMayBeBehind ? [wait(source, 3)] : []),
      ...(applies ? [{ wave: wave + 4, step: { do: 'stop-replication', on: server } as const, requires: [{ holds: 'nothing-received-unapplied', server } as const], ifStoppedHere }] : []),
      { wave: wave + 5, step: { do: 'change-source', on: server, to: source, way }, requires: [receiverStopped, { holds: 'nothing-received-unapplied', server }], ifStoppedHere },
      { wave: wave + 6, step: { do: 'start-replication', on: server }, ifStoppedHere: done },
    ]
  }
  const applierRuns = link?.applier === 'running'
  return [
    ...stop,
    {
      wave: wave + 1, step: { do: 'change-source', on: server, to: source, way: 'receiver-only' }, ifStoppedHere,
      requires: [
        { holds: 'receiver-stopped', server },
        applierRuns ? { holds: 'applier-running', server }
          : hasUnapplied(replica) ? { holds: 'source-holds-received', server, source }
            : { holds: 'nothing-received-unapplied', server },
      ],
    },
    { wave: wave + 2, step: { do: applierRuns ? 'start-receiver' : 'start-replication', on: server }, ifStoppedHere: done },
  ]
}

/** MariaDB forgets its relay log when its source changes, so it applies everything first. */
const mariadbDrainMilliseconds = 10_000

/** Lost replicas that can be reached stop looking for the dead server: their source's host gets `//` in front (contract recovery.md 14). */
export function planDetach(topology: Topology, lost: readonly InstanceKey[], failed: InstanceKey): Plan {
  const to = detachedFrom(failed)
  const rows = lost.flatMap((key): Row[] => {
    const instance = topology.get(key)
    if (instance?.replication?.source !== failed || instance.check.failure !== null || instance.replication.gtid !== 'mysql') return []
    // A stopped applier would make the server forget what it alone may hold.
    if (instance.replication.applier !== 'running' && hasUnapplied(instance)) return []
    return followRows(instance, to, 1).slice(0, -1).map(row => ({ ...row, onFailure: 'note' as const }))
  })
  return planOf(topology, { kind: 'detach', says: failoverReason('plan-repoint', { successor: to }), rows })
}

/** What is known of transactions that only the failed server had (beyond.md section 4): counted and said, never silent. */
export function missingTransactions(failed: Instance, successor: Instance): Reason {
  const parameters = { failed: failed.key }
  if (failed.check.lastSeenAt === null) return failoverReason('transactions-unknown', parameters)
  if (failed.gtidMode === 'OFF') return failoverReason('transactions-uncounted', parameters)
  const count = failed.mariadbGtid === null ? countMissing(readGtids(failed.executedGtidSet), heldGtids(successor)) : lacking(successor, executedPosition(failed)).count
  return count === 0 ? failoverReason('transactions-all-found', parameters) : failoverReason('transactions-not-found', { ...parameters, count })
}

/** The server of `others` that holds most of what `candidate` lacks, with how many that is; null when it lacks nothing. */
export function feederFor(candidate: Instance, others: readonly Instance[]): { readonly feeder: Instance; readonly count: number } | null {
  let best: { feeder: Instance; count: number } | null = null
  for (const other of others) {
    const count = other.key === candidate.key ? 0 : countHeldBeyond(other, candidate)
    if (count === 0) continue
    if (best === null || count > best.count) best = { feeder: other, count }
  }
  return best
}

const methodOf = (instance: Instance): Plan['method'] => (instance.replication?.gtid === 'mysql' ? 'gtid' : instance.replication?.gtid.startsWith('mariadb') ? 'mariadb-gtid' : 'none')
