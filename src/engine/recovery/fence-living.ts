import { planFence } from '../../model/planning/failover.ts'
import { countMissing, heldGtids } from '../../model/planning/failover-held.ts'
import { isByPosition } from '../../model/planning/failover-position.ts'
import type { Plan } from '../../model/planning/plan.ts'
import { compareCoordinates, coordinatesText } from '../../model/topology/binlog-coordinates.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { DeadlineOverrides } from '../execution/deadlines.ts'
import type { PlanOutcome } from '../execution/plan-outcome.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryStory } from './story.ts'

/** One look at a server, and how long a primary may take to refuse writes, that is to be replaced while it lives. */
const lookMilliseconds = 1000
const fenceLimitMilliseconds = 2000
/** How long replicas may take to receive what it committed until then. */
const receiveLimitMilliseconds = 1000
const receivePauseMilliseconds = 10

export interface Fencing {
  readonly clock: Clock
  readonly fleet: Fleet
  readonly story: RecoveryStory
  run(plan: Plan, deadlines: DeadlineOverrides): Promise<PlanOutcome>
}

/** Writes stop before replicas do, so that nothing is committed that nobody fetches any more. Bounded: a primary that hangs is replaced all the same. */
export async function fenceLiving(fencing: Fencing, failed: InstanceKey): Promise<void> {
  const { clock, fleet, story, run } = fencing
  const fenced = await run(planFence(fleet.topology(), failed), { 'set-read-only': fenceLimitMilliseconds })
  if (fenced.state !== 'done' || fenced.steps.some(({ state }) => state !== 'done')) return
  const until = clock.monotonic() + receiveLimitMilliseconds
  const old = await fleet.look(failed, lookMilliseconds)
  if (old === undefined) return
  if (isByPosition(fleet.topology(), failed)) return untilRead(fencing, failed, until)
  if (old.gtidMode !== 'ON') return
  const all = heldGtids(old)
  for (;;) {
    const replicas = await Promise.all(fleet.topology().replicasOf(failed).map(({ key }) => fleet.look(key, lookMilliseconds)))
    const missing = Math.min(...replicas.map(replica => (replica === undefined ? Infinity : countMissing(all, heldGtids(replica)))))
    if (missing === 0) return story.note('fence', `a replica has received everything that ${failed} has`, failed, 'done')
    if (clock.monotonic() >= until) return story.note('fence', `no replica has received everything that ${failed} has: ${missing === Infinity ? 'none answers' : `${missing} transactions are missing`}`, failed)
    await clock.sleep(receivePauseMilliseconds)
  }
}

/** The same without GTID: a replica has read its log to the end. */
async function untilRead({ clock, fleet, story }: Fencing, failed: InstanceKey, until: number): Promise<void> {
  const end = (await fleet.look(failed, lookMilliseconds, 'full'))?.binlogCoordinates ?? null
  if (end === null) return
  for (;;) {
    const replicas = await Promise.all(fleet.topology().replicasOf(failed).map(({ key }) => fleet.look(key, lookMilliseconds)))
    const reads = replicas.flatMap(replica => replica?.replication?.readCoordinates ?? [])
    if (reads.some(read => compareCoordinates(read, end) >= 0)) return story.note('fence', `a replica has received everything that ${failed} has`, failed, 'done')
    if (clock.monotonic() >= until) return story.note('fence', `no replica has received everything that ${failed} has: its log ends at ${coordinatesText(end)}`, failed)
    await clock.sleep(receivePauseMilliseconds)
  }
}
