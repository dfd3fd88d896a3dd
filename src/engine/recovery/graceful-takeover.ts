import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { boundPlace, withPlace } from '../../model/planning/leader-place.ts'
import type { Plan } from '../../model/planning/plan.ts'
import { decidePromotion, promotionQuestion } from '../../model/planning/promote.ts'
import { planTakeover, planUndoTakeover, type Takeover } from '../../model/planning/takeover.ts'
import { followsByPosition } from '../../model/planning/takeover-position.ts'
import { takeoverRefusal } from '../../model/planning/takeover-refusals.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Execution, RunOptions } from '../execution/execution.ts'
import { failedSteps, type PlanOutcome } from '../execution/plan-outcome.ts'
import type { Lock } from '../execution/server-locks.ts'
import { durabilityOf } from './durability.ts'
import { engineReason } from './engine-reasons.ts'
import type { Fleet } from './fleet.ts'
import { fenceLimitMilliseconds, type Policies } from './policies.ts'
import type { RecoveryStory } from './story.ts'

export interface TakeoverRequest {
  readonly designated: InstanceKey | null
  readonly auto: boolean
  readonly by: string
  /** Run exactly the plan that was shown under this fingerprint, or nothing. */
  readonly fingerprint?: string
  /** How long writes may stand still while the successor catches up; left out: as configured. */
  readonly catchUpSeconds?: number
}

/** Who hands over to whom, and how. */
export interface PreparedTakeover {
  readonly old: Instance
  readonly successor: Instance
  readonly takeover: Takeover
}

export interface TakeoverResult {
  /** Why nobody took over; null: somebody did. */
  readonly failure: Reason | null
  /** What went wrong without preventing it. */
  readonly errors: readonly string[]
  readonly siblingsLeft: readonly InstanceKey[]
  /** How long nobody took writes, as measured here: from the read-only statement to the writable one. */
  readonly gapMilliseconds: number | null
}

/** One full look at every server concerned, before anything is touched. */
const lookMilliseconds = 3000

/** The one primary of a cluster (contract recovery.md section 12, row 1): depth 0 or co-primary, writable ones first. */
export function clusterPrimary(topology: Topology, clusterName: string): Result<Instance, Reason> {
  const members = topology.clusters.get(clusterName) ?? []
  const primaries = members.filter(member => member.replicationDepth === 0 || member.isCoPrimary)
  const writable = primaries.filter(member => !member.readOnly && member.check.failure === null)
  const found = primaries.some(member => member.isCoPrimary) && writable.length === 1 ? writable : primaries
  const [primary] = found
  if (primary === undefined || found.length !== 1) return fail(takeoverRefusal('no-cluster-primary', { cluster: clusterName, count: found.length }))
  return ok(primary)
}

/** Reads everything that is concerned, chooses the successor and makes every check. Touches nothing. */
export async function prepareTakeover(fleet: Fleet, policies: Policies, primary: InstanceKey, request: TakeoverRequest): Promise<Result<PreparedTakeover, Reason>> {
  const replicas = fleet.topology().replicasOf(primary).map(({ key }) => key)
  if (replicas.length === 0) return fail(takeoverRefusal('no-replicas', { primary }))
  await Promise.all([primary, ...replicas].map(key => fleet.look(key, lookMilliseconds, 'full')))
  // Replicas first, then the primary: what a replica has and the primary's older reading has not would look errant. Polls go on meanwhile, so these very
  // readings are judged, and a primary that answered before but does not now is not.
  const asRead = fleet.topology()
  const old = await fleet.look(primary, lookMilliseconds)
  if (old === undefined) return fail(takeoverRefusal('primary-unreachable', { primary, text: fleet.get(primary)?.check.failure?.text ?? 'no answer' }))
  const topology = new Topology(asRead.number, new Map(asRead.instances).set(primary, old), asRead.decisions)
  const successor = designate(topology, old, policies, request)
  if (!successor.ok) return successor
  const policy = policies.takeover(request.auto, durabilityOf(policies.durability, topology, old.clusterName))
  const { catchUpSeconds } = request
  const takeover = planTakeover(topology, old, successor.value, catchUpSeconds === undefined ? policy : { ...policy, catchUpMilliseconds: catchUpSeconds * 1000 })
  return 'refused' in takeover ? fail(takeover.refused) : ok({ old, successor: successor.value, takeover })
}

