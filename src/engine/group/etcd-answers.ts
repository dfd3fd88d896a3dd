import { fail, ok, type Result } from '../../kit/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type { GroupRefusal, Json } from '../../ports/group.ts'

type Answered = Result<Json, GroupRefusal>

/** Everybody who proposed something gets one answer, by the id that was proposed: at the latest when the time is over, and then that nobody knows. */
export class EtcdAnswers {
  readonly #clock: Clock
  readonly #milliseconds: number
  readonly #asked = new Map<string, ((answer: Answered) => void)[]>()

  constructor(clock: Clock, milliseconds: number) {
    this.#clock = clock
    this.#milliseconds = milliseconds
  }

  /** `why`: what is told when no answer came in time. */
  ask(id: string, why: () => string): Promise<Answered> {
    return new Promise(resolve => {
      const settle = (answer: Answered): void => {
        cancel()
        resolve(answer)
      }
      const cancel = this.#clock.after(this.#milliseconds, () => {
        const others = (this.#asked.get(id) ?? []).filter(other => other !== settle)
        if (others.length > 0) this.#asked.set(id, others)
        else this.#asked.delete(id)
        resolve(fail({ kind: 'unknown', leader: null, text: `no answer within ${this.#milliseconds} ms: ${why()}` }))
      })
      this.#asked.set(id, [...this.#asked.get(id) ?? [], settle])
    })
  }

  applied(id: string, result: Json): void {
    this.#settle(id, ok(result))
  }

  refuse(ids: readonly string[], refusal: GroupRefusal): void {
    for (const id of ids) this.#settle(id, fail(refusal))
  }

  refuseAll(refusal: GroupRefusal): void {
    this.refuse([...this.#asked.keys()], refusal)
  }

  #settle(id: string, answer: Answered): void {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    for (const settle of asked ?? []) settle(answer)
  }
}
