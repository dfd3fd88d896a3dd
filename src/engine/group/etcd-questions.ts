import { fail, ok, type Result } from '../../kit/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Etcd, EtcdEvent } from '../../ports/etcd.ts'
import type { Json } from '../../ports/group.ts'
import type { Random } from '../../ports/random.ts'
import { type EtcdKeys, textOf } from './etcd-keys.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'

/** Something of the program above that one manager asks another. */
export type Answering = (from: string, body: Json) => Promise<Json>

export interface EtcdQuestionsParts {
  readonly etcd: Pick<Etcd, 'transact'>
  readonly clock: Clock
  readonly random: Random
  readonly keys: EtcdKeys
  readonly policy: EtcdGroupPolicy
  readonly name: string
  /** What is asked and answered goes with it, should nobody take it away. */
  readonly lease: () => string | null
}

interface Question {
  readonly from: string
  readonly topic: string
  readonly body: Json
}

/** Asked by others and not answered yet: beyond this a question is left alone. */
const answeringMax = 100

/** Managers ask each other by keys that the watch tells of; a question that is missed is one without an answer. */
export class EtcdQuestions {
  readonly #parts: EtcdQuestionsParts
  readonly #answering = new Map<string, Answering>()
  readonly #asked = new Map<string, (answer: Json) => void>()
  #busy = 0

  constructor(parts: EtcdQuestionsParts) {
    this.#parts = parts
  }

  async ask(name: string, topic: string, body: Json, milliseconds: number): Promise<Result<Json, string>> {
    const { etcd, clock, random, keys, policy, name: from } = this.#parts
    const lease = this.#parts.lease()
    if (lease === null) return fail('etcd does not answer')
    const id = random.hex(8)
    const key = keys.question(name, id)
    const answered = new Promise<Json | undefined>(resolve => {
      const cancel = clock.after(milliseconds, () => resolve(undefined))
      this.#asked.set(id, answer => {
        cancel()
        resolve(answer)
      })
    })
    const question: Question = { from, topic, body }
    const put = await etcd.transact({ when: [], acts: [{ do: 'put', key, value: JSON.stringify(question), lease }], otherwise: [] }, Math.min(milliseconds, policy.requestMilliseconds))
    const answer = put.ok ? await answered : undefined
    this.#asked.delete(id)
    void etcd.transact({ when: [], acts: [{ do: 'delete', key }, { do: 'delete', key: keys.answer(from, id) }], otherwise: [] }, policy.requestMilliseconds)
    if (!put.ok) return fail(put.failure.text)
    return answer === undefined ? fail(`${name} did not answer within ${milliseconds} ms`) : ok(answer)
  }

  answer(topic: string, answering: Answering): void {
    this.#answering.set(topic, answering)
  }

  /** What the watch tells. */
  seen(event: EtcdEvent): void {
    if (event.kind !== 'put') return
    const { keys, name } = this.#parts
    const { key } = event.value
    const [questions, answers] = [keys.questionsOf(name), keys.answersTo(name)]
    if (key.startsWith(answers)) this.#asked.get(key.slice(answers.length))?.(JSON.parse(textOf(event.value)) as Json) // written below
    else if (key.startsWith(questions) && this.#busy < answeringMax) {
      this.#busy += 1
      void this.#answer(key.slice(questions.length), JSON.parse(textOf(event.value)) as Question).finally(() => (this.#busy -= 1)) // written above
    }
  }

  async #answer(id: string, { from, topic, body }: Question): Promise<void> {
    const { etcd, keys, policy } = this.#parts
    const answering = this.#answering.get(topic)
    if (answering === undefined) return
    let answer: Json
    try {
      answer = await answering(from, body)
    } catch {
      return // no answer is an answer: whoever asks counts it as unknown
    }
    const lease = this.#parts.lease()
    if (lease !== null) await etcd.transact({ when: [], acts: [{ do: 'put', key: keys.answer(from, id), value: JSON.stringify(answer), lease }], otherwise: [] }, policy.requestMilliseconds)
  }
}
