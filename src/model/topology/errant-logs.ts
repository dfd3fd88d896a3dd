import { type GtidSet, intersectGtidSets, isEmptyGtidSet, subtractGtidSets } from './gtid-set.ts'

/** A binary log, and what was executed before it was begun. */
export interface LogStart {
  readonly file: string
  readonly previous: GtidSet
}

/**
 * The files of a server that hold some of these transactions, oldest first: what a log names as executed before it, and the log before it did not,
 * stands in that one; what is left stands in the newest.
 */
export function logsHolding(wanted: GtidSet, logs: readonly LogStart[]): readonly string[] {
  const files: string[] = []
  let rest = wanted
  for (const [index, { file }] of logs.entries()) {
    const next = logs[index + 1]
    const here = next === undefined ? rest : intersectGtidSets(rest, next.previous)
    if (isEmptyGtidSet(here)) continue
    files.push(file)
    rest = subtractGtidSets(rest, here)
  }
  return files
}
