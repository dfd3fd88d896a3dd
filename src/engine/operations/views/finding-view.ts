import type { FindingView } from '../../../contract/views.ts'
import type { Finding, Outlook } from '../../../model/analysis/finding.ts'
import { clusterAlias } from '../../../model/topology/cluster-hint.ts'
import type { Topology } from '../../../model/topology/topology.ts'

/** A finding with what will be done about it, and since when it has held. */
export interface ForeseenFinding {
  readonly finding: Finding
  readonly outlook: Outlook
  /** ms since 1970. */
  readonly since: number | null
}

/** One view for the failure, and one per structure warning. */
export function findingViews(topology: Topology, { finding, outlook, since }: ForeseenFinding): readonly FindingView[] {
  const shared = {
    server: finding.key, clusterName: finding.clusterName, clusterAlias: clusterAlias(topology, finding.clusterName), since,
    evidence: finding.evidence, isDowntimed: finding.skippableDueToDowntime,
  }
  const failure: readonly FindingView[] = finding.code === 'NoProblem' ? []
    : [{ ...shared, code: finding.code, description: finding.description, severity: finding.remedy === 'none' ? 'warning' : 'critical', outlook }]
  const nothing: Outlook = { state: 'no-remedy', at: null, reason: { code: 'structure-warning', parameters: {}, text: 'A warning about the structure; nothing is done by itself' } }
  const warnings = finding.warnings.map((code): FindingView => ({ ...shared, code, description: code, severity: 'warning', evidence: [], outlook: nothing }))
  return [...failure, ...warnings]
}
