import type { Reason } from '../../kit/reason.ts'
import { type LostReplica, missingTransactions, planFence } from '../../model/planning/failover.ts'
import {
  chooseBinlogSuccessors, filesToBegin, gatheredServers, planBinlogServerUp, planGatherBinlogServers, planLeaderGoesOn, planLeaderSource, planLeaderStands, planNumberLogs, planRollForward, replicasBelow,
} from '../../model/planning/failover-binlog-server.ts'
import { binlogFailoverReason as binlogReason } from '../../model/planning/failover-binlog-server-reasons.ts'
import { positionFailoverReason } from '../../model/planning/failover-position-reasons.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import type { Plan } from '../../model/planning/plan.ts'
import { type BinlogCoordinates, coordinatesText } from '../../model/topology/binlog-coordinates.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { Execution, RunOptions } from '../execution/execution.ts'
import { failedSteps, type PlanOutcome } from '../execution/plan-outcome.ts'
import type { FailoverJob, FailoverResult } from './dead-primary.ts'
import { noSuccessor, notMoved, refuseUnproven, runStage, whyKept } from './failover-stages.ts'
import type { FailoverPolicy } from './failover-policy.ts'
import type { Fleet } from './fleet.ts'

const lookMilliseconds = 1000
/** So many candidates are tried, and so many further binlog servers read from the new primary itself; the others stay where they are. */
const candidatesMax = 5
const upMax = 3
const upMilliseconds = 30_000

/** Replaces a dead primary below which there are binlog servers alone, in stages (contract recovery.md 3.3). Every step is checked on a fresh reading. */
export class BinlogServerFailover {
  readonly #execution: Execution
  readonly #fleet: Fleet
  readonly #policy: FailoverPolicy

  constructor(execution: Execution, fleet: Fleet, policy: FailoverPolicy) {
    this.#execution = execution
    this.#fleet = fleet
    this.#policy = policy
  }

