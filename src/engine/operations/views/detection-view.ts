import type { DetectionView } from '../../../contract/views.ts'
import type { Detection, Recovery } from '../../../model/recovery/records.ts'
import type { AnalysisChange } from '../../../ports/store-facts.ts'

/** How long before and after it was noticed what was found of a server still tells of it. */
const beforeMilliseconds = 600_000
const afterMilliseconds = 60_000
const changesShown = 20

/** `changes`: of any server; `recovery`: what it began. */
export function detectionView(
  { id, key, code, description, clusterName, clusterAlias, startedAt, replicas, nodeHostname }: Detection,
  changes: readonly AnalysisChange[],
  recovery: Pick<Recovery, 'uid' | 'id' | 'successor' | 'isSuccessful' | 'endedAt'> | undefined,
): DetectionView {
  return {
    id, server: key, clusterName, clusterAlias, code, description, at: startedAt, replicas, node: nodeHostname,
    changes: changes
      .filter(change => change.key === key && change.at >= startedAt - beforeMilliseconds && change.at <= startedAt + afterMilliseconds)
      .slice(-changesShown)
      .map(({ at, code: found }) => ({ at, code: found })),
    recovery: recovery === undefined ? null
      : { uid: recovery.uid, id: recovery.id, successor: recovery.successor, isSuccessful: recovery.isSuccessful, endedAt: recovery.endedAt },
  }
}
