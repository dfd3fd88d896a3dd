import type { HistoryView, PastChangesView, PastView } from '../../contract/history.ts'

/** How the topology stood. `clusterName`: of a cluster as it is called now, under whatever name it went then; null: of all. */
export interface HistoryParts {
  bounds(clusterName: string | null): Promise<HistoryView>
  /** Null: nothing is kept of that moment. */
  picture(at: number, clusterName: string | null): Promise<PastView | null>
  /** Null: nothing is kept of either moment. */
  changes(from: number, to: number, clusterName: string | null): Promise<PastChangesView | null>
}
