import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DetectionView } from '../../../../src/contract/views.ts'
import { queries } from '../../api/queries.ts'
import { useNameOf } from '../../instance/names.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { clock, fullTime } from '../../words/format.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { findingWords } from '../finding-words.ts'
import { useTitle } from '../title.ts'
import { BegunRecovery, DiagnosisLine } from './diagnosis.tsx'
import { ProblemTabs } from './problem-tabs.tsx'

const pageSize = 20

export const AllHistory = () => <History alias={null} />

export function HistoryOfAlias() {
  const { alias = '' } = useParams({ strict: false })
  return <History alias={alias} />
}

/** Failures that were noticed, newest first, and what followed. */
function History({ alias }: { readonly alias: string | null }) {
  const { t } = useTranslation()
  const { page = 0 } = useSearch({ strict: false })
  const detections = useQuery(queries.detections(page, alias, null))
  useTitle(...(alias === null ? [] : [alias]), t('history.title'), t('problems.title'))
  const list = detections.data ?? []
  const isLast = list.length < pageSize
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('problems.title')}</h1>
        {alias === null ? null : (
          <>
            <span className="dim">{t('history.of', { alias })}</span>
            <span className="grow" />
            <Link to="/audit-failure-detection" className="button-link">
              {t('history.all')}
            </Link>
          </>
        )}
      </div>
      <ProblemTabs />
      {detections.isPending ? <Loading /> : null}
      {detections.isError ? <Failure error={detections.error} retry={() => void detections.refetch()} /> : null}
      {detections.data === undefined ? null : list.length === 0 ? (
        <Empty icon={<IconHistory size={40} aria-hidden />} title={page === 0 ? t('history.none') : t('history.noOlder')} text={t('history.noneText')} />
      ) : (
        <div className="table-scroll">
          <table className="table as-cards">
            <thead>
              <tr>
                <th scope="col">{t('history.noticed')}</th>
                <th scope="col">{t('history.kind')}</th>
                <th scope="col">{t('history.server')}</th>
                {alias === null ? <th scope="col">{t('history.cluster')}</th> : null}
                <th scope="col">{t('history.changed')}</th>
                <th scope="col">{t('history.recovery')}</th>
              </tr>
            </thead>
            <tbody>
              {list.map(detection => (
                <Row key={detection.id} detection={detection} withCluster={alias === null} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {page === 0 && isLast ? null : (
        <div className="pager">
          {page === 0 ? null : <PageLink alias={alias} page={page - 1} words={t('recoveries.newer')} />}
          <span className="dim">{t('recoveries.page', { page: page + 1 })}</span>
          {isLast ? null : <PageLink alias={alias} page={page + 1} words={t('recoveries.older')} />}
        </div>
      )}
    </div>
  )
}

function Row({ detection, withCluster }: { readonly detection: DetectionView; readonly withCluster: boolean }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  return (
    <tr>
      <td data-label={t('history.noticed')} title={fullTime(detection.at)}>
        {clock(detection.at)}
      </td>
      <th scope="row">
        <Link to="/audit-failure-detection/id/$id" params={{ id: String(detection.id) }} className="strong">
          {findingWords(detection)}
        </Link>
        <span className="sub">
          <code>{detection.code}</code>
        </span>
      </th>
      <td className="mono" data-label={t('history.server')}>
        {nameOf(detection.server)}
      </td>
      {withCluster ? (
        <td data-label={t('history.cluster')}>
          <ClusterLink row={{ name: detection.clusterName, alias: detection.clusterAlias }} />
        </td>
      ) : null}
      <td data-label={t('history.changed')}>
        <DiagnosisLine detection={detection} />
      </td>
      <td data-label={t('history.recovery')}>
        <BegunRecovery detection={detection} />
      </td>
    </tr>
  )
}

function PageLink({ alias, page, words }: { readonly alias: string | null; readonly page: number; readonly words: string }) {
  const shared = { search: page === 0 ? {} : { page }, className: 'button-link' }
  if (alias === null)
    return (
      <Link to="/audit-failure-detection" {...shared}>
        {words}
      </Link>
    )
  return (
    <Link to="/audit-failure-detection/alias/$alias" params={{ alias }} {...shared}>
      {words}
    </Link>
  )
}
