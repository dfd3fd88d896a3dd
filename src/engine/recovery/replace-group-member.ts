import { planReplaceGroupMember } from '../../model/planning/replace-group-member.ts'
import { eachBounded } from '../execution/bounded.ts'
import { failedSteps, unfinishedServers } from '../execution/plan-outcome.ts'
import { nothingDone, type Outcome, type RemedyJob } from './remedy-job.ts'

const lookMilliseconds = 2000
const looksAtOnce = 20

/** The asynchronous replicas of a group member that died follow another member; done only when all of them do (contract recovery.md section 9). */
export async function replaceGroupMember({ parts, policies, fleet, finding, story, lock, asked }: RemedyJob): Promise<Outcome> {
  const failed = fleet.get(finding.key)
  if (failed === undefined) return nothingDone(`${finding.key} is not known any more`)
  // Which members are there now, and who leads, they say themselves.
  const members = [...fleet.topology().instances.values()].filter(({ key, group }) => key !== failed.key && group !== null && group.name === failed.group?.name)
  await eachBounded(members.map(({ key }) => key), looksAtOnce, async key => void (await fleet.look(key, lookMilliseconds, 'full')))
  const replacement = planReplaceGroupMember(fleet.topology(), failed, policies.promotion.replication)
  if ('refused' in replacement) {
    story.note('choose', replacement.refused.text, failed.key, 'failed')
    return nothingDone(replacement.refused.text)
  }
  const { successor } = replacement
  story.note('choose', `will relocate the replicas of ${failed.key} below group member ${successor.key}`, successor.key)
  const outcome = await parts.execution.run(replacement.plan, { by: asked.by, lock, recoveryUid: story.uid, onStep: event => story.planStep('repoint', event) })
  const unmoved = unfinishedServers(outcome)
  for (const { key, reason } of replacement.lost) story.note('repoint', `lost replica: ${key}: ${reason.text}`, key)
  const lost = [...replacement.lost.map(({ key }) => key), ...unmoved.keys()]
  const errors = [...failedSteps(outcome).map(step => step.failure?.text ?? ''), ...replacement.lost.map(({ reason }) => reason.text)]
  return { successor: lost.length === 0 ? (fleet.get(successor.key) ?? successor) : null, lost, participants: [successor.key], errors, background: [] }
}
