import { IconCircleCheck, IconCircleX, IconServer2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'
import { useNow } from '../../ui/now.ts'
import { Empty, Loading } from '../../ui/page-state.tsx'
import { duration, fullTime, number } from '../../words/format.ts'
import { useTitle } from '../title.ts'
import { bytesText } from './bytes.ts'
import { AgentTabs } from './agent-tabs.tsx'
import { NotServed } from './not-served.tsx'

/** Only so many are asked how their hosts are: each asks its host in turn. The others tell on their own pages. */
const askedMax = 30

/** The agents that registered. */
export function AgentsPage() {
  const { t } = useTranslation()
  const now = useNow()
  const agents = useQuery(queries.agents)
  const seeds = useQuery(queries.seeds)
  useTitle(t('agents.title'))
  const ago = (at: number | null) =>
    at === null ? <span className="dim">{t('agents.never')}</span> : <span title={fullTime(at)}>{t('time.ago', { time: duration((now - at) / 1000) })}</span>
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('agents.title')}</h1>
      </div>
      <AgentTabs />
      {agents.isPending ? <Loading /> : null}
      {agents.isError ? <NotServed error={agents.error} retry={() => void agents.refetch()} /> : null}
      {agents.data?.length === 0 ? <Empty icon={<IconServer2 size={40} aria-hidden />} title={t('agents.none')} text={t('agents.noneText')} /> : null}
      {agents.data === undefined || agents.data.length === 0 ? null : (
        <div className="table-scroll">
          <table className="table as-cards">
            <thead>
              <tr>
                <th scope="col">{t('agents.host')}</th>
                <th scope="col">{t('agents.seen')}</th>
                <th scope="col">{t('agents.submitted')}</th>
                <th scope="col" className="right">
                  {t('agents.mysqlPort')}
                </th>
                <th scope="col" className="right">
                  {t('agents.snapshots')}
                </th>
                <th scope="col">{t('agents.mysql')}</th>
                <th scope="col">{t('agents.free')}</th>
                <th scope="col">{t('agents.activeSeeds')}</th>
              </tr>
            </thead>
            <tbody>
              {agents.data.map((agent, index) => (
                <tr key={agent.host}>
                  <th scope="row">
                    <Link to="/agent/$host" params={{ host: agent.host }} className="strong">
                      {agent.host}
                    </Link>
                    <span className="sub">:{agent.port}</span>
                  </th>
                  <td data-label={t('agents.seen')}>{ago(agent.seenAt)}</td>
                  <td data-label={t('agents.submitted')}>{ago(agent.submittedAt)}</td>
                  <td className="right" data-label={t('agents.mysqlPort')}>
                    {agent.mysqlPort ?? <span className="dim">{t('agents.unknown')}</span>}
                  </td>
                  <td className="right" data-label={t('agents.snapshots')}>
                    {number(agent.snapshots)}
                  </td>
                  <Told host={agent.host} isAsked={index < askedMax} />
                  <td data-label={t('agents.activeSeeds')}>
                    {seeds.data
                      ?.filter(({ isComplete, target, source }) => !isComplete && (target === agent.host || source === agent.host))
                      .map(({ id }) => (
                        <Link key={id} to="/seed-details/$id" params={{ id: String(id) }} className="strong">
                          #{id}
                        </Link>
                      ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

/** What an agent says of its host now. */
function Told({ host, isAsked }: { readonly host: string; readonly isAsked: boolean }) {
  const { t } = useTranslation()
  const { data, isError } = useQuery({ ...queries.agent(host), enabled: isAsked })
  const silent = <span className="ink-warning">{t('agents.noAnswer')}</span>
  const unknown = <span className="dim">{isError ? silent : isAsked ? '…' : t('agents.unknown')}</span>
  const isRunning = data?.isMysqlRunning
  return (
    <>
      <td data-label={t('agents.mysql')}>
        {data === undefined ? (
          unknown
        ) : isRunning === null || isRunning === undefined ? (
          silent
        ) : (
          <span className={`status-mark ink-${isRunning ? 'ok' : 'critical'}`}>
            {isRunning ? <IconCircleCheck size={15} aria-hidden /> : <IconCircleX size={15} aria-hidden />}
            {isRunning ? t('seeding.mysqlRuns') : t('seeding.mysqlStopped')}
          </span>
        )}
      </td>
      <td data-label={t('agents.free')}>{data === undefined ? unknown : data.dataFolderFreeBytes === null ? silent : bytesText(data.dataFolderFreeBytes)}</td>
    </>
  )
}
