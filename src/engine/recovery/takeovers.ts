import type { CandidateView, HookListView } from '../../contract/views.ts'
import { analyseOne } from '../../model/analysis/analyse.ts'
import { noMemory } from '../../model/analysis/memory.ts'
import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { isRefusal, type Plan } from '../../model/planning/plan.ts'
import { failoverReason } from '../../model/planning/failover-reasons.ts'
import { promotionQuestion } from '../../model/planning/promote.ts'
import { rankCandidates } from '../../model/planning/promote-rank.ts'
import { takeoverRefusal } from '../../model/planning/takeover-refusals.ts'
import { type HookMoment, listsAt } from '../../model/recovery/hook-lists.ts'
import { impliedAcknowledgement } from '../../model/recovery/may-we-act.ts'
import type { Recovery } from '../../model/recovery/records.ts'
import { type Instance, isReplicating } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { planForRun } from '../execution/by-fingerprint.ts'
import { engineReason } from './engine-reasons.ts'
import type { Fleet } from './fleet.ts'
import { asDead } from './forced.ts'
import { clusterPrimary, GracefulTakeover, type PreparedTakeover, prepareTakeover, type TakeoverRequest } from './graceful-takeover.ts'
import type { Ledger } from './ledger.ts'
import { withSuccessor } from './occasion.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'
import type { Recoverer } from './recoverer.ts'
import { type Asked, nothingDone, type Outcome } from './remedy-job.ts'

/** What a takeover would do. */
export interface TakeoverPreview {
  readonly plan: Plan
  readonly candidates: readonly CandidateView[]
  readonly hooks: readonly HookListView[]
}

/** How long the primary may take to tell what is under way. */
const transactionsMilliseconds = 2000

/** When hooks of a takeover run, and what they know of its successor by then. */
const moments: readonly { readonly moment: HookMoment; readonly knows: 'announced' | 'nobody' | 'told' }[] = [
  { moment: 'before-takeover', knows: 'announced' }, { moment: 'detected', knows: 'nobody' }, { moment: 'before', knows: 'nobody' },
  { moment: 'succeeded', knows: 'told' }, { moment: 'after-takeover', knows: 'told' },
]

/** The name of the original's command: hooks see it whichever of the two was asked for. */
const takeoverCommand = 'graceful-master-takeover'

const primaryUnderMaintenance = (primary: InstanceKey): Reason => takeoverRefusal('primary-unreachable', { primary, text: 'it is under maintenance' })

/** Planned takeovers from the first check to the last hook, in the order of contract recovery.md section 12, except that siblings move after the switch. */
export class Takeovers {
  readonly #parts: RecoveryParts
  readonly #policies: Policies
  readonly #fleet: Fleet
  readonly #ledger: Ledger
  readonly #recoverer: Recoverer

  constructor(parts: RecoveryParts, policies: Policies, fleet: Fleet, ledger: Ledger, recoverer: Recoverer) {
    this.#parts = parts
    this.#policies = policies
    this.#fleet = fleet
    this.#ledger = ledger
    this.#recoverer = recoverer
  }

