import { Button } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconLoader2 } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RecoverySummary } from '../../../../src/contract/views.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { useNameOf } from '../../instance/names.ts'
import { useNow } from '../../ui/now.ts'
import { clock, shortDuration } from '../../words/format.ts'
import { ClusterLink } from '../cluster-link.tsx'
import { isPlanned } from './is-planned.ts'

/** Unacknowledged first, then newest first. */
const order = (left: RecoverySummary, right: RecoverySummary): number =>
  Number(left.acknowledged !== null) - Number(right.acknowledged !== null) || right.startedAt - left.startedAt

export function RecoveryTable({ recoveries, withCluster }: { readonly recoveries: readonly RecoverySummary[]; readonly withCluster: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="table-scroll">
      <table className="table as-cards">
        <thead>
          <tr>
            <th scope="col">{t('recoveries.kind')}</th>
            {withCluster ? <th scope="col">{t('recoveries.cluster')}</th> : null}
            <th scope="col">
              {t('recoveries.failed')} → {t('recoveries.successor')}
            </th>
            <th scope="col">{t('recoveries.result')}</th>
            <th scope="col">{t('recoveries.started')}</th>
            <th scope="col" className="right">
              {t('recoveries.duration')}
            </th>
            <th scope="col">{t('recoveries.by')}</th>
            <th scope="col">{t('recoveries.acknowledged')}</th>
          </tr>
        </thead>
        <tbody>
          {recoveries.toSorted(order).map(recovery => (
            <Row key={recovery.uid} recovery={recovery} withCluster={withCluster} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ recovery, withCluster }: { readonly recovery: RecoverySummary; readonly withCluster: boolean }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const now = useNow()
  const whyNot = useMayAct()
  return (
    <tr>
      <th scope="row">
        <Link to="/audit-recovery/uid/$uid" params={{ uid: recovery.uid }} className="strong">
          {recovery.code}
        </Link>
        <span className="sub">#{recovery.id}</span>
      </th>
      {withCluster ? (
        <td data-label={t('recoveries.cluster')}>
          <ClusterLink row={{ name: recovery.clusterName, alias: recovery.clusterAlias }} />
        </td>
      ) : null}
      <td className="mono" data-label={t('recoveries.failed')}>
        {nameOf(recovery.failed)} → {recovery.successor === null ? t('recoveries.noSuccessor') : nameOf(recovery.successor)}
      </td>
      <td data-label={t('recoveries.result')}>
        <Result recovery={recovery} />
      </td>
      <td data-label={t('recoveries.started')}>{clock(recovery.startedAt)}</td>
      <td className="right" data-label={t('recoveries.duration')}>
        {shortDuration((recovery.endedAt ?? now) - recovery.startedAt)}
      </td>
      <td data-label={t('recoveries.by')}>
        {recovery.command === '' ? (
          t('recoveries.automatic')
        ) : (
          <>
            {recovery.startedBy === '' ? '' : `${recovery.startedBy} · `}
            <code>{recovery.command}</code>
          </>
        )}
      </td>
      <td data-label={t('recoveries.acknowledged')}>
        {recovery.acknowledged !== null ? (
          <span className="dim" title={recovery.acknowledged.comment}>
            {t('recoveries.acknowledgedBy', { by: recovery.acknowledged.by, at: clock(recovery.acknowledged.at) })}
          </span>
        ) : recovery.endedAt === null ? (
          <span className="dim">{t('recoveries.notAcknowledged')}</span>
        ) : (
          <Button
            size="compact-xs"
            variant="default"
            disabled={whyNot !== null}
            onClick={() => openDialog({ kind: 'acknowledge', uid: recovery.uid, id: recovery.id })}
          >
            {t('recoveries.acknowledge')}
          </Button>
        )}
      </td>
    </tr>
  )
}

/** The result in words with its mark. */
export function Result({ recovery }: { readonly recovery: RecoverySummary }) {
  const { t } = useTranslation()
  if (recovery.endedAt === null)
    return (
      <span className="status-mark ink-info">
        <IconLoader2 size={15} className="spin" aria-hidden />
        {t('recoveries.running')}
      </span>
    )
  return recovery.isSuccessful ? (
    <span className="status-mark ink-ok">
      <IconCircleCheck size={15} aria-hidden />
      {isPlanned(recovery) ? t('recoveries.planned') : t('recoveries.succeeded')}
    </span>
  ) : (
    <span className="status-mark ink-critical">
      <IconCircleX size={15} aria-hidden />
      {t('recoveries.unsuccessful')}
    </span>
  )
}
