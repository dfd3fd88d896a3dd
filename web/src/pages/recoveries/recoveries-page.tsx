import { IconFirstAidKit } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RecoverySummary } from '../../../../src/contract/views.ts'
import { queries } from '../../api/queries.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { useTitle } from '../title.ts'
import { RecoveryTable } from './recovery-table.tsx'

const pageSize = 20

export const AllRecoveries = () => <Recoveries keep={null} of={null} />

export function RecoveriesOfCluster() {
  const { name = '' } = useParams({ strict: false })
  return <Recoveries keep={recovery => recovery.clusterName === name || recovery.failed === name} of={name} />
}

export function RecoveriesOfAlias() {
  const { alias = '' } = useParams({ strict: false })
  return <Recoveries keep={recovery => recovery.clusterAlias === alias} of={alias} />
}

/** Failovers and takeovers, unacknowledged ones on top. */
function Recoveries({ keep, of }: { readonly keep: ((recovery: RecoverySummary) => boolean) | null; readonly of: string | null }) {
  const { t } = useTranslation()
  const { page = 0 } = useSearch({ strict: false })
  const recoveries = useQuery(queries.recoveries(page))
  useTitle(...(of === null ? [t('recoveries.title')] : [of, t('recoveries.title')]))
  const list = (recoveries.data ?? []).filter(recovery => keep === null || keep(recovery))
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('recoveries.title')}</h1>
        {of === null ? null : <span className="dim">{of}</span>}
      </div>
      {recoveries.isPending ? <Loading /> : null}
      {recoveries.isError ? <Failure error={recoveries.error} retry={() => void recoveries.refetch()} /> : null}
      {recoveries.data === undefined ? null : list.length === 0 && page === 0 ? (
        <Empty icon={<IconFirstAidKit size={40} aria-hidden />} title={t('recoveries.none')} />
      ) : (
        <RecoveryTable recoveries={list} withCluster />
      )}
      {of !== null || (page === 0 && (recoveries.data?.length ?? 0) < pageSize) ? null : (
        <div className="pager">
          {page === 0 ? null : (
            <Link to="/audit-recovery" search={page > 1 ? { page: page - 1 } : {}} className="button-link">
              {t('recoveries.newer')}
            </Link>
          )}
          <span className="dim">{t('recoveries.page', { page: page + 1 })}</span>
          {(recoveries.data?.length ?? 0) < pageSize ? null : (
            <Link to="/audit-recovery" search={{ page: page + 1 }} className="button-link">
              {t('recoveries.older')}
            </Link>
          )}
        </div>
      )}
    </div>
  )
}
