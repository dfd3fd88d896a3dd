import type { Reason } from '../../kit/reason.ts'
import { compareCoordinates } from '../topology/binlog-coordinates.ts'
import { countGtids } from '../topology/gtid-set.ts'
import type { Instance, ReplicationLink } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { beyond, executedPosition, heldPosition } from '../topology/mariadb-held.ts'
import type { Topology } from '../topology/topology.ts'
import { feederFor } from './failover.ts'
import { countHeldBeyond, executedOnly, hasUnapplied, unappliedGtids } from './failover-held.ts'
import { failoverReason } from './failover-reasons.ts'
import { decidePromotion, promotionQuestion } from './promote.ts'
import { banOf, type PromotionPolicy } from './promote-policy.ts'
import { promotionReason } from './promote-reasons.ts'

/**
 * Nothing takes writes until it has executed what it holds, so a failover waits for its candidate. Waiting for one after the other costs the whole limit for each
 * that lags; what each has left to execute says beforehand for whom to wait.
 */

/** One that may take over. */
export interface Awaited {
  readonly candidate: Instance
  /** Transactions (without GTID: bytes) that it has to execute before it takes writes; null: not known, or it will not execute them by itself. */
  readonly left: number | null
  readonly unit: 'transactions' | 'bytes'
  /** Nobody is fit; it is the first that is not banned. */
  readonly isFallback: boolean
  readonly isAskedFor: boolean
  readonly remarks: readonly Reason[]
}

export interface Wish {
  readonly designated: InstanceKey | null
  /** This one or nobody. */
  readonly only?: InstanceKey | null
}

/** So many are thought of. */
export const candidatesMax = 5

/** A server on slow disks executes as many in a second. */
const executedPerSecond = 200

/** A small transaction in a binary log. */
const transactionBytes = 500

/** So few are executed within the limit, wherever it is: whom the rules like best keeps its place. */
export const soonWithin = (limitMilliseconds: number, unit: Awaited['unit']): number =>
  Math.floor((limitMilliseconds / 1000) * executedPerSecond) * (unit === 'bytes' ? transactionBytes : 1)

/** Who may take over, as the rules have it, best first and at most so many. `holders`: everybody who may feed them. */
export function listCandidates(
  topology: Topology, failed: Instance, replicas: readonly Instance[], holders: readonly Instance[], policy: PromotionPolicy, wish: Wish, most = candidatesMax,
): readonly Awaited[] | { readonly refused: Reason } {
  const { designated, only = null } = wish
  const awaited = (candidate: Instance, changes: Partial<Awaited> = {}): Awaited =>
    ({ candidate, left: leftToExecute(candidate, holders), unit: 'transactions', isFallback: false, isAskedFor: false, remarks: [], ...changes })
  if (only !== null) {
    const other = replicas.find(({ key }) => key === only)
    return other === undefined ? { refused: failoverReason('other-co-primary-lost', { server: only }) } : [awaited(other, { isAskedFor: true })]
  }
  const found: Awaited[] = []
  const wished = designated === null ? undefined : replicas.find(({ key }) => key === designated)
  const isGiven = wished !== undefined && banOf(wished, policy) === null && wished.logBin && wished.logReplicaUpdates
  if (isGiven) found.push(awaited(wished, { isAskedFor: true }))
  const notGiven = designated === null || isGiven ? [] : [failoverReason('candidate-not-replica', { candidate: designated, failed: failed.key })]
  // What was received is applied before the promotion, so the applier's place is judged then, not now.
  const asks = promotionQuestion(topology, failed, { ...policy, failIfApplierBehind: false })
  for (let rest = replicas.filter(replica => !isGiven || replica !== wished); found.length < most && rest.length > 0;) {
    const decision = decidePromotion({ ...asks, replicas: rest })
    // A further server (a replica of a replica) is no direct replica and was not stopped; the first choice leads then.
    const promoted = rest.find(({ key }) => key === decision.promoted?.key) ?? (decision.promoted === null ? null : decision.choice.candidate)
    if (promoted === null) {
      if (found.length === 0) return { refused: failoverReason('no-candidate', { failed: failed.key, text: decision.refused?.text ?? '' }) }
      break
    }
    const { replacement, choice: { unfit } } = decision
    const remarks = [...notGiven, ...(replacement === null ? [] : [replacement.because]), ...(unfit === null ? [] : [unfit])]
    found.push(awaited(promoted, { isFallback: unfit !== null, remarks }))
    rest = rest.filter(replica => replica !== promoted)
  }
  return found.length === 0 ? { refused: failoverReason('no-candidate', { failed: failed.key, text: '' }) } : found
}

