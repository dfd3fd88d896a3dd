import { failureWithCode } from '../../model/analysis/failures.ts'
import type { Finding } from '../../model/analysis/finding.ts'
import { planRestartReceivers } from '../../model/planning/restart-receivers.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'
import type { Signs } from './signs.ts'

/** Between two restarts for the same source, and of the same replica (contract failure-detection.md section 10). */
const pauseMilliseconds = 30_000
/** A source must have failed for so long, which is more than one look at it: a busy one is not disturbed for a single lost answer. */
const failingMilliseconds = 1000

/**
 * A primary that does not answer while all its replicas lag: their receivers may hang on a dead connection for a minute. They are restarted, once, so that
 * what they say next decides; for some seconds after it their lost connection is our own doing and no evidence.
 */
export class ReceiverRestarts {
  readonly #parts: RecoveryParts
  readonly #fleet: Fleet
  readonly #signs: Signs
  readonly #restartedAt = new Map<InstanceKey, number>()

  constructor(parts: RecoveryParts, fleet: Fleet, signs: Signs) {
    this.#parts = parts
    this.#fleet = fleet
    this.#signs = signs
  }

  /** Restarts what may be restarted now; null: nothing. `since`: when the source began to fail. */
  begin(finding: Finding, since: number | null): Promise<void> | null {
    const { clock, execution, audit, log } = this.#parts
    const now = clock.now()
    if (failureWithCode(finding.code).alsoAtOnce !== 'restart-receivers' || finding.skippableDueToDowntime) return null
    if (this.#fleet.topology().decisions.recoveriesDisabled !== null || since === null || now - since < failingMilliseconds) return null
    const isRested = (key: InstanceKey): boolean => now - (this.#restartedAt.get(key) ?? -Infinity) >= pauseMilliseconds
    if (!isRested(finding.key)) return null
    const plan = planRestartReceivers(this.#fleet.topology(), finding.key, isRested)
    this.#restartedAt.set(finding.key, now)
    if (plan.steps.length === 0) return null
    for (const { step } of plan.steps) {
      this.#restartedAt.set(step.on, now)
      if (step.do === 'stop-receiver') audit.write('emergently-restart-replication-topology-instance', step.on, finding.clusterName, finding.code)
    }
    this.#signs.noteRestart(finding.key, now)
    log.warning('receivers are restarted', { source: finding.key, code: finding.code })
    return execution.run(plan, { by: 'orchestrator' }).then(() => undefined)
  }
}
