import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecoveryView } from '../../../../src/contract/views.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { queries } from '../../api/queries.ts'
import { RequestFailure } from '../../api/request.ts'
import { useNameOf } from '../../instance/names.ts'
import { CopyButton } from '../../ui/copy.tsx'
import { useNow } from '../../ui/now.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { failureStoryWords } from '../../words/failure-story-words.ts'
import { clock, clockMilliseconds, shortDuration } from '../../words/format.ts'
import { useStoryWords } from '../../words/story-words.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { useTitle } from '../title.ts'
import { Result } from './recovery-table.tsx'
import { RecoveryMoments } from './recovery-moments.tsx'
import { recoveryText } from './recovery-text.ts'
import { RecoveryTimeline } from './recovery-timeline.tsx'
import { BeforeAndAfter } from './story-tree.tsx'
import { useServerNames } from './use-server-names.ts'
import './recovery.css'

/** One recovery: live while it runs, the same page forever after. */
export function RecoveryPage() {
  const { t } = useTranslation()
  const { uid = '' } = useParams({ strict: false })
  const recovery = useQuery(queries.recovery(uid))
  useTitle(t('recovery.title', { id: recovery.data?.id ?? uid }))
  if (recovery.isPending)
    return (
      <div className="page">
        <Loading />
      </div>
    )
  if (recovery.isError) {
    if (recovery.error instanceof RequestFailure && recovery.error.status === 404)
      return (
        <div className="page">
          <Empty title={t('state.recoveryNotFound', { id: uid })} />
        </div>
      )
    return (
      <div className="page">
        <Failure error={recovery.error} retry={() => void recovery.refetch()} />
      </div>
    )
  }
  return (
    <div className="page">
      <Story recovery={recovery.data} />
    </div>
  )
}

