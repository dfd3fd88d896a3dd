import { Button, Select } from '@mantine/core'
import { IconFirstAidKit } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { queries, type RecoveriesOf } from '../../api/queries.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { useTitle } from '../title.ts'
import { RecoveryTable } from './recovery-table.tsx'

const pageSize = 20
const shows = ['all', 'unacknowledged', 'running'] as const
const showWords = { all: 'lists.showAll', unacknowledged: 'recoveryList.unacknowledged', running: 'recoveries.running' } as const

export const AllRecoveries = () => <Recoveries of={null} where={{}} />

export function RecoveriesOfCluster() {
  const { name = '' } = useParams({ strict: false })
  return <Recoveries of={name} where={{ cluster: name }} />
}

export function RecoveriesOfAlias() {
  const { alias = '' } = useParams({ strict: false })
  return <Recoveries of={alias} where={{ alias }} />
}

/** Failovers and takeovers, unacknowledged ones on top; of all clusters or of one. */
function Recoveries({ of, where }: { readonly of: string | null; readonly where: Pick<RecoveriesOf, 'cluster' | 'alias'> }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const params = useParams({ strict: false })
  const page = search.page ?? (/^\d+$/.test(params.page ?? '') ? Number(params.page) : 0)
  const show = shows.find(each => each === search.show) ?? 'all'
  const isWhole = of === null && show === 'all'
  const all = useQuery({ ...queries.recoveries(page), enabled: isWhole })
  const some = useQuery({
    ...queries.recoveriesOf({ page, ...where, ...(show === 'unacknowledged' ? { unacknowledged: true } : {}), ...(show === 'running' ? { active: true } : {}) }),
    enabled: !isWhole,
  })
  const recoveries = isWhole ? all : some
  useTitle(...(of === null ? [t('recoveries.title')] : [of, t('recoveries.title')]))
  const list = (recoveries.data ?? []).filter(recovery => show !== 'running' || recovery.endedAt === null)
  const set = (change: { readonly show?: string | undefined; readonly page?: number | undefined }): void =>
    void navigate({
      to: '.',
      search: (before: object) => Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined && value !== 0 && value !== 'all')),
    })
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('recoveries.title')}</h1>
        {of === null ? null : (
          <>
            <span className="dim">{of}</span>
            <Link to="/audit-recovery" className="button-link">
              {t('history.all')}
            </Link>
          </>
        )}
        <span className="grow" />
        <Select
          size="xs"
          w={190}
          aria-label={t('lists.show')}
          allowDeselect={false}
          value={show}
          onChange={value => set({ show: value ?? undefined, page: undefined })}
          data={shows.map(value => ({ value, label: t(showWords[value]) }))}
        />
      </div>
      {recoveries.isPending ? <Loading /> : null}
      {recoveries.isError ? <Failure error={recoveries.error} retry={() => void recoveries.refetch()} /> : null}
      {recoveries.data === undefined ? null : list.length === 0 ? (
        <Empty icon={<IconFirstAidKit size={40} aria-hidden />} title={show === 'all' && page === 0 ? t('recoveries.none') : t('recoveryList.noneSuch')} />
      ) : (
        <RecoveryTable recoveries={list} withCluster />
      )}
      {page === 0 && (recoveries.data?.length ?? 0) < pageSize ? null : (
        <div className="pager">
          {page === 0 ? null : (
            <Button size="xs" variant="default" onClick={() => set({ page: page - 1 })}>
              {t('recoveries.newer')}
            </Button>
          )}
          <span className="dim">{t('recoveries.page', { page: page + 1 })}</span>
          {(recoveries.data?.length ?? 0) < pageSize ? null : (
            <Button size="xs" variant="default" onClick={() => set({ page: page + 1 })}>
              {t('recoveries.older')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
