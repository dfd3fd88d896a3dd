import type { RecoveryDryRunView } from '../../contract/views.ts'
import { analyseOne } from '../../model/analysis/analyse.ts'
import { noMemory } from '../../model/analysis/memory.ts'
import type { Reason } from '../../kit/reason.ts'
import {
  feederFor, type LostReplica, planDrain, planFeed, planFence, planPromotion, planRepoint, planStopReceivers, orphansToSave,
} from '../../model/planning/failover.ts'
import {
  chooseBinlogSuccessors, filesToBegin, gatheredServers, isByBinlogServers, planGatherBinlogServers, planLeaderSource, planLeaderStands, planNumberLogs, planRollForward, replicasBelow,
} from '../../model/planning/failover-binlog-server.ts'
import { binlogFailoverReason } from '../../model/planning/failover-binlog-server-reasons.ts'
import { canFeed, planFollowBeside, replicasBeside } from '../../model/planning/failover-beside.ts'
import { isByPosition, planFollowPosition, planStandOthers, planStandPosition, planStopPositions, realReplicasByPosition } from '../../model/planning/failover-position.ts'
import { positionFailoverReason } from '../../model/planning/failover-position-reasons.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import { choosePositionSuccessors } from '../../model/planning/promote-position.ts'
import type { Plan } from '../../model/planning/plan.ts'
import { decidePromotion, promotionQuestion } from '../../model/planning/promote.ts'
import { firstAwaited, listCandidates, notWaitedFor, soonWithin } from '../../model/planning/promote-waiting.ts'
import { rankCandidates } from '../../model/planning/promote-rank.ts'
import { planReplaceGroupMember } from '../../model/planning/replace-group-member.ts'
import { planReplaceIntermediate } from '../../model/planning/replace-intermediate.ts'
import { listsAt } from '../../model/recovery/hook-lists.ts'
import type { Step } from '../../model/planning/step.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import { durabilityObstacle, durabilityOf } from './durability.ts'
import { engineReason } from './engine-reasons.ts'
import { withSuccessor } from './occasion.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'
import type { Recoverer } from './recoverer.ts'
import { wordsOf } from './story.ts'

export interface DryRunWish {
  readonly candidate?: InstanceKey | null
  readonly runHooks?: boolean
}

/** What would be done if this server died now: the recovery's own planning, on a topology in which it is marked dead. Touches nothing. */
export function dryRun(parts: RecoveryParts, policies: Policies, recoverer: Recoverer, key: InstanceKey, wish: DryRunWish = {}): RecoveryDryRunView {
  const { candidate = null, runHooks = true } = wish
  const real = parts.inventory.topology
  const now = parts.clock.now()
  const known = real.get(key)
  const nothing = { server: key, clusterName: known?.clusterName ?? '', code: '', isConfirmedDead: false, candidates: [], successor: null, stages: [], lost: [], hooks: [], warnings: [] }
  if (known === undefined) return { ...nothing, refusal: failoverReason('no-reachable-replica', { failed: key }) }
  const isDead = known.check.failure !== null
  const topology = isDead ? real : withDeath(real, known, now)
  const failed = topology.get(key) ?? known
  const finding = analyseOne(topology, key, parts.analysis, now, noMemory)
  const remedy = finding?.remedy ?? 'none'
  const found = { ...nothing, code: finding?.code ?? 'NoProblem', isConfirmedDead: isDead }
  if (finding === null || remedy === 'none' || remedy === 'report' || remedy === 'repair-semi-sync' || remedy === 'make-writable') {
    return { ...found, refusal: engineReason('no-remedy', { code: found.code }) }
  }
  const asked = { by: '', command: '', candidate, runHooks }
  const occasion = recoverer.occasion(finding, asked, '')
  const outcome = stagesOf[remedy](topology, failed, policies, candidate)
  const told = outcome.successor === null ? occasion : withSuccessor(occasion, outcome.successor, outcome.lost.map(({ key }) => key))
  const lists = !runHooks ? [] : [...listsAt('detected', remedy), ...listsAt('before', remedy), ...listsAt(outcome.successor === null ? 'failed' : 'succeeded', remedy)]
  return {
    ...found,
    candidates: outcome.candidates, successor: outcome.successor?.key ?? null,
    stages: outcome.stages.filter(plan => plan.steps.length > 0).map(plan => ({ name: plan.kind, says: plan.says, steps: shown(plan, step => statementsOf(parts, topology, step)) })),
    lost: outcome.lost, refusal: outcome.refusal ?? (isOfPrimary(remedy) ? durabilityObstacle(policies.durability, topology, finding) : null), warnings: outcome.warnings,
    hooks: lists.map(list => ({ list, commands: recoverer.hooks.preview(list, list === 'PreFailoverProcesses' || list === 'OnFailureDetectionProcesses' ? occasion : told) })),
  }
}

