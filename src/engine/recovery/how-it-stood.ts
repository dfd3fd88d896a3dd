import type { Finding } from '../../model/analysis/finding.ts'
import { atRisk } from '../../model/planning/at-risk.ts'
import { drawTree } from '../../model/recovery/drawn-tree.ts'
import { marks } from '../../model/recovery/failure-story.ts'
import type { Recovery } from '../../model/recovery/records.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'

export type Told = readonly [message: string, server: InstanceKey | null]

/** More witnesses say nothing new, and each is a line to be stored. */
const witnessesTold = 8

/** Who said what of the failed server, what it alone held, and how the cluster looked, before anything was changed. `isLost`: it is replaced, and not by a planned takeover. */
export function howItStood(topology: Topology, { key, clusterName, evidence }: Pick<Finding, 'key' | 'clusterName' | 'evidence'>, isLost: boolean): readonly Told[] {
  return [
    ...evidence.slice(0, witnessesTold).map(({ witness, says }): Told => [`${marks.evidence}${says.text}`, witness === 'orchestrator' ? key : witness]),
    ...(isLost ? atRisk(topology, key).map((risk): Told => [`${marks.atRisk}${risk.text}`, key]) : []),
    [`${marks.before}${drawTree(topology, new Set([clusterName]))}`, null],
  ]
}

/** How everybody who was in that cluster looks now: with the successor, or left behind. */
export function howItStands(topology: Topology, { key, clusterName, replicas, successor, participants }: Recovery): readonly Told[] {
  const names = [key, ...replicas, ...participants, ...(successor === null ? [] : [successor])].flatMap(each => topology.get(each)?.clusterName ?? [])
  return [[`${marks.after}${drawTree(topology, new Set([clusterName, ...names]))}`, null]]
}
