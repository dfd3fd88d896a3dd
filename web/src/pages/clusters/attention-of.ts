import type { ClusterRow, FindingView, StatusCode } from '../../../../src/contract/views.ts'
import { sortClusters } from './sort-clusters.ts'

/** Why a cluster needs a person, the gravest reason only. */
export type Attention =
  | { readonly is: 'finding'; readonly finding: FindingView }
  | { readonly is: 'broken'; readonly count: number }
  | { readonly is: 'lag'; readonly count: number; readonly seconds: number | null }

export interface AttentionLine {
  readonly row: ClusterRow
  readonly attention: Attention
  /** What a recovery that runs now is doing. */
  readonly doing: { readonly uid: string; readonly says: string } | null
}

const broken: readonly StatusCode[] = ['unreachable', 'applier-error', 'receiver-error', 'stopped', 'group-not-online']

/** Failures first, then broken replication, then lag. Servers in downtime are in no count: somebody knows of them. */
export function attentionLines(rows: readonly ClusterRow[]): readonly AttentionLine[] {
  const lines = sortClusters(rows, 'trouble').flatMap(row => {
    const attention = attentionOf(row)
    return attention === null ? [] : [{ row, attention, doing: doingOf(row) }]
  })
  return lines.toSorted((left, right) => rank(left.attention) - rank(right.attention))
}

export function attentionOf(row: ClusterRow): Attention | null {
  const finding = row.worstFinding
  if (finding !== null && finding.severity === 'critical') return { is: 'finding', finding }
  const count = broken.reduce((sum, code) => sum + (row.counts[code] ?? 0), 0)
  if (count > 0) return { is: 'broken', count }
  const lagging = row.counts.lag ?? 0
  return lagging === 0 ? null : { is: 'lag', count: lagging, seconds: row.maxLagSeconds }
}

const rank = (attention: Attention): number => (attention.is === 'finding' ? (attention.finding.isDowntimed ? 3 : 0) : attention.is === 'broken' ? 1 : 2)

const doingOf = ({ lastRecovery }: ClusterRow): AttentionLine['doing'] =>
  lastRecovery === null || lastRecovery.endedAt !== null ? null : { uid: lastRecovery.uid, says: lastRecovery.doing }
