import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentDetails } from '../../../../src/contract/agents.ts'
import { openDialog } from '../../actions/dialogs.ts'
import { useMayAct } from '../../actions/may-act.ts'
import { queries } from '../../api/queries.ts'
import { Loading } from '../../ui/page-state.tsx'
import { duration, fullTime } from '../../words/format.ts'
import { useTitle } from '../title.ts'
import { askAgent, askCommand, type AgentAct } from './agent-acts.ts'
import { bytesText } from './bytes.ts'
import { ErrorLog } from './error-log.tsx'
import { NotServed } from './not-served.tsx'
import { SeedTable } from './seed-table.tsx'
import { Facts } from '../../ui/facts.tsx'

/** One host as its agent tells of it, and what the agent can be told. */
export function AgentPage() {
  const { t } = useTranslation()
  const { host = '' } = useParams({ strict: false })
  const agent = useQuery(queries.agent(host))
  const seeds = useQuery(queries.seedsOf(host))
  useTitle(host, t('agents.title'))
  return (
    <div className="page">
      <div className="page-head">
        <h1>{host}</h1>
        <span className="grow" />
        <Button size="xs" variant="default" leftSection={<IconRefresh size={15} />} loading={agent.isFetching} onClick={() => void agent.refetch()}>
          {t('agents.act.refresh')}
        </Button>
        <Link to="/agents" className="button-link">
          {t('agents.list')}
        </Link>
      </div>
      {agent.isPending ? <Loading /> : null}
      {agent.isError ? <NotServed error={agent.error} retry={() => void agent.refetch()} /> : null}
      {agent.data === undefined ? null : <Host agent={agent.data} />}
      {seeds.data === undefined ? null : (
        <>
          {seeds.data.active.length === 0 ? null : (
            <section>
              <h2>{t('agents.activeSeeds')}</h2>
              <SeedTable seeds={seeds.data.active} />
            </section>
          )}
          {seeds.data.recent.length === 0 ? null : (
            <section>
              <h2>{t('agents.recentSeeds')}</h2>
              <SeedTable seeds={seeds.data.recent} />
            </section>
          )}
        </>
      )}
    </div>
  )
}

function Host({ agent }: { readonly agent: AgentDetails }) {
  const { t } = useTranslation()
  const whyNot = useMayAct()
  const now = Date.now()
  const silent = <span className="ink-warning">{t('agents.noAnswer')}</span>
  const { host, mountPoint, isMysqlRunning, volumes } = agent
  const list = (hosts: readonly string[] | null): ReactNode => (hosts === null ? silent : hosts.length === 0 ? '–' : hosts.join(', '))
  const act = (name: AgentAct, volume: string | null = null) => (
    <Button
      key={`${name} ${volume ?? ''}`}
      size="compact-xs"
      variant="default"
      disabled={whyNot !== null}
      {...(whyNot === null ? {} : { title: whyNot })}
      aria-label={volume === null ? undefined : `${t(`agents.act.${name}`)} ${volume}`}
      onClick={() => askAgent(name, host, volume, t)}
    >
      {t(`agents.act.${name}`)}
    </Button>
  )
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      t('agents.mysql'),
      <span key="mysql" className="row wrap">
        {isMysqlRunning === null ? silent : isMysqlRunning ? t('agents.running') : t('agents.stopped')}
        {isMysqlRunning === false ? null : act('stop')}
        {isMysqlRunning === true ? null : act('start')}
      </span>,
    ],
    [t('agents.mysqlPort'), agent.mysqlPort ?? silent],
    [t('agents.dataSize'), agent.mysqlDiskUsageBytes === null ? silent : bytesText(agent.mysqlDiskUsageBytes)],
    [t('agents.free'), agent.dataFolderFreeBytes === null ? silent : bytesText(agent.dataFolderFreeBytes)],
    [t('agents.local'), list(agent.localSnapshotHosts)],
    [t('agents.elsewhere'), list(agent.snapshotHosts)],
    [
      t('agents.mount'),
      mountPoint === null ? (
        silent
      ) : mountPoint.isMounted ? (
        <span key="mount" className="row wrap">
          <code>{`${mountPoint.volumePath} → ${mountPoint.path}`}</code>
          {mountPoint.diskUsageBytes === null ? null : bytesText(mountPoint.diskUsageBytes)}
          {act('unmount')}
        </span>
      ) : (
        t('agents.notMounted')
      ),
    ],
    [t('agents.submitted'), fullTime(agent.submittedAt)],
    [t('agents.seen'), agent.seenAt === null ? t('agents.never') : t('time.ago', { time: duration((now - agent.seenAt) / 1000) })],
  ]
  return (
    <>
      <div className="act-row">
        {act('create')}
        <Button size="compact-xs" variant="default" disabled={whyNot !== null} onClick={() => askCommand(host, t)}>
          {t('agents.act.custom')}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          disabled={whyNot !== null}
          onClick={() => openDialog({ kind: 'seed', host, sources: [...(agent.localSnapshotHosts ?? []), ...(agent.snapshotHosts ?? [])] })}
        >
          {t('agents.act.seed')}
        </Button>
      </div>
      <section className="fact-card" aria-label={t('agents.facts')}>
        <Facts facts={facts} />
      </section>
      <section>
        <h2>{t('agents.volumes')}</h2>
        {volumes === null ? (
          <p>{silent}</p>
        ) : volumes.length === 0 ? (
          <p className="dim">{t('agents.noVolumes')}</p>
        ) : (
          <div className="table-scroll">
            <table className="table compact">
              <thead>
                <tr>
                  <th scope="col">{t('agents.path')}</th>
                  <th scope="col" className="right">
                    {t('agents.full')}
                  </th>
                  <th scope="col">
                    <span className="visually-hidden">{t('list.menu')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {volumes.map(volume => (
                  <tr key={volume.path}>
                    <th scope="row" className="mono wraps">
                      {volume.path} {volume.isSnapshot ? <span className="chip">{t('agents.snapshot')}</span> : null}
                    </th>
                    <td className="right">{volume.snapshotPercent === null ? '–' : `${volume.snapshotPercent} %`}</td>
                    <td>
                      {volume.isSnapshot ? (
                        <span className="row">
                          {act('mount', volume.path)}
                          {act('remove', volume.path)}
                        </span>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <ErrorLog host={host} lines={agent.errorLogTail} />
    </>
  )
}