function Story({ recovery }: { readonly recovery: RecoveryView }) {
  const { t, i18n } = useTranslation()
  const words = useStoryWords()
  const nameOf = useNameOf()
  const now = useNow()
  const whyNot = useMayAct()
  const [view, setView] = useState<'timeline' | 'list' | 'text' | 'trees'>('timeline')
  useServerNames(recovery.clusterAlias || recovery.clusterName)
  const row = { name: recovery.clusterName, alias: recovery.clusterAlias }
  const failed = recovery.steps.filter(step => step.outcome === 'failed').length
  return (
    <>
      <div className="page-head">
        <h1>{t('recovery.title', { id: recovery.id })}</h1>
        <ClusterLink row={row} className="strong" />
        <Result recovery={recovery} />
        {failed === 0 ? null : <span className="ink-critical">{t('recovery.errorsCount', { count: failed })}</span>}
        <span className="grow" />
        {recovery.acknowledged === null && recovery.endedAt !== null ? (
          <Button
            size="xs"
            variant="default"
            disabled={whyNot !== null}
            onClick={() => openDialog({ kind: 'acknowledge', uid: recovery.uid, id: recovery.id })}
          >
            {t('recoveries.acknowledge')}
          </Button>
        ) : null}
        <Link to="/recovery-story/$uid" params={{ uid: recovery.uid }} className="button-link">
          {failureStoryWords(i18n.language).story}
        </Link>
        <RecoveryMoments recovery={recovery} />
        <ClusterLink row={row} className="button-link">
          {t('recovery.openCluster')}
        </ClusterLink>
      </div>
      <dl className="facts-line">
        <div>
          <dt>{t('recoveries.kind')}</dt>
          <dd>{t('recovery.header', { code: recovery.code, server: nameOf(recovery.failed) })}</dd>
        </div>
        <div>
          <dt>{t('recovery.successor')}</dt>
          <dd className="mono">{recovery.successor === null ? t('recovery.none') : nameOf(recovery.successor)}</dd>
        </div>
        <div>
          <dt>{t('recovery.duration')}</dt>
          <dd>
            {shortDuration((recovery.endedAt ?? now) - recovery.startedAt)}
            {recovery.endedAt === null ? ` · ${t('recovery.running')}` : ''}
          </dd>
        </div>
        <div>
          <dt>{t('recoveries.started')}</dt>
          <dd>{clock(recovery.startedAt)}</dd>
        </div>
        <div>
          <dt>{t('recovery.startedBy')}</dt>
          <dd>{recovery.command === '' ? t('recoveries.automatic') : `${recovery.startedBy} ${recovery.command}`.trim()}</dd>
        </div>
        <div>
          <dt>{t('recovery.participants')}</dt>
          <dd className="mono">{recovery.participants.length === 0 ? t('recovery.none') : recovery.participants.map(nameOf).join(', ')}</dd>
        </div>
        <div>
          <dt>{t('recovery.lost')}</dt>
          <dd className="mono">{recovery.lostReplicas.length === 0 ? t('recovery.none') : recovery.lostReplicas.map(nameOf).join(', ')}</dd>
        </div>
      </dl>
      {recovery.acknowledged === null ? null : (
        <div className="notice ok">
          <div className="notice-body">
            <strong>{t('recovery.acknowledgedBy', { by: recovery.acknowledged.by, at: clock(recovery.acknowledged.at) })}</strong>
            <span>{words.message(recovery.acknowledged.comment)}</span>
          </div>
        </div>
      )}
      {recovery.errors.length === 0 ? null : (
        <div className="notice critical">
          <div className="notice-body">
            <strong>{t('recovery.errors')}</strong>
            {recovery.errors.map(error => (
              <span key={error}>{words.message(error)}</span>
            ))}
          </div>
        </div>
      )}
      <div className="row spread">
        <div className="segmented" role="group" aria-label={t('recovery.timeline')}>
          {(['timeline', 'list', 'text', 'trees'] as const).map(each => (
            <button key={each} type="button" aria-pressed={view === each} onClick={() => setView(each)}>
              {t(`recovery.${each}`)}
            </button>
          ))}
        </div>
        <CopyButton text={recoveryText(recovery)} label={t('recovery.copyText')} />
      </div>
      {view === 'trees' ? (
        <BeforeAndAfter uid={recovery.uid} />
      ) : recovery.steps.length === 0 ? (
        <p className="dim">{t('recovery.noSteps')}</p>
      ) : view === 'text' ? (
        <pre className="recovery-text">{recoveryText(recovery)}</pre>
      ) : view === 'timeline' ? (
        <RecoveryTimeline recovery={recovery} />
      ) : (
        <StepTable recovery={recovery} />
      )}
    </>
  )
}

function StepTable({ recovery }: { readonly recovery: RecoveryView }) {
  const { t } = useTranslation()
  const words = useStoryWords()
  const nameOf = useNameOf()
  return (
    <div className="table-scroll">
      <table className="table compact">
        <thead>
          <tr>
            <th scope="col">{t('recovery.at')}</th>
            <th scope="col">{t('recovery.stage')}</th>
            <th scope="col">{t('recovery.server')}</th>
            <th scope="col">{t('recovery.message')}</th>
            <th scope="col">{t('recovery.outcome')}</th>
            <th scope="col" className="right">
              {t('recovery.took')}
            </th>
          </tr>
        </thead>
        <tbody>
          {recovery.steps.map(step => (
            <tr key={step.id}>
              <td className="mono">{clockMilliseconds(step.at)}</td>
              <td>{words.stage(step.stage)}</td>
              <td className="mono">{step.server === null ? '' : nameOf(step.server)}</td>
              <td>{words.message(step.message)}</td>
              <td className={step.outcome === 'failed' ? 'ink-critical' : 'dim'}>{t(`recovery.outcomes.${step.outcome}`)}</td>
              <td className="right">{step.durationMilliseconds === null ? '' : shortDuration(step.durationMilliseconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
