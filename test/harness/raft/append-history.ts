/** One append as its client saw it; times of one clock. `ended` null: nobody told what came of it. */
export interface Append {
  readonly id: string
  readonly began: number
  ended: number | null
}

/** What a read saw of a register, and when it was asked and answered. */
export interface Read {
  readonly began: number
  readonly ended: number
  readonly seen: readonly string[]
}

/**
 * A register that is only appended to tells the order in which everything happened. So a history is linearisable exactly when each append stands there once
 * at most, each acknowledged one does, none stands before one that had been acknowledged before it began, and every read saw a beginning of the register
 * that holds all that was acknowledged before it began and nothing that began after it was answered. Returns what is wrong; nothing when it is right.
 */
export function judgeAppends(final: readonly string[], appends: readonly Append[], reads: readonly Read[]): readonly string[] {
  const wrong: string[] = []
  const place = new Map<string, number>()
  for (const [at, id] of final.entries()) {
    if (place.has(id)) wrong.push(`${id} stands at ${place.get(id)} and at ${at}`)
    place.set(id, at)
  }
  const known = new Map(appends.map(append => [append.id, append]))
  for (const id of final) if (!known.has(id)) wrong.push(`${id} was never asked for`)
  for (const { id, ended } of appends) if (ended !== null && !place.has(id)) wrong.push(`${id} was acknowledged and is lost`)
  // From the end: the earliest acknowledgement among those behind must not lie before the beginning of what stands in front of them.
  let earliest: { readonly id: string; readonly ended: number } | null = null
  for (const id of final.toReversed()) {
    const append = known.get(id)
    if (append === undefined) continue
    if (earliest !== null && earliest.ended < append.began) wrong.push(`${earliest.id} was acknowledged before ${id} began, and stands behind it`)
    if (append.ended !== null && (earliest === null || append.ended < earliest.ended)) earliest = { id: append.id, ended: append.ended }
  }
  for (const { began, ended, seen } of reads) {
    if (seen.some((id, at) => final[at] !== id)) wrong.push(`a read saw ${seen.join(',')}, which is no beginning of the register`)
    const saw = new Set(seen)
    for (const append of appends) {
      if (append.ended !== null && append.ended < began && !saw.has(append.id)) wrong.push(`a read that began after ${append.id} was acknowledged did not see it`)
      if (append.began > ended && saw.has(append.id)) wrong.push(`a read saw ${append.id} before it began`)
    }
  }
  return wrong
}
