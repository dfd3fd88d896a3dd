import type { Contract } from '../../../contract/all.ts'
import type { InputOf } from '../../../contract/operation.ts'
import type { NotMoved, Regrouped, Relocated, ReplicasMoved } from '../../../contract/relocation.ts'
import { goPattern } from '../../../kit/go-pattern.ts'
import { ok } from '../../../kit/result.ts'
import { planMakeCoPrimary } from '../../../model/planning/make-co-primary.ts'
import { planMakeLocalPrimary, planMakePrimary } from '../../../model/planning/make-primary.ts'
import { planMoveBelow, planMoveEquivalent, planMoveGtid, planMoveUp, planRelocateAnyWay, planRepoint } from '../../../model/planning/move-one.ts'
import type { MovesPlan, Planning } from '../../../model/planning/moves.ts'
import type { Plan, Planned, Refusal } from '../../../model/planning/plan.ts'
import { planRegroupBinlogServers } from '../../../model/planning/regroup-binlog-servers.ts'
import { planRegroupReplicas, type RegroupKind, type RegroupPlan } from '../../../model/planning/regroup-replicas.ts'
import {
  planMoveReplicasGtid, planMoveUpReplicas, planRelocateReplicas, planRepointReplicas, planTakeSiblings,
} from '../../../model/planning/relocate-replicas.ts'
import { planTakeSource } from '../../../model/planning/take-source.ts'
import type { Instance } from '../../../model/topology/instance.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import type { PlanOutcome } from '../../execution/plan-outcome.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse } from '../refusals.ts'

interface About {
  readonly instance: InstanceKey
  readonly destination?: InstanceKey | undefined
  readonly pattern?: string | undefined
}

const planningOf = (topology: Topology, parts: OperationParts): Planning => ({ topology, policy: parts.policy().relocate, now: parts.clock.now(), equivalents: parts.equivalences.of })

const known = (keys: readonly (InstanceKey | undefined)[], topology: Topology): readonly InstanceKey[] =>
  [...new Set(keys)].filter(key => key !== undefined).filter(key => topology.instances.has(key))

/** A server, its source and the one above, where it may go, and its siblings. */
function aroundReplica({ instance, destination }: About, topology: Topology): readonly InstanceKey[] {
  const source = topology.get(instance)?.replication?.source
  const above = source === undefined ? undefined : topology.get(source)?.replication?.source
  return known([instance, destination, source, above], topology)
}

const withSiblings = (about: About, topology: Topology): readonly InstanceKey[] =>
  [...aroundReplica(about, topology), ...topology.siblingsOf(about.instance).map(({ key }) => key)]

const withReplicas = (about: About, topology: Topology): readonly InstanceKey[] =>
  [...new Set([...aroundReplica(about, topology), ...topology.replicasOf(about.instance).map(({ key }) => key)])]

/** What `pattern` picks; the refusal when it is no regular expression. */
function matching(pattern: string | undefined): ((key: InstanceKey) => boolean) | Refusal {
  if (pattern === undefined || pattern === '') return () => true
  const compiled = goPattern(pattern)
  return compiled.ok ? key => compiled.value.test(key) : { refused: operationReason('pattern-invalid', { pattern, text: compiled.failure }) }
}

const one = (plan: (input: About, planning: Planning) => Planned) => ({
  reads: aroundReplica,
  plan: (input: About, topology: Topology, parts: OperationParts) => plan(input, planningOf(topology, parts)),
  output: ({ instance }: About, topology: Topology, outcome: PlanOutcome, { methods = [] }: Plan): Outcome<Relocated> => {
    const replica = outcome.fresh.get(instance) ?? topology.get(instance)
    return replica === undefined ? refuse(operationReason('replica-unknown', { instance })) : ok({ replica, source: replica.replication?.source ?? instance, methods })
  },
})

/** Who moved, as read afterwards, and who did not. */
function cameOf(plan: Plan, topology: Topology, outcome: PlanOutcome): { readonly moved: readonly Instance[]; readonly notMoved: readonly NotMoved[] } {
  const { moves, left } = plan as MovesPlan // the plan that this handler made
  const failed = moves.flatMap(({ replica }): NotMoved[] => {
    const why = outcome.parts.get(replica) ?? null
    return why === null ? [] : [{ replica, why }]
  })
  const moved = moves.filter(({ replica }) => outcome.parts.get(replica) === null).flatMap(({ replica }) => outcome.fresh.get(replica) ?? topology.get(replica) ?? [])
  return { moved, notMoved: [...left, ...failed] }
}

const reasonsOf = (notMoved: readonly NotMoved[]): string => notMoved.map(({ why }) => why.text.trimEnd()).join('; ')

type Matches = (key: InstanceKey) => boolean

const many = (plan: (input: About, matches: Matches, planning: Planning) => MovesPlan | Refusal, target: (input: About, topology: Topology) => InstanceKey) => ({
  reads: withReplicas,
  plan: (input: About, topology: Topology, parts: OperationParts): Planned => {
    const matches = matching(input.pattern)
    return typeof matches === 'function' ? plan(input, matches, planningOf(topology, parts)) : matches
  },
  output: (input: About, topology: Topology, outcome: PlanOutcome, done: Plan): Outcome<ReplicasMoved> => {
    const { moved, notMoved } = cameOf(done, topology, outcome)
    if (moved.length === 0 && notMoved.length > 0) return refuse(operationReason('all-moves-failed', { reasons: reasonsOf(notMoved) }))
    return ok({ of: input.instance, source: target(input, topology), moved, notMoved, methods: done.methods ?? [] })
  },
})

