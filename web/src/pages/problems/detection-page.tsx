import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'
import { RequestFailure } from '../../api/request.ts'
import { useNameOf } from '../../instance/names.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { fullTime } from '../../words/format.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { findingWords } from '../finding-words.ts'
import { useTitle } from '../title.ts'
import { BegunRecovery, DiagnosisLine } from './diagnosis.tsx'
import { Facts } from '../../ui/facts.tsx'

/** One failure as it was noticed. */
export function DetectionPage() {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const { id = '' } = useParams({ strict: false })
  const detections = useQuery(queries.detections(0, null, id))
  useTitle(t('history.detection', { id }))
  const detection = detections.data?.[0]
  const isUnknown = detections.error instanceof RequestFailure && detections.error.status === 404
  const facts: readonly (readonly [string, ReactNode])[] =
    detection === undefined
      ? []
      : [
          [t('history.noticed'), fullTime(detection.at)],
          [t('history.server'), <span key="server" className="mono">{nameOf(detection.server)}</span>],
          [t('history.cluster'), <ClusterLink key="cluster" row={{ name: detection.clusterName, alias: detection.clusterAlias }} />],
          [t('history.description'), <span key="description" lang="en">{detection.description}</span>],
          [t('history.changed'), <DiagnosisLine key="changed" detection={detection} />],
          [t('history.replicas'), detection.replicas.length === 0 ? '–' : <span key="replicas" className="mono">{detection.replicas.map(nameOf).join(', ')}</span>],
          [t('history.recovery'), <BegunRecovery key="recovery" detection={detection} />],
          [t('history.node'), detection.node],
        ]
  return (
    <div className="page narrow">
      {isUnknown ? (
        <Empty icon={<IconHistory size={40} aria-hidden />} title={t('history.notFound', { id })} text={t('history.notFoundText')}>
          <Link to="/audit-failure-detection" className="button-link">
            {t('history.toHistory')}
          </Link>
        </Empty>
      ) : (
        <div className="page-head">
          <h1>{detection === undefined ? t('history.detection', { id }) : findingWords(detection)}</h1>
          {detection === undefined ? null : <code>{detection.code}</code>}
          <span className="grow" />
          <Link to="/audit-failure-detection" className="button-link">
            {t('history.toHistory')}
          </Link>
        </div>
      )}
      {detections.isPending ? <Loading /> : null}
      {detections.isError && !isUnknown ? <Failure error={detections.error} retry={() => void detections.refetch()} /> : null}
      {detection === undefined ? null : (
        <section className="fact-card" aria-label={t('history.detection', { id })}>
          <Facts facts={facts} />
        </section>
      )}
    </div>
  )
}
