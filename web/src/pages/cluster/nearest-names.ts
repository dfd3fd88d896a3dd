/** Things sorted by how near one of their names is to what was asked: fewest changed letters first. */
export function nearestNames<Thing>(asked: string, things: readonly Thing[], namesOf: (thing: Thing) => readonly string[]): readonly Thing[] {
  const wanted = asked.toLowerCase()
  const distance = (thing: Thing): number =>
    Math.min(
      ...namesOf(thing)
        .filter(name => name !== '')
        .map(name => changes(wanted, name.toLowerCase())),
    )
  return things
    .map(thing => ({ thing, far: distance(thing) }))
    .toSorted((left, right) => left.far - right.far)
    .map(({ thing }) => thing)
}

/** Levenshtein's distance. */
export function changes(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [at, letter] of [...left].entries()) {
    const next = [at + 1]
    for (const [other, otherLetter] of [...right].entries()) {
      next.push(Math.min((next[other] ?? 0) + 1, (row[other + 1] ?? 0) + 1, (row[other] ?? 0) + (letter === otherLetter ? 0 : 1)))
    }
    row = next
  }
  return row[right.length] ?? 0
}
