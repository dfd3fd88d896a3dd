import { planReplaceIntermediate } from '../../model/planning/replace-intermediate.ts'
import type { Plan } from '../../model/planning/plan.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { failedSteps, unfinishedServers } from '../execution/plan-outcome.ts'
import { nothingDone, type Outcome, type RemedyJob } from './remedy-job.ts'

/** The replicas of an intermediate source that died follow another server (contract recovery.md section 7). */
export async function replaceIntermediate({ parts, policies, fleet, finding, asked, story, lock }: RemedyJob): Promise<Outcome> {
  const topology = fleet.topology()
  const failed = topology.get(finding.key)
  if (failed === undefined) return nothingDone(`${finding.key} is not known any more`)
  const replacement = planReplaceIntermediate(topology, failed, policies.intermediate)
  if ('refused' in replacement) {
    story.note('choose', replacement.refused.text, finding.key, 'failed')
    return nothingDone(`topology_recovery: RecoverDeadIntermediateMaster failed to match up any replica from ${finding.key}: ${replacement.refused.text}`)
  }
  story.note('choose', `will attempt a candidate intermediate master: ${replacement.successor} (${replacement.way})`, replacement.successor)
  const outcome = await parts.execution.run(replacement.plan, { by: asked.by, lock, recoveryUid: story.uid, onStep: event => story.planStep('repoint', event) })
  const moveLater = async (plan: Plan): Promise<readonly InstanceKey[]> =>
    [...unfinishedServers(await parts.execution.run(plan, { by: asked.by, lock, recoveryUid: story.uid, onStep: event => story.planStep('repoint', event) })).keys()]
  const unmoved = unfinishedServers(outcome)
  const moved = replacement.plan.steps.some(({ step }) => step.do === 'change-source' && !unmoved.has(step.on))
  const lost = [...replacement.lost.map(({ key }) => key), ...unmoved.keys()]
  for (const { key, reason } of replacement.lost) story.note('repoint', `lost replica: ${key}: ${reason.text}`, key)
  return {
    successor: moved ? (fleet.get(replacement.successor) ?? null) : null, lost, participants: replacement.participants,
    errors: failedSteps(outcome).map(step => step.failure?.text ?? ''), background: [], later: replacement.later === null || !moved ? [] : [moveLater(replacement.later)],
  }
}