  async run(job: FailoverJob): Promise<FailoverResult> {
    const { failed, story } = job
    const unproven = refuseUnproven(job, positionFailoverReason('failover-position-unproven', {}).text)
    if (unproven !== null) return { ...noSuccessor(unproven, []), ...(await whyKept(job, [])) }
    const gathered = gatheredServers(this.#fleet.topology(), failed.key)
    if ('refused' in gathered) return { ...noSuccessor(gathered.refused, gathered.lost), ...(await whyKept(job, [])) }
    const { leader, others } = gathered
    const standing = await this.#run('gather', planLeaderStands(this.#fleet.topology(), failed.key, leader), job)
    const place = (standing.fresh.get(leader.key) ?? leader).replication?.executedCoordinates ?? null
    if (standing.state !== 'done' || place === null) return noSuccessor(standing.failure ?? binlogReason('binlog-server-no-place', { server: leader.key }), gathered.lost)
    const kept = await whyKept(job, [leader])
    if (kept !== null) {
      await this.#run('let-go', planLeaderGoesOn(this.#fleet.topology(), failed.key, leader.key), job)
      return { ...noSuccessor(kept.because, gathered.lost), ...kept }
    }
    story.note('choose', binlogReason('read-furthest', { leader: leader.key, failed: failed.key, place: coordinatesText(place) }).text, leader.key)
    const gathering = this.#run('gather', planGatherBinlogServers(this.#fleet.topology(), failed.key, leader.key, others), job, { remembered: 'behind' })
    const rolled = await this.#rollForward(job, [leader, ...others], leader, place)
    if ('refused' in rolled) {
      await Promise.all([gathering, this.#run('let-go', planLeaderGoesOn(this.#fleet.topology(), failed.key, leader.key), job)])
      return noSuccessor(rolled.refused, [...gathered.lost, ...rolled.lost])
    }
    const { successor, files } = rolled
    const promoted = await this.#run('promote', planNumberLogs(this.#fleet.topology(), successor, leader.key, place, files, this.#policy.makesWritable), job, {
      staysOpen: true,
      onStep: event => {
        if (event.state === 'done' && event.step.do === 'set-writable') job.onWritable?.(successor)
      },
    })
    const lost = [...gathered.lost, ...notMoved(await gathering), ...rolled.lost]
    const participants = [successor.key, leader.key, ...others.map(({ key }) => key)]
    if (promoted.state !== 'done') return { ...noSuccessor(promoted.failure ?? failoverReason('no-candidate', { failed: failed.key, text: '' }), lost), participants }
    const fence = this.#run('fence', planFence(this.#fleet.topology(), failed.key), job, { remembered: 'behind' })
    const turned = await this.#run('repoint', planLeaderSource(this.#fleet.topology(), leader.key, successor.key, place), job)
    lost.push(...notMoved(turned))
    for (const { key, reason } of lost) story.note('repoint', `RecoverDeadMaster: - lost replica: ${key}: ${reason.text}`, key)
    const isLost = (server: Instance): boolean => lost.some(({ key }) => key === server.key)
    const rising = others.filter(other => !isLost(other) && !isLost(leader)).slice(0, upMax).map(({ key }) =>
      this.#run('repoint', planBinlogServerUp(this.#fleet.topology(), key, leader.key, successor.key, place, upMilliseconds), job, { remembered: 'behind' }))
    const missing = missingTransactions(failed, successor)
    story.note('promote', missing.text)
    const failures = [...failedSteps(await gathering), ...failedSteps(promoted), ...failedSteps(turned)]
    return {
      successor: this.#fleet.get(successor.key) ?? successor, lost, participants, errors: [...rolled.errors, ...failures.map(({ failure }) => failure?.text ?? '')], missing, background: [fence, ...rising],
    }
  }

  /** Of those that may take over the first that comes to where the leader stands. */
  async #rollForward(
    job: FailoverJob, servers: readonly Instance[], leader: Instance, place: BinlogCoordinates,
  ): Promise<{ readonly successor: Instance; readonly files: number; readonly lost: readonly LostReplica[]; readonly errors: readonly string[] } | { readonly refused: Reason; readonly lost: readonly LostReplica[] }> {
    const { failed, designated, story } = job
    // How far its own log is, only a full reading tells.
    const known = replicasBelow(this.#fleet.topology(), servers)
    const read = await Promise.all(known.map(async replica => (await this.#fleet.look(replica.key, lookMilliseconds, 'full')) ?? this.#fleet.get(replica.key) ?? replica))
    const { successors, refused, ahead } = chooseBinlogSuccessors(read, leader, place, this.#policy.promotion, designated)
    for (const { key, reason } of refused) story.note('choose', binlogReason('passed-over', { server: key, text: reason.text }).text, key)
    const errors: string[] = []
    for (const candidate of successors.slice(0, candidatesMax)) {
      story.note('choose', `promoted candidate: ${candidate.key}`, candidate.key)
      const drained = await this.#run('drain', planRollForward(this.#fleet.topology(), candidate, leader.key, place, this.#policy.drainLimit), job)
      const files = filesToBegin(candidate, place)
      if (drained.state === 'done' && typeof files === 'number') return { successor: drained.fresh.get(candidate.key) ?? candidate, files, lost: ahead, errors }
      errors.push(drained.failure?.text ?? (typeof files === 'number' ? 'the plan did not run' : files.text))
    }
    const text = errors.length > 0 ? errors.join('; ') : refused.map(({ reason }) => reason.text).join('; ')
    return { refused: binlogReason('no-promotable-below', { failed: failed.key, text }), lost: ahead }
  }

  #run(stage: string, plan: Plan, job: FailoverJob, options: Partial<RunOptions> = {}): Promise<PlanOutcome> {
    return runStage(this.#execution, stage, plan, job, options)
  }
}
