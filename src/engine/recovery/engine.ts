import type { RecoveryDryRunView } from '../../contract/views.ts'
import { analyse } from '../../model/analysis/analyse.ts'
import type { Finding, Outlook } from '../../model/analysis/finding.ts'
import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { type ActQuestion, isDetectionDue, impliedAcknowledgement, mayWeAct, type Verdict } from '../../model/recovery/may-we-act.ts'
import { durabilityReason } from '../../model/planning/durability-reasons.ts'
import { outlookOf } from '../../model/recovery/outlook.ts'
import type { Detection, Recovery, RecoveryStep } from '../../model/recovery/records.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { RecoveryFilter } from '../../ports/store.ts'
import { dryRun, type DryRunWish } from './dry-run.ts'
import { DeposedPrimaries, type DeposedPrimary } from './deposed.ts'
import { engineReason } from './engine-reasons.ts'
import { DiscoveredFleet } from './fleet.ts'
import { forcedCommand, forcedFinding, type ForcedRequest } from './forced.ts'
import { InterruptedWork } from './interrupted.ts'
import { type Acknowledgement, Ledger } from './ledger.ts'
import type { RecoveryParts } from './parts.ts'
import { type Policies, policiesOf } from './policies.ts'
import { durabilityObstacle } from './durability.ts'
import { otherWritable } from './make-writable.ts'
import { ReceiverRestarts } from './receiver-restarts.ts'
import { type Attempt, Recoverer, replacesPrimary } from './recoverer.ts'
import type { Asked } from './remedy-job.ts'
import { RoleKeeper } from './role-keeper.ts'
import type { TakeoverRequest } from './graceful-takeover.ts'
import { type TakeoverPreview, Takeovers } from './takeovers.ts'
import { type Examined, Watch } from './watch.ts'

/** What those who watch are told. */
export type RecoveryEvent =
  | { readonly event: 'step'; readonly step: Omit<RecoveryStep, 'id'> }
  | { readonly event: 'recovery'; readonly recovery: Recovery }
  | { readonly event: 'detection'; readonly detection: Detection }

/** `why`: acknowledged writes may be lost for this reason, whatever the durability policy says. */
export interface RecoverRequest {
  readonly candidate?: InstanceKey | null
  readonly runHooks?: boolean
  readonly by: string
  readonly why?: string
}

const whyOf = ({ why }: { readonly why?: string }): { readonly why?: string } => (why === undefined || why === '' ? {} : { why })

/** A reported problem that goes away within this is not announced: the fast looks see every passing state. */
const reportAfterMilliseconds = 1000
const automatic: Asked = { by: 'orchestrator', command: '', candidate: null, runHooks: true }
const roundMilliseconds = 1000

/** Findings → verdict → recovery. Owns who may act on what; `watch` brings the evidence, `recoverer` does the work. */
export class RecoveryEngine {
  readonly #parts: RecoveryParts
  readonly #policies: Policies
  readonly #fleet: DiscoveredFleet
  readonly #ledger: Ledger
  readonly #watch: Watch
  readonly #recoverer: Recoverer
  readonly #deposed: DeposedPrimaries
  readonly #takeovers: Takeovers
  readonly #interrupted: InterruptedWork
  readonly #receiverRestarts: ReceiverRestarts
  readonly #roles: RoleKeeper
  readonly #listeners = new Set<(event: RecoveryEvent) => void>()
  /** Since when each finding has held, and why nothing was done about it last time: said once, not every second. */
  readonly #since = new Map<InstanceKey, { readonly code: string; readonly at: number; said: string }>()
  readonly #running = new Set<Promise<unknown>>()
  readonly #stops: (() => void)[] = []

  constructor(parts: RecoveryParts) {
    this.#parts = parts
    this.#policies = policiesOf(parts.settings)
    this.#fleet = new DiscoveredFleet(parts.inventory, parts.discovery)
    this.#ledger = new Ledger(parts.store, parts.log)
    this.#watch = new Watch(parts, this.#policies, this.#fleet, examined => this.#consider(examined), clusterName => this.#ledger.isClaimed(clusterName))
    this.#recoverer = new Recoverer(parts, this.#policies, this.#fleet, this.#ledger, step => this.#emit({ event: 'step', step }))
    this.#deposed = new DeposedPrimaries(parts, this.#policies, this.#fleet)
    this.#interrupted = new InterruptedWork(parts, this.#policies, this.#fleet, this.#ledger, this.#recoverer, this.#deposed)
    this.#roles = new RoleKeeper(parts, this.#policies, this.#fleet)
    this.#receiverRestarts = new ReceiverRestarts(parts, this.#fleet, this.#watch.signs)
    this.#takeovers = new Takeovers(parts, this.#policies, this.#fleet, this.#ledger, this.#recoverer)
  }