/** What it holds and has not executed, and what it must be fed by another, which must have executed it itself. */
export function leftToExecute(candidate: Instance, holders: readonly Instance[]): number | null {
  const own = unappliedOf(candidate)
  const lacked = feederFor(candidate, holders)
  if (own === null || lacked === null) return own
  const ofFeeder = unappliedOf(lacked.feeder)
  // One that executes nothing more gives what it has executed.
  return own + (ofFeeder === null ? countHeldBeyond(executedOnly(lacked.feeder), candidate) : lacked.count + ofFeeder)
}

function unappliedOf(server: Instance): number | null {
  const link = server.replication
  if (link === null || !hasUnapplied(server)) return 0
  if (!executesOn(link)) return null
  if (server.mariadbGtid === null) return Number(countGtids(unappliedGtids(server)))
  const { count } = beyond(heldPosition(server), executedPosition(server))
  return count === 0 ? null : count
}

/** Neither held back on purpose, nor standing with an error. */
const executesOn = ({ delaySeconds, applier, applierError }: ReplicationLink): boolean => delaySeconds === 0 && (applier === 'running' || applierError.number === 0)

/** Of replicas by file and position that have all read as much, best first: what each has to execute of it. */
export function awaitPositions(successors: readonly Instance[]): readonly Awaited[] {
  return successors.map((candidate): Awaited => ({ candidate, left: bytesLeft(candidate), unit: 'bytes', isFallback: false, isAskedFor: false, remarks: [] }))
}

function bytesLeft({ replication: link }: Instance): number | null {
  const [read, executed] = [link?.readCoordinates ?? null, link?.executedCoordinates ?? null]
  if (link === null || read === null || executed === null || (compareCoordinates(read, executed) !== 0 && !executesOn(link))) return null
  if (read.file === executed.file) return Number(read.position - executed.position)
  // How long the files between are is not known; each is at least its head.
  return compareCoordinates(read, executed) <= 0 ? 0 : logFileBytes
}

/** As MySQL and MariaDB come (max_binlog_size). */
const logFileBytes = 2 ** 30

/** For whom to wait first: whom the rules like best, unless it has much to execute and another one less. Who was asked for is waited for whatever it has. */
export function firstAwaited(candidates: readonly Awaited[], soon: number): Awaited | null {
  const [best = null] = candidates
  if (best === null || best.isAskedFor || isSoon(best, soon)) return best
  const fit = candidates.filter(({ isFallback }) => !isFallback || best.isFallback)
  const next = fit.find(each => isSoon(each, soon)) ?? fit.toSorted((one, other) => order(one.left ?? Infinity, other.left ?? Infinity))[0] ?? best
  return next === best ? best : { ...next, remarks: [...next.remarks, ...best.remarks, insteadOf(best, next)] }
}

/** Why another one is not waited for. */
export const notWaitedFor = ({ remarks }: Awaited): readonly Reason[] => remarks.filter(({ code }) => code.startsWith('instead-of-'))

export const isSoon = ({ left }: Pick<Awaited, 'left'>, soon: number): boolean => left !== null && left <= soon

const insteadOf = (best: Awaited, next: Awaited): Reason => {
  const names = { server: next.candidate.key, count: next.left ?? 0, preferred: best.candidate.key }
  if (best.left === null) return promotionReason('instead-of-stuck', { server: names.server, preferred: names.preferred })
  return promotionReason(next.unit === 'bytes' ? 'instead-of-lagging-bytes' : 'instead-of-lagging', { ...names, more: best.left })
}

/** A wait was over in vain, and everybody executed on meanwhile: who will be there first, by what it did in that time. */
export function nextAwaited(before: readonly Awaited[], now: readonly Awaited[]): Awaited | null {
  const leftBefore = new Map(before.map(({ candidate, left }) => [candidate.key, left]))
  /** In waits of the same length. */
  const waitsOf = ({ candidate, left }: Awaited): number => {
    if (left === null || left === 0) return left ?? Infinity
    const done = (leftBefore.get(candidate.key) ?? left) - left
    return done <= 0 ? Infinity : left / done
  }
  return now.toSorted((one, other) =>
    order(Number(one.isFallback), Number(other.isFallback)) || order(waitsOf(one), waitsOf(other)) || order(one.left ?? Infinity, other.left ?? Infinity))[0] ?? null
}

/** Two of them may be without end. */
const order = (one: number, other: number): number => (one === other ? 0 : one - other)
