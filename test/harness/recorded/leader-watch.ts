import { setTimeout as sleep } from 'node:timers/promises'

/** What one process said of itself: asked at, answered at (ms of the test's clock), and whether it acts. */
export interface Answer {
  readonly name: string
  readonly askedAt: number
  readonly at: number
  readonly leads: boolean
}

const usualPauseMilliseconds = 25
const answerMilliseconds = 1000
/** In less nobody gives up, is replaced and takes the place again. */
const handedToAndFroMilliseconds = 600

/** Asks every process again and again whether it acts, as a load balancer does; a process that does not answer says nothing. */
export class LeaderWatch {
  readonly #answers: Answer[] = []
  readonly #stop = new AbortController()
  readonly #ended: Promise<unknown>
  readonly #pause: number

  /** Each is asked again so long after it answered. */
  constructor(addresses: ReadonlyMap<string, () => string | null>, pauseMilliseconds = usualPauseMilliseconds) {
    this.#pause = pauseMilliseconds
    this.#ended = Promise.all([...addresses].map(([name, address]) => this.#ask(name, address)))
  }

  get now(): number {
    return performance.now()
  }

  get answers(): readonly Answer[] {
    return this.#answers
  }

  /** The name of the one that says so first after a moment, other than those named; waits for it. */
  async nextLeader(after: number, except: readonly string[] = [], milliseconds = 20_000): Promise<{ readonly name: string; readonly milliseconds: number }> {
    const deadline = after + milliseconds
    for (;;) {
      const found = this.#answers.find(({ askedAt, leads, name }) => leads && askedAt >= after && !except.includes(name))
      if (found !== undefined) return { name: found.name, milliseconds: found.at - after }
      if (this.now > deadline) throw new Error(`nobody said that it acts within ${milliseconds} ms after ${Math.round(after - (this.#answers[0]?.at ?? 0))}: ${this.story}`)
      await sleep(this.#pause)
    }
  }

  /** Nobody says that it acts from some moment on, for so long; answers when that moment was. */
  async silence(after: number, forMilliseconds: number, milliseconds = 20_000): Promise<number> {
    const deadline = after + milliseconds
    for (;;) {
      const last = this.#answers.findLast(({ leads, at }) => leads && at >= after)?.at ?? after
      if (this.now - last >= forMilliseconds) return last - after
      if (this.now > deadline) throw new Error('somebody says that it acts all the while')
      await sleep(this.#pause)
    }
  }

  /** How long after a moment this one said for the last time that it acts; 0: not once. */
  saidSoFor(name: string, after: number): number {
    const last = this.#answers.findLast(answer => answer.name === name && answer.leads && answer.askedAt >= after)
    return last === undefined ? 0 : last.at - after
  }

  /** Pairs that surely acted at one time: one said so just before and just after another said so. */
  get both(): readonly string[] {
    const found: string[] = []
    const yes = this.#answers.filter(({ leads }) => leads).toSorted((one, other) => one.at - other.at)
    for (const answer of yes) {
      const before = yes.findLast(({ name, at }) => name !== answer.name && at <= answer.askedAt)
      const after = yes.find(({ name, askedAt }) => name !== answer.name && name === before?.name && askedAt >= answer.at)
      if (before !== undefined && after !== undefined && after.at - before.askedAt < handedToAndFroMilliseconds) found.push(`${before.name} around ${answer.name}`)
    }
    return found
  }

  /** Who said that he acts, from when to when, in ms since the first answer: for the message of a test that failed. */
  get story(): string {
    const start = this.#answers[0]?.at ?? 0
    const runs: { name: string; from: number; to: number }[] = []
    for (const { name, at, leads } of this.#answers) {
      const last = runs.findLast(run => run.name === name)
      if (leads && last !== undefined && runs.at(-1) === last) last.to = at - start
      else if (leads) runs.push({ name, from: at - start, to: at - start })
    }
    return runs.map(({ name, from, to }) => `${name} ${Math.round(from)}-${Math.round(to)}`).join(', ')
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #ask(name: string, address: () => string | null): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const askedAt = this.now
      const where = address()
      const leads = where === null ? null : await fetch(`${where}/api/leader-check`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(answerMilliseconds) })
        .then(async answer => {
          await answer.text()
          return answer.status === 200
        }, () => null)
      if (leads !== null) this.#answers.push({ name, askedAt, at: this.now, leads })
      await sleep(this.#pause)
    }
  }
}
