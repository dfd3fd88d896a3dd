import { timeFrom, timeText, timeTextOrNull } from '../time.ts'

/** A JSON document of one of our own tables. Unreadable ones count as missing: the original's columns are always there. */
export function readDetail<Detail extends object>(text: string | undefined): Partial<Detail> {
  if (text === undefined) return {}
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Partial<Detail>) : {} // written by this program, member by member optional
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

/** The exact time of the detail while the column still says the same second; else the column's, which another program has changed. */
export function exactTime(column: string | null, detailed: number | null | undefined): number | null {
  const isSame = detailed !== undefined && detailed !== null && timeTextOrNull(timeFrom(column)) === timeText(detailed)
  return isSame ? detailed : timeFrom(column)
}
