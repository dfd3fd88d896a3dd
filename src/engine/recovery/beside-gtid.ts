import { canFeed, planFollowBeside, planReadEnd, replicasBeside } from '../../model/planning/failover-beside.ts'
import { ownEndName, planStandOthers, planStopPositions } from '../../model/planning/failover-position.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import type { LostReplica } from '../../model/planning/failover.ts'
import { planStartReceivers } from '../../model/planning/restart-receivers.ts'
import { type BinlogCoordinates, parseCoordinates } from '../../model/topology/binlog-coordinates.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { failedSteps, unfinishedServers } from '../execution/plan-outcome.ts'
import { type Follow, knownOf, matchMilliseconds, stopMilliseconds } from './follow-position.ts'

/** Replicas of a dead primary that replicate by position, beside those by GTID out of which the successor is chosen. */
export class PositionsBeside {
  readonly #follow: Follow
  readonly #failed: InstanceKey
  readonly #note: (text: string, server: InstanceKey) => void
  readonly #replicas: readonly Instance[]
  #stopped: readonly Instance[] = []
  #late: readonly LostReplica[] = []

  constructor(follow: Follow, failed: InstanceKey, note: (text: string, server: InstanceKey) => void) {
    this.#follow = follow
    this.#failed = failed
    this.#note = note
    this.#replicas = replicasBeside(follow.fleet.topology(), failed)
  }

  has = (key: InstanceKey): boolean => this.#replicas.some(replica => replica.key === key)

  /** Those that hold transactions by number and can hand them on. */
  get feeders(): readonly Instance[] {
    return this.#stopped.filter(canFeed)
  }

  get participants(): readonly InstanceKey[] {
    return this.#stopped.map(({ key }) => key)
  }

  async stop(): Promise<void> {
    if (this.#replicas.length === 0) return
    const { fleet, policy, run } = this.#follow
    const outcome = await run('stop-receivers', planStopPositions(fleet.topology(), this.#failed, this.#replicas), {
      known: knownOf(this.#replicas), deadlines: { 'stop-receiver': policy.stopLimit }, remembered: 'behind', staysOpen: true,
    })
    const unstopped = unfinishedServers(outcome)
    this.#stopped = this.#replicas.filter(({ key }) => !unstopped.has(key)).map(replica => outcome.fresh.get(replica.key) ?? replica)
    this.#late = [...unstopped].map(([key, reason]) => ({ key, reason: failoverReason('replica-not-stopped', { server: key, text: reason?.text ?? '' }) }))
  }

  /** Nobody is promoted: they wait for the primary again. */
  async letGo(): Promise<void> {
    const { fleet, run } = this.#follow
    if (this.#stopped.length > 0) await run('let-go', planStartReceivers(fleet.topology(), this.#failed, this.#stopped.map(({ key }) => key)), { known: knownOf(this.#stopped) })
  }

  /** The end of the candidate's log, read before it takes writes; null where nobody needs it or it could not be read. */
  async endOf(candidate: Instance): Promise<BinlogCoordinates | null> {
    if (this.#stopped.length === 0) return null
    const { fleet, run } = this.#follow
    const { bindings } = await run('drain', planReadEnd(fleet.topology(), candidate.key), { known: knownOf([candidate]) })
    return parseCoordinates(bindings.get(ownEndName(candidate.key)) ?? '')
  }

  /** Beside the promotion, as all who follow. */
  async followTo(successor: Instance, ownEnd: BinlogCoordinates | null): Promise<{ readonly lost: readonly LostReplica[]; readonly errors: readonly string[] }> {
    if (this.#stopped.length === 0) return { lost: this.#late, errors: [] }
    const { fleet, policy, run } = this.#follow
    const settled = await run('settle', planStandOthers(fleet.topology(), this.#stopped, successor.key, policy.drainLimit), {
      known: knownOf(this.#stopped), remembered: 'behind', staysOpen: true, deadlines: { 'stop-replication': stopMilliseconds },
    })
    const unsettled = unfinishedServers(settled)
    const notStanding = [...unsettled].map(([key, reason]): LostReplica => ({ key, reason: failoverReason('replica-not-moved', { server: key, text: reason?.text ?? '' }) }))
    const standing = this.#stopped.filter(({ key }) => !unsettled.has(key)).map(replica => settled.fresh.get(replica.key) ?? replica)
    const { plan, lost, remarks } = planFollowBeside(fleet.topology(), standing, successor, ownEnd, { replication: policy.promotion.replication, pseudoGtid: policy.pseudoGtid, matchMilliseconds })
    for (const { key, reason } of remarks) this.#note(reason.text, key)
    const followed = await run('repoint', plan, { known: knownOf([...standing, successor]), remembered: 'behind' })
    const notMoved = [...followed.parts].flatMap(([key, reason]): LostReplica[] => (reason === null ? [] : [{ key, reason: failoverReason('replica-not-moved', { server: key, text: reason.text }) }]))
    return { lost: [...this.#late, ...notStanding, ...lost, ...notMoved], errors: [...failedSteps(settled), ...failedSteps(followed)].map(step => step.failure?.text ?? '') }
  }
}
