/** How the topology stood: shapes of `/api/v2/history…`. Times are milliseconds since 1970. */
import type { Mark } from '../model/history/marks.ts'
import type { PastServer } from '../model/history/past-server.ts'
import type { ReplayedChange } from '../model/history/replay.ts'
import type { ToldChange } from '../model/history/told.ts'

/** `GET /api/v2/history` : what is kept, and when something changed, in all clusters or in one. */
export interface HistoryView {
  /** Settings say that a history is kept. */
  readonly isKept: boolean
  readonly days: number
  readonly bytes: number
  readonly bytesMax: number
  /** The oldest moment that can be shown; null: none. */
  readonly from: number | null
  readonly now: number
  /** When somebody was writing down what changes; between two of them nothing is known. Oldest first. */
  readonly spans: readonly { readonly from: number; readonly until: number }[]
  /** Oldest first; where there are too many, those close to each other are one. */
  readonly marks: readonly Mark[]
}

/** `GET /api/v2/history/picture` : the servers of all clusters, or of one, at a moment. */
export interface PastView {
  readonly at: number
  /** The same, unless nobody was writing down at that moment: then the last one before that is known. */
  readonly knownAt: number
  /** As the cluster was called; null: all clusters. */
  readonly cluster: { readonly name: string; readonly alias: string } | null
  /** None: the cluster was not known then. */
  readonly servers: readonly PastServer[]
}

/** `GET /api/v2/history/changes` : how two moments differ, and every change between them. */
export interface PastChangesView {
  readonly from: number
  readonly to: number
  /** How the later moment differs from the earlier one. */
  readonly difference: readonly ToldChange[]
  /** Oldest first; the newest, where there are too many. */
  readonly changes: readonly ReplayedChange[]
  readonly isCut: boolean
  /** What the servers that are named were called, where they had an alias. */
  readonly aliases: Readonly<Record<string, string>>
}
