/** Runs `act` on every item, at most `atOnce` at a time; the answers keep the order of the items. */
export async function eachBounded<Item, Answer>(items: readonly Item[], atOnce: number, act: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = Array.from({ length: items.length })
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index]
      if (item !== undefined) answers[index] = await act(item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(Math.max(1, atOnce), items.length) }, worker))
  return answers
}