const toDestination = ({ instance, destination }: About): InstanceKey => destination ?? instance

const relocateReplicas = many((input, matches, planning) => planRelocateReplicas({ instance: input.instance, target: toDestination(input), matches }, planning), toDestination)
const repointReplicas = many((input, matches, planning) => planRepointReplicas({ instance: input.instance, target: toDestination(input), matches }, planning), toDestination)
const moveUpReplicas = many(({ instance }, matches, planning) => planMoveUpReplicas({ instance, matches }, planning),
  ({ instance }, topology) => topology.get(instance)?.replication?.source ?? instance)

const gtid = many((input, matches, planning) => planMoveReplicasGtid({ instance: input.instance, target: toDestination(input), matches }, planning), toDestination)
/** The original calls it a failure when one of them did not move. */
const moveReplicasGtid: typeof gtid = {
  ...gtid,
  output: (input, topology, outcome, done) => {
    const { moved, notMoved } = cameOf(done, topology, outcome)
    if (notMoved.length === 0) return gtid.output(input, topology, outcome, done)
    return refuse(operationReason('only-some-moved', { moved: moved.length, count: moved.length + notMoved.length, instance: input.instance, reasons: reasonsOf(notMoved) }))
  },
}

const takeSiblings: Handler<Contract['take-siblings']> = {
  reads: withSiblings,
  plan: ({ instance }, topology, parts) => planTakeSiblings(instance, planningOf(topology, parts)),
  output: ({ instance }, topology, outcome, done) => {
    const { moved, notMoved } = cameOf(done, topology, outcome)
    if (moved.length === 0 && notMoved.length > 0) return refuse(operationReason('all-moves-failed', { reasons: reasonsOf(notMoved) }))
    const replica = outcome.fresh.get(instance) ?? topology.get(instance)
    return replica === undefined ? refuse(operationReason('replica-unknown', { instance })) : ok({ of: replica.replication?.source ?? instance, source: instance, replica, moved, notMoved, methods: done.methods ?? [] })
  },
}

const regroup = (kind: RegroupKind) => ({
  reads: withReplicas,
  plan: ({ instance }: About, topology: Topology, parts: OperationParts) => planRegroupReplicas(instance, kind, parts.policy().promotion, planningOf(topology, parts)),
  output: ({ instance }: About, topology: Topology, outcome: PlanOutcome, done: Plan): Outcome<Regrouped> =>
    ok({ of: instance, promoted: (done as RegroupPlan).candidate, methods: done.methods ?? [], ...cameOf(done, topology, outcome) }), // the plan that this handler made
})

const regroupBinlogServers: Handler<Contract['regroup-replicas-bls']> = {
  ...regroup('regroup-replicas'),
  plan: ({ instance }, topology, parts) => planRegroupBinlogServers(instance, 'regroup-replicas-bls', planningOf(topology, parts), planRelocateAnyWay),
}

/** An act whose answer is the server itself, as read afterwards. */
const place = (plan: (instance: InstanceKey, planning: Planning) => Planned) => ({
  reads: withSiblings,
  plan: ({ instance }: InputOf<Contract['take-source']>, topology: Topology, parts: OperationParts) => plan(instance, planningOf(topology, parts)),
  output: ({ instance }: InputOf<Contract['take-source']>, topology: Topology, outcome: PlanOutcome): Outcome<Instance> => {
    const server = outcome.fresh.get(instance) ?? topology.get(instance)
    return server === undefined ? refuse(operationReason('instance-unknown', { instance })) : ok(server)
  },
})

/** The former source is the one that now follows whoever took its place: the last change of the plan. */
async function tellTakenSource(plan: Plan, parts: OperationParts): Promise<void> {
  const last = plan.steps.findLast(({ step }) => step.do === 'change-source')?.step
  if (last?.do === 'change-source') await parts.tookSource(last.to, last.on)
}

export const moveHandlers = {
  'relocate-replicas': relocateReplicas, 'repoint-replicas': repointReplicas, 'move-up-replicas': moveUpReplicas, 'move-replicas-gtid': moveReplicasGtid,
  'take-siblings': takeSiblings, 'regroup-replicas': regroup('regroup-replicas'), 'regroup-replicas-gtid': regroup('regroup-replicas-gtid'), 'regroup-replicas-pgtid': regroup('regroup-replicas-pgtid'),
  'regroup-replicas-bls': regroupBinlogServers,
  'move-up': one(({ instance }, planning) => planMoveUp(instance, planning)),
  'move-below': one((input, planning) => planMoveBelow(input.instance, toDestination(input), planning)),
  'move-equivalent': one((input, planning) => planMoveEquivalent(input.instance, toDestination(input), planning)),
  'repoint': one(({ instance, destination }, planning) => planRepoint(instance, destination, planning)),
  'move-gtid': one((input, planning) => planMoveGtid(input.instance, toDestination(input), planning)),
  'take-source': { ...place(planTakeSource), after: tellTakenSource }, 'make-co-primary': place(planMakeCoPrimary), 'make-primary': place(planMakePrimary), 'make-local-primary': place(planMakeLocalPrimary),
}
