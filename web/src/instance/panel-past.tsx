import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ServerView } from '../../../src/contract/views.ts'
import { client } from '../api/client.ts'
import { queries } from '../api/queries.ts'
import { Failure, Loading } from '../ui/page-state.tsx'
import { clock, fullTime } from '../words/format.ts'
import { useStoryWords } from '../words/story-words.ts'
import { useNameOf } from './names.ts'

const rows = 30

/** What was done on a server and which recoveries it was part of, as one row of times, newest first. */
export function PanelActivity({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const words = useStoryWords()
  const nameOf = useNameOf()
  const query = { server: server.key, rows: String(rows) }
  const done = useQuery({ queryKey: ['audit', 'list', 'panel', server.key], queryFn: () => client.audit(query) })
  const { data: recoveries } = useQuery(queries.recoveries(0))
  if (done.isPending) return <Loading lines={3} />
  if (done.isError && done.data === undefined) return <Failure error={done.error} retry={() => void done.refetch()} />
  const entries = [
    ...(done.data ?? []).map(entry => ({ key: `a${entry.id}`, at: entry.at, title: entry.kind, text: words.message(entry.message), uid: null })),
    ...(recoveries ?? [])
      .filter(({ failed, successor }) => failed === server.key || successor === server.key)
      .map(recovery => ({
        key: recovery.uid, at: recovery.startedAt, title: t('activityList.recovery', { id: recovery.id }),
        text: `${recovery.code}: ${nameOf(recovery.failed)} → ${recovery.successor === null ? t('recoveries.noSuccessor') : nameOf(recovery.successor)}`, uid: recovery.uid,
      })),
  ].toSorted((left, right) => right.at - left.at)
  return (
    <>
      {entries.length === 0 ? <p className="dim">{t('activity.none')}</p> : null}
      <ol className="panel-past">
        {entries.map(({ key, at, title, text, uid }) => (
          <li key={key}>
            <time dateTime={new Date(at).toISOString()} title={fullTime(at)} className="dim">
              {clock(at)}
            </time>
            <span>
              {uid === null ? (
                <strong>{title}</strong>
              ) : (
                <Link to="/audit-recovery/uid/$uid" params={{ uid }}>
                  {title}
                </Link>
              )}
              {text === '' ? null : <span className="panel-past-text">{text}</span>}
            </span>
          </li>
        ))}
      </ol>
      <Link to="/audit/instance/$host/$port" params={{ host: server.host, port: String(server.port) }} className="button-link">
        {t('panelMore.allActivity')}
      </Link>
    </>
  )
}

/** What the agent on its host tells, where agents are served. */
export function PanelAgent({ server }: { readonly server: ServerView }) {
  const { t } = useTranslation()
  const agent = useQuery(queries.agent(server.host))
  if (agent.isPending) return <Loading lines={2} />
  return agent.isError && agent.data === undefined ? (
    <p className="dim">{t('panelMore.noAgent', { host: server.host })}</p>
  ) : (
    <Link to="/agent/$host" params={{ host: server.host }} className="button-link">
      {t('panelMore.toAgent', { host: server.host })}
    </Link>
  )
}
