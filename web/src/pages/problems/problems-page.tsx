import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { UnpublishedBanner } from '../unpublished-banner.tsx'
import { useTitle } from '../title.ts'
import { FindingList } from './finding-list.tsx'
import { ProblemTabs } from './problem-tabs.tsx'
import { WatchedKinds } from './watched-kinds.tsx'

/** Open findings of all clusters. */
export function ProblemsPage() {
  const { t } = useTranslation()
  const findings = useQuery(queries.findings)
  const me = useQuery(queries.me)
  const { data: fleet } = useQuery(queries.fleet)
  const unpublished = (fleet?.clusters ?? []).filter(row => row.unpublished.length > 0)
  useTitle(t('problems.title'))
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('problems.title')}</h1>
      </div>
      <ProblemTabs />
      {findings.isPending ? <Loading /> : null}
      {findings.isError ? <Failure error={findings.error} retry={() => void findings.refetch()} /> : null}
      {unpublished.map(row => (
        <UnpublishedBanner key={row.name} cluster={row} withCluster />
      ))}
      {findings.data === undefined || (findings.data.length === 0 && unpublished.length > 0) ? null : findings.data.length === 0 ? (
        <Empty
          icon={
            <span className="ink-ok">
              <IconCircleCheck size={40} aria-hidden />
            </span>
          }
          title={t('problems.none')}
          text={t('problems.watched', { seconds: me.data?.pollSeconds ?? 5 })}
        />
      ) : (
        <FindingList findings={findings.data} cluster={null} />
      )}
      {findings.data === undefined ? null : <WatchedKinds />}
    </div>
  )
}
