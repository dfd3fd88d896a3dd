/** So many answers are kept: more than can be asked for again. */
const answersMax = 1000

/** What was asked for once is done once, however often it is asked for. */
export class Once<Answer> {
  readonly #answers = new Map<string, Promise<Answer>>()

  do(id: string, act: () => Promise<Answer>): Promise<Answer> {
    const answered = this.#answers.get(id)
    if (answered !== undefined) return answered
    const answer = act()
    this.#answers.set(id, answer)
    if (this.#answers.size > answersMax) for (const oldest of this.#answers.keys()) { this.#answers.delete(oldest); break } // a map keeps the order of insertion
    return answer
  }
}
