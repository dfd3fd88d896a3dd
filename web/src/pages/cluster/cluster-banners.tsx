import { Button } from '@mantine/core'
import { IconCircleCheckFilled, IconCircleXFilled, IconHistory, IconLoader2 } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ClusterView, RecoverySummary } from '../../../../src/contract/views.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { useNameOf } from '../../instance/names.ts'
import { useNow } from '../../ui/now.ts'
import { clock, duration, shortDuration } from '../../words/format.ts'
import { useStoryWords } from '../../words/story-words.ts'
import { isPlanned } from '../recoveries/is-planned.ts'
import { Banner } from '../banner.tsx'
import { failuresOf } from './situation.ts'
import { later } from '../../ui/later.tsx'

const FailureBanner = later(() => import('./failure-banner.tsx').then(part => part.FailureBanner))
const ReturnedBanners = later(() => import('./returned-banner.tsx').then(part => part.ReturnedBanners))
const UnpublishedBanner = later(() => import('../unpublished-banner.tsx').then(part => part.UnpublishedBanner))

/** What happens to this cluster now and what just happened: failures with their outlook, a recovery that runs, one that nobody acknowledged. */
export function ClusterBanners({ cluster }: { readonly cluster: ClusterView }) {
  const running = cluster.recoveries.filter(recovery => recovery.endedAt === null)
  const isBeing = new Set(running.map(recovery => recovery.failed))
  const failures = failuresOf(cluster).filter(finding => !isBeing.has(finding.server)).slice(0, 3)
  // What was is silent while something is.
  const isQuiet = running.length === 0 && failures.length === 0
  const recent = cluster.recoveries.filter(recovery => recovery.endedAt !== null && recovery.acknowledged === null).slice(0, isQuiet ? 1 : 0)
  return (
    <>
      <FormerName cluster={cluster} />
      {running.map(recovery => (
        <Running key={recovery.uid} recovery={recovery} />
      ))}
      {failures.map(finding => (
        <FailureBanner key={finding.server} finding={finding} cluster={cluster} />
      ))}
      {recent.map(recovery => (
        <Ended key={recovery.uid} recovery={recovery} cluster={cluster} />
      ))}
      <ReturnedBanners cluster={cluster} />
      {cluster.unpublished.length === 0 ? null : <UnpublishedBanner cluster={cluster} />}
    </>
  )
}

function FormerName({ cluster }: { readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  if (cluster.formerName === null) return null
  return (
    <Banner
      tone="info"
      icon={<IconHistory size={20} />}
      acts={
        cluster.formerName.recoveryUid === null ? null : (
          <Link to="/audit-recovery/uid/$uid" params={{ uid: cluster.formerName.recoveryUid }} className="button-link">
            {t('cluster.formerRecovery')}
          </Link>
        )
      }
    >
      {t('cluster.formerName', { asked: cluster.formerName.asked, primary: cluster.primary?.key ?? cluster.name })}
    </Banner>
  )
}

function Running({ recovery }: { readonly recovery: RecoverySummary }) {
  const { t } = useTranslation()
  const words = useStoryWords()
  const now = useNow()
  const values = { doing: words.message(recovery.doing), time: duration((now - recovery.startedAt) / 1000) }
  return (
    <Banner
      tone="critical"
      icon={<IconLoader2 size={20} className="spin" />}
      isAlert
      acts={
        <Link to="/audit-recovery/uid/$uid" params={{ uid: recovery.uid }} className="button-link">
          {t('banner.watch')}
        </Link>
      }
    >
      <strong>{isPlanned(recovery) ? t('banner.recoveringPlanned', values) : t('banner.recovering', values)}</strong> <code>{recovery.code}</code>
    </Banner>
  )
}

function Ended({ recovery, cluster }: { readonly recovery: RecoverySummary; readonly cluster: ClusterView }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const whyNot = useMayAct()
  const at = clock(recovery.endedAt ?? recovery.startedAt)
  const values = {
    successor: recovery.successor === null ? '' : nameOf(recovery.successor),
    failed: nameOf(recovery.failed),
    id: recovery.id,
    at,
    time: shortDuration((recovery.endedAt ?? recovery.startedAt) - recovery.startedAt),
    by: recovery.startedBy,
  }
  const { lost = 0 } = recovery
  // As the servers themselves say now.
  const follows = isPlanned(recovery) && recovery.isSuccessful && cluster.members.some(({ key, source }) => key === recovery.failed && source === recovery.successor)
  const words = !recovery.isSuccessful
    ? t('banner.failed', values)
    : isPlanned(recovery)
      ? recovery.startedBy === ''
        ? t('banner.planned', values)
        : t('banner.plannedBy', values)
      : recovery.code.includes('Intermediate')
        ? t('banner.recoveredIntermediate', values)
        : t('banner.recovered', values)
  return (
    <Banner
      tone={recovery.isSuccessful ? 'ok' : 'critical'}
      icon={recovery.isSuccessful ? <IconCircleCheckFilled size={20} /> : <IconCircleXFilled size={20} />}
      acts={
        <>
          <Link to="/audit-recovery/uid/$uid" params={{ uid: recovery.uid }} className="button-link">
            {t('banner.see', { id: recovery.id })}
          </Link>
          <Button
            size="xs"
            variant="default"
            disabled={whyNot !== null}
            onClick={() => openDialog({ kind: 'acknowledge', uid: recovery.uid, id: recovery.id })}
          >
            {t('banner.acknowledge')}
          </Button>
        </>
      }
    >
      {[words, follows ? t('banner.follows', { server: nameOf(recovery.failed) }) : '', lost === 0 ? '' : t('banner.lost', { count: lost })].filter(part => part !== '').join(' · ')}
    </Banner>
  )
}
