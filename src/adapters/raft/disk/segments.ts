import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type LogRecord, scanRecords, type Tail } from './record.ts'

/** The log is a row of files, each named after the number of its first record. */
const namePattern = /^log-(\d{16})\.raft$/

export const segmentName = (firstSequence: number): string => `log-${String(firstSequence).padStart(16, '0')}.raft`

export interface Segment {
  readonly name: string
  readonly firstSequence: number
  readonly records: readonly LogRecord[]
  readonly end: number
  readonly bytes: number
  readonly tail: Tail
}

export type ReadSegments =
  | { readonly whole: true; readonly segments: readonly Segment[]; readonly nextSequence: number; readonly tail: Tail }
  | { readonly whole: false; readonly file: string; readonly what: string }

/** Reads all files of the log in order. Only the last may end in the middle of a record: the others were durable before the next one was begun. */
export async function readSegments(folder: string): Promise<ReadSegments> {
  const names = (await readdir(folder)).filter(name => namePattern.test(name)).toSorted()
  const segments: Segment[] = []
  let nextSequence: number | null = null
  for (const [place, name] of names.entries()) {
    const firstSequence = Number(namePattern.exec(name)?.[1])
    if (nextSequence !== null && firstSequence !== nextSequence) return { whole: false, file: name, what: `begins with record ${firstSequence}, but ${nextSequence} is the next one` }
    const bytes = await readFile(join(folder, name))
    const { records, end, tail } = scanRecords(bytes, firstSequence)
    segments.push({ name, firstSequence, records, end, bytes: bytes.length, tail })
    nextSequence = firstSequence + records.length
    if (tail === 'garbled') return { whole: false, file: name, what: `record ${nextSequence} at byte ${end} is garbled` }
    if (tail === 'torn' && place < names.length - 1) return { whole: false, file: name, what: `record ${nextSequence} at byte ${end} is not whole, and later files follow` }
  }
  return { whole: true, segments, nextSequence: nextSequence ?? 1, tail: segments.at(-1)?.tail ?? 'clean' }
}
