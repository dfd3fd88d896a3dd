/** More at once would only wait behind one another in the program. */
const atOnceMax = 4

/** Runs `act` for each item, a few at a time; answers in the order of the items. */
export async function fewAtATime<Item, Answer>(items: readonly Item[], act: (item: Item) => Promise<Answer>): Promise<readonly Answer[]> {
  const answers = new Map<number, Answer>()
  const waiting = items.entries()
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) answers.set(index, await act(item))
  }
  await Promise.all(Array.from({ length: Math.min(atOnceMax, items.length) }, work))
  return items.flatMap((_, index) => {
    const answer = answers.get(index)
    return answer === undefined ? [] : [answer]
  })
}
