import { DeadPrimaryFailover } from './dead-primary.ts'
import { promiseOf } from './durability.ts'
import { stillLives } from './still-lives.ts'
import { nothingDone, type Outcome, type RemedyJob } from './remedy-job.ts'

/** A primary that died, or that a person wants replaced whatever it says, gives way to a replica. */
export async function replacePrimary(job: RemedyJob): Promise<Outcome> {
  const { parts, policies, fleet, finding, registered, asked, story, lock, forbids } = job
  const failed = fleet.get(finding.key)
  if (failed === undefined) return nothingDone(`${finding.key} is not known any more`)
  story.note('begin', `RecoverDeadMaster: masterRecoveryType=${registered.method}`)
  const failover = new DeadPrimaryFailover(parts.clock, parts.execution, fleet, policies.failover)
  const startedAt = parts.clock.monotonic()
  const result = await failover.run({
    failed, designated: asked.candidate, durability: promiseOf(job), by: asked.by, lock, story, fencesFirst: asked.command.startsWith('force-') && failed.check.failure === null,
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
