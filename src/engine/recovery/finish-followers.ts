import { planOf, type Row } from '../../model/planning/failover-plan.ts'
import { planStopPositions, realReplicasByPosition } from '../../model/planning/failover-position.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import type { LostReplica } from '../../model/planning/failover.ts'
import type { placeIn } from '../../model/planning/leader-place.ts'
import type { Plan } from '../../model/planning/plan.ts'
import { knownPlace, positionObstacle } from '../../model/planning/takeover-position.ts'
import { planSiblings } from '../../model/planning/takeover.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Intent } from '../../ports/intents.ts'
import { failedSteps } from '../execution/plan-outcome.ts'
import { type Follow, followByPosition } from './follow-position.ts'
import type { Policies } from './policies.ts'

const lookMilliseconds = 3000

export interface Finished {
  readonly lost: readonly LostReplica[]
  readonly errors: readonly string[]
}

export type KnownPlace = NonNullable<ReturnType<typeof placeIn>>

/** Replicas without GTID of a dead primary whose replacement was cut off after the switch: they go on from the place that was written down before it. */
export async function finishPositions(follow: Follow, failed: InstanceKey, successor: Instance, place: KnownPlace): Promise<Finished> {
  const { fleet } = follow
  const { reachable, lost } = positionReplicas(fleet.topology(), failed, successor.key)
  await follow.run('interrupted', planStopPositions(fleet.topology(), failed, reachable), {})
  const stopped = reachable.flatMap(({ key }) => fleet.get(key) ?? []).filter(({ replication }) => replication?.receiver === 'stopped')
  const running: readonly LostReplica[] = reachable.filter(({ key }) => !stopped.some(each => each.key === key)).map(({ key }) => ({ key, reason: failoverReason('replica-not-stopped', { server: key, text: '' }) }))
  const followed = await followByPosition(follow, stopped, successor, place)
  return { lost: [...lost, ...running, ...followed.lost], errors: followed.errors }
}

/** Siblings without GTID of a takeover that was cut off after the switch: the old primary lives, so whoever stands half way goes on to the end of its log first. */
export async function finishSiblings(follow: Follow, policies: Policies, old: InstanceKey, successor: Instance, place: KnownPlace): Promise<Finished> {
  const { fleet, run } = follow
  const { reachable, lost } = positionReplicas(fleet.topology(), old, successor.key)
  await run('interrupted', planStartStopped(fleet.topology(), reachable), {})
  await Promise.all(reachable.map(({ key }) => fleet.look(key, lookMilliseconds, 'full')))
  const [primary, policy] = [fleet.get(old), policies.takeover(true)]
  const left: LostReplica[] = []
  const siblings = reachable.flatMap(({ key }) => fleet.get(key) ?? []).filter(sibling => {
    const reason = primary === undefined ? failoverReason('replica-unreachable', { server: old, text: '' }) : positionObstacle(sibling, primary, successor, policy)
    if (reason !== null) left.push({ key: sibling.key, reason })
    return reason === null
  })
  const says = failoverReason('plan-repoint', { successor: successor.key })
  const rows = planSiblings(siblings, old, successor, knownPlace(place), policy)
  const outcome = await run('interrupted', planOf(fleet.topology(), { kind: 'takeover-repoint', says, rows, method: 'position' }), {})
  return { lost: [...lost, ...left], errors: failedSteps(outcome).map(step => step.failure?.text ?? '') }
}

function positionReplicas(topology: Topology, source: InstanceKey, successor: InstanceKey): { readonly reachable: readonly Instance[]; readonly lost: readonly LostReplica[] } {
  const { reachable, lost } = realReplicasByPosition(topology, source)
  const byPosition = (key: InstanceKey): boolean => key !== successor && topology.get(key)?.replication?.gtid === 'none'
  return { reachable: reachable.filter(({ key }) => byPosition(key)), lost: lost.filter(({ key }) => byPosition(key)) }
}

/** Those that were turned to the successor, and were to be started when the crash came. */
export function planStartTurned(topology: Topology, intents: readonly Intent[], successor: InstanceKey): Plan {
  const turned = intents.flatMap(({ plan }) => plan.steps.flatMap(({ step }) => {
    const starts = plan.steps.some(other => other.step.on === step.on && (other.step.do === 'start-replication' || other.step.do === 'start-receiver'))
    return step.do === 'change-source' && step.to === successor && starts ? [step.on] : []
  }))
  return planStartStopped(topology, [...new Set(turned)].flatMap(key => topology.get(key) ?? []).filter(({ replication }) => replication?.source === successor))
}

export function planStartStopped(topology: Topology, replicas: readonly Instance[]): Plan {
  const rows = replicas.filter(({ check, replication: link }) => check.failure === null && (link?.receiver === 'stopped' || link?.applier === 'stopped')).map(({ key: on, replication }): Row =>
    ({ wave: 1, step: { do: 'start-replication', on }, onFailure: 'note', ifStoppedHere: failoverReason('repoint-done', { server: on, successor: replication?.source ?? '' }) }))
  return planOf(topology, { kind: 'start-receivers', says: failoverReason('plan-start-receivers', { failed: replicas[0]?.replication?.source ?? '' }), rows, method: 'none' })
}

/** A failover without GTID lets the others stand; where nobody was promoted they apply on. */
export function planAppliersAgain(topology: Topology, intents: readonly Intent[], failed: InstanceKey): Plan {
  const stood = new Set(intents.flatMap(({ plan }) => (plan.kind === 'settle' ? plan.steps.flatMap(({ step }) => (step.do === 'stop-replication' ? [step.on] : [])) : [])))
  const rows = [...stood].filter(key => {
    const replica = topology.get(key)
    return replica?.check.failure === null && replica.replication?.source === failed && replica.replication.applier === 'stopped'
  }).map((on): Row => ({ wave: 1, step: { do: 'start-applier', on }, onFailure: 'note', ifStoppedHere: failoverReason('stop-receiver-stopped', { server: on }) }))
  return planOf(topology, { kind: 'start-receivers', says: failoverReason('plan-start-receivers', { failed }), rows, method: 'position' })
}
