import { divergedFromLeader, type LostReplica, planFence, planRepoint, orphansToSave } from '../../model/planning/failover.ts'
import { isByBinlogServers } from '../../model/planning/failover-binlog-server.ts'
import { placeIn } from '../../model/planning/leader-place.ts'
import { planStartReceivers } from '../../model/planning/restart-receivers.ts'
import { planRejoin, planSettle, planUndoTakeover } from '../../model/planning/takeover.ts'
import { knownPlace } from '../../model/planning/takeover-position.ts'
import type { Plan } from '../../model/planning/plan.ts'
import { crashedAcknowledgement, crashedRecoveries } from '../../model/recovery/lifecycle.ts'
import type { Recovery } from '../../model/recovery/records.ts'
import { type Instance, isReplica, isReplicating } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Intent } from '../../ports/intents.ts'
import { failedSteps, type PlanOutcome } from '../execution/plan-outcome.ts'
import type { ClusterLease } from './cluster-leases.ts'
import type { DeposedPrimaries } from './deposed.ts'
import { PositionsBeside } from './beside-gtid.ts'
import { finishBinlogServers } from './finish-binlog-servers.ts'
import { finishPositions, finishSiblings, type KnownPlace, planAppliersAgain, planStartTurned } from './finish-followers.ts'
import type { Fleet } from './fleet.ts'
import type { Follow } from './follow-position.ts'
import type { Ledger } from './ledger.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'
import type { Recoverer } from './recoverer.ts'
import type { RecoveryStory } from './story.ts'

/** A process whose last sign of life is older is gone. Its own restart on the same machine is known by its token. */
const aliveWithinSeconds = 3
const lookMilliseconds = 3000
/** Younger ones of this process may be about to begin. */
const ownAbandonedMilliseconds = 5000
const waitingMillisecondsMax = 30_000
/** Plans of recoveries that promote nobody: each step is checked again, so they are finished, or undone where they cannot go on. */
const goesOn: ReadonlySet<string> = new Set(['repair-semi-sync', 'replace-intermediate', 'replace-group-member'])
const resumer = 'orchestrator'

/**
 * Work that a process left half done when it ended (invariant I8). A promotion that was begun is finished, because a second one beside it would
 * make two primaries; a takeover that had only stopped writes is undone; everything else is ended with a record that says so, and the failure, if it
 * is still there, is handled from scratch. Until then the unfinished record keeps anything else from happening in its cluster.
 */
export class InterruptedWork {
  readonly #parts: RecoveryParts
  readonly #policies: Policies
  readonly #fleet: Fleet
  readonly #ledger: Ledger
  readonly #recoverer: Recoverer
  readonly #deposed: DeposedPrimaries
  /** What was begun later is this process's own. */
  readonly #bornAt: number
  #isResuming = false
  /** Plans that could not be gone on with yet, because somebody holds their servers. */
  readonly #waiting = new Map<number, { readonly tries: number; readonly until: number }>()
  #isSettling = false

  constructor(parts: RecoveryParts, policies: Policies, fleet: Fleet, ledger: Ledger, recoverer: Recoverer, deposed: DeposedPrimaries) {
    this.#parts = parts
    this.#policies = policies
    this.#fleet = fleet
    this.#ledger = ledger
    this.#recoverer = recoverer
    this.#deposed = deposed
    this.#bornAt = parts.clock.now()
  }

