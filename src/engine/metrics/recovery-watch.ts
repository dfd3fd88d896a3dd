import type { CounterName } from '../../contract/figures.ts'
import type { Detection, Recovery, RecoveryStep } from '../../model/recovery/records.ts'
import type { Measures } from './measures.ts'
import type { Tally } from './tally.ts'

type Kind = 'dead_master' | 'dead_intermediate_master' | 'dead_co_master' | 'dead_replication_group_member'

/** Which of the original's figures a recovery counts for; other remedies have none there. */
const figureOf: Readonly<Record<Recovery['kind'], Kind | null>> = {
  'MasterRecovery': 'dead_master', 'IntermediateMasterRecovery': 'dead_intermediate_master', 'CoMasterRecovery': 'dead_co_master',
  'ReplicationGroupMemberRecovery': 'dead_replication_group_member', '': null,
}

/** Ended ones that are remembered, so that what is told twice counts once. */
const endedMax = 1000

/** Counts recoveries, each once begun and once ended, and how long they and their stages took. */
export class RecoveryWatch {
  readonly #tally: Pick<Tally, 'count'>
  readonly #measures: Measures
  readonly #begun = new Set<string>()
  readonly #ended = new Set<string>()

  constructor(tally: Pick<Tally, 'count'>, measures: Measures) {
    this.#tally = tally
    this.#measures = measures
  }

  get underWay(): number {
    return this.#begun.size
  }

  detected({ code }: Pick<Detection, 'code'>): void {
    this.#measures.note('detections_total', { code }, 1)
  }

  step({ stage, outcome, durationMilliseconds }: Pick<RecoveryStep, 'stage' | 'outcome' | 'durationMilliseconds'>): void {
    if (durationMilliseconds !== null) this.#measures.note('recovery_stage_seconds', { stage, outcome }, durationMilliseconds / 1000)
  }

  /** As it was registered, and again when it has ended; a takeover is told at its end alone. */
  recovery({ uid, kind, code, isSuccessful, startedAt, endedAt }: Pick<Recovery, 'uid' | 'kind' | 'code' | 'isSuccessful' | 'startedAt' | 'endedAt'>): void {
    if (this.#ended.has(uid)) return
    if (!this.#begun.has(uid)) {
      this.#begun.add(uid)
      this.#count(kind, 'start')
      this.#measures.note('recoveries_started_total', { code }, 1)
    }
    if (endedAt === null) return
    this.#begun.delete(uid)
    this.#remember(uid)
    const outcome = isSuccessful ? 'success' : 'fail'
    this.#count(kind, outcome)
    this.#measures.note('recoveries_total', { code, outcome }, 1)
    this.#measures.note('recovery_seconds', { outcome }, Math.max(0, endedAt - startedAt) / 1000)
  }

  #remember(uid: string): void {
    this.#ended.add(uid)
    if (this.#ended.size > endedMax) for (const oldest of this.#ended) { this.#ended.delete(oldest); break }
  }

  #count(kind: Recovery['kind'], what: 'start' | 'success' | 'fail'): void {
    const figure = figureOf[kind]
    if (figure !== null) this.#tally.count(`recover.${figure}.${what}` satisfies CounterName)
  }
}
