import type { Reason } from '../../kit/reason.ts'
import { coordinatesText } from '../topology/binlog-coordinates.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { canReplicate, type ReplicationPolicy } from '../topology/replication-rules.ts'
import type { ActRow } from './act-plan.ts'
import type { DurabilityPolicy } from './durability.ts'
import { executedName, type LeaderPlace, ownEndName } from './failover-position.ts'
import { positionFailoverReason as positionReason } from './failover-position-reasons.ts'
import type { Row } from './failover-plan.ts'
import { failoverReason } from './failover-reasons.ts'
import { roleRows } from './failover.ts'
import { moveRemark } from './move-remarks.ts'
import { drainRows, turnRow } from './position-rows.ts'
import type { CoordinatesReference } from './step.ts'

/**
 * A planned takeover where replicas use no GTID. The old primary refuses writes and its log has an end; whoever has executed up to that end stands at the
 * same place as the successor did when its own log was read, and goes on from there. Nothing of it is guessed: a place is taken only where it was read.
 */

/** The end of the old primary's log, and where the log of the successor ended when it had executed all of that. */
export interface SwitchPlace {
  readonly executed: CoordinatesReference
  readonly ownEnd: CoordinatesReference
}

export const followsByPosition = ({ replication }: Instance): boolean => replication?.gtid === 'none'

/** The place under the names to which the first part of a takeover binds it. */
export const switchPlaceOf = (successor: InstanceKey): SwitchPlace => ({ executed: { boundTo: executedName(successor) }, ownEnd: { boundTo: ownEndName(successor) } })

/** The place as it was read. */
export const knownPlace = ({ executed, ownEnd }: LeaderPlace): SwitchPlace => ({ executed: { place: coordinatesText(executed) }, ownEnd: { place: coordinatesText(ownEnd) } })

/** Rows that come before writes stop, and after: the successor executes the log of the old primary to its end. */
export function fenceRowsByPosition(old: InstanceKey, successor: InstanceKey, timeoutMilliseconds: number, ifFenced: Reason): { readonly before: readonly Row[]; readonly after: readonly Row[] } {
  const [began, ended, still] = ['where the log of the old primary ended before', endOfOldLog, failoverReason('still-before', {})]
  const { executed, ownEnd } = switchPlaceOf(successor)
  return {
    before: [
      { wave: 1, step: { do: 'read-coordinates', on: old, which: 'own', as: began }, ifStoppedHere: still },
      { wave: 2, step: { do: 'wait-position', on: successor, upTo: { boundTo: began }, timeoutMilliseconds }, ifStoppedHere: still },
    ],
    after: [
      { wave: 4, step: { do: 'read-coordinates', on: old, which: 'own', as: ended }, ifStoppedHere: ifFenced },
      { wave: 5, step: { do: 'wait-position', on: successor, upTo: { boundTo: ended }, timeoutMilliseconds }, ifStoppedHere: ifFenced },
      // Its own log first, then where it stands: it stood at the end of the old log before and after, so its own log ended where it says.
      { wave: 6, step: { do: 'read-coordinates', on: successor, which: 'own', as: nameOf(ownEnd) }, ifStoppedHere: ifFenced },
      { wave: 7, step: { do: 'read-coordinates', on: successor, which: 'executed', as: nameOf(executed), mustBe: { boundTo: ended } }, ifStoppedHere: ifFenced },
    ],
  }
}

/** The same for a successor that uses GTID and has siblings that do not: the old log must not have grown while its own was read. */
export function placeRows(old: InstanceKey, successor: InstanceKey, ifFenced: Reason): readonly Row[] {
  const { executed, ownEnd } = switchPlaceOf(successor)
  return [
    { wave: 4, step: { do: 'read-coordinates', on: old, which: 'own', as: endOfOldLog }, ifStoppedHere: ifFenced },
    { wave: 6, step: { do: 'read-coordinates', on: successor, which: 'own', as: nameOf(ownEnd) }, ifStoppedHere: ifFenced },
    { wave: 7, step: { do: 'read-coordinates', on: old, which: 'own', as: nameOf(executed), mustBe: { boundTo: endOfOldLog } }, ifStoppedHere: ifFenced },
  ]
}

