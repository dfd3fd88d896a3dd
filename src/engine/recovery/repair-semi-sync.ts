import { canReleaseCommits, planReleaseCommits, planRepairSemiSync } from '../../model/planning/repair-semi-sync.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { eachBounded } from '../execution/bounded.ts'
import { failedSteps } from '../execution/plan-outcome.ts'
import { nothingDone, type Outcome, type RemedyJob } from './remedy-job.ts'

const lookMilliseconds = 2000
const looksAtOnce = 50
/** How long replicas may take to be counted by their source after their receivers have been restarted. */
const countedWithinMilliseconds = 5000
const lookPauseMilliseconds = 100
const stage = 'semi-sync'

/**
 * A semi-sync source that waits for more replicas than it has, or has too many: replicas are switched on or off, and the remedy is only called a success
 * when the source counts them, and, where it was locked, commits again (known-pains.md F8).
 */
export async function repairSemiSync(job: RemedyJob): Promise<Outcome> {
  const { parts, policies, fleet, finding, story, lock, asked } = job
  const isLocked = finding.code === 'LockedSemiSyncMaster'
  const replicas = fleet.topology().replicasOf(finding.key).map(({ key }) => key)
  await eachBounded([finding.key, ...replicas], looksAtOnce, async key => void (await fleet.look(key, lookMilliseconds, 'full')))
  const source = fleet.get(finding.key)
  const mode = policies.semiSyncMode
  if (source === undefined || mode === null) return nothingDone(`${finding.key} is not known any more`)
  const suffices = ({ semiSync }: Instance): boolean =>
    semiSync !== null && (isLocked ? semiSync.clients >= semiSync.waitForReplicaCount : semiSync.clients <= semiSync.waitForReplicaCount)
  const options = { by: asked.by, lock, recoveryUid: story.uid, onStep: (event: Parameters<typeof story.planStep>[1]) => story.planStep(stage, event) }
  const errors: string[] = []
  const participants: Outcome['participants'][number][] = []
  if (suffices(source)) story.note(stage, `${countText(source)} acknowledge by now`, source.key)
  else {
    const plan = planRepairSemiSync(fleet.topology(), source, mode, { drainMilliseconds: policies.failover.drainLimit })
    if ('refused' in plan) {
      story.note(stage, plan.refused.text, source.key, 'failed')
      return nothingDone(plan.refused.text)
    }
    story.note(stage, `${countText(source)} acknowledge; ${mode === 'exact' ? 'exactly so many are made to' : 'more are made to'}`, source.key)
    for (const warning of plan.warnings) story.note(stage, warning.text)
    participants.push(...new Set(plan.steps.map(({ step }) => step.on)))
    const outcome = await parts.execution.run(plan, options)
    errors.push(...failedSteps(outcome).map(step => step.failure?.text ?? ''))
  }
  const counted = await untilTrue(job, suffices)
  if (counted === null || !suffices(counted)) {
    const text = counted === null ? `${source.key} does not answer` : `${countText(counted)} acknowledge`
    story.note(stage, text, source.key, 'failed')
    return { ...nothingDone(text), errors: [...errors, text], participants }
  }
  story.note(stage, `${countText(counted)} acknowledge`, source.key, 'done')
  const failure = isLocked ? await release(job, source, counted, options) : null
  return { successor: failure === null ? counted : null, lost: [], participants, errors: failure === null ? errors : [...errors, failure], background: [] }
}

/** Commits that were blocked before are let go by one more transaction that is acknowledged. */
async function release(job: RemedyJob, before: Instance, counted: Instance, options: { readonly by: string; readonly lock: RemedyJob['lock']; readonly recoveryUid: string }): Promise<string | null> {
  const { parts, fleet, story } = job
  const [was, is] = [before.binlogCoordinates, counted.binlogCoordinates]
  if (was?.file !== is?.file || was?.position !== is?.position) {
    story.note(stage, `${counted.key} commits again`, counted.key, 'done')
    return null
  }
  if (!canReleaseCommits(counted)) {
    story.note(stage, `what ${counted.key} had begun to commit is let go with its next commit`, counted.key)
    return null
  }
  const outcome = await parts.execution.run(planReleaseCommits(fleet.topology(), counted), options)
  return outcome.state === 'done' ? null : `${counted.key} does not commit: ${outcome.failure?.text ?? ''}`
}

async function untilTrue({ parts: { clock }, fleet, finding }: RemedyJob, holds: (source: Instance) => boolean): Promise<Instance | null> {
  const until = clock.monotonic() + countedWithinMilliseconds
  for (;;) {
    const source = await fleet.look(finding.key, lookMilliseconds, 'full')
    if ((source !== undefined && holds(source)) || clock.monotonic() >= until) return source ?? null
    await clock.sleep(lookPauseMilliseconds)
  }
}

const countText = ({ semiSync }: Instance): string => `${semiSync?.clients ?? 0} replicas of ${semiSync?.waitForReplicaCount ?? 0} that are waited for`
