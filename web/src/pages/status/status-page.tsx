import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { StatusView } from '../../../../src/contract/views.ts'
import { queries } from '../../api/queries.ts'
import { live } from '../../live/live.ts'
import { useNow } from '../../ui/now.ts'
import { Failure, Loading } from '../../ui/page-state.tsx'
import { useStore } from '../../ui/store.ts'
import { clock, duration, number } from '../../words/format.ts'
import { useSay } from '../../words/say.ts'
import { useTitle } from '../title.ts'
import { Managers } from './managers.tsx'
import { type Fact, Facts } from '../../ui/facts.tsx'

/** How the program itself is. */
export function StatusPage() {
  const { t } = useTranslation()
  const status = useQuery(queries.status)
  useTitle(t('statusPage.title'))
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('statusPage.title')}</h1>
      </div>
      {status.isPending ? <Loading /> : null}
      {status.isError && status.data === undefined ? <Failure error={status.error} retry={() => void status.refetch()} /> : null}
      {status.data === undefined ? null : <StatusFacts status={status.data} />}
      <Managers />
    </div>
  )
}

function StatusFacts({ status }: { readonly status: StatusView }) {
  const { t } = useTranslation()
  const say = useSay()
  const now = useNow()
  const page = useStore(live, each => each)
  const ill = status.leader === '' ? t('statusPage.noLeader') : status.backend.state === 'failing' ? say(status.backend.says) : null
  return (
    <>
      <p className={`health ${ill === null ? 'ink-ok' : 'ink-critical'}`} role="status">
        {ill === null ? <IconCircleCheck size={20} aria-hidden /> : <IconAlertTriangle size={20} aria-hidden />}
        {ill !== null
          ? t('statusPage.unhealthy', { says: ill })
          : status.isLeader
            ? t('statusPage.healthy')
            : t('statusPage.follower', { leader: status.leader })}
      </p>
      <div className="fact-grid">
        <FactCard
          title={t('statusPage.node')}
          facts={[
            [t('statusPage.node'), `${status.node} (${t('statusPage.you')})`],
            [t('statusPage.leader'), status.leader || t('leader.none')],
            [t('statusPage.version'), status.version],
            [t('statusPage.uptime'), duration((now - status.startedAt) / 1000)],
            [t('statusPage.memory'), t('statusPage.megabytes', { value: number(Math.round(status.memoryBytes / 1_048_576)) })],
          ]}
        />
        <FactCard
          title={t('statusPage.discovery')}
          facts={[
            [t('statusPage.servers'), number(status.servers)],
            [t('statusPage.clusters'), number(status.clusters)],
            [t('statusPage.dead'), number(status.deadServers)],
            [t('statusPage.polls'), number(Math.round(status.pollsPerSecond * 10) / 10)],
            [
              t('statusPage.pollTime'),
              status.pollMillisecondsMedian === null
                ? t('time.unknown')
                : t('panel.milliseconds', { value: number(Math.round(status.pollMillisecondsMedian * 10) / 10) }),
            ],
          ]}
        />
        <FactCard
          title={t('statusPage.store')}
          facts={[
            [t('statusPage.kind'), status.backend.kind],
            [
              t('statusPage.state'),
              status.backend.state === 'ok' ? (
                t('statusPage.stateOk')
              ) : (
                <span key="state" className="ink-critical">
                  {t('statusPage.stateFailing')}: {say(status.backend.says)}
                </span>
              ),
            ],
            ...(status.backend.failingSince === null ? [] : [[t('statusPage.failingSince'), clock(status.backend.failingSince)] as const]),
            [t('statusPage.pending'), number(status.backend.pendingWrites)],
            ...(status.backend.lostWrites === 0 ? [] : [[t('statusPage.lost'), number(status.backend.lostWrites)] as const]),
          ]}
        />
        <FactCard
          title={t('statusPage.configuration')}
          facts={[
            [t('statusPage.files'), status.configuration.files.length === 0 ? t('statusPage.noFiles') : status.configuration.files.join(', ')],
            [
              t('statusPage.warnings'),
              status.configuration.warnings.length === 0 ? (
                t('statusPage.noWarnings')
              ) : (
                <ul key="warnings" className="plain-list">
                  {status.configuration.warnings.map(warning => (
                    <li key={warning}>{warning}</li>
                  ))}
                </ul>
              ),
            ],
          ]}
        />
        <FactCard
          title={t('statusPage.live')}
          facts={[
            [
              t('statusPage.state'),
              t('statusPage.liveSince', {
                state: t(`live.${page.isPaused ? 'paused' : page.state === 'reconnecting' ? 'connecting' : page.state}`),
                at: clock(page.since),
              }),
            ],
          ]}
        />
      </div>
    </>
  )
}

function FactCard({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  return (
    <section className="fact-card">
      <h2>{title}</h2>
      <Facts facts={facts} />
    </section>
  )
}
