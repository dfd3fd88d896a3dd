import { failoverReason } from '../../model/planning/failover-reasons.ts'
import { isLastCheckValid } from '../../model/topology/instance.ts'
import { DeadPrimaryFailover } from './dead-primary.ts'
import { promiseOf } from './durability.ts'
import type { FailoverPolicy } from './failover-policy.ts'
import type { Policies } from './policies.ts'
import { nothingDone, type Outcome, type RemedyJob } from './remedy-job.ts'
import { stillLives } from './still-lives.ts'

/** No promotion of a co-primary is vetoed for its place or its lag (contract recovery.md section 8, step 8). */
const withoutVetoes = ({ failover }: Policies): FailoverPolicy => ({
  ...failover, promotion: { ...failover.promotion, preventCrossDataCenter: false, preventCrossRegion: false, failOnLagMinutes: 0 },
})

/**
 * One of two co-primaries died. The other one leads alone when it must (CoMasterRecoveryMustPromoteOtherCoMaster) or takes writes already: what only
 * others hold is fed to it first, and everybody follows it. Else the best replica is promoted, and the other co-primary follows that one.
 */
export async function replaceCoPrimary(job: RemedyJob): Promise<Outcome> {
  const { parts, policies, fleet, finding, story, lock, asked, forbids } = job
  const failed = fleet.get(finding.key)
  if (failed === undefined) return nothingDone(`${finding.key} is not known any more`)
  const other = fleet.topology().sourceOf(failed)
  if (other === undefined || other.replication?.source !== failed.key) return nothingDone(failoverReason('no-other-co-primary', { failed: failed.key }).text)
  const takesWrites = isLastCheckValid(other) && !other.readOnly
  const only = policies.mustPromoteOtherCoPrimary || takesWrites ? other.key : null
  story.note('begin', only === null ? `any replica of ${failed.key} may be promoted` : `the other co-primary ${other.key} is to lead${takesWrites ? '; it takes writes' : ''}`, other.key)
  const startedAt = parts.clock.monotonic()
  const result = await new DeadPrimaryFailover(parts.clock, parts.execution, fleet, withoutVetoes(policies)).run({
    failed, designated: only, only, durability: promiseOf(job), by: asked.by, lock, story,
    ...(asked.rechecks === true ? { stillLives: stillLives(fleet, failed) } : {}), ...(forbids === undefined ? {} : { forbids }),
    onWritable: successor => {
      job.leads(successor.key)
      const milliseconds = parts.clock.monotonic() - startedAt
      story.note('promote', `promoted replica: ${successor.key}, writable after ${milliseconds.toFixed(1)} ms`, successor.key, 'done', milliseconds)
    },
  })
  if (result.successor === null) story.note('promote', 'Failure: no replica promoted.', null, 'failed')
  return { ...result, lost: result.lost.map(({ key }) => key) }
}