function designate(topology: Topology, old: Instance, policies: Policies, { designated, auto }: TakeoverRequest): Result<Instance, Reason> {
  const replicas = topology.replicasOf(old.key)
  if (designated !== null) {
    const asked = topology.get(designated)
    return asked === undefined ? fail(takeoverRefusal('not-direct-replica', { designated, primary: old.key })) : ok(asked)
  }
  const [only] = replicas
  if (replicas.length === 1 && only !== undefined) return ok(only)
  if (!auto) return fail(takeoverRefusal('not-indicated', { primary: old.key, count: replicas.length }))
  const { promoted } = decidePromotion(promotionQuestion(topology, old, policies.promotion))
  return promoted === null ? fail(takeoverRefusal('not-detected', { primary: old.key })) : ok(promoted)
}

/** Carries out a prepared takeover. Hooks run where `between` is called; its failure, like any other before the promotion, undoes everything. */
export class GracefulTakeover {
  readonly #execution: Execution
  readonly #fleet: Fleet
  readonly #clock: Clock

  constructor(execution: Execution, fleet: Fleet, clock: Clock) {
    this.#execution = execution
    this.#fleet = fleet
    this.#clock = clock
  }

  async run(
    { old, successor, takeover }: PreparedTakeover,
    job: { readonly by: string; readonly lock: Lock; readonly story: RecoveryStory; between(): Promise<string | null>; onWritable(): void },
  ): Promise<TakeoverResult> {
    const { story } = job
    const failed = (failure: Reason): TakeoverResult => ({ failure, errors: [failure.text], siblingsLeft: [], gapMilliseconds: null })
    let begunAt = this.#clock.monotonic()
    const fenced = await this.#run('fence', takeover.fence, job, {
      staysOpen: true, known: known(old, successor), deadlines: { 'set-read-only': fenceLimitMilliseconds },
      onStep: event => {
        if (event.state === 'running' && event.step.do === 'set-read-only' && !event.undoing) begunAt = this.#clock.monotonic()
      },
    })
    if (fenced.state !== 'done') {
      const isLate = failedSteps(fenced).some(({ step }) => step.do === 'wait-executed' || step.do === 'wait-position')
      const seconds = takeover.fence.steps.map(({ step }) => (step.do === 'wait-executed' || step.do === 'wait-position' ? step.timeoutMilliseconds / 1000 : 0)).reduce((left, right) => Math.max(left, right), 0)
      story.note('undo', this.#undoneText(fenced, old.key), old.key, fenced.undone.every(({ state }) => state === 'done') ? 'done' : 'failed')
      return failed(isLate ? takeoverRefusal('catch-up', { seconds, designated: successor.key }) : (fenced.failure ?? takeoverRefusal('primary-unreachable', { primary: old.key, text: 'it could not be made read-only' })))
    }
    const hookFailure = await job.between()
    if (hookFailure !== null) {
      await this.#undo(old, successor, job)
      return failed(engineReason('hook-failed', { text: hookFailure }))
    }
    let writableAt: number | null = null
    let toldWritable = (): void => undefined
    const writable = new Promise<void>(resolve => (toldWritable = resolve))
    const caughtUp = { ...(fenced.fresh.get(successor.key) ?? successor) }
    const { bindings } = fenced
    // Whoever finishes this after a crash must know from where the others go on.
    const promote = withPlace(takeover.promote, old.key, successor.key, boundPlace(bindings, successor.key), followsByPosition(successor))
    const promoting = this.#run('promote', promote, job, {
      known: known(old, caughtUp), bindings, staysOpen: true,
      onStep: event => {
        if (event.state !== 'done' || event.step.do !== 'set-writable') return
        writableAt = this.#clock.monotonic()
        job.onWritable()
        toldWritable()
      },
    })
    // The others need not wait until the successor has done the rest of its own.
    await Promise.race([writable, promoting])
    if (writableAt === null) {
      const promoted = await promoting
      await this.#undo(old, successor, job)
      return failed(promoted.failure ?? takeoverRefusal('successor-unreachable', { designated: successor.key, text: '' }))
    }
    story.note('promote', `promoted replica: ${successor.key}`, successor.key, 'done', writableAt - begunAt)
    const repointing = this.#run('repoint', takeover.repoint, job, { pace: 'checked', bindings })
    // What the old primary logs once it follows would carry those by position beyond the place they are to go on from.
    const isFree = takeover.repoint.steps.some(({ step }) => step.do === 'wait-position') ? repointing : Promise.resolve()
    const rejoining = isFree.then(() => this.#run('rejoin', takeover.rejoin, job, { pace: 'checked', bindings }))
    // Not before the old primary follows: it may have needed the replication account that the successor had stored. Nor later, however long others take:
    // a primary that still names a source may start to follow it after a restart.
    const settling = Promise.all([promoting, rejoining]).then(() => this.#settle(takeover, job))
    const outcomes = await Promise.all([promoting, repointing, rejoining, settling])
    const errors = outcomes.flatMap(outcome => failedSteps(outcome).map(step => step.failure?.text ?? ''))
    const left = takeover.repoint.steps.map(({ step }) => step.on).filter(key => outcomes[1].steps.some(step => step.step.on === key && step.state !== 'done'))
    return { failure: null, errors, siblingsLeft: [...new Set([...takeover.siblingsLeft.map(({ key }) => key), ...left])], gapMilliseconds: writableAt - begunAt }
  }

  async #settle({ settle }: Takeover, job: { readonly by: string; readonly lock: Lock; readonly story: RecoveryStory }): Promise<PlanOutcome> {
    const first = await this.#run('settle', settle, job, { pace: 'checked' })
    return first.state === 'done' ? first : this.#run('settle', settle, job, { pace: 'checked' })
  }

  /** Writes go back to the old primary only when the successor surely does not take them. */
  async #undo(old: Instance, successor: Instance, job: { readonly by: string; readonly lock: Lock; readonly story: RecoveryStory }): Promise<void> {
    const outcome = await this.#run('undo', planUndoTakeover(this.#fleet.topology(), old.key, successor.key), job, { pace: 'checked' })
    job.story.note('undo', outcome.state === 'done' ? `${old.key} is writable again` : `${old.key} was left read-only: ${outcome.failure?.text ?? ''}`, old.key, outcome.state === 'done' ? 'done' : 'failed')
  }

  #undoneText(outcome: PlanOutcome, old: InstanceKey): string {
    const failed = outcome.undone.find(({ state }) => state !== 'done')
    return failed === undefined ? `nothing was changed: ${old} is writable` : `${old} could not be made writable again: ${failed.failure?.text ?? ''}`
  }

  #run(stage: string, plan: Plan, job: { readonly by: string; readonly lock: Lock; readonly story: RecoveryStory }, options: Partial<RunOptions>): Promise<PlanOutcome> {
    const { by, lock, story } = job
    return this.#execution.run(plan, {
      pace: 'critical', ...options, by, lock, recoveryUid: story.uid,
      onStep: event => {
        story.planStep(stage, event)
        options.onStep?.(event)
      },
    })
  }
}

const known = (...instances: readonly Instance[]): ReadonlyMap<InstanceKey, Instance> => new Map(instances.map(instance => [instance.key, instance]))

