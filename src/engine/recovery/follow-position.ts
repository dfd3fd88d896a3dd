import { failoverReason } from '../../model/planning/failover-reasons.ts'
import type { LostReplica } from '../../model/planning/failover.ts'
import { type LeaderPlace, planFollowPosition, planStandOthers } from '../../model/planning/failover-position.ts'
import type { Plan } from '../../model/planning/plan.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { RunOptions } from '../execution/execution.ts'
import { failedSteps, type PlanOutcome, unfinishedServers } from '../execution/plan-outcome.ts'
import type { FailoverPolicy } from './failover-policy.ts'
import type { Fleet } from './fleet.ts'

/** Logs may be walked for as long as this; whoever is matched waits, and nobody else. */
export const matchMilliseconds = 5 * 60_000

/** An applier that holds a part of a transaction waits a minute for the rest before it stops. */
export const stopMilliseconds = 75_000

export interface Follow {
  readonly fleet: Fleet
  readonly policy: FailoverPolicy
  run(stage: string, plan: Plan, options: Partial<RunOptions>): Promise<PlanOutcome>
}

/** Replicas that fetch nothing more come to stand, and follow the successor from where each stands; `place` is where that one stood. */
export async function followByPosition(
  { fleet, policy, run }: Follow, others: readonly Instance[], successor: Instance, place: LeaderPlace,
): Promise<{ readonly lost: readonly LostReplica[]; readonly errors: readonly string[] }> {
  if (others.length === 0) return { lost: [], errors: [] }
  const settled = await run('settle', planStandOthers(fleet.topology(), others, successor.key, policy.drainLimit), {
    known: knownOf(others), remembered: 'behind', staysOpen: true, deadlines: { 'stop-replication': stopMilliseconds },
  })
  const unsettled = unfinishedServers(settled)
  const standing = others.filter(({ key }) => !unsettled.has(key)).map(replica => settled.fresh.get(replica.key) ?? replica)
  const late = [...unsettled].map(([key, reason]): LostReplica => ({ key, reason: failoverReason('replica-not-moved', { server: key, text: reason?.text ?? '' }) }))
  const follow = planFollowPosition(fleet.topology(), standing, successor, place, { replication: policy.promotion.replication, pseudoGtid: policy.pseudoGtid, matchMilliseconds })
  const followed = await run('repoint', follow.plan, { known: knownOf([...standing, successor]), remembered: 'behind' })
  const notMoved = [...followed.parts].flatMap(([key, reason]): LostReplica[] => (reason === null ? [] : [{ key, reason: failoverReason('replica-not-moved', { server: key, text: reason.text }) }]))
  return { lost: [...late, ...follow.lost, ...notMoved], errors: [...failedSteps(settled), ...failedSteps(followed)].map(step => step.failure?.text ?? '') }
}

export const knownOf = (instances: readonly Instance[]): ReadonlyMap<InstanceKey, Instance> => new Map(instances.map(instance => [instance.key, instance]))
