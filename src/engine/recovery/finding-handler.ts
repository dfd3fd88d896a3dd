import { durabilityReason } from '../../model/planning/durability-reasons.ts'
import type { Finding } from '../../model/analysis/finding.ts'
import type { Reason } from '../../kit/reason.ts'
import { type ActQuestion, isDetectionDue, impliedAcknowledgement, mayWeAct, type Verdict } from '../../model/recovery/may-we-act.ts'
import type { Detection } from '../../model/recovery/records.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { DeposedPrimaries } from './deposed.ts'
import { durabilityObstacle } from './durability.ts'
import type { RecoveryEvent } from './engine.ts'
import { engineReason } from './engine-reasons.ts'
import type { Fleet } from './fleet.ts'
import { formerLines } from './former-lines.ts'
import type { Ledger } from './ledger.ts'
import { otherWritable } from './make-writable.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'
import { type Attempt, type Recoverer, replacesPrimary } from './recoverer.ts'
import type { Asked } from './remedy-job.ts'
import type { Examined } from './watch.ts'

export interface HandlerParts {
  readonly parts: RecoveryParts
  readonly policies: Policies
  readonly fleet: Fleet
  readonly ledger: Ledger
  readonly recoverer: Recoverer
  readonly deposed: DeposedPrimaries
  emit(event: RecoveryEvent): void
  /** The evidence for a recovery did not hold. */
  calledOff(server: InstanceKey): void
}

/** One finding: told, judged, and recovered or left alone with a reason that is said once. */
export class FindingHandler {
  readonly #parts: RecoveryParts
  readonly #policies: Policies
  readonly #fleet: Fleet
  readonly #ledger: Ledger
  readonly #recoverer: Recoverer
  readonly #deposed: DeposedPrimaries
  readonly #emit: HandlerParts['emit']
  readonly #calledOff: HandlerParts['calledOff']
  /** Since when each finding has held, and why nothing was done about it last time: said once, not every second. */
  readonly #since = new Map<InstanceKey, { readonly code: string; readonly at: number; said: string }>()

  constructor({ parts, policies, fleet, ledger, recoverer, deposed, emit, calledOff }: HandlerParts) {
    this.#parts = parts
    this.#policies = policies
    this.#fleet = fleet
    this.#ledger = ledger
    this.#recoverer = recoverer
    this.#deposed = deposed
    this.#emit = emit
    this.#calledOff = calledOff
  }

  /** Since when the finding has held, ms since 1970; null: just now. */
  since(finding: Finding): number | null {
    const known = this.#since.get(finding.key)
    return known?.code === finding.code ? known.at : null
  }

  /** It holds now; answers since when. A server without a problem is forgotten. */
  note(finding: Finding): number {
    const now = this.#parts.clock.now()
    if (finding.code === 'NoProblem') this.#since.delete(finding.key)
    else if (this.since(finding) === null) this.#since.set(finding.key, { code: finding.code, at: now, said: '' })
    return this.since(finding) ?? now
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
  async handle(examined: Examined, forced: boolean, asking: Asked): Promise<Attempt & { readonly failure?: Reason | null }> {
    const { finding, confirmation } = examined
    const asked: Asked = !forced && confirmation.because.code === 'lets-nobody-in' ? { ...asking, rechecks: true } : asking
    // What nobody asked for is told all the same, and then blocked.
    const isBeingLed = forced && this.#ledger.isBeingLed(finding.clusterName)
    if (isBeingLed || !this.#ledger.claim(finding.clusterName)) return { state: 'not-attempted', because: 'busy', failure: engineReason('cluster-busy', { cluster: finding.clusterName }) }
    try {
      const now = this.#parts.clock.now()
      const verdict = mayWeAct({ ...this.question(examined, asked.why !== undefined), forced })
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
      const registered = await this.#recoverer.register(finding, verdict.remedy, asked, story, detection?.id ?? this.#ledger.detectionOf(finding))
      if (!registered.ok) {
        const reason = registered.failure
        this.#say(finding, reason)
        return { state: 'not-attempted', because: reason.text, failure: reason }
      }
      this.#emit({ event: 'recovery', recovery: registered.value })
      this.#parts.log.info(formerLines.recovering(finding))
      story.note('begin', verdict.because.text, finding.key)
      const attempt = await this.#recoverer.carryOut(finding, verdict.remedy, registered.value, asked, story)
      if (attempt.state === 'attempted') {
        this.#emit({ event: 'recovery', recovery: attempt.recovery })
        if (replacesPrimary(verdict.remedy)) this.#deposed.note(attempt.recovery)
        if (attempt.calledOff !== undefined) this.#calledOff(finding.key)
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
    if (reason.code === 'recoveries-off') this.#parts.log.info(formerLines.switchedOff(finding))
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
    log.info(formerLines.detecting(finding))
    log.warning('a failure was detected', { server: finding.key, code: finding.code, cluster: finding.clusterName })
    this.#emit({ event: 'detection', detection })
    return detection
  }

  /** What the verdict on a finding, or the forecast of it, is made from. */
  question({ finding, confirmation }: Pick<Examined, 'finding' | 'confirmation'>, accepted = false): Omit<Parameters<typeof mayWeAct>[0], 'forced'> {
    return {
      finding, confirmation, topology: this.#fleet.topology(), policy: this.#policies.recovery, open: this.#ledger.open, underWay: this.#ledger.underWay,
      obstacle: this.#obstacle(finding, accepted), now: this.#parts.clock.now(),
    }
  }
}
