import {
  gatheredServers, planFeedFromBinlogServer, planLeaderGoesOn, planLeaderStands, planStandBelow, replicasBelow,
} from '../../model/planning/failover-binlog-server.ts'
import { binlogFailoverReason as binlogReason } from '../../model/planning/failover-binlog-server-reasons.ts'
import { type LeaderPlace, planFollowPosition } from '../../model/planning/failover-position.ts'
import { positionFailoverReason as positionReason } from '../../model/planning/failover-position-reasons.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import type { LostReplica } from '../../model/planning/failover.ts'
import { type BinlogCoordinates, compareCoordinates, coordinatesText } from '../../model/topology/binlog-coordinates.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { failedSteps, unfinishedServers } from '../execution/plan-outcome.ts'
import { type Follow, knownOf, matchMilliseconds, stopMilliseconds } from './follow-position.ts'

/**
 * Binlog servers beside real replicas of a dead primary without GTID (contract recovery.md 3.2). What only they have is fed to whoever takes over, and their
 * replicas follow it. They themselves hold the dead log, which the new primary does not continue: they are set up anew by a person.
 */
export class BinlogServersBeside {
  readonly #follow: Follow
  readonly #failed: InstanceKey
  readonly #note: (stage: string, text: string, server: InstanceKey) => void
  readonly #servers: readonly Instance[]
  readonly #lost: readonly LostReplica[]
  #standing: readonly { readonly server: Instance; readonly place: BinlogCoordinates }[] = []

  constructor(follow: Follow, failed: InstanceKey, note: (stage: string, text: string, server: InstanceKey) => void) {
    this.#follow = follow
    this.#failed = failed
    this.#note = note
    const gathered = gatheredServers(follow.fleet.topology(), failed)
    this.#servers = 'refused' in gathered ? [] : [gathered.leader, ...gathered.others]
    this.#lost = gathered.lost
  }

  /** They read nothing more, so that their places stay true. */
  async stand(): Promise<void> {
    const { fleet, run } = this.#follow
    const standing = await Promise.all(this.#servers.map(async server => {
      const outcome = await run('gather', planLeaderStands(fleet.topology(), this.#failed, server), {})
      const place = (outcome.fresh.get(server.key) ?? server).replication?.executedCoordinates ?? null
      return outcome.state === 'done' && place !== null ? [{ server, place }] : []
    }))
    this.#standing = standing.flat().toSorted((left, right) => compareCoordinates(right.place, left.place))
  }

  /** Nobody takes over: they wait for their source again. */
  async letGo(): Promise<void> {
    const { fleet, run } = this.#follow
    for (const { server } of this.#standing) await run('let-go', planLeaderGoesOn(fleet.topology(), this.#failed, server.key), {})
  }

  /** The candidate as it is when it has what the one has that has read furthest; where it cannot come to that, what is left behind is said. */
  async feed(candidate: Instance, limit: number): Promise<Instance> {
    const { fleet, run } = this.#follow
    const [furthest] = this.#standing
    const read = candidate.replication?.readCoordinates ?? null
    if (furthest === undefined || read === null || compareCoordinates(furthest.place, read) <= 0) return candidate
    const { server, place } = furthest
    const names = { candidate: candidate.key, at: coordinatesText(read), server: server.key, place: coordinatesText(place) }
    this.#note('feed', binlogReason('feeds', names).text, candidate.key)
    const outcome = await run('feed', planFeedFromBinlogServer(fleet.topology(), candidate, server.key, place, limit), { pace: 'checked', deadlines: { 'stop-replication': stopMilliseconds } })
    if (outcome.state !== 'done') this.#note('feed', binlogReason('not-fed', { ...names, text: outcome.failure?.text ?? '' }).text, candidate.key)
    return (await fleet.look(candidate.key, lookMilliseconds, 'full')) ?? candidate
  }

  /** Their replicas come to the place where the successor stood, and go on from the end of its log. */
  async followTo(successor: Instance, place: LeaderPlace): Promise<{ readonly lost: readonly LostReplica[]; readonly errors: readonly string[] }> {
    const { fleet, policy, run } = this.#follow
    const topology = fleet.topology()
    const gone = this.#servers.map(({ key: server }): LostReplica => ({ key: server, reason: positionReason('orphan-binlog-server', { server, failed: this.#failed, successor: successor.key }) }))
    const lost: LostReplica[] = [...this.#lost, ...gone]
    const coming: { readonly replica: Instance; readonly upTo: BinlogCoordinates }[] = []
    for (const replica of replicasBelow(topology, this.#servers)) {
      const { key: server } = replica
      if (server === successor.key) continue
      const upTo = this.#standing.find(each => each.server.key === replica.replication?.source)?.place
      const names = { server, successor: successor.key, place: coordinatesText(place.executed) }
      const order = upTo === undefined ? 0 : compareCoordinates(upTo, place.executed)
      if (upTo === undefined || replica.check.failure !== null || replica.channels.length > 1) lost.push({ key: server, reason: failoverReason('replica-unreachable', { server, text: replica.check.failure?.text ?? '' }) })
      else if (replica.replication?.gtid !== 'none') lost.push({ key: server, reason: binlogReason('not-by-file-and-position', { server }) })
      else if (order > 0) lost.push({ key: server, reason: positionReason('failover-position-ahead', { ...names, at: coordinatesText(upTo) }) })
      else if (order < 0 && !policy.pseudoGtid) lost.push({ key: server, reason: positionReason('failover-position-behind', { ...names, at: coordinatesText(upTo) }) })
      else coming.push({ replica, upTo })
    }
    if (coming.length === 0) return { lost, errors: [] }
    const replicas = coming.map(({ replica }) => replica)
    const settled = await run('settle', planStandBelow(topology, coming, policy.drainLimit), { known: knownOf(replicas), remembered: 'behind', deadlines: { 'stop-replication': stopMilliseconds } })
    const unsettled = unfinishedServers(settled)
    const standing = (await Promise.all(replicas.filter(({ key }) => !unsettled.has(key)).map(({ key }) => fleet.look(key, lookMilliseconds, 'full')))).filter(replica => replica !== undefined)
    const late = replicas.filter(({ key }) => !standing.some(each => each.key === key)).map(({ key }): LostReplica => ({ key, reason: failoverReason('replica-not-moved', { server: key, text: unsettled.get(key)?.text ?? '' }) }))
    const { plan, lost: left } = planFollowPosition(fleet.topology(), standing, successor, place, { replication: policy.promotion.replication, pseudoGtid: policy.pseudoGtid, matchMilliseconds })
    const followed = await run('repoint', plan, { known: knownOf([...standing, successor]), remembered: 'behind' })
    const notMoved = [...followed.parts].flatMap(([key, reason]): LostReplica[] => (reason === null ? [] : [{ key, reason: failoverReason('replica-not-moved', { server: key, text: reason.text }) }]))
    return { lost: [...lost, ...late, ...left, ...notMoved], errors: [...failedSteps(settled), ...failedSteps(followed)].map(step => step.failure?.text ?? '') }
  }
}

const lookMilliseconds = 3000
