import type { Reason } from '../../kit/reason.ts'
import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import type { Failure } from './failures.ts'
import type { AnalysisFacts } from './finding.ts'
import { linkState } from './link-state.ts'
import type { AnalysisMemory } from './memory.ts'
import type { AnalysisPolicy } from './policy.ts'
import { analysisReason } from './reasons.ts'
import { areWritesStalled } from './warnings.ts'

/** What the public codes do not say (contract failure-detection.md section 14). Never changes the code, nor starts anything. */
export function observationsOf(
  instance: Instance, replicas: readonly Instance[], facts: AnalysisFacts, failure: Failure, policy: AnalysisPolicy, now: number, memory: AnalysisMemory,
): readonly Reason[] {
  if (facts.lastCheckValid) {
    const found: Reason[] = []
    if (facts.isPrimary && facts.replicas > 1 && facts.validReplicas === 0) found.push(analysisReason('all-replicas-unreachable', { replicas: facts.replicas }))
    const waits = memory.writeWaits?.get(instance.key)
    if (waits !== undefined && (waits.isForDisk || areWritesStalled(facts, policy))) {
      found.push(analysisReason('writes-wait', { statements: waits.statements, seconds: waits.seconds, state: waits.waitsFor }))
    }
    const successor = memory.deposed?.get(instance.key)
    if (facts.isStaleWritable && successor !== undefined) found.push(analysisReason('replaced-and-writable', { successor }))
    return found
  }
  const found: Reason[] = []
  const refusal = instance.check.failure
  if (refusal !== null && isAnswer(refusal.kind)) found.push(analysisReason('answers-but-refuses-us', { text: refusal.text, kind: refusal.kind }))
  if (failure.code === 'NoProblem' && facts.replicas > 0 && facts.lastCheckPartialSuccess) found.push(analysisReason('answers-partly', {}))
  const states = replicas.map(replica => (isLastCheckValid(replica) && replica.replication !== null ? linkState(replica.replication, now, policy) : 'unknown'))
  const stopped = states.filter(state => state === 'stopped').length
  const silent = states.filter(state => state === 'silent').length
  if (stopped > 0 && facts.validReplicatingReplicas === 0) found.push(analysisReason('replicas-stopped-by-hand', { stopped, replicas: facts.replicas }))
  if (failure.code === 'DeadIntermediateMasterWithSingleReplica') found.push(analysisReason('single-replica-stopped', {}))
  if (silent > 0 && facts.validReplicatingReplicas === 0) found.push(analysisReason('judged-by-silence', { silent, replicas: facts.replicas }))
  return found
}

/** The server itself turned our probe down, so it is alive, whatever that is worth. */
export const isAnswer = (kind: NonNullable<Instance['check']['failure']>['kind']): boolean =>
  kind === 'access-denied' || kind === 'privilege-missing' || kind === 'too-many-connections' || kind === 'statement-rejected' || kind === 'configuration'
