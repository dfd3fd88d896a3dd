import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconRefresh } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { GroupView } from '../../../../src/contract/raft.ts'
import type { StatusView } from '../../../../src/contract/views.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { runNow } from '../../actions/run.ts'
import { queries } from '../../api/queries.ts'
import { live } from '../../live/live.ts'
import { useNow } from '../../ui/now.ts'
import { Failure, Loading } from '../../ui/page-state.tsx'
import { useStore } from '../../ui/store.ts'
import { clock, duration, number, shortDuration } from '../../words/format.ts'
import { useSay } from '../../words/say.ts'
import { useTitle } from '../title.ts'
import { type Fact, Facts } from '../../ui/facts.tsx'
import { type Complaint, complaintsOf } from './health.ts'
import { LastHour } from './last-hour.tsx'
import { Managers } from './managers.tsx'
import { megabytes } from './megabytes.ts'

/** How the program itself is. */
export function StatusPage() {
  const { t } = useTranslation()
  const status = useQuery(queries.status)
  const { data: me } = useQuery(queries.me)
  const { data: group } = useQuery(queries.group)
  useTitle(t('statusPage.title'))
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('statusPage.title')}</h1>
        <span className="dim">
          {[
            ...(status.data === undefined ? [] : [t('statusWork.standing', { node: status.data.node, part: t(status.data.isLeader ? 'statusWork.leads' : 'statusWork.follows') })]),
            ...(me === undefined ? [] : [...(me.user === '' ? [] : [t('statusWork.person', { user: me.user })]), t(me.mayWrite ? 'statusWork.mayChange' : 'statusWork.mayRead')]),
          ].join(' · ')}
        </span>
      </div>
      {status.isPending ? <Loading /> : null}
      {status.isError && status.data === undefined ? <Failure error={status.error} retry={() => void status.refetch()} /> : null}
      {status.data === undefined ? null : <Health status={status.data} group={group ?? null} />}
      <Managers />
      {status.data === undefined ? null : <StatusFacts status={status.data} />}
      <LastHour />
      {status.data === undefined ? null : <NodeActs status={status.data} />}
    </div>
  )
}

/** One sentence, computed of everything; or what is not well, each in a line. */
function Health({ status, group }: { readonly status: StatusView; readonly group: GroupView | null }) {
  const { t } = useTranslation()
  const say = useSay()
  const state = useStore(live, each => each.state)
  const complaints = complaintsOf(status, group, state !== 'reconnecting')
  if (complaints.length === 0) {
    return (
      <p className="health ink-ok" role="status">
        <IconCircleCheck size={20} aria-hidden />
        {t(status.isLeader ? 'statusWork.well' : 'statusWork.wellFollower', { leader: status.leader })}
      </p>
    )
  }
  const sentence = (complaint: Complaint): string => {
    switch (complaint.says) {
      case 'storeFailing':
        return t('statusWork.storeFailing', { says: say(complaint.reason) })
      case 'silentManagers':
        return t('statusWork.silentManagers', { count: complaint.names.length, names: complaint.names.join(', ') })
      case 'otherVersions':
        return t('statusWork.otherVersions', { versions: complaint.versions.join(', ') })
      case 'lostWrites':
      case 'behind':
      case 'warnings':
        return t(`statusWork.${complaint.says}`, { count: complaint.count })
      case 'noLeader':
      case 'quorumAtItsEnd':
      case 'pageOff':
        return t(`statusWork.${complaint.says}`)
    }
  }
  return (
    <div role="status">
      <ul className="health-list">
        {complaints.map(complaint => (
          <li key={complaint.says} className={`health ink-${complaint.tone}`}>
            <IconAlertTriangle size={20} aria-hidden />
            {sentence(complaint)}
          </li>
        ))}
      </ul>
    </div>
  )
}

