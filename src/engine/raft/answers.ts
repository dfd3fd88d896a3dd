import type { Result } from '../../kit/result.ts'
import { fail, ok } from '../../kit/result.ts'
import type { LogIndex, MemberAnswer, MemberId, MemberRefusal, ProposalAnswer, ProposalRefusal, ReadAnswer, ReadRefusal, Term } from '../../model/raft/types.ts'
import type { Clock } from '../../ports/clock.ts'

/**
 * Why a proposal or a read has no result. `lost`: it will never be carried out. `unknown`: nobody here can say whether it was or will be; to ask again
 * is safe only for commands that carry an id.
 */
export type AnswerFailure =
  | { readonly kind: 'refused'; readonly why: ProposalRefusal | ReadRefusal | MemberRefusal | 'too-much-unapplied' | 'stopped'; readonly leader: MemberId | null }
  | { readonly kind: 'lost' }
  | { readonly kind: 'unknown'; readonly why: 'no-answer' | 'leader-changed' | 'stopped' }

export type Answered = Result<unknown, AnswerFailure>

interface Asked {
  readonly settle: (answer: Answered) => void
  readonly cancel: () => void
}

/** Everybody who waits for an answer of the log: each gets one, at the latest when its time is over. */
export class Answers {
  readonly #clock: Clock
  readonly #milliseconds: number
  readonly #asked = new Map<string, Asked>()
  readonly #placed = new Map<LogIndex, { readonly id: string; readonly term: Term }>()
  #reads: { readonly id: string; readonly index: LogIndex }[] = []
  #number = 0

  constructor(clock: Clock, milliseconds: number) {
    this.#clock = clock
    this.#milliseconds = milliseconds
  }

  /** `askWith` is told the id under which the core will answer. */
  ask(askWith: (id: string) => void): Promise<Answered> {
    const id = String((this.#number += 1))
    return new Promise(resolve => {
      const settle = (answer: Answered): void => {
        this.#asked.get(id)?.cancel()
        this.#asked.delete(id)
        resolve(answer)
      }
      this.#asked.set(id, { settle, cancel: this.#clock.after(this.#milliseconds, () => settle(fail({ kind: 'unknown', why: 'no-answer' }))) })
      askWith(id)
    })
  }

  refuse(id: string, why: Extract<AnswerFailure, { readonly kind: 'refused' }>['why'], leader: MemberId | null): void {
    this.#asked.get(id)?.settle(fail({ kind: 'refused', why, leader }))
  }

  placed(answers: readonly (ProposalAnswer | MemberAnswer)[], leader: MemberId | null): void {
    for (const answer of answers) {
      if ('refusal' in answer) this.refuse(answer.id, answer.refusal, leader)
      else {
        const earlier = this.#placed.get(answer.index)
        if (earlier !== undefined) this.#asked.get(earlier.id)?.settle(fail({ kind: 'lost' })) // this member leads again, and wrote over its own former log
        this.#placed.set(answer.index, answer)
      }
    }
  }

  reads(answers: readonly ReadAnswer[], leader: MemberId | null, applied: LogIndex): void {
    for (const answer of answers) {
      if ('refusal' in answer) this.refuse(answer.id, answer.refusal, leader)
      else this.#reads.push(answer)
    }
    this.#settleReads(applied)
  }

  applied(index: LogIndex, term: Term, result: unknown): void {
    const placed = this.#placed.get(index)
    this.#placed.delete(index)
    if (placed !== undefined) this.#asked.get(placed.id)?.settle(placed.term === term ? ok(result) : fail({ kind: 'lost' }))
    this.#settleReads(index)
  }

  /** What was applied on the way to `index` was not seen here one by one. */
  skippedTo(index: LogIndex): void {
    for (const [place, { id }] of this.#placed) {
      if (place > index) continue
      this.#placed.delete(place)
      this.#asked.get(id)?.settle(fail({ kind: 'unknown', why: 'leader-changed' }))
    }
    this.#settleReads(index)
  }

  stop(): void {
    for (const { settle } of this.#asked.values()) settle(fail({ kind: 'unknown', why: 'stopped' }))
    this.#placed.clear()
    this.#reads = []
  }

  #settleReads(applied: LogIndex): void {
    if (this.#reads.length === 0) return
    const ready = this.#reads.filter(({ index }) => index <= applied)
    if (ready.length === 0) return
    this.#reads = this.#reads.filter(({ index }) => index > applied)
    for (const { id, index } of ready) this.#asked.get(id)?.settle(ok(index))
  }
}
