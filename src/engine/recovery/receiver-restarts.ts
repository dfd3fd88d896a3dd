import { failureWithCode } from '../../model/analysis/failures.ts'
import type { Finding } from '../../model/analysis/finding.ts'
import { planRestartReceivers } from '../../model/planning/restart-receivers.ts'
import type { Plan } from '../../model/planning/plan.ts'
import { isDowntimed } from '../../model/topology/freshness.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'
import type { Signs } from './signs.ts'

/** Between two restarts for the same source, and of the same replica (contract failure-detection.md section 10). */
const pauseMilliseconds = 30_000
/** A source that has answered since then has failed anew: what was said of the failure before says nothing of this one. */
const newFailurePauseMilliseconds = 5000
/** Nothing has come to any replica for so long since the source lets us wait: between two looks at them, with one at the source between that it has not answered. */
const unheardMilliseconds = 250
/**
 * A MySQL that is told to stop refuses connections at once, ends every statement with error 1053, and then waits some 8 s for idle clients before it lets go of its
 * replicas, to which it sends heartbeats all the while (measured, 9.7). A commit that was under way comes within so long.
 */
const unfedMilliseconds = 1000
/** A server that one of our own plans is changing may be slow because of that: switching semi-sync off makes all others wait for a second. */
const ownChangeMilliseconds = 2500
/** Replicas that all lag are no sign of silence: their source must have failed for longer. */
const failingMilliseconds = 1000

/**
 * A primary that does not answer while all its replicas lag, or while nothing comes to any of them: their receivers may hang on a dead connection for a
 * minute. They are restarted, once, so that what they say next decides; for some seconds after it their lost connection is our own doing and no evidence.
 * To a primary that only we cannot reach they connect again at once; one that hangs or is cut off lets nobody in.
 */
export class ReceiverRestarts {
  readonly #parts: RecoveryParts
  readonly #fleet: Fleet
  readonly #signs: Signs
  readonly #restartedAt = new Map<InstanceKey, number>()
  readonly #restartedFrom = new Map<InstanceKey, InstanceKey>()

  constructor(parts: RecoveryParts, fleet: Fleet, signs: Signs) {
    this.#parts = parts
    this.#fleet = fleet
    this.#signs = signs
  }

  /** Nobody asked for these stops and starts, so that -noop keeps them back, too. */
  #keepsBack = (): boolean => this.#parts.changesNothing === true

  /** A source that answers and that none of its replicas hears: whether they can connect to it tells what is between them. */
  beginSilent(source: InstanceKey): Promise<void> | null {
    const { clock } = this.#parts
    const now = clock.now()
    const topology = this.#fleet.topology()
    const instance = topology.get(source)
    // One that was made to connect to another source says nothing of this one.
    const isRested = (key: InstanceKey): boolean => now - (this.#restartedFrom.get(key) === source ? (this.#restartedAt.get(key) ?? -Infinity) : -Infinity) >= pauseMilliseconds
    if (this.#keepsBack() || instance === undefined || isDowntimed(instance, now) || topology.decisions.recoveriesDisabled !== null || !isRested(source)) return null
    return this.#run(planRestartReceivers(topology, source, isRested), { key: source, clusterName: instance.clusterName, code: 'silent' })
  }

  /** It gives no answer at all, and nothing comes from it; or it is being stopped, and nobody's commit comes any more. */
  #isUnheard(source: InstanceKey): boolean {
    const kind = this.#fleet.get(source)?.check.failure?.kind
    const replicas = this.#fleet.topology().replicasOf(source)
    return (kind === 'timeout' && this.#signs.isUnheard(source, replicas, unheardMilliseconds)) || (kind === 'refused' && this.#signs.isUnfed(source, replicas, unfedMilliseconds))
  }

  /** Restarts what may be restarted now; null: nothing. `since`: when the source began to fail. */
  begin(finding: Finding, since: number | null): Promise<void> | null {
    const { clock, execution } = this.#parts
    const now = clock.now()
    if (this.#keepsBack()) return null
    if (since !== null && now - since < ownChangeMilliseconds && execution.locks.ownerOf(finding.key) !== undefined) return null
    const wish = failureWithCode(finding.code).alsoAtOnce
    const isUnheard = (wish === 'restart-receivers' || wish === 'restart-unheard-receivers') && this.#isUnheard(finding.key)
    if ((wish !== 'restart-receivers' && !isUnheard) || finding.skippableDueToDowntime) return null
    if (this.#fleet.topology().decisions.recoveriesDisabled !== null || since === null || (!isUnheard && now - since < failingMilliseconds)) return null
    const isRested = (key: InstanceKey): boolean => {
      const restartedAt = this.#restartedAt.get(key) ?? -Infinity
      return now - restartedAt >= (since > restartedAt ? newFailurePauseMilliseconds : pauseMilliseconds)
    }
    if (!isRested(finding.key)) return null
    return this.#run(planRestartReceivers(this.#fleet.topology(), finding.key, isRested), finding)
  }

  #run(plan: Plan, finding: Pick<Finding, 'key' | 'clusterName' | 'code'>): Promise<void> | null {
    const { clock, execution, audit, log } = this.#parts
    const now = clock.now()
    this.#restartedAt.set(finding.key, now)
    if (plan.steps.length === 0) return null
    this.#restartedFrom.set(finding.key, finding.key)
    for (const { step } of plan.steps) {
      this.#restartedFrom.set(step.on, finding.key)
      this.#restartedAt.set(step.on, now)
      if (step.do === 'stop-receiver') audit.write('emergently-restart-replication-topology-instance', step.on, finding.clusterName, finding.code)
    }
    this.#signs.noteRestart(finding.key, now)
    log.warning('receivers are restarted', { source: finding.key, code: finding.code })
    // What a step requires is judged on a reading of that moment.
    const pace = plan.steps.some(({ requires }) => requires.length > 0) ? 'checked' : 'critical'
    return execution.run(plan, { by: 'orchestrator', pace, remembered: 'behind' }).then(() => this.#signs.noteRestart(finding.key, clock.now()))
  }
}