  /**
   * Plans of people whose process is gone, this program's before its restart or a command line that was killed: finished where their conditions still hold,
   * else undone as each plan says. One after the other, and nothing else waits for them: such a plan may have to wait for an applier for long.
   * So are plans of this process that it does not work on any more: it lost its lead in their midst, and leads again.
   * So is what was begun for a former primary after the recovery that deposed it had ended; no recovery comes back to that.
   */
  async resumePlans(): Promise<void> {
    const { store, node, clock, execution } = this.#parts
    if (this.#isResuming) return
    this.#isResuming = true
    try {
      const intents = await store.intents.open()
      for (const id of this.#waiting.keys()) if (!intents.some(intent => intent.id === id)) this.#waiting.delete(id)
      const isOwn = ({ process }: Intent): boolean => process?.token === node.token
      const left = intents.filter(intent => (isOwn(intent) ? (intent.recoveryUid === '' || this.#waiting.has(intent.id)) && !execution.open.isUnderWay(intent.id) && intent.startedAt < clock.now() - ownAbandonedMilliseconds : true)
        && (this.#waiting.get(intent.id)?.until ?? -Infinity) <= clock.monotonic())
      if (left.length === 0) return
      const ended = await this.#endedAmong(new Set(left.map(({ recoveryUid }) => recoveryUid)))
      const open = left.filter(({ recoveryUid }) => recoveryUid === '' || ended.has(recoveryUid))
      const others = await this.#othersAlive()
      for (const intent of open) {
        // One that names no process was written down by an older version of this program.
        const isAlive = isOwn(intent) ? execution.open.isUnderWay(intent.id) : intent.process === null ? others.length > 0 || intent.startedAt >= this.#bornAt : others.some(({ token }) => token === intent.process?.token)
        if (!isAlive && (await store.intents.takeOver(intent, { hostname: node.hostname, token: node.token }))) await this.#resume(intent)
      }
    } finally {
      this.#isResuming = false
    }
  }

  async #endedAmong(uids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const ended = new Set<string>()
    for (const uid of uids) {
      if (uid === '') continue
      const [recovery] = await this.#parts.store.recoveries.list({ uid, page: 0 })
      // None: its record is too old to be kept.
      if (recovery === undefined || recovery.endedAt !== null) ended.add(uid)
    }
    return ended
  }

  async #resume(intent: Intent): Promise<void> {
    const { execution, store, audit, log, clock } = this.#parts
    // What an ended recovery wanted of its servers may be past; whoever looks after them judges them anew.
    if (intent.recoveryUid !== '' && intent.plan.kind !== 'rejoin-primary') return store.intents.end(intent.id, 'failed')
    const { tries } = this.#waiting.get(intent.id) ?? { tries: 0 }
    if (tries === 0) log.warning('a plan was left half done', { plan: intent.plan.kind, by: intent.by })
    await Promise.all([...new Set(intent.plan.steps.map(({ step }) => step.on))].map(key => this.#fleet.look(key, lookMilliseconds, 'full')))
    const outcome = await execution.resume(intent)
    if (outcome.state === 'refused') {
      // Neither finished nor undone: whoever holds its servers lets them go one day.
      this.#waiting.set(intent.id, { tries: tries + 1, until: clock.monotonic() + Math.min(1000 * 2 ** tries, waitingMillisecondsMax) })
      if (tries === 0) log.warning('a plan that was left half done waits', { plan: intent.plan.kind, by: intent.by, text: outcome.failure?.text ?? '' })
      return
    }
    this.#waiting.delete(intent.id)
    const text = outcome.state === 'done' ? 'it was finished' : `it was undone: ${outcome.failure?.text ?? ''}${failedSteps(outcome).length > 1 ? '; see its steps' : ''}`
    audit.write('interrupted-plan', intent.plan.steps[0]?.step.on ?? null, '', `${intent.plan.says.text} (${intent.by}) was interrupted; ${text}`)
  }

  /** Recoveries that nobody works on any more. Called at the start and every round; what cannot be judged yet is tried again. */
  async settle(): Promise<void> {
    const unended = this.#ledger.open.filter(({ uid, endedAt }) => endedAt === null && !this.#ledger.underWay.has(uid))
    if (unended.length === 0 || this.#isSettling) return
    this.#isSettling = true
    try {
      const { node, store } = this.#parts
      const live = [{ hostname: node.hostname, token: node.token }, ...(await this.#othersAlive())]
      const intents = await store.intents.open()
      const crashed = [...crashedRecoveries(unended, live, new Set(intents.map(({ recoveryUid }) => recoveryUid))), ...unended.filter(({ uid }) => this.#ledger.isAbandoned(uid))]
      if (crashed.length === 0) return
      for (const recovery of crashed) {
        const lease = await this.#recoverer.leaseOf(recovery.clusterName)
        if (lease === null) continue // whoever has it may be at work still; the next round asks again
        await this.#settleOne(recovery, intents.filter(({ recoveryUid }) => recoveryUid === recovery.uid), lease).finally(() => lease.release())
      }
    } finally {
      this.#isSettling = false
    }
  }

  async #othersAlive(): Promise<readonly { readonly hostname: string; readonly token: string }[]> {
    const { store, node } = this.#parts
    return (await store.node.alive(aliveWithinSeconds)).filter(({ token }) => token !== node.token)
  }

  async #settleOne(recovery: Recovery, intents: readonly Intent[], lease: ClusterLease): Promise<void> {
    const story = this.#recoverer.newStory(recovery.uid)
    const promise = promisedSuccessor(intents)
    const servers = [recovery.key, ...this.#fleet.topology().replicasOf(recovery.key).map(({ key }) => key), ...(promise === null ? [] : [promise]), ...stoppedBy(intents)]
    await Promise.all([...new Set(servers)].map(key => this.#fleet.look(key, lookMilliseconds, 'full')))
    const successor = promise === null ? undefined : this.#fleet.get(promise)
    const isReadable = successor !== undefined && successor.check.failure === null
    const isTakeover = recovery.command.startsWith('graceful')
    if (promise !== null && !isReadable && isTakeover) {
      story.note('interrupted', `the takeover was interrupted and ${promise} cannot be read: whether it takes writes is not known; waiting for it`, promise, 'note')
      return
    }
    story.note('interrupted', crashedAcknowledgement.comment)
    if (isReadable && !successor.readOnly) await this.#finish(recovery, successor, intents, story, lease)
    else if (promise !== null && !isReadable && mayTakeWrites(intents, promise)) await this.#succeeded(recovery, promise, intents, story, lease)
    else {
      if (!isTakeover) await this.#startReceivers(recovery, intents, story, lease, promise === null || isReadable)
      await this.#end(recovery, successor, isTakeover, story, lease)
    }
    for (const intent of intents) {
      if (goesOn.has(intent.plan.kind)) await this.#parts.execution.resume(intent)
      else await this.#parts.store.intents.end(intent.id, 'failed')
    }
    await story.written()
  }

  /** It took writes, and is gone meanwhile: what failed of it is a failure of its own. The one that it replaced must take none when it returns. */
  async #succeeded(recovery: Recovery, successor: InstanceKey, intents: readonly Intent[], story: RecoveryStory, lease: ClusterLease): Promise<void> {
    await this.#startReceivers(recovery, intents, story, lease)
    // Whoever was turned to it and not started yet is the witness of its death.
    const turned = [...stoppedBy(intents)].filter(key => {
      const replica = this.#fleet.get(key)
      return replica?.check.failure === null && replica.replication?.source === successor && replica.replication.receiver === 'stopped'
    })
    if (turned.length > 0) await this.#run(planStartReceivers(this.#fleet.topology(), successor, turned), story, lease)
    story.note('interrupted', `${successor} had been promoted; the recovery was finished after the crash`, successor, 'done')
    const lostReplicas = this.#fleet.topology().replicasOf(recovery.key).map(({ key }) => key)
    const finished: Recovery = { ...recovery, successor, isSuccessful: true, lostReplicas, errors: [crashedAcknowledgement.comment], endedAt: this.#parts.clock.now() }
    await this.#ledger.finish(finished)
    this.#deposed.note(finished)
  }

  /**
   * Whom a failover had stopped waits for its source again: a receiver that somebody stopped is no witness, and without one nobody would be promoted any more.
   * `nobodyLeads`: so does whoever had been turned to a successor that takes no writes. Below that one it would not be known any more as one that acknowledged.
   */
  async #startReceivers(recovery: Recovery, intents: readonly Intent[], story: RecoveryStory, lease: ClusterLease, nobodyLeads = false): Promise<void> {
    const turned = new Map(intents.flatMap(({ plan }) => plan.steps.flatMap(({ step }) => (step.do === 'change-source' && (step.way === 'receiver-only' || plan.kind === 'promote') ? [[step.on, step.to] as const] : []))))
    const waiting = [...stoppedBy(intents)].filter(key => {
      const replica = this.#fleet.get(key)
      if (replica?.check.failure !== null || replica.replication === null) return false
      const { source, receiver } = replica.replication
      return (source === recovery.key && receiver === 'stopped') || (nobodyLeads && source !== recovery.key && source === turned.get(key))
    })
    if (waiting.length > 0) await this.#run(planStartReceivers(this.#fleet.topology(), recovery.key, waiting), story, lease)
    await this.#run(planAppliersAgain(this.#fleet.topology(), intents, recovery.key), story, lease)
  }

  /** Somebody already takes writes: everybody else follows, and the record tells the truth. */
  async #finish(recovery: Recovery, successor: Instance, intents: readonly Intent[], story: RecoveryStory, lease: ClusterLease): Promise<void> {
    const isTakeover = recovery.command.startsWith('graceful')
    const place = intents.reduce<KnownPlace | null>((found, { plan }) => placeIn(plan) ?? found, null)
    await this.#run(planStartTurned(this.#fleet.topology(), intents, successor.key), story, lease)
    const positions = await this.#finishPositions(recovery, successor, place, story, lease)
    const binlogServers = await finishBinlogServers({ fleet: this.#fleet, run: plan => this.#outcomeOf(plan, story, lease) }, recovery.key, successor, intents)
    const topology = this.#fleet.topology()
    const toSave = orphansToSave(topology, recovery.key)
    const [reachable, lost] = [toSave.reachable, toSave.lost.filter(({ key, reason }) => reason.code !== 'replica-no-gtid' && topology.get(key)?.isBinlogServer !== true && !positions.lost.some(each => each.key === key))]
    const diverged = divergedFromLeader(reachable, successor)
    const following = reachable.filter(({ key }) => !diverged.some(each => each.key === key))
    const repoint = planRepoint(topology, following, successor, this.#policies.promotion.replication)
    const old = topology.get(recovery.key)
    const plans: Plan[] = [repoint.plan]
    if (isTakeover && old !== undefined && old.check.failure === null && !isReplica(old)) {
      // It may have been made writable since; a former primary beside a new one must not be.
      if (!old.readOnly) plans.push(planFence(topology, old.key))
      plans.push(planRejoin(topology, { ...old, readOnly: true }, successor, true, 'none', place?.rejoinsByIt === true ? knownPlace(place) : null))
    }
    if (isReplica(successor)) plans.push(planSettle(topology, successor))
    const errors: string[] = [...positions.errors, ...binlogServers.errors]
    for (const plan of plans) errors.push(...(await this.#run(plan, story, lease)))
    const left = [...lost, ...positions.lost, ...binlogServers.lost, ...diverged, ...repoint.lost].map(({ key }) => key)
    const now = this.#fleet.get(recovery.key)
    await this.#recoverer.announcePrimary(recovery, successor, { lost: left, keepsFailed: now !== undefined && isReplicating(now) }, story)
    await this.#recoverer.endDowntime(successor, story)
    story.note('interrupted', `${successor.key} had been promoted; the recovery was finished after the crash`, successor.key, 'done')
    const finished: Recovery = {
      ...recovery, successor: successor.key, successorAlias: successor.alias, successorCoordinates: successor.binlogCoordinates, isSuccessful: true, lostReplicas: left,
      errors, endedAt: this.#parts.clock.now(),
    }
    await this.#ledger.finish(finished)
    this.#deposed.note(finished)
  }

  /** Before the old primary follows: what it logs then would carry its replicas beyond the place. */
  async #finishPositions(recovery: Recovery, successor: Instance, place: KnownPlace | null, story: RecoveryStory, lease: ClusterLease): Promise<{ readonly lost: readonly LostReplica[]; readonly errors: readonly string[] }> {
    const isTakeover = recovery.command.startsWith('graceful')
    // Below binlog servers alone everybody stays where it is.
    if (place === null && (isTakeover || isByBinlogServers(this.#fleet.topology(), recovery.key))) return { lost: [], errors: [] }
    const follow: Follow = {
      fleet: this.#fleet, policy: this.#policies.failover,
      run: (_, plan, { deadlines = {} }) =>
        this.#parts.execution.run(plan, { by: resumer, recoveryUid: story.uid, deadlines, fence: () => lease.fence(), onStep: event => story.planStep('interrupted', event) }),
    }
    if (place === null) {
      const beside = new PositionsBeside(follow, recovery.key, (text, server) => story.note('repoint', text, server))
      await beside.stop()
      return beside.followTo(successor, null)
    }
    const isAlive = this.#fleet.get(recovery.key)?.check.failure === null
    if (!isTakeover || !isAlive) return finishPositions(follow, recovery.key, successor, place)
    return finishSiblings(follow, this.#policies, recovery.key, successor, place)
  }

  /** Nobody was promoted: a takeover gives writes back, a failover starts over. */
  async #end(recovery: Recovery, successor: Instance | undefined, isTakeover: boolean, story: RecoveryStory, lease: ClusterLease): Promise<void> {
    const errors: string[] = [crashedAcknowledgement.comment]
    if (isTakeover && successor !== undefined) errors.push(...(await this.#run(planUndoTakeover(this.#fleet.topology(), recovery.key, successor.key), story, lease)))
    const now = this.#parts.clock.now()
    await this.#ledger.finish({ ...recovery, errors, endedAt: now })
    await this.#ledger.acknowledge({ uid: recovery.uid }, { at: now, ...crashedAcknowledgement })
  }

  async #run(plan: Plan, story: RecoveryStory, lease: ClusterLease): Promise<readonly string[]> {
    return failedSteps(await this.#outcomeOf(plan, story, lease)).map(step => step.failure?.text ?? '')
  }

  #outcomeOf(plan: Plan, story: RecoveryStory, lease: ClusterLease): Promise<PlanOutcome> {
    return this.#parts.execution.run(plan, { by: resumer, recoveryUid: story.uid, fence: () => lease.fence(), onStep: event => story.planStep('interrupted', event) })
  }
}

/** It was made writable, or may have been: a step that was begun may have reached the server, and what it acknowledged then is nobody else's to give up. */
const mayTakeWrites = (intents: readonly Intent[], successor: InstanceKey): boolean =>
  intents.some(({ plan, steps }) => plan.steps.some(({ number, step }) => step.do === 'set-writable' && step.on === successor && (steps.get(number) === 'done' || steps.get(number) === 'begun')))

/** Whom an interrupted recovery was about to promote, or had promoted; null when it had not come that far. */
function promisedSuccessor(intents: readonly Intent[]): InstanceKey | null {
  for (const { plan } of intents.toReversed()) {
    if (plan.kind === 'promote' || plan.kind === 'takeover-promote') return plan.steps.find(({ step }) => step.do === 'set-writable')?.step.on ?? null
    if (plan.kind === 'takeover-fence') return plan.steps.find(({ step }) => step.do === 'wait-executed' || step.do === 'wait-position')?.step.on ?? null
  }
  return null
}

/** Whose receivers the plans of a failover stop. */
const stoppedBy = (intents: readonly Intent[]): ReadonlySet<InstanceKey> =>
  new Set(intents.flatMap(({ plan }) => plan.steps.flatMap(({ step }) => (step.do === 'stop-receiver' && !goesOn.has(plan.kind) ? [step.on] : []))))
