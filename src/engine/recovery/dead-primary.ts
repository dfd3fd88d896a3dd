import type { Reason } from '../../kit/reason.ts'
import { type LostReplica, missingTransactions, planDetach, planFence, planPromotion, planRepoint, planStopReceivers, orphansToSave } from '../../model/planning/failover.ts'
import { acknowledgersElsewhere, type DurabilityPolicy, hasLeft, leftBehind, proofOf } from '../../model/planning/durability.ts'
import { durabilityReason } from '../../model/planning/durability-reasons.ts'
import { planStartReceivers } from '../../model/planning/restart-receivers.ts'
import { isByBinlogServers } from '../../model/planning/failover-binlog-server.ts'
import { isByPosition, planDetachPosition } from '../../model/planning/failover-position.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import type { Plan } from '../../model/planning/plan.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Execution, RunOptions } from '../execution/execution.ts'
import { failedSteps, type PlanOutcome, unfinishedServers } from '../execution/plan-outcome.ts'
import type { Lock } from '../execution/server-locks.ts'
import { PositionsBeside } from './beside-gtid.ts'
import { CandidateSearch } from './candidate-search.ts'
import type { FailoverPolicy } from './failover-policy.ts'
import { BinlogServerFailover } from './binlog-server-failover.ts'
import { noSuccessor, notMoved, placeTaken, refuseUnproven, runStage, whyKept } from './failover-stages.ts'
import { fenceLiving } from './fence-living.ts'
import type { Fleet } from './fleet.ts'
import { PositionFailover } from './position-failover.ts'
import type { RecoveryStory } from './story.ts'

export interface FailoverJob {
  readonly failed: Instance
  readonly designated: InstanceKey | null
  /** This one or nobody: the other one of two co-primaries. */
  readonly only?: InstanceKey | null
  /** A person replaces a primary that may be alive: it is made read-only first, if it can be (known-pains.md A6). */
  readonly fencesFirst?: boolean
  /** What is promised of acknowledged writes; `accepted` is why a person gives it up, null: nobody does. Left out: nothing is promised. */
  readonly durability?: { readonly policy: DurabilityPolicy; readonly accepted: { readonly by: string; readonly why: string } | null }
  readonly by: string
  readonly lock: Lock
  readonly story: RecoveryStory
  /** Asked when nobody fetches any more: why the primary is not to be replaced after all. */
  stillLives?(replicas: readonly Instance[]): Promise<Reason | null>
  /** Asked once after that, before anything that stays: what forbids the replacement (a hook); null: nothing does. */
  forbids?(): Promise<Reason | null>
  /** Called in the moment the successor takes writes. */
  onWritable?(successor: Instance): void
}

export interface FailoverResult {
  readonly successor: Instance | null
  readonly lost: readonly LostReplica[]
  readonly participants: readonly InstanceKey[]
  readonly errors: readonly string[]
  /** What is known of transactions that were not found anywhere; null when nobody was promoted. */
  readonly missing: Reason | null
  /** Would have led if the successor had not been preferred to it. */
  readonly tookPlaceOf?: InstanceKey
  readonly calledOff?: Reason
  readonly forbidden?: Reason
  /** Work that goes on and that nobody needs to wait for: fencing the old primary, detaching lost replicas. */
  readonly background: readonly Promise<unknown>[]
  /** Replicas that are moved behind; each answers who could not be. */
  readonly later?: readonly Promise<readonly InstanceKey[]>[]
}

const letGoLookMilliseconds = 1000

/** Replaces a dead primary in stages, each planned on what the one before it found (beyond.md sections 3 and 5). */
export class DeadPrimaryFailover {
  readonly #clock: Clock
  readonly #execution: Execution
  readonly #fleet: Fleet
  readonly #policy: FailoverPolicy

  constructor(clock: Clock, execution: Execution, fleet: Fleet, policy: FailoverPolicy) {
    this.#clock = clock
    this.#execution = execution
    this.#fleet = fleet
    this.#policy = policy
  }

