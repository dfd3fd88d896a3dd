import { useTranslation } from 'react-i18next'
import type { RecoverySummary } from '../../../../src/contract/views.ts'
import { ClusterLink } from '../cluster-link.tsx'

/** It begins when the failure is certain; a little earlier all was well. */
const beforeMilliseconds = 10_000
const afterMilliseconds = 3000

/** Leads to the topology before and after a recovery, the latter with what changed meanwhile. */
export function RecoveryMoments({ recovery }: { readonly recovery: Pick<RecoverySummary, 'clusterName' | 'clusterAlias' | 'startedAt' | 'endedAt'> }) {
  const { t } = useTranslation()
  const row = { name: recovery.clusterName, alias: recovery.clusterAlias }
  const from = recovery.startedAt - beforeMilliseconds
  return (
    <>
      <ClusterLink row={row} search={{ at: from }} className="button-link">
        {t('past.topologyBefore')}
      </ClusterLink>
      {recovery.endedAt === null ? null : (
        <ClusterLink row={row} search={{ from, at: recovery.endedAt + afterMilliseconds }} className="button-link">
          {t('past.topologyAfter')}
        </ClusterLink>
      )}
    </>
  )
}
