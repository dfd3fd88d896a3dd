import type { Reason } from '../../kit/reason.ts'
import { gtidSetText, isEmptyGtidSet, subtractGtidSets } from '../topology/gtid-set.ts'
import { type Instance, isReplica } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { executedPosition, lacking } from '../topology/mariadb-held.ts'
import type { ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import { followInRole, type LostReplica, obstacle, roleRows, semiSyncRows } from './failover.ts'
import { heldGtids, readGtids } from './failover-held.ts'
import { joinPlans, planOf, type Row } from './failover-plan.ts'
import type { DurabilityPolicy } from './durability.ts'
import { failoverReason } from './failover-reasons.ts'
import type { Plan, Refusal } from './plan.ts'
import { semiSyncAtStart } from './single.ts'
import type { Step } from './step.ts'
import { positionFailoverReason as positionReason } from './failover-position-reasons.ts'
import { fenceRowsByPosition, followFromSwitch, followsByPosition, placeRows, positionObstacle, rejoinRowsByPosition, type SwitchPlace, switchPlaceOf } from './takeover-position.ts'
import { takeoverRefusal } from './takeover-refusals.ts'

export interface TakeoverPolicy {
  readonly replication: ReplicationPolicy
  /** ReasonableMaintenanceReplicationLagSeconds. */
  readonly reasonableLagSeconds: number
  /** How long writes may stand still while the successor catches up. */
  readonly catchUpMilliseconds: number
  /** The old primary follows and replicates at the end (`…-auto`); else it follows with its threads stopped. */
  readonly startOldPrimary: boolean
  /** Who acknowledges afterwards; left out: nothing is promised. */
  readonly durability?: DurabilityPolicy
  /** May not be promoted: its rule, or PromotionIgnoreHostnameFilters. */
  isBanned(instance: Instance): boolean
}

/** The parts of a takeover in their order; hooks may run between them. Only `fence` changes anything before the successor takes writes. */
export interface Takeover {
  readonly fence: Plan
  readonly promote: Plan
  /** Siblings follow the successor, receiver only, after it took over: until then nothing of them was touched, so nothing must be undone. */
  readonly repoint: Plan
  readonly rejoin: Plan
  /** The successor forgets its source, and with it the replication account that the old primary may just have been given. */
  readonly settle: Plan
  readonly siblingsLeft: readonly LostReplica[]
  /** All of them as one, for showing. */
  readonly whole: Plan
}

/**
 * Plans a graceful takeover of servers that were just read. Every check is made before anything is touched (contract recovery.md section 12, rows 2–7,
 * and known-pains.md E1): a plan that is answered has passed them all.
 */
export function planTakeover(topology: Topology, old: Instance, successor: Instance, policy: TakeoverPolicy): Takeover | Refusal {
  const refused = refuseTakeover(topology, old, successor, policy)
  if (refused !== null) return { refused }
  const { siblings, left } = siblingsOf(topology, old, successor, policy)
  const place = switchPlaceOf(successor.key)
  const fence = planTakeoverFence(topology, old, successor, policy, siblings.some(followsByPosition))
  const promote = planTakeoverPromotion(topology, old, successor, policy.durability)
  const repoint = planOf(topology, {
    kind: 'takeover-repoint', says: failoverReason('plan-repoint', { successor: successor.key }), concerns: [successor.key],
    rows: planSiblings(siblings, old.key, successor, place, policy),
  })
  const rejoin = planRejoin(topology, old, successor, policy.startOldPrimary, policy.durability, followsByPosition(successor) ? place : null)
  const settle = planSettle(topology, successor)
  const says = failoverReason('plan-takeover', { old: old.key, successor: successor.key })
  return { fence, promote, repoint, rejoin, settle, siblingsLeft: left, whole: joinPlans(topology, 'takeover', says, [fence, promote, repoint, rejoin, settle]) }
}

/** Each in the way in which it replicates. What fails of one is put back: it goes on fetching from the old primary, which follows the new one. */
export const planSiblings = (
  siblings: readonly Instance[], old: InstanceKey, successor: Instance, place: SwitchPlace, { catchUpMilliseconds: timeoutMilliseconds, durability = 'none' }: Pick<TakeoverPolicy, 'catchUpMilliseconds' | 'durability'>,
): readonly Row[] =>
  siblings.flatMap(sibling => (followsByPosition(sibling) ? followFromSwitch(sibling, old, successor, place, { timeoutMilliseconds, durability }) : followInRole(sibling, successor, durability).map(row => putBack(sibling, row))))

/** Whatever stopped is started again, on the old source or, where only the answer of the change was lost, on the new one. */
function putBack({ key: on, replication }: Instance, row: Row): Row {
  const undo: readonly Step[] = row.step.do === 'stop-receiver' && replication?.receiver !== 'stopped' ? [{ do: 'start-receiver', on }]
    : row.step.do === 'stop-replication' && replication?.applier === 'running' ? [{ do: 'start-applier', on }] : []
  return { ...row, wave: 1, part: on, undo }
}

/** Why this successor may not take over; null when it may. The sentences are the original's, its spelling included. */
export function refuseTakeover(topology: Topology, old: Instance, successor: Instance, policy: TakeoverPolicy): Reason | null {
  const [primary, designated] = [old.key, successor.key]
  if (old.check.failure !== null) return takeoverRefusal('primary-unreachable', { primary, text: old.check.failure.text })
  if (successor.replication?.source !== old.key) return takeoverRefusal('not-direct-replica', { designated, primary })
  if (policy.isBanned(successor)) return takeoverRefusal('banned', { designated })
  if (successor.check.failure !== null) return takeoverRefusal('successor-unreachable', { designated, text: successor.check.failure.text })
  if (successor.channels.length > 1) return takeoverRefusal('several-channels', { designated })
  if (!successor.logBin || !successor.logReplicaUpdates) return takeoverRefusal('logs-nothing', { designated })
  const { receiver, applier, receiverError, applierError, delaySeconds } = successor.replication
  if (receiver !== 'running' || applier !== 'running') {
    return takeoverRefusal('not-replicating', { designated, receiver, applier, text: receiverError.text || applierError.text })
  }
  const lag = successor.replicationLagSeconds
  if (lag === null) return takeoverRefusal('lag-unknown', { designated })
  if (Math.abs(lag - delaySeconds) > policy.reasonableLagSeconds) return takeoverRefusal('lags', { designated, seconds: lag })
  if (followsByPosition(successor) && (old.binlogCoordinates === null || successor.binlogCoordinates === null)) return positionReason('takeover-position-no-log', { old: primary })
  const errant = errantOf(old, successor)
  if (errant !== null) return errant
  const left = siblingsOf(topology, old, successor, policy).left.find(({ key }) => topology.get(key)?.downtime === null)
  return left === undefined ? null : takeoverRefusal('sibling-cannot-follow', { designated, text: left.reason.text })
}

/**
 * Transactions that only the successor has would reach everybody with its promotion, the old primary included. Judged on a reading of the old
 * primary that is younger than the one of the successor, or transactions on their way would look errant.
 */
function errantOf(old: Instance, successor: Instance): Reason | null {
  if (successor.mariadbGtid !== null) {
    const { text } = lacking(old, executedPosition(successor))
    return text === '' ? null : takeoverRefusal('errant', { designated: successor.key, gtids: text })
  }
  const errant = subtractGtidSets(readGtids(successor.executedGtidSet), heldGtids(old))
  return isEmptyGtidSet(errant) ? null : takeoverRefusal('errant', { designated: successor.key, gtids: gtidSetText(errant).replaceAll('\n', '') })
}

function siblingsOf(topology: Topology, old: Instance, successor: Instance, policy: TakeoverPolicy): { siblings: readonly Instance[]; left: readonly LostReplica[] } {
  const siblings: Instance[] = []
  const left: LostReplica[] = []
  // What a sibling holds and the successor does not have yet comes from the old primary, and the successor waits for all of that.
  const asPrimary: Instance = { ...successor, replication: null, channels: [] }
  const caughtUp: Instance = { ...successor, executedGtidSet: [successor.executedGtidSet, old.executedGtidSet].filter(text => text !== '').join(',') }
  for (const sibling of topology.replicasOf(old.key)) {
    if (sibling.key === successor.key) continue
    const unreachable = sibling.check.failure
    const reason = unreachable !== null ? failoverReason('replica-unreachable', { server: sibling.key, text: unreachable.text })
      : sibling.channels.length > 1 ? failoverReason('replica-several-channels', { server: sibling.key })
        : followsByPosition(sibling) ? positionObstacle(sibling, old, successor, policy)
          : aheadIsLate(obstacle(sibling, asPrimary, caughtUp, policy.replication))
    if (reason === null) siblings.push(sibling)
    else left.push({ key: sibling.key, reason })
  }
  return { siblings, left }
}

/** The old primary takes writes while we read: a sibling that is ahead of what was read of it is no obstacle, the switch happens later. */
const aheadIsLate = (reason: Reason | null): Reason | null => (reason?.code === 'replica-ahead' ? null : reason)

/** Writes stop and the successor executes them all. Any failure, and the undo of it, leaves everything as it was. `hasPositions`: somebody is to follow by position. */
export function planTakeoverFence(topology: Topology, old: Instance, successor: Instance, policy: Pick<TakeoverPolicy, 'catchUpMilliseconds'>, hasPositions = false): Plan {
  const ifStoppedHere = failoverReason('takeover-fenced', { old: old.key })
  const byPosition = followsByPosition(successor)
  const { before, after } = byPosition ? fenceRowsByPosition(old.key, successor.key, policy.catchUpMilliseconds, ifStoppedHere) : fenceRowsByGtid(old.key, successor.key, policy.catchUpMilliseconds, ifStoppedHere)
  const rows: Row[] = [
    // Whoever is behind catches up while writes still go on: they stand still only for what came since.
    ...before,
    {
      wave: 3, step: { do: 'set-read-only', on: old.key, alsoSuper: true }, ifStoppedHere, undo: [{ do: 'set-writable', on: old.key }],
      requires: [{ holds: 'is-reachable', server: old.key }, { holds: 'replicates-from', server: successor.key, source: old.key }],
    },
    ...after,
    ...(hasPositions && !byPosition ? placeRows(old.key, successor.key, ifStoppedHere) : []),
  ]
  const warnings = byPosition && old.gtidMode === 'OFF' ? [positionReason('takeover-position-unseen', { successor: successor.key })] : []
  const says = failoverReason('plan-takeover-fence', { old: old.key, successor: successor.key })
  return planOf(topology, { kind: 'takeover-fence', says, rows, warnings, ...(byPosition ? { method: 'position' as const } : {}) })
}

function fenceRowsByGtid(old: InstanceKey, successor: InstanceKey, timeoutMilliseconds: number, ifFenced: Reason): { readonly before: readonly Row[]; readonly after: readonly Row[] } {
  const [before, still] = ['what the old primary had before', failoverReason('still-before', {})]
  return {
    before: [
      { wave: 1, step: { do: 'read-executed', on: old, as: before }, ifStoppedHere: still },
      { wave: 2, step: { do: 'wait-executed', on: successor, what: { boundTo: before }, timeoutMilliseconds }, ifStoppedHere: still },
    ],
    after: [
      { wave: 4, step: { do: 'read-executed', on: old, as: switchedAt }, ifStoppedHere: ifFenced },
      { wave: 5, step: { do: 'wait-executed', on: successor, what: { boundTo: switchedAt }, timeoutMilliseconds }, ifStoppedHere: ifFenced },
    ],
  }
}

/** The name under which the set of the old primary at the switch is kept. */
export const switchedAt = 'what the old primary has'

/** Writable first: the successor has everything and its source is read-only, so nothing can come any more; forgetting it may take its time. */
export function planTakeoverPromotion(topology: Topology, old: Instance, successor: Instance, durability: DurabilityPolicy = 'none'): Plan {
  const on = successor.key
  const acknowledged = semiSyncRows(successor, durability).map(row => ({ ...row, undo: [{ do: 'set-semi-sync', on, side: 'source', enabled: false } as const] }))
  const rows: Row[] = [
    ...acknowledged,
    { wave: acknowledged.length + 1, step: { do: 'set-writable', on }, ifStoppedHere: failoverReason('promote-writable', { candidate: on }) },
    { wave: acknowledged.length + 2, step: { do: 'stop-receiver', on }, onFailure: 'note', ifStoppedHere: failoverReason('promote-writable', { candidate: on }) },
  ]
  return planOf(topology, { kind: 'takeover-promote', says: failoverReason('plan-promote', { candidate: on }), rows, concerns: [old.key] })
}

/** The successor stops being a replica. */
export function planSettle(topology: Topology, successor: Instance): Plan {
  const on = successor.key
  const row: Row = { wave: 1, step: { do: 'forget-source', on }, ifStoppedHere: failoverReason('promote-done', { candidate: on }) }
  return planOf(topology, { kind: 'settle', says: failoverReason('plan-promote', { candidate: on }), rows: [row] })
}

/** The old primary becomes a replica of the new one, by position from `place`; without replication credentials of its own it gets the successor's. */
export function planRejoin(topology: Topology, old: Instance, successor: Instance, start: boolean, durability: DurabilityPolicy = 'none', place: SwitchPlace | null = null): Plan {
  const on = old.key
  const ifStoppedHere = failoverReason('rejoin-stopped', { old: on, successor: successor.key })
  const mariadb = old.version.flavour === 'MariaDB'
  const rows: Row[] = []
  if (isReplica(old)) rows.push({ wave: 1, step: { do: 'stop-replication', on }, ifStoppedHere })
  const turned = place === null ? 2 : 3
  if (place !== null) rows.push(...rejoinRowsByPosition(on, successor.key, place, ifStoppedHere))
  // A former primary has its own transactions in gtid_current_pos only.
  else rows.push({ wave: 2, step: { do: 'change-source', on, to: successor.key, way: mariadb ? 'current-pos' : 'auto-position' }, ifStoppedHere, requires: [{ holds: 'read-only', server: on }] })
  const lacksAccount = !old.hasReplicationAccount
  // A MariaDB does not tell its account to anybody, so without the configured query there is none to give.
  const cannotConnect = lacksAccount && mariadb && !successor.replicationCredentialsAvailable
  if (lacksAccount && !cannotConnect) rows.push({ wave: turned + 1, step: { do: 'copy-replication-credentials', on, like: successor.key }, ifStoppedHere })
  // Only now: the successor has all that it ever acknowledged, so nobody waits on it for an acknowledgement any more.
  rows.push(...rolesAtStart(topology, old, successor, durability).map(step => ({ wave: turned + 1, step, onFailure: 'note' as const, ifStoppedHere })))
  if (start && !cannotConnect) rows.push({ wave: turned + 2, step: { do: 'start-replication', on }, ifStoppedHere: failoverReason('repoint-done', { server: on, successor: successor.key }) })
  const warnings = cannotConnect ? [failoverReason('rejoin-no-account', { old: on })] : []
  return planOf(topology, { kind: 'rejoin', says: failoverReason('plan-rejoin', { old: on, successor: successor.key }), rows, warnings })
}

/** Which sides of semi-sync the old primary has to have when it follows. */
function rolesAtStart(topology: Topology, old: Instance, successor: Instance, durability: DurabilityPolicy): readonly Step[] {
  if (durability === 'none') return semiSyncAtStart(topology, old)
  const source: readonly Step[] = old.semiSync?.sourceEnabled === true ? [{ do: 'set-semi-sync', on: old.key, side: 'source', enabled: false }] : []
  return [...source, ...roleRows(old, successor, durability).map(({ step }) => step)]
}

/** Gives writes back to the old primary, only if the successor surely does not take them: it must answer, and be read-only. */
export function planUndoTakeover(topology: Topology, old: InstanceKey, successor: InstanceKey): Plan {
  const row: Row = {
    wave: 1, step: { do: 'set-writable', on: old }, ifStoppedHere: failoverReason('undo-done', { old }),
    requires: [{ holds: 'read-only', server: successor }],
  }
  return planOf(topology, { kind: 'undo-takeover', says: failoverReason('plan-undo-takeover', { old }), rows: [row], method: 'none' })
}