const endOfOldLog = 'where the log of the old primary ends'
const nameOf = (reference: CoordinatesReference): string => ('boundTo' in reference ? reference.boundTo : reference.place)

/** Why a sibling without GTID could not be brought to the place of the switch; null when it can. */
export function positionObstacle(
  sibling: Instance, old: Instance, successor: Instance, policy: { readonly replication: ReplicationPolicy; readonly reasonableLagSeconds: number },
): Reason | null {
  const { key: server, replication: link, replicationLagSeconds: lag } = sibling
  const rules = canReplicate(sibling, { ...successor, replication: null, channels: [] }, policy.replication)
  if (!rules.allowed) return failoverReason('replica-cannot-follow', { server, successor: successor.key, text: rules.obstacle.text })
  if (link === null || link.executedCoordinates === null || old.binlogCoordinates === null) return positionReason('failover-position-not-read', { server })
  if (link.receiver !== 'running' || link.applier !== 'running') {
    return positionReason('takeover-position-not-replicating', { server, receiver: link.receiver, applier: link.applier, text: link.receiverError.text || link.applierError.text })
  }
  if (lag === null || lag > policy.reasonableLagSeconds) return positionReason('takeover-position-lags', { server, seconds: lag ?? '?', limit: policy.reasonableLagSeconds })
  return null
}

/**
 * A sibling executes the log of the old primary to its end, stands, and follows the successor from where that one's log ended then. One that does not come
 * there in time stays below the old primary, from which it goes on getting everything.
 */
export function followFromSwitch(
  sibling: Instance, old: InstanceKey, successor: Instance, place: SwitchPlace, { timeoutMilliseconds, durability = 'none' }: { readonly timeoutMilliseconds: number; readonly durability?: DurabilityPolicy },
): readonly Row[] {
  const on = sibling.key
  const names = { instance: on, source: old, target: successor.key }
  const rows: readonly ActRow[] = [
    ...roleRows(sibling, successor, durability),
    {
      step: { do: 'wait-position', on, upTo: place.executed, timeoutMilliseconds }, ifStoppedHere: failoverReason('still-before', {}),
      requires: [{ holds: 'replicates-from', server: on, source: old }, { holds: 'applier-running', server: on }],
    },
    ...drainRows(on, names, timeoutMilliseconds),
    { step: { do: 'read-coordinates', on, which: 'executed', as: executedName(on), mustBe: place.executed }, ifStoppedHere: moveRemark('stands', names) },
    turnRow(on, old, successor.key, { from: place.executed, to: place.ownEnd }),
    { step: { do: 'start-replication', on }, requires: [{ holds: 'replicates-from', server: on, source: successor.key }], ifStoppedHere: failoverReason('repoint-done', { server: on, successor: successor.key }) },
  ]
  return rows.map(row => ({ ...row, wave: 1, part: on, onFailure: 'note' }))
}

/** The old primary goes on from where the log of the successor ended, if its own log ends where it ended when writes stopped. */
export function rejoinRowsByPosition(old: InstanceKey, successor: InstanceKey, place: SwitchPlace, ifStoppedHere: Reason): readonly Row[] {
  return [
    { wave: 2, step: { do: 'read-coordinates', on: old, which: 'own', as: `own end of ${old}`, mustBe: place.executed }, requires: [{ holds: 'read-only', server: old }], ifStoppedHere },
    { wave: 3, step: { do: 'change-source', on: old, to: successor, way: 'coordinates', at: place.ownEnd }, requires: [{ holds: 'read-only', server: old }], ifStoppedHere },
  ]
}