function StatusFacts({ status }: { readonly status: StatusView }) {
  const { t } = useTranslation()
  const say = useSay()
  const now = useNow()
  const page = useStore(live, each => each)
  const { backend, now: figures } = status
  const time = (milliseconds: number | null): string => (milliseconds === null ? t('time.unknown') : milliseconds < 1 ? `< ${shortDuration(1)}` : shortDuration(milliseconds))
  const tenths = (value: number): string => number(Math.round(value * 10) / 10)
  return (
    <div className="fact-grid">
      <FactCard
        title={t('statusPage.node')}
        facts={[
          [t('statusPage.node'), `${status.node} (${t('statusPage.you')})`],
          [t('statusPage.leader'), status.leader || t('leader.none')],
          ...(status.leaderSince === null
            ? []
            : [[t('statusWork.leaderSince'), t('statusWork.leaderSinceSeen', { at: clock(status.leaderSince), time: duration((now - status.leaderSince) / 1000) })] as const]),
          [t('statusPage.version'), status.version],
          [t('statusPage.uptime'), duration((now - status.startedAt) / 1000)],
          [t('statusPage.memory'), megabytes(t, status.memoryBytes)],
        ]}
      />
      <FactCard
        title={t('statusPage.discovery')}
        facts={[
          [t('statusPage.servers'), <Link key="servers" to="/search">{number(status.servers)}</Link>],
          [t('statusPage.clusters'), <Link key="clusters" to="/clusters">{number(status.clusters)}</Link>],
          [t('statusPage.dead'), number(status.deadServers)],
          [t('statusWork.reading'), number(status.reading.active)],
          [t('statusWork.waiting'), number(status.reading.waiting)],
          [t('statusPage.polls'), tenths(status.pollsPerSecond)],
          [t('statusWork.times'), t('statusWork.timesPair', { median: time(figures.readingMillisecondsMedian), p95: time(figures.readingMillisecondsP95) })],
          [t('statusWork.failed'), number(figures.failedReadings)],
        ]}
      />
      <FactCard
        title={t('statusPage.store')}
        facts={[
          [t('statusPage.kind'), backend.kind],
          ...(backend.bytes === null ? [] : [[t('statusWork.size'), megabytes(t, backend.bytes)] as const]),
          [
            t('statusPage.state'),
            backend.state === 'ok' ? (
              t('statusPage.stateOk')
            ) : (
              <span key="state" className="ink-critical">
                {t('statusPage.stateFailing')}: {say(backend.says)}
              </span>
            ),
          ],
          ...(backend.failingSince === null ? [] : [[t('statusPage.failingSince'), clock(backend.failingSince)] as const]),
          [t('statusWork.writes'), tenths(figures.writesPerSecond)],
          [t('statusWork.writeTime'), time(figures.writeMillisecondsP95)],
          [t('statusPage.pending'), number(backend.pendingWrites)],
          ...(backend.lostWrites === 0 ? [] : [[t('statusPage.lost'), number(backend.lostWrites)] as const]),
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
          [
            t('statusPage.live'),
            t('statusPage.liveSince', {
              state: t(`live.${page.isPaused ? 'paused' : page.state === 'reconnecting' ? 'connecting' : page.state}`),
              at: clock(page.since),
            }),
          ],
        ]}
      />
    </div>
  )
}

/** What is done to this one manager, and to no other. */
function NodeActs({ status: { node, leader, isLeader } }: { readonly status: StatusView }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const whyNot = useMayAct()
  const whyNotNames = whyNot ?? (isLeader ? null : t('statusWork.forgetNamesElsewhere', { leader: leader === '' ? t('leader.none') : leader }))
  return (
    <section className="managers" aria-labelledby="node-acts-title">
      <h2 id="node-acts-title">{t('statusWork.acts', { node })}</h2>
      <div className="act-row">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          disabled={whyNot !== null}
          {...(whyNot === null ? {} : { title: whyNot })}
          onClick={() => openDialog({ kind: 'reload-configuration' })}
        >
          {t('statusWork.reload')}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={whyNotNames !== null}
          title={whyNotNames ?? t('statusWork.forgetNamesText', { node })}
          onClick={() => void runNow(cache, 'reset-hostname-resolve-cache', {}, t('statusWork.forgetNamesDone', { node }))}
        >
          {t('statusWork.forgetNames')}
        </Button>
        <Link to="/settings" className="button-link">
          {t('statusWork.seeSettings')}
        </Link>
      </div>
    </section>
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