  /** The checks and the plan alone; nothing is touched. */
  async prepare(clusterName: string, request: TakeoverRequest): Promise<Result<PreparedTakeover, Reason>> {
    const primary = clusterPrimary(this.#fleet.topology(), clusterName)
    if (!primary.ok) return primary
    const [prepared, open] = await Promise.all([prepareTakeover(this.#fleet, this.#policies, primary.value.key, request), this.#openTransactions(primary.value)])
    if (!prepared.ok) return prepared
    const { takeover } = prepared.value
    return ok({ ...prepared.value, takeover: { ...takeover, whole: { ...takeover.whole, warnings: [...takeover.whole.warnings, ...open] } } })
  }

  /** What clients are about to lose when writes stop; unknown is said, and is not none. */
  async #openTransactions(old: Instance): Promise<readonly Reason[]> {
    const told = await this.#parts.transactions?.openTransactions(old, transactionsMilliseconds)
    if (told === undefined) return []
    if (!told.ok) return [failoverReason('open-transactions-unknown', { old: old.key, text: told.failure.grant === undefined ? told.failure.text : `${told.failure.text} (grant: ${told.failure.grant})` })]
    const { count, longestSeconds, waiting } = told.value
    return count === 0 ? [] : [failoverReason('open-transactions', { old: old.key, count, seconds: longestSeconds, waiting })]
  }

  /** What a takeover would do, with all who could take over and the commands that would run. Reads the servers and touches nothing. */
  async preview(clusterName: string, request: TakeoverRequest): Promise<Result<TakeoverPreview, Reason>> {
    const prepared = await this.prepare(clusterName, request)
    if (!prepared.ok) return prepared
    const { old, successor, takeover } = prepared.value
    const topology = this.#fleet.topology()
    const candidates = rankCandidates(promotionQuestion(topology, old, this.#policies.promotion, request.designated))
    const found = analyseOne(topology, old.key, this.#parts.analysis, this.#parts.clock.now(), noMemory)
    if (found === null) return fail(primaryUnderMaintenance(old.key))
    const occasion = this.#recoverer.occasion(asDead(found), { command: takeoverCommand }, '')
    const announced = { ...occasion, successor: { key: successor.key, alias: successor.alias, coordinates: null } }
    const told = withSuccessor(occasion, successor, takeover.siblingsLeft.map(({ key }) => key))
    const hooks = moments.flatMap(({ moment, knows }) =>
      listsAt(moment, 'promote-replica').map(list => ({ list, commands: this.#recoverer.hooks.preview(list, { announced, nobody: occasion, told }[knows]) })))
    const left = takeover.siblingsLeft.map(({ reason }) => reason)
    return ok({ plan: { ...takeover.whole, warnings: [...takeover.whole.warnings, ...left] }, candidates, hooks })
  }

  async run(clusterName: string, request: TakeoverRequest): Promise<Result<Recovery, Reason>> {
    if (this.#ledger.isBeingLed(clusterName) || !this.#ledger.claim(clusterName)) return fail(engineReason('cluster-busy', { cluster: clusterName }))
    try {
      const prepared = await this.prepare(clusterName, request)
      if (!prepared.ok) return prepared
      const { fingerprint } = request
      const agreed = planForRun(() => prepared.value.takeover.whole, fingerprint === undefined ? null : { fingerprint })
      if (isRefusal(agreed)) return fail(agreed.refused)
      return await this.#carryOut(prepared.value, request)
    } finally {
      this.#ledger.unclaim(clusterName)
    }
  }

  async #carryOut(prepared: PreparedTakeover, { auto, by }: TakeoverRequest): Promise<Result<Recovery, Reason>> {
    const { old, successor } = prepared
    const { clock, store } = this.#parts
    const found = analyseOne(this.#fleet.topology(), old.key, this.#parts.analysis, clock.now(), noMemory)
    if (found === null) return fail(primaryUnderMaintenance(old.key))
    const finding = asDead(found)
    const asked: Asked = { by, command: takeoverCommand, candidate: successor.key, runHooks: true }
    const story = this.#recoverer.newStory()
    // Who only learns of the takeover before it begins does not know of a recovery yet (contract hooks.md section 3).
    const before = { ...withSuccessor(this.#recoverer.occasion(finding, asked, ''), successor) }
    const hookFailure = await this.#recoverer.runHooks('before-takeover', 'promote-replica', { ...before, successor: { key: successor.key, alias: successor.alias, coordinates: null } }, asked, story)
    if (hookFailure !== null) return fail(takeoverRefusal('hook-failed', { text: hookFailure }))
    const detection = await store.detections.register({
      key: old.key, code: finding.code, description: '', clusterName: finding.clusterName, clusterAlias: this.#fleet.topology().aliasOf(finding.clusterName),
      replicas: finding.replicas, isActionable: true, startedAt: clock.now(), nodeHostname: this.#parts.node.hostname, nodeToken: this.#parts.node.token,
    })
    for (const recovery of this.#ledger.open) {
      if (recovery.key === old.key && recovery.endedAt !== null) await this.#ledger.acknowledge({ uid: recovery.uid }, { at: clock.now(), ...impliedAcknowledgement(old.key) })
    }
    const registered = await this.#recoverer.register(finding, 'promote-replica', asked, story, detection?.id ?? 0)
    if (!registered.ok) return registered
    story.note('begin', `graceful takeover from ${old.key} to ${successor.key}, asked for by ${by}`, old.key, 'started')
    this.#recoverer.tellHowItStood(finding, false, story)
    this.#parts.audit.write('graceful-master-takeover', old.key, finding.clusterName, `to ${successor.key}`)
    const occasion = this.#recoverer.occasion(finding, asked, story.uid)
    let refused: Reason | null = null
    const outcome = await this.#recoverer.locked(finding, story, async (lock): Promise<Outcome> => {
      const result = await new GracefulTakeover(this.#parts.execution, this.#fleet, clock).run(prepared, {
        by, lock, story, onWritable: () => this.#ledger.leads(story.uid, successor.key),
        between: async () =>
          (detection === null ? null : await this.#recoverer.runHooks('detected', 'promote-replica', occasion, asked, story))
          ?? (await this.#recoverer.runHooks('before', 'promote-replica', occasion, asked, story)),
      })
      refused = result.failure
      if (result.failure !== null) return nothingDone(result.failure.text)
      const rejoined = this.#fleet.get(old.key)
      return {
        successor: this.#fleet.get(successor.key) ?? successor, lost: result.siblingsLeft, participants: [old.key, successor.key], errors: result.errors, background: [],
        keepsFailed: rejoined !== undefined && isReplicating(rejoined),
      }
    })
    const recovery = await this.#recoverer.conclude(finding, 'promote-replica', registered.value, asked, story, occasion, outcome)
    if (refused !== null) {
      // Everything is as it was: nothing needs to be kept from happening again.
      await this.#ledger.acknowledge({ uid: recovery.uid }, { at: clock.now(), by: 'orchestrator', comment: 'the takeover was undone' })
      await this.#ledger.endDetections({ key: old.key }, clock.now())
      return fail(refused)
    }
    const after = this.#fleet.get(successor.key) ?? successor
    await this.#recoverer.runHooks('after-takeover', 'promote-replica', withSuccessor(occasion, after, recovery.lostReplicas), asked, story)
    await story.written()
    if (!auto) this.#parts.log.info('the old primary follows with its threads stopped', { server: old.key })
    return ok(recovery)
  }

  /** For who asks by server: the cluster it is in. */
  clusterNameOf(key: InstanceKey): string {
    return this.#fleet.get(key)?.clusterName ?? key
  }
}
