import type { Summary } from '../model/history/marks.ts'
import type { Succession } from '../model/history/names.ts'
import type { PastServer } from '../model/history/past-server.ts'
import type { ServerChange } from '../model/history/picture.ts'

/** While a process writes down what changes; between two spans nothing is known. Times in ms since 1970. */
export interface HistorySpan {
  readonly id: number
  readonly from: number
  readonly until: number
}

/** All servers, or what changed of them since the row before of the same span; a span begins with all servers. */
export type HistoryBody = { readonly servers: readonly PastServer[] } | { readonly changes: readonly ServerChange[] }

export interface HistoryRow {
  readonly span: number
  readonly at: number
  /** What changed since the row before, also where the row has all servers. */
  readonly summary: Summary
  readonly successions: readonly Succession[]
  readonly body: HistoryBody
}

export interface HistorySize {
  readonly bytes: number
  /** Null: nothing is kept. */
  readonly from: number | null
}

/** How the topology stood, moment by moment; `engine/history` writes and reads it. */
export interface HistoryStore {
  beginSpan(at: number, hostname: string): Promise<number>
  extendSpan(id: number, until: number): Promise<void>
  /** Oldest first. */
  spans(): Promise<readonly HistorySpan[]>
  append(row: HistoryRow): Promise<void>
  /** The newest so many, oldest first, without their bodies. */
  summaries(limit: number): Promise<readonly { readonly at: number; readonly summary: Summary }[]>
  /** Those after that time. */
  successions(since: number): Promise<readonly Succession[]>
  /** The rows from the newest picture at or before that time up to that time, oldest first, of its span alone. Empty: nothing is kept of then. */
  standing(at: number): Promise<readonly HistoryRow[]>
  /** Rows after `from`, up to `until`, oldest first; at most so many. */
  between(from: number, until: number, limit: number): Promise<readonly HistoryRow[]>
  size(): Promise<HistorySize>
  /** Drops what is needed neither for any moment after `before` nor fits into the bytes, oldest first; never the newest picture and what follows it. */
  purge(limits: { readonly before: number; readonly bytesMax: number }): Promise<number>
}
