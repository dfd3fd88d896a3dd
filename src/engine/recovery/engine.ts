import type { RecoveryDryRunView } from '../../contract/views.ts'
import { analyse } from '../../model/analysis/analyse.ts'
import type { Finding, Outlook } from '../../model/analysis/finding.ts'
import { isForAcknowledgement } from '../../model/analysis/memory.ts'
import { derivedObject } from '../../kit/derived.ts'
import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import { isDetectionDue } from '../../model/recovery/may-we-act.ts'
import type { Confirmation } from '../../model/recovery/confirmation.ts'
import { outlookOf } from '../../model/recovery/outlook.ts'
import type { Detection, Recovery, RecoveryOccasion, RecoveryStep } from '../../model/recovery/records.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { RecoveryFilter } from '../../ports/store.ts'
import { dryRun, type DryRunWish } from './dry-run.ts'
import { DeposedPrimaries, type DeposedPrimary } from './deposed.ts'
import { engineReason } from './engine-reasons.ts'
import { formerLines, RepeatedLines } from './former-lines.ts'
import { FindingHandler } from './finding-handler.ts'
import { DiscoveredFleet } from './fleet.ts'
import { forcedCommand, forcedFinding, type ForcedRequest } from './forced.ts'
import { InterruptedWork } from './interrupted.ts'
import { type Acknowledgement, Ledger } from './ledger.ts'
import { Lead } from './lead.ts'
import type { RecoveryParts } from './parts.ts'
import { type Policies, policiesOf } from './policies.ts'
import { ReceiverRestarts } from './receiver-restarts.ts'
import { Recoverer } from './recoverer.ts'
import type { Asked } from './remedy-job.ts'
import { SilentSources } from './silent-sources.ts'
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
  readonly #handler: FindingHandler
  readonly #takeovers: Takeovers
  readonly #interrupted: InterruptedWork
  readonly #silent = new SilentSources()
  readonly #receiverRestarts: ReceiverRestarts
  readonly #roles: RoleKeeper
  readonly #listeners = new Set<(event: RecoveryEvent) => void>()
  readonly #running = new Set<Promise<unknown>>()
  readonly #stops: (() => void)[] = []
  readonly #lead: Lead
  readonly #lines = new RepeatedLines()

  constructor(parts: RecoveryParts) {
    this.#parts = parts
    this.#policies = derivedObject(parts.settings, policiesOf)
    this.#fleet = new DiscoveredFleet(parts.inventory, parts.discovery)
    this.#ledger = new Ledger(parts.store, parts.log)
    this.#watch = new Watch(parts, this.#policies, this.#fleet, examined => this.#consider(examined), clusterName => this.#ledger.isClaimed(clusterName), () => this.#deposed.successors())
    this.#recoverer = new Recoverer(parts, this.#policies, this.#fleet, this.#ledger, step => this.#emit({ event: 'step', step }))
    this.#deposed = new DeposedPrimaries(parts, this.#policies, this.#fleet)
    this.#lead = new Lead(() => parts.isLeader(), this.#ledger, this.#deposed)
    this.#handler = new FindingHandler({
      parts, policies: this.#policies, fleet: this.#fleet, ledger: this.#ledger, recoverer: this.#recoverer, deposed: this.#deposed, emit: event => this.#emit(event),
      calledOff: server => this.#watch.signs.noteCalledOff(server, parts.clock.now()),
    })
    this.#interrupted = new InterruptedWork(parts, this.#policies, this.#fleet, this.#ledger, this.#recoverer, this.#deposed)
    this.#roles = new RoleKeeper(parts, this.#policies, this.#fleet)
    this.#receiverRestarts = new ReceiverRestarts(parts, this.#fleet, this.#watch.signs)
    this.#takeovers = new Takeovers(parts, this.#policies, this.#fleet, this.#ledger, this.#recoverer)
  }

  async start(): Promise<void> {
    await this.#lead.begin()
    if (this.#parts.isLeader()) await this.#settleInterrupted()
    this.#stops.push(this.#parts.inventory.onChange(changed => this.#lead.judge(changed)))
    this.#watch.start()
    const stopped = new AbortController()
    this.#stops.push(() => stopped.abort())
    void this.#rounds(stopped.signal)
  }

  /** A start does not fail over half-done work that cannot be judged now; the rounds come back to it. */
  async #settleInterrupted(): Promise<void> {
    this.#resumePlans()
    try {
      await this.#interrupted.settle()
    } catch (error) {
      this.#parts.log.error('interrupted work could not be settled', { error: String(error) })
    }
  }

  /** Beside everything else: nothing waits for them, and a recovery that needs their servers takes them. */
  #resumePlans(): void {
    this.#goesOn(null, this.#interrupted.resumePlans())
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

  /** Another process that shares the store may have begun, acknowledged or ended something. */
  readAgain(): Promise<void> {
    return this.#ledger.load()
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
    return outlookOf(this.#handler.question({ finding, confirmation: this.#agreed(finding, this.#watch.confirm(finding)) }))
  }

  /** Since when the finding has held, ms since 1970; null: just now. */
  since(finding: Finding): number | null {
    return this.#handler.since(finding)
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
    const attempt = await this.#handler.handle({ finding, confirmation }, true, { by: asked.by, command, candidate: asked.candidate ?? null, runHooks: asked.runHooks ?? true, ...whyOf(asked) })
    return attempt.state === 'attempted' ? ok(attempt.recovery) : attempt.failure ? fail(attempt.failure) : ok(null)
  }

  decisionOf(uid: string): RecoveryOccasion | null {
    return this.#recoverer.decisionOf(uid)
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
    const attempt = await this.#handler.handle({ finding: found.value, confirmation }, true, asked)
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
  #consider({ finding, confirmation: own }: Examined): boolean {
    const confirmation = this.#agreed(finding, own)
    const examined: Examined = { finding, confirmation }
    const since = this.#handler.note(finding)
    if (finding.code === 'NoProblem') return true
    if (!this.#parts.isLeader()) {
      if (this.#lines.isDue(`${finding.code} ${finding.key}`, this.#parts.clock.now())) this.#parts.log.info(formerLines.notLeading(finding))
      return true
    }
    if (!this.#lead.isInformed) {
      this.#goesOn(finding.key, this.#lead.inform().then(() => this.#watch.suspect(finding.key)))
      return false
    }
    const isOld = this.#parts.clock.now() - since >= reportAfterMilliseconds
    this.#restartReceivers(finding)
    const acts = finding.remedy !== 'none' && finding.remedy !== 'report'
    if (acts && this.#parts.agreement !== undefined) this.#goesOn(finding.key, this.#parts.agreement.seek(finding).then(isNew => { if (isNew) this.#watch.suspect(finding.key) }))
    if (acts && confirmation.confirmed && this.#mayBelieve(examined)) this.#begin(examined)
    // Each look at a server that hangs takes its whole second, so that a round of them is long: who is told must not wait for its end.
    else if (isOld && isDetectionDue(finding, false)) this.#begin(examined)
    // A server that does not answer and is not given up yet is looked at again soon; everything else is clear.
    return finding.facts.lastCheckValid || (acts ? confirmation.confirmed : finding.facts.validReplicatingReplicas === 0)
  }

  /** What the other managers see counts as well, where they are asked. */
  #agreed(finding: Finding, confirmation: Confirmation): Confirmation {
    return this.#parts.agreement?.confirmed(finding, confirmation) ?? confirmation
  }

  /** Who was never heard of since we started may have been dead or unknown to us for long: then it must refuse us, and every replica that could know must have lost it. */
  #mayBelieve({ finding, confirmation }: Examined): boolean {
    return this.#watch.hasSeen(finding.key) || finding.facts.lastCheckValid || confirmation.because.code === 'lost-by-all'
  }

  #begin(examined: Examined): void {
    this.#goesOn(examined.finding.key, this.#handler.handle(examined, false, automatic))
  }

  #restartReceivers(finding: Finding): void {
    const restarting = this.#ledger.isClaimed(finding.clusterName) ? null : this.#receiverRestarts.begin(finding, this.#watch.failingSince(finding.key))
    if (restarting !== null) this.#goesOn(finding.key, restarting.then(() => this.#watch.examineRestarted(finding.key)))
  }

  /** The network between a source and all its replicas may be cut while all of them answer us. */
  #restartSilentReceivers(): void {
    const topology = this.#fleet.topology()
    const waits = this.#watch.memory().writeWaits
    const acknowledgementWaits = (source: InstanceKey): number => {
      const wait = waits?.get(source)
      return wait !== undefined && isForAcknowledgement(wait) ? wait.seconds : 0
    }
    const { silent, ask } = this.#silent.round(topology, acknowledgementWaits, this.#parts.clock.now())
    if (ask.length > 0) this.#goesOn(null, this.#watch.look(ask))
    for (const source of silent) {
      const restarting = this.#ledger.isClaimed(topology.get(source)?.clusterName ?? '') ? null : this.#receiverRestarts.beginSilent(source)
      if (restarting === null) continue
      this.#silent.noteRestarted(source, topology)
      this.#goesOn(source, restarting.then(() => this.#watch.suspect(source)))
    }
  }

  /** Work that nobody waits for until the engine stops. */
  #goesOn(server: InstanceKey | null, running: Promise<unknown>): void {
    this.#running.add(running)
    running
      .catch((error: unknown) => this.#parts.log.error('a finding could not be handled', { server, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
      .finally(() => this.#running.delete(running))
  }

  async #rounds(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#parts.clock.sleep(roundMilliseconds, signal)
      if (signal.aborted) return
      try {
        await this.#lead.inform()
        if (this.#parts.isLeader()) await this.#expire(this.#parts.clock.now())
        this.#lead.judge(this.#deposed.keys())
        if (this.#parts.isLeader()) this.#restartSilentReceivers()
        if (!this.#parts.isLeader()) continue
        this.#resumePlans()
        await this.#interrupted.settle()
        await this.#roles.keep(({ key, clusterName }) => this.#deposed.has(key) || this.#ledger.isClaimed(clusterName))
      } catch (error) {
        this.#parts.log.error('the upkeep of recoveries failed', { error: String(error) })
      }
    }
  }

  /** What is over by time. Whoever does not lead hears of it. */
  async #expire(now: number): Promise<void> {
    await this.#ledger.expire(now - this.#policies.recovery.blockSeconds * 1000, now)
    await this.#ledger.expireBlocked(now)
    await this.#ledger.expireDetections(now - this.#parts.settings.detectionBlockMinutes * 60_000, now)
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

