import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import { linkState } from './link-state.ts'
import type { AnalysisPolicy } from './policy.ts'

/** A MariaDB cannot stop a receiver that tries to connect; it tries for a short time only, and says that it could not. */
const hasGivenUp = ({ version, replication }: Instance): boolean => version.flavour !== 'MariaDB' || (replication?.receiverError.number ?? 0) !== 0

/**
 * Receivers were made to connect anew, and so much later none of them had been let in: each was read after that time, and still tries. Who was not told to
 * run says nothing; one that is connected, or that the source answered with a refusal, says that the source lives.
 */
export function areShutOut(replicas: readonly Instance[], restartedAt: number, readAt: (replica: Instance) => number, policy: AnalysisPolicy, now: number): boolean {
  const witnesses = replicas.filter(replica => isLastCheckValid(replica) && replica.replication !== null && linkState(replica.replication, now, policy) !== 'stopped')
  return witnesses.length > 0 && witnesses.every(replica =>
    replica.replication !== null && linkState(replica.replication, now, policy) === 'lost' && hasGivenUp(replica) && readAt(replica) >= restartedAt + policy.shutOutMilliseconds)
}