const isOfPrimary = (remedy: string): boolean => remedy === 'promote-replica' || remedy === 'promote-co-primary'

interface Foreseen {
  readonly successor: Instance | null
  readonly candidates: RecoveryDryRunView['candidates']
  readonly stages: readonly Plan[]
  readonly lost: readonly LostReplica[]
  readonly refusal: Reason | null
  readonly warnings: readonly Reason[]
}

type Foresee = (topology: Topology, failed: Instance, policies: Policies, designated: InstanceKey | null) => Foreseen

const stagesOf: Readonly<Record<'promote-replica' | 'promote-co-primary' | 'replace-intermediate' | 'relocate-group-replicas', Foresee>> = {
  'promote-replica': primaryStages, 'promote-co-primary': coPrimaryStages, 'replace-intermediate': intermediateStages, 'relocate-group-replicas': groupStages,
}

/** The other co-primary leads when it must, or when it takes writes already. */
function coPrimaryStages(topology: Topology, failed: Instance, policies: Policies): Foreseen {
  const other = topology.sourceOf(failed)
  if (other === undefined) return { ...nothingForeseen, refusal: failoverReason('no-other-co-primary', { failed: failed.key }) }
  return primaryStages(topology, failed, policies, policies.mustPromoteOtherCoPrimary || !other.readOnly ? other.key : null)
}

function groupStages(topology: Topology, failed: Instance, policies: Policies): Foreseen {
  const replacement = planReplaceGroupMember(topology, failed, policies.promotion.replication)
  if ('refused' in replacement) return { ...nothingForeseen, refusal: replacement.refused }
  return { ...nothingForeseen, successor: replacement.successor, stages: [replacement.plan], lost: replacement.lost }
}

const nothingForeseen: Foreseen = { successor: null, candidates: [], stages: [], lost: [], refusal: null, warnings: [] }

function primaryStages(topology: Topology, failed: Instance, policies: Policies, designated: InstanceKey | null): Foreseen {
  if (isByBinlogServers(topology, failed.key)) return binlogStages(topology, failed, policies, designated)
  if (isByPosition(topology, failed.key)) return positionStages(topology, failed, policies, designated)
  const asks = promotionQuestion(topology, failed, policies.promotion, designated)
  const besides = new Set(replicasBeside(topology, failed.key).map(({ key }) => key))
  const question = { ...asks, replicas: asks.replicas.filter(({ key }) => !besides.has(key)) }
  const candidates = rankCandidates(question)
  const { reachable, lost } = orphansToSave(topology, failed.key)
  const stop = planStopReceivers(topology, failed.key)
  const none = { successor: null, candidates, stages: [stop], lost, warnings: [] }
  const decision = decidePromotion(question)
  if (decision.refused !== null && !reachable.some(({ key }) => key === designated)) return { ...none, refusal: decision.refused }
  // Who would have to be asked first, by what each has to execute.
  const able = reachable.filter(({ key }) => !besides.has(key))
  const listed = listCandidates(topology, failed, able, [...able, ...replicasBeside(topology, failed.key).filter(canFeed)], policies.promotion, { designated })
  const awaited = 'refused' in listed ? null : firstAwaited(listed, soonWithin(policies.failover.drainLimit, 'transactions'))
  if (awaited === null) return { ...none, refusal: 'refused' in listed ? listed.refused : failoverReason('no-candidate', { failed: failed.key, text: '' }) }
  const promoted = awaited.candidate
  // As it will be after the first stage.
  const stopped = topologyWith(topology, reachable.map(withStoppedReceiver))
  const candidate = stopped.get(promoted.key) ?? promoted
  const others = reachable.map(({ key }) => stopped.get(key)).filter(replica => replica !== undefined)
  const advanced = feederFor(candidate, [...others, ...replicasBeside(topology, failed.key).filter(canFeed)])
  const feed = advanced === null ? [] : [planFeed(stopped, candidate, advanced.feeder, policies.failover.feedLimit)]
  const durability = durabilityOf(policies.durability, topology, failed.clusterName)
  const repoint = planRepoint(stopped, others, candidate, policies.promotion.replication, durability)
  const beside = foreseenBeside(topology, failed.key, candidate, advanced?.feeder ?? null, policies)
  const stages = [stop, ...feed, planDrain(stopped, candidate, policies.failover.drainLimit), planPromotion(stopped, candidate, durability), repoint.plan, ...beside.stages, planFence(stopped, failed.key)]
  const fedLost = feed.length === 0 ? repoint.lost : repoint.lost.filter(({ reason }) => reason.code !== 'replica-ahead')
  return { successor: candidate, candidates, stages, lost: [...lost.filter(({ key }) => !beside.concerns.has(key)), ...beside.lost, ...fedLost], refusal: null, warnings: [...notWaitedFor(awaited), ...beside.remarks] }
}

