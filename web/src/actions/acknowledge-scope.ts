import type { RecoverySummary } from '../../../src/contract/views.ts'
import type { BlockedRecovery } from '../../../src/model/recovery/records.ts'
import type { OperationInput } from '../api/client.ts'

/** Which recoveries are acknowledged at once. */
export const acknowledgeScopes = ['one', 'cluster', 'all'] as const
export type AcknowledgeScope = (typeof acknowledgeScopes)[number]

type Concerned = Pick<RecoverySummary, 'id' | 'clusterName' | 'clusterAlias'>

/** Those that are open and of this scope. A cluster is called after its primary, so after a failover its alias alone is the same. */
export const concernedBy = (scope: AcknowledgeScope, recovery: Concerned, open: readonly Concerned[]): readonly Concerned[] =>
  open.filter(({ id, clusterName, clusterAlias }) => {
    if (scope === 'all') return true
    if (scope === 'one') return id === recovery.id
    return clusterName === recovery.clusterName || (clusterAlias !== '' && clusterAlias === recovery.clusterAlias)
  })

/** What is held back now by one of these, and would not be any more. */
export function heldBackBy(recoveries: readonly Pick<RecoverySummary, 'id'>[], blocked: readonly BlockedRecovery[]): readonly BlockedRecovery[] {
  const ids = new Set(recoveries.map(({ id }) => id))
  return blocked.filter(({ blockingRecoveryId }) => ids.has(blockingRecoveryId))
}

export interface AcknowledgeRequest {
  readonly operation: string
  readonly input: OperationInput
}

export function acknowledgeRequest(scope: AcknowledgeScope, { uid, clusterName, clusterAlias }: Pick<RecoverySummary, 'uid' | 'clusterName' | 'clusterAlias'>, comment: string): AcknowledgeRequest {
  if (scope === 'all') return { operation: 'ack-all-recoveries', input: { comment } }
  if (scope === 'one') return { operation: 'ack-recovery', input: { uid, comment } }
  return { operation: 'ack-recovery', input: { ...(clusterAlias === '' || clusterAlias === clusterName ? { cluster: clusterName } : { alias: clusterAlias }), comment } }
}