  async run(job: FailoverJob): Promise<FailoverResult> {
    const { failed, story } = job
    if (job.fencesFirst === true) await fenceLiving({ clock: this.#clock, fleet: this.#fleet, story, run: (plan, deadlines) => this.#run('fence', plan, job, { deadlines }) }, failed.key)
    if (isByBinlogServers(this.#fleet.topology(), failed.key)) return new BinlogServerFailover(this.#execution, this.#fleet, this.#policy).run(job)
    if (isByPosition(this.#fleet.topology(), failed.key)) return new PositionFailover(this.#execution, this.#fleet, this.#policy).run(job)
    const beside = new PositionsBeside({ fleet: this.#fleet, policy: this.#policy, run: (stage, plan, options) => this.#run(stage, plan, job, options) }, failed.key, (text, server) => story.note('repoint', text, server))
    const [stopped] = await Promise.all([this.#stopReceivers(job), beside.stop()])
    const saved = { ...stopped, lost: stopped.lost.filter(({ key }) => !beside.has(key)) }
    const result = await this.#replace(job, saved, beside)
    if (result.successor === null) await beside.letGo()
    return result
  }

  async #replace(job: FailoverJob, saved: { readonly replicas: readonly Instance[]; readonly lost: readonly LostReplica[] }, beside: PositionsBeside): Promise<FailoverResult> {
    const { failed, story } = job
    const kept = await whyKept(job, saved.replicas)
    if (kept !== null) return { ...(await this.#letGo(job, saved, kept.because)), ...kept }
    if (saved.replicas.length === 0) return noSuccessor(failoverReason('no-reachable-replica', { failed: failed.key }), saved.lost)
    const elsewhere = await this.#readElsewhere(job)
    const unproven = this.#unproven(job, saved.replicas, elsewhere)
    if (unproven !== null) return this.#letGo(job, saved, unproven)
    const search = new CandidateSearch({ fleet: this.#fleet, policy: this.#policy, job, run: (stage, plan, options) => this.#run(stage, plan, job, options) })
    const chosen = await search.find(saved.replicas, [...saved.replicas, ...beside.feeders])
    if ('refused' in chosen) return this.#letGo(job, saved, chosen.refused)
    const { candidate } = chosen
    const behind = this.#promises(job) ? leftBehind(candidate, [...saved.replicas, ...beside.feeders, ...elsewhere]) : null
    const lacking = behind === null ? null : refuseUnproven(job, behind.text)
    if (lacking !== null) return this.#letGo(job, saved, lacking)
    const others = saved.replicas.map(replica => (replica.key === candidate.key ? candidate : replica))
    const repoint = planRepoint(this.#fleet.topology(), others, candidate, this.#policy.promotion.replication, job.durability?.policy)
    const known = new Map(others.map(other => [other.key, other]))
    const ownEnd = await beside.endOf(candidate)
    const promoting = this.#promote(job, candidate, known)
    const repointing = this.#run('repoint', repoint.plan, job, { known, remembered: 'behind' })
    // Only now that somebody takes its place; beside the promotion, because it usually cannot be reached and costs a time-out.
    const fence = this.#run('fence', planFence(this.#fleet.topology(), failed.key), job, { remembered: 'behind' })
    const [promoted, repointed, followed] = await Promise.all([promoting, repointing, beside.followTo(candidate, ownEnd)])
    const lost = [...saved.lost, ...repoint.lost, ...notMoved(repointed), ...followed.lost]
    for (const { key, reason } of lost) story.note('repoint', `RecoverDeadMaster: - lost replica: ${key}: ${reason.text}`, key)
    const background: Promise<unknown>[] = [fence]
    if (promoted.failure === null && this.#policy.detachesLost) background.push(this.#run('detach', planDetach(this.#fleet.topology(), lost.map(({ key }) => key), failed.key), job))
    if (promoted.failure === null && this.#policy.detachesLost && followed.lost.length > 0) background.push(this.#run('detach', planDetachPosition(this.#fleet.topology(), followed.lost, failed.key), job))
    if (promoted.failure === null && !this.#policy.makesWritable && this.#policy.detachesPromoted) {
      background.push(this.#run('detach', planDetach(this.#fleet.topology(), [candidate.key], failed.key), job))
    }
    if (this.#promises(job)) this.#sayWhoAcknowledges(job, candidate, others.length - 1 - repoint.lost.length)
    const missing = missingTransactions(failed, candidate)
    story.note('promote', missing.text)
    return {
      successor: promoted.failure === null ? (this.#fleet.get(candidate.key) ?? candidate) : null,
      lost, participants: [candidate.key, ...others.map(({ key }) => key).filter(key => key !== candidate.key), ...beside.participants],
      errors: [...chosen.errors, ...promoted.errors, ...failedSteps(repointed).map(step => step.failure?.text ?? ''), ...followed.errors], missing, background,
      ...placeTaken(job, saved.replicas, this.#policy, candidate, lost),
    }
  }

  #promises = ({ durability }: FailoverJob): boolean => durability !== undefined && durability.policy !== 'none'

  /** Who acknowledged writes and was moved away, as it is now: it must answer and have left. */
  async #readElsewhere(job: FailoverJob): Promise<readonly Instance[]> {
    if (!this.#promises(job)) return []
    const topology = this.#fleet.topology()
    const { servers } = acknowledgersElsewhere(job.failed, topology.replicasOf(job.failed.key), topology.instances.values())
    const read = await Promise.all(servers.map(({ key }) => this.#fleet.look(key, this.#policy.stopLimit)))
    return read.filter(server => server !== undefined).filter(server => hasLeft(server, job.failed.key))
  }

  /** Nobody fetches any more: can anything that was acknowledged be missing? Null: no, or a person accepts it. */
  #unproven(job: FailoverJob, replicas: readonly Instance[], elsewhere: readonly Instance[]): Reason | null {
    if (!this.#promises(job)) return null
    const topology = this.#fleet.topology()
    const proof = proofOf(job.failed, topology.replicasOf(job.failed.key), new Set([...replicas, ...elsewhere].map(({ key }) => key)), topology.instances.values())
    if (!proof.proven) return refuseUnproven(job, proof.because.text)
    job.story.note('prove', proof.because.text, null, 'done')
    return null
  }

  /** Nothing is promoted: whoever was stopped waits for the primary again. */
  async #letGo(job: FailoverJob, { replicas, lost }: { readonly replicas: readonly Instance[]; readonly lost: readonly LostReplica[] }, because: Reason): Promise<FailoverResult> {
    // Some of them may have been pointed at one that was to feed them.
    await Promise.all(replicas.map(({ key }) => this.#fleet.look(key, letGoLookMilliseconds)))
    await this.#run('let-go', planStartReceivers(this.#fleet.topology(), job.failed.key, replicas.map(({ key }) => key)), job)
    return noSuccessor(because, lost)
  }

  #sayWhoAcknowledges({ story }: FailoverJob, { key: server, semiSync }: Instance, followers: number): void {
    const waits = semiSync?.waitForReplicaCount ?? 0
    if (followers < waits) story.note('promote', durabilityReason('durability-waits', { server, waits, count: followers }).text, server)
  }

  /** Everybody stops fetching and is read; who does not answer in time is left behind and delays nobody beyond that time. */
  async #stopReceivers(job: FailoverJob): Promise<{ readonly replicas: readonly Instance[]; readonly lost: readonly LostReplica[] }> {
    const topology = this.#fleet.topology()
    const { reachable, lost } = orphansToSave(topology, job.failed.key)
    const outcome = await this.#run('stop-receivers', planStopReceivers(topology, job.failed.key), job, {
      known: new Map(reachable.map(replica => [replica.key, replica])), deadlines: { 'stop-receiver': this.#policy.stopLimit }, remembered: 'behind', staysOpen: true,
    })
    const unstopped = unfinishedServers(outcome)
    const replicas = reachable.filter(({ key }) => !unstopped.has(key)).map(replica => outcome.fresh.get(replica.key) ?? replica)
    const late = [...unstopped].map(([key, reason]) => ({ key, reason: failoverReason('replica-not-stopped', { server: key, text: reason?.text ?? '' }) }))
    return { replicas, lost: [...lost, ...late] }
  }

  async #promote(job: FailoverJob, candidate: Instance, known: ReadonlyMap<InstanceKey, Instance>): Promise<{ readonly failure: Reason | null; readonly errors: readonly string[] }> {
    if (!this.#policy.makesWritable) return { failure: null, errors: [] }
    const outcome = await this.#run('promote', planPromotion(this.#fleet.topology(), candidate, job.durability?.policy), job, {
      known, staysOpen: true,
      onStep: event => {
        if (event.state === 'done' && event.step.do === 'set-writable') job.onWritable?.(candidate)
      },
    })
    if (outcome.failure !== null) await this.#comeBack(job, candidate.key)
    return { failure: outcome.failure, errors: failedSteps(outcome).map(step => step.failure?.text ?? '') }
  }

  /** It was to take writes and does not, and may have been turned away from its source: there it counts as one of those that could take over. */
  async #comeBack(job: FailoverJob, key: InstanceKey): Promise<void> {
    const candidate = await this.#fleet.look(key, letGoLookMilliseconds)
    if (candidate?.readOnly !== true || candidate.replication === null || candidate.replication.source === job.failed.key) return
    await this.#run('let-go', planStartReceivers(this.#fleet.topology(), job.failed.key, [key]), job)
  }

  #run(stage: string, plan: Plan, job: FailoverJob, options: Partial<RunOptions> = {}): Promise<PlanOutcome> {
    return runStage(this.#execution, stage, plan, job, { pace: 'critical', ...options })
  }
}