/** Those by position beside others by GTID, as if everybody stood where it is. */
function foreseenBeside(topology: Topology, failed: InstanceKey, candidate: Instance, feeder: Instance | null, { failover, promotion }: Policies): Pick<Foreseen, 'stages' | 'lost'> & { readonly concerns: ReadonlySet<InstanceKey>; readonly remarks: readonly Reason[] } {
  const beside = replicasBeside(topology, failed)
  const concerns = new Set(beside.map(({ key }) => key))
  if (beside.length === 0) return { stages: [], lost: [], concerns, remarks: [] }
  const stopped = topologyWith(topology, beside.map(withStoppedReceiver))
  const standing = beside.map((replica): Instance => (replica.replication === null ? replica : { ...replica, replication: { ...replica.replication, receiver: 'stopped', applier: 'stopped' } }))
  const sets = [candidate, feeder].flatMap(server => [server?.executedGtidSet ?? '', server?.replication?.retrievedGtidSet ?? ''])
  const executed = { ...candidate, executedGtidSet: sets.filter(text => text !== '').join(',') }
  const follow = planFollowBeside(stopped, standing, executed, candidate.binlogCoordinates, { replication: promotion.replication, pseudoGtid: failover.pseudoGtid, matchMilliseconds: failover.lastDrainLimit })
  const settle = planStandOthers(stopped, beside.map(({ key }) => stopped.get(key)).filter(replica => replica !== undefined), candidate.key, failover.drainLimit)
  return { stages: [planStopPositions(topology, failed, beside), settle, follow.plan], lost: follow.lost, concerns, remarks: follow.remarks.map(({ reason }) => reason) }
}

/** Without GTID; as if everybody had applied all that it has received. */
function positionStages(topology: Topology, failed: Instance, policies: Policies, designated: InstanceKey | null): Foreseen {
  const { failover } = policies
  const { reachable, lost: gone } = realReplicasByPosition(topology, failed.key)
  const candidates = rankCandidates(promotionQuestion(topology, failed, policies.promotion, designated))
  const choice = choosePositionSuccessors(topology, failed, reachable, { ...policies.promotion, failIfApplierBehind: false }, { designated, only: null })
  const stop = planStopPositions(topology, failed.key, reachable)
  const successor = 'refused' in choice ? undefined : choice.successors[0]
  const servers = topology.replicasOf(failed.key).filter(({ isBinlogServer }) => isBinlogServer)
  const lost = [...gone, ...servers.map(({ key: server }) => ({ key: server, reason: positionFailoverReason('orphan-binlog-server', { server, failed: failed.key, successor: successor?.key ?? '' }) }))]
  if (successor === undefined || 'refused' in choice) {
    return { ...nothingForeseen, candidates, stages: [stop], lost: gone, refusal: 'refused' in choice ? choice.refused : failoverReason('no-candidate', { failed: failed.key, text: '' }) }
  }
  const stopped = topologyWith(topology, reachable.map(withStoppedReceiver))
  const standing = reachable.map(replica => (replica.replication === null ? replica
    : { ...replica, replication: { ...replica.replication, receiver: 'stopped' as const, applier: 'stopped' as const, executedCoordinates: replica.replication.readCoordinates } }))
  const stood = topologyWith(topology, standing)
  const [executed, ownEnd] = [successor.replication?.readCoordinates ?? null, successor.binlogCoordinates]
  if (executed === null || ownEnd === null) return { ...nothingForeseen, candidates, stages: [stop], lost, refusal: positionFailoverReason('failover-position-no-own-log', { candidate: successor.key }) }
  const follow = planFollowPosition(stood, standing, stood.get(successor.key) ?? successor, { executed, ownEnd }, {
    replication: policies.promotion.replication, pseudoGtid: failover.pseudoGtid, matchMilliseconds: failover.lastDrainLimit,
  })
  const others = standing.filter(({ key }) => key !== successor.key).map(({ key }) => stopped.get(key)).filter(replica => replica !== undefined)
  const stages = [
    stop, planStandPosition(stopped, stopped.get(successor.key) ?? successor, failover.drainLimit), planPromotion(stopped, successor), planStandOthers(stopped, others, successor.key, failover.drainLimit), follow.plan,
    planFence(stopped, failed.key),
  ]
  return { successor, candidates, stages, lost: [...lost, ...follow.lost], refusal: null, warnings: choice.remarks }
}

