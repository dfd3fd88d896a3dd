import { IconServer2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'
import { useNow } from '../../ui/now.ts'
import { Empty, Loading } from '../../ui/page-state.tsx'
import { duration, fullTime, number } from '../../words/format.ts'
import { useTitle } from '../title.ts'
import { AgentTabs } from './agent-tabs.tsx'
import { NotServed } from './not-served.tsx'

/** The agents that registered. */
export function AgentsPage() {
  const { t } = useTranslation()
  const now = useNow()
  const agents = useQuery(queries.agents)
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
          <table className="table">
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
              </tr>
            </thead>
            <tbody>
              {agents.data.map(agent => (
                <tr key={agent.host}>
                  <th scope="row">
                    <Link to="/agent/$host" params={{ host: agent.host }} className="strong">
                      {agent.host}
                    </Link>
                    <span className="sub">:{agent.port}</span>
                  </th>
                  <td>{ago(agent.seenAt)}</td>
                  <td>{ago(agent.submittedAt)}</td>
                  <td className="right">{agent.mysqlPort ?? <span className="dim">{t('agents.unknown')}</span>}</td>
                  <td className="right">{number(agent.snapshots)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}
