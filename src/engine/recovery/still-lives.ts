import type { Reason } from '../../kit/reason.ts'
import { recoveryReason } from '../../model/recovery/reasons.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { FailoverJob } from './dead-primary.ts'
import type { Fleet } from './fleet.ts'

/** A receiver that nobody lets in takes 2 s to stop (measured); for so long the primary itself is asked beside it. */
const askMilliseconds = 1500
/** Where all have given up trying already nobody takes that long to stop. */
const askGivenUpMilliseconds = 500
const lookMilliseconds = 1000

/** Errors of the client library: the connection could not be made. Left behind by a receiver that was stopped while it tried. */
const isUnmade = (number: number): boolean => number >= 2000 && number < 3000

/**
 * Asks the primary now, and its replicas once their receivers have been stopped: one that was let in at last has no error to tell. Nothing has been done by
 * then that cannot be undone, so a primary that was slow, or that only we could not reach, keeps its place.
 */
export function stillLives(fleet: Fleet, failed: Instance): NonNullable<FailoverJob['stillLives']> {
  const trying = fleet.topology().replicasOf(failed.key).filter(({ replication }) => replication?.receiver === 'connecting')
  const tried = trying.map(({ key }) => key)
  const haveGivenUp = trying.every(({ replication }) => isUnmade(replication?.receiverError.number ?? 0))
  const asking = fleet.look(failed.key, haveGivenUp ? askGivenUpMilliseconds : askMilliseconds)
  return async (replicas): Promise<Reason | null> => {
    const witnesses = replicas.filter(({ key }) => tried.includes(key))
    const [primary, ...read] = await Promise.all([asking, ...witnesses.map(({ key }) => fleet.look(key, lookMilliseconds))])
    if (primary !== undefined) return recoveryReason('answers-again', { server: failed.key })
    const letIn = read.find(replica => replica !== undefined && !isUnmade(replica.replication?.receiverError.number ?? 0))
    if (letIn !== undefined) return recoveryReason('let-in', { server: failed.key, replica: letIn.key })
    return read.some(replica => replica !== undefined) ? null : recoveryReason('only-we-miss-it', { server: failed.key, replicas: replicas.length })
  }
}