/** Over binlog servers; as if they had read nothing more. */
function binlogStages(topology: Topology, failed: Instance, { failover, promotion }: Policies, designated: InstanceKey | null): Foreseen {
  const gathered = gatheredServers(topology, failed.key)
  if ('refused' in gathered) return { ...nothingForeseen, lost: gathered.lost, refusal: gathered.refused }
  const { leader, others } = gathered
  const place = leader.replication?.executedCoordinates ?? null
  if (place === null) return { ...nothingForeseen, lost: gathered.lost, refusal: binlogFailoverReason('binlog-server-no-place', { server: leader.key }) }
  const { successors: [successor], refused, ahead } = chooseBinlogSuccessors(replicasBelow(topology, [leader, ...others]), leader, place, promotion, designated)
  const stop = [planLeaderStands(topology, failed.key, leader), planGatherBinlogServers(topology, failed.key, leader.key, others)]
  const files = successor === undefined ? 0 : filesToBegin(successor, place)
  const lost = [...gathered.lost, ...ahead]
  if (successor === undefined || typeof files !== 'number') {
    const text = typeof files === 'number' ? refused.map(({ reason }) => reason.text).join('; ') : files.text
    return { ...nothingForeseen, stages: stop, lost, refusal: binlogFailoverReason('no-promotable-below', { failed: failed.key, text }) }
  }
  const stages = [
    ...stop, planRollForward(topology, successor, leader.key, place, failover.drainLimit), planNumberLogs(topology, successor, leader.key, place, files, failover.makesWritable),
    planLeaderSource(topology, leader.key, successor.key, place), planFence(topology, failed.key),
  ]
  return { ...nothingForeseen, successor, stages, lost, warnings: refused.map(({ reason }) => reason) }
}

function intermediateStages(topology: Topology, failed: Instance, policies: Policies): Foreseen {
  const replacement = planReplaceIntermediate(topology, failed, policies.intermediate)
  if ('refused' in replacement) return { successor: null, candidates: [], stages: [], lost: [], refusal: replacement.refused, warnings: [] }
  return { successor: topology.get(replacement.successor) ?? null, candidates: [], stages: [replacement.plan], lost: replacement.lost, refusal: null, warnings: replacement.plan.warnings }
}

/** What a receiver says of a source that is gone (CR_CONN_HOST_ERROR): some failures are told apart by it. */
const cannotConnect = { number: 2003, text: 'error connecting to source: supposed to be dead' }

/** The same topology a moment after the server has died: it does not answer, and its replicas have noticed. */
function withDeath(topology: Topology, failed: Instance, now: number): Topology {
  const dead: Instance = {
    ...failed, check: { ...failed.check, lastAttemptedAt: now, lastCheckedAt: now + 1, failure: { kind: 'refused', number: null, text: 'supposed to be dead' }, partialSuccess: false },
  }
  const orphans = topology.replicasOf(failed.key).map(replica =>
    replica.replication?.receiver === 'running' ? { ...replica, replication: { ...replica.replication, receiver: 'connecting' as const, receiverError: { ...cannotConnect, at: now } } } : replica)
  return topologyWith(topology, [dead, ...orphans])
}

const withStoppedReceiver = (replica: Instance): Instance =>
  replica.replication === null ? replica : { ...replica, replication: { ...replica.replication, receiver: 'stopped' } }

function topologyWith(topology: Topology, changed: readonly Instance[]): Topology {
  const instances = new Map(topology.instances)
  for (const instance of changed) instances.set(instance.key, instance)
  return new Topology(topology.number, instances, topology.decisions)
}

const statementsOf = (parts: RecoveryParts, topology: Topology, step: Step): readonly string[] => {
  const on = topology.get(step.on)
  return on === undefined ? [] : parts.servers.statements(step, on)
}

function shown(plan: Plan, statementsOf: (step: Step) => readonly string[]): RecoveryDryRunView['stages'][number]['steps'] {
  return plan.steps.map(({ number, wave, step, ifStoppedHere }) => ({
    number, wave, server: step.on, action: step.do, says: { code: `step-${step.do}`, parameters: { server: step.on }, text: `${step.on}: ${wordsOf(step)}` },
    statements: statementsOf(step), ifStoppedHere,
  }))
}
