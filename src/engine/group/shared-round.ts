/** Asks that come while a round is on its way share the next one: what they ask about may have happened after it began. */
export class SharedRound<Answer> {
  readonly #ask: () => Promise<Answer>
  #round: { readonly answer: Promise<Answer>; hasBegun: boolean } | null = null

  constructor(ask: () => Promise<Answer>) {
    this.#ask = ask
  }

  join(): Promise<Answer> {
    if (this.#round !== null && !this.#round.hasBegun) return this.#round.answer
    const before: Promise<unknown> = this.#round?.answer ?? Promise.resolve()
    const begin = (): Promise<Answer> => {
      round.hasBegun = true
      return this.#ask()
    }
    const round = { answer: before.then(begin, begin), hasBegun: false }
    this.#round = round
    const end = (): void => { if (this.#round === round) this.#round = null }
    round.answer.then(end, end)
    return round.answer
  }
}
