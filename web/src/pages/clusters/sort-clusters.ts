import type { ClusterRow } from '../../../../src/contract/views.ts'
import { statusOrder } from '../../drawing/trouble.ts'

export const clusterSorts = ['trouble', 'name', 'servers', 'lag'] as const
export type ClusterSort = (typeof clusterSorts)[number]

const collator = new Intl.Collator('en', { numeric: true })

/** Worst first: an open failure, then a warning, then by the worst status any server has; equal ones by name. */
export function sortClusters(rows: readonly ClusterRow[], sort: ClusterSort): readonly ClusterRow[] {
  const name = (left: ClusterRow, right: ClusterRow): number => collator.compare(left.alias || left.name, right.alias || right.name)
  switch (sort) {
    case 'name':
      return rows.toSorted(name)
    case 'servers':
      return rows.toSorted((left, right) => right.servers - left.servers || name(left, right))
    case 'lag':
      return rows.toSorted((left, right) => (right.maxLagSeconds ?? -1) - (left.maxLagSeconds ?? -1) || name(left, right))
    case 'trouble':
      return rows.toSorted((left, right) => trouble(left) - trouble(right) || name(left, right))
  }
}

/** Lower is worse. A downtimed failure ranks as a warning: somebody knows of it. */
function trouble(row: ClusterRow): number {
  const finding = row.worstFinding
  const byFinding = finding === null ? 2 : finding.severity === 'critical' && !finding.isDowntimed ? 0 : 1
  const worst = statusOrder.findIndex(code => (row.counts[code] ?? 0) > 0)
  return byFinding * 100 + (worst === -1 ? statusOrder.length : worst)
}
