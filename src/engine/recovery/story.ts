import type { RecoveryStep } from '../../model/recovery/records.ts'
import type { Step } from '../../model/planning/step.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { StepEvent } from '../execution/plan-outcome.ts'
import { formerLines } from './former-lines.ts'

/** Takes the steps of a recovery one after the other; never awaited while there is no primary. */
export type StepWriter = (step: Omit<RecoveryStep, 'id'>) => Promise<void>

/** What can be told to those who watch: every step as it happens. */
export type StepListener = (step: Omit<RecoveryStep, 'id'>) => void

/**
 * The story of one recovery: what was done, where, and how long it took. Steps are told at once and written behind, in order;
 * `written` waits until all of them are.
 */
export class RecoveryStory {
  readonly uid: string
  readonly #clock: Clock
  readonly #log: Log
  readonly #write: StepWriter
  readonly #tell: StepListener
  #tail: Promise<void> = Promise.resolve()

  constructor(parts: { readonly uid: string; readonly clock: Clock; readonly log: Log; readonly write: StepWriter; readonly tell: StepListener }) {
    this.uid = parts.uid
    this.#clock = parts.clock
    this.#log = parts.log
    this.#write = parts.write
    this.#tell = parts.tell
  }

  note(stage: string, message: string, server: InstanceKey | null = null, outcome: RecoveryStep['outcome'] = 'note', durationMilliseconds: number | null = null): void {
    const step = { recoveryUid: this.uid, at: this.#clock.now(), stage, server, message, outcome, durationMilliseconds }
    this.#tell(step)
    this.#log.info(formerLines.step(message), { recovery: this.uid, stage, outcome, ...(server === null ? {} : { server }) })
    this.#tail = this.#tail.then(() => this.#write(step)).catch((error: unknown) => this.#log.error('a recovery step could not be stored', { recovery: this.uid, error: String(error) }))
  }

  /** What is told for whoever reads of it later: a fault in the telling is logged, and stops nothing. */
  tell(stage: string, lines: () => Iterable<readonly [message: string, server: InstanceKey | null]>): void {
    try {
      for (const [message, server] of lines()) this.note(stage, message, server)
    } catch (error) {
      this.#log.error('how things stood could not be told', { recovery: this.uid, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  }

  /** Tells the steps of a plan as they run. */
  planStep(stage: string, event: StepEvent): void {
    const what = `${event.undoing ? 'undo: ' : ''}${wordsOf(event.step)}`
    if (event.state === 'running') return
    const text = event.failure === null ? what : `${what}: ${event.failure.text}`
    if (event.state === 'skipped') this.note(stage, text, event.step.on, 'note')
    else this.note(stage, text, event.step.on, event.state, event.milliseconds)
  }

  written(): Promise<void> {
    return this.#tail
  }
}

/** One step in a few words, for the record. */
export function wordsOf(step: Step): string {
  switch (step.do) {
    case 'change-source':
      return `change-source to ${step.to} (${step.way})`
    case 'copy-replication-credentials':
      return `copy-replication-credentials of ${step.like}`
    case 'wait-executed':
      return `wait-executed, at most ${step.timeoutMilliseconds} ms`
    case 'set-read-only':
      return step.alsoSuper ? 'set super_read_only=1' : 'set read_only=1'
    case 'set-writable':
      return 'set read_only=0'
    default:
      return step.do
  }
}