  async start(): Promise<void> {
    await this.#ledger.load()
    await this.#deposed.load()
    if (this.#parts.isLeader()) await this.#settleInterrupted()
    this.#stops.push(this.#parts.inventory.onChange(changed => this.#deposed.judge(changed)))
    this.#watch.start()
    const stopped = new AbortController()
    this.#stops.push(() => stopped.abort())
    void this.#rounds(stopped.signal)
  }

  /** A start does not fail over half-done work that cannot be judged now; the rounds come back to it. */
  async #settleInterrupted(): Promise<void> {
    try {
      await this.#interrupted.resumePlans()
      await this.#interrupted.settle()
    } catch (error) {
      this.#parts.log.error('interrupted work could not be settled', { error: String(error) })
    }
  }

  /** Recoveries that are under way are let finish, so long as the caller waits. */
  async stop(): Promise<void> {
    this.#watch.stop()
    for (const stop of this.#stops.splice(0)) stop()
    await Promise.allSettled(this.#running)
  }

  onEvent(listener: (event: RecoveryEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  activeRecoveries(): readonly Recovery[] {
    return this.#ledger.open
  }

  isUnderWay(uid: string): boolean {
    return this.#ledger.underWay.has(uid)
  }

  /** Findings now, downtimed ones included. */
  findings(): readonly Finding[] {
    return analyse(this.#fleet.topology(), this.#parts.analysis, this.#parts.clock.now(), this.#watch.memory(), { includeDowntimed: true })
  }

  /** What will be done about a finding by itself, or why nothing will. */
  outlook(finding: Finding): Outlook {
    return outlookOf(this.#question({ finding, confirmation: this.#watch.confirm(finding) }))
  }

  /** Since when the finding has held, ms since 1970; null: just now. */
  since(finding: Finding): number | null {
    const known = this.#since.get(finding.key)
    return known?.code === finding.code ? known.at : null
  }

  acknowledge(where: RecoveryFilter & { readonly key?: InstanceKey }, by: Acknowledgement): Promise<number> {
    return this.#ledger.acknowledge(where, by)
  }

  /** A person wants this server recovered now. Null: nothing is wrong with it that has a remedy, or another recovery of it is under way. */
  async recover(key: InstanceKey, asked: RecoverRequest): Promise<Result<Recovery | null, Reason>> {
    const examined = await this.#watch.examineOnce(key)
    if (examined === null) return fail(engineReason('unknown-server', { server: key }))
    const { finding, confirmation } = examined
    if (finding.code === 'NoProblem') return ok(null)
    const command = asked.runHooks === false ? 'recover-lite' : 'recover'
    const attempt = await this.#handle({ finding, confirmation, isRound: false }, true, { by: asked.by, command, candidate: asked.candidate ?? null, runHooks: asked.runHooks ?? true, ...whyOf(asked) })
    return attempt.state === 'attempted' ? ok(attempt.recovery) : attempt.failure ? fail(attempt.failure) : ok(null)
  }

  /** A person wants the primary of a cluster replaced while it lives. On failure everything is as it was, and the reason says what happened. */
  async gracefulTakeover(clusterName: string, request: TakeoverRequest): Promise<Result<Recovery, Reason>> {
    const taken = await this.#takeovers.run(clusterName, request)
    if (taken.ok) {
      this.#deposed.note(taken.value)
      this.#emit({ event: 'recovery', recovery: taken.value })
    }
    return taken
  }

  /** A person wants the primary of a cluster replaced, whether it lives or not (contract recovery.md section 13). */
  async forceFailover(clusterName: string, request: ForcedRequest): Promise<Result<Recovery, Reason>> {
    const found = await forcedFinding(this.#parts, this.#policies, this.#fleet, clusterName, request)
    if (!found.ok) return found
    const confirmation = this.#watch.confirm(found.value)
    const asked: Asked = { by: request.by, command: forcedCommand(request), candidate: request.designated, runHooks: true, ...whyOf(request) }
    const attempt = await this.#handle({ finding: found.value, confirmation, isRound: false }, true, asked)
    if (attempt.state === 'not-attempted') return fail(attempt.failure ?? engineReason('hook-failed', { text: attempt.because }))
    return attempt.recovery.successor === null ? fail(engineReason('nobody-promoted', { errors: attempt.recovery.errors.join('; ') })) : ok(attempt.recovery)
  }

  /** What a forced replacement would do: what is done when the primary dies, after it was made read-only if it can be. */
  async dryRunForced(clusterName: string, request: ForcedRequest): Promise<Result<RecoveryDryRunView, Reason>> {
    const found = await forcedFinding(this.#parts, this.#policies, this.#fleet, clusterName, request)
    return found.ok ? ok(await this.dryRun(found.value.key, { candidate: request.designated, runHooks: true })) : found
  }

  /** Primaries that were replaced and follow nobody yet. */
  deposed(): readonly DeposedPrimary[] {
    return this.#deposed.list()
  }

  /** What would be done if this server died now. Touches nothing. */
  dryRun(key: InstanceKey, wish: DryRunWish = {}): Promise<RecoveryDryRunView> {
    return Promise.resolve(dryRun(this.#parts, this.#policies, this.#recoverer, key, wish))
  }

  /** What a takeover would do. Reads the servers concerned and touches nothing. */
  previewTakeover(clusterName: string, request: TakeoverRequest): Promise<Result<TakeoverPreview, Reason>> {
    return this.#takeovers.preview(clusterName, request)
  }

  /** True: nothing more is learnt by looking again soon. */
  #consider(examined: Examined): boolean {
    const { finding, confirmation, isRound } = examined
    const now = this.#parts.clock.now()
    if (finding.code === 'NoProblem') {
      this.#since.delete(finding.key)
      return true
    }
    const known = this.#since.get(finding.key)
    if (known?.code !== finding.code) this.#since.set(finding.key, { code: finding.code, at: now, said: '' })
    if (!this.#parts.isLeader()) return true
    const isOld = now - (this.#since.get(finding.key)?.at ?? now) >= reportAfterMilliseconds
    // Where it is told as well: a busy primary is not disturbed for a single lost answer.
    if (isRound && isOld) this.#restartReceivers(finding)
    const acts = finding.remedy !== 'none' && finding.remedy !== 'report'
    if (acts && confirmation.confirmed && this.#mayBelieve(examined)) this.#begin(examined)
    else if (isRound && isOld && isDetectionDue(finding, false)) this.#begin(examined)
    // A server that does not answer and is not given up yet is looked at again soon; everything else is clear.
    return finding.facts.lastCheckValid || (acts ? confirmation.confirmed : finding.facts.validReplicatingReplicas === 0)
  }

  /** Who was never heard of since we started may have been dead or unknown to us for long: then its replicas must be unanimous. */
  #mayBelieve({ finding, confirmation }: Examined): boolean {
    return this.#watch.hasSeen(finding.key) || finding.facts.lastCheckValid || confirmation.because.code === 'lost-by-all'
  }

  #begin(examined: Examined): void {
    this.#goesOn(examined.finding.key, this.#handle(examined, false, automatic))
  }

  #restartReceivers(finding: Finding): void {
    const restarting = this.#ledger.isClaimed(finding.clusterName) ? null : this.#receiverRestarts.begin(finding, this.#watch.failingSince(finding.key))
    if (restarting !== null) this.#goesOn(finding.key, restarting.then(() => this.#watch.suspect(finding.key)))
  }

  /** Work that nobody waits for until the engine stops. */
  #goesOn(server: InstanceKey, running: Promise<unknown>): void {
    this.#running.add(running)
    running
      .catch((error: unknown) => this.#parts.log.error('a finding could not be handled', { server, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
      .finally(() => this.#running.delete(running))
  }

  /** Why the remedy would do harm here, whoever asks for it. */
  #obstacle(finding: Finding, accepted = false): NonNullable<ActQuestion['obstacle']> | null {
    const { key, remedy } = finding
    if (remedy === 'repair-semi-sync') return this.#deposed.has(key) ? { state: 'no-remedy', because: engineReason('deposed-stays-read-only', { server: key }) } : null
    if (remedy === 'make-writable') {
      const because = this.#deposed.has(key) ? engineReason('deposed-stays-read-only', { server: key }) : otherWritable(this.#fleet.topology(), key)
      return because && { state: 'no-remedy', because }
    }
    if (accepted || remedy === 'none' || remedy === 'report' || !replacesPrimary(remedy)) return null
    const because = durabilityObstacle(this.#policies.durability, this.#fleet.topology(), finding)
    return because && { state: 'waiting-for-evidence', because }
  }

  /** From a finding to the end of its recovery. `failure` tells why a person's wish was refused. */
  async #handle(examined: Examined, forced: boolean, asked: Asked): Promise<Attempt & { readonly failure?: Reason | null }> {
    const { finding } = examined
    if (!this.#ledger.claim(finding.clusterName)) return { state: 'not-attempted', because: 'busy', failure: engineReason('cluster-busy', { cluster: finding.clusterName }) }
    try {
      const now = this.#parts.clock.now()
      const verdict = mayWeAct({ ...this.#question(examined, asked.why !== undefined), forced })
      const story = this.#recoverer.newStory()
      const detection = isDetectionDue(finding, forced) ? await this.#detect(finding) : null
      if (detection !== null) {
        // Detection hooks have a story of their own: there may be no recovery (contract hooks.md section 3, recoveryUID).
        const told = this.#recoverer.newStory()
        const remedy = verdict.act ? verdict.remedy : 'promote-replica'
        const failure = await this.#recoverer.runHooks('detected', remedy, this.#recoverer.occasion(finding, asked, told.uid), asked, told)
        if (failure !== null) return { state: 'not-attempted', because: failure, failure: engineReason('hook-failed', { text: failure }) }
      }
      if (!verdict.act) return await this.#refused(finding, verdict, now)
      const given = asked.why === undefined ? null : this.#obstacle(finding)
      if (given) this.#parts.audit.write('durability-overridden', finding.key, finding.clusterName, durabilityReason('durability-overridden', { by: asked.by, why: asked.why ?? '', text: given.because.text }).text)
      for (const recovery of verdict.acknowledge) await this.#ledger.acknowledge({ uid: recovery.uid }, { at: now, ...impliedAcknowledgement(finding.key) })
      const registered = await this.#recoverer.register(finding, verdict.remedy, asked, story, detection?.id ?? 0)
      if (!registered.ok) {
        const reason = registered.failure
        this.#say(finding, reason)
        return { state: 'not-attempted', because: reason.text, failure: reason }
      }
      this.#emit({ event: 'recovery', recovery: registered.value })
      story.note('begin', verdict.because.text, finding.key)
      const attempt = await this.#recoverer.carryOut(finding, verdict.remedy, registered.value, asked, story)
      if (attempt.state === 'attempted') {
        this.#emit({ event: 'recovery', recovery: attempt.recovery })
        if (replacesPrimary(verdict.remedy)) this.#deposed.note(attempt.recovery)
      }
      return attempt.state === 'attempted' ? attempt : { ...attempt, failure: engineReason('hook-failed', { text: attempt.because }) }
    } finally {
      this.#ledger.unclaim(finding.clusterName)
    }
  }

  async #refused(finding: Finding, verdict: Extract<Verdict, { act: false }>, now: number): Promise<Attempt & { readonly failure: Reason }> {
    for (const recovery of verdict.blockedBy) await this.#ledger.block(recovery, finding, now)
    this.#say(finding, verdict.because)
    return { state: 'not-attempted', because: verdict.because.text, failure: verdict.because }
  }

  /** Why nothing is done, in the log and the audit; once per reason (invariant I14). */
  #say(finding: Finding, reason: Reason): void {
    const known = this.#since.get(finding.key)
    if (known?.said === reason.code) return
    if (known !== undefined) known.said = reason.code
    this.#parts.log.warning('nothing is done about a failure', { server: finding.key, code: finding.code, reason: reason.text })
    this.#parts.audit.write('recovery-not-attempted', finding.key, finding.clusterName, `${finding.code}: ${reason.text}`)
  }

  async #detect(finding: Finding): Promise<Detection | null> {
    const { clock, node, log } = this.#parts
    const topology = this.#fleet.topology()
    const detection = await this.#ledger.detect({
      key: finding.key, code: finding.code, description: finding.description, clusterName: finding.clusterName, clusterAlias: topology.aliasOf(finding.clusterName),
      replicas: finding.replicas, isActionable: finding.isActionable, startedAt: clock.now(), nodeHostname: node.hostname, nodeToken: node.token,
    })
    if (detection === null) return null
    log.warning('a failure was detected', { server: finding.key, code: finding.code, cluster: finding.clusterName })
    this.#emit({ event: 'detection', detection })
    return detection
  }

  #question({ finding, confirmation }: Pick<Examined, 'finding' | 'confirmation'>, accepted = false): Omit<Parameters<typeof mayWeAct>[0], 'forced'> {
    return {
      finding, confirmation, topology: this.#fleet.topology(), policy: this.#policies.recovery, open: this.#ledger.open, underWay: this.#ledger.underWay,
      obstacle: this.#obstacle(finding, accepted), now: this.#parts.clock.now(),
    }
  }

  async #rounds(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#parts.clock.sleep(roundMilliseconds, signal)
      if (signal.aborted) return
      try {
        const now = this.#parts.clock.now()
        await this.#ledger.expire(now - this.#policies.recovery.blockSeconds * 1000, now)
        await this.#ledger.expireBlocked(now)
        await this.#ledger.expireDetections(now - this.#parts.settings.detectionBlockMinutes * 60_000, now)
        this.#deposed.judge(this.#deposed.keys())
        if (!this.#parts.isLeader()) continue
        await this.#interrupted.resumePlans()
        await this.#interrupted.settle()
        await this.#roles.keep(({ key, clusterName }) => this.#deposed.has(key) || this.#ledger.isClaimed(clusterName))
      } catch (error) {
        this.#parts.log.error('the upkeep of recoveries failed', { error: String(error) })
      }
    }
  }

  #emit(event: RecoveryEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (error) {
        this.#parts.log.error('a listener of recoveries failed', { error: String(error) })
      }
    }
  }
}

