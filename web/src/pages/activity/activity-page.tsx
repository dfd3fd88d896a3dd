import { IconListDetails } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'
import { useNameOf } from '../../instance/names.ts'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { fullTime } from '../../words/format.ts'
import { useStoryWords } from '../../words/story-words.ts'
import { useTitle } from '../title.ts'

const pageSize = 20

export const AllActivity = () => <Activity server={null} />

export function ActivityOfServer() {
  const { host = '', port = '' } = useParams({ strict: false })
  return <Activity server={`${host}:${port}`} />
}

/** What was done, by whom and on what, newest first; of one server or of all. */
function Activity({ server }: { readonly server: string | null }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const words = useStoryWords()
  const { page = 0 } = useSearch({ strict: false })
  const entries = useQuery(queries.audit(page, server))
  useTitle(...(server === null ? [t('activity.title')] : [server, t('activity.title')]))
  const list = entries.data ?? []
  const isLast = list.length < pageSize
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('activity.title')}</h1>
        {server === null ? null : <span className="dim mono">{nameOf(server)}</span>}
        <span className="grow" />
        {server === null ? null : (
          <Link to="/audit" className="button-link">
            {t('activity.all')}
          </Link>
        )}
      </div>
      {entries.isPending ? <Loading /> : null}
      {entries.isError ? <Failure error={entries.error} retry={() => void entries.refetch()} /> : null}
      {entries.data === undefined ? null : list.length === 0 ? (
        <Empty icon={<IconListDetails size={40} aria-hidden />} title={page === 0 ? t('activity.none') : t('activity.noOlder')} text={t('activity.noneText')} />
      ) : (
        <div className="table-scroll">
          <table className="table compact">
            <thead>
              <tr>
                <th scope="col">{t('activity.time')}</th>
                <th scope="col">{t('activity.what')}</th>
                <th scope="col">{t('activity.server')}</th>
                <th scope="col">{t('activity.message')}</th>
              </tr>
            </thead>
            <tbody>
              {list.map(entry => (
                <tr key={entry.id}>
                  <td className="mono">{fullTime(entry.at)}</td>
                  <th scope="row">{entry.kind}</th>
                  <td className="mono">{entry.server === null ? '' : <ServerLink server={entry.server} />}</td>
                  <td className="wraps">{words.message(entry.message)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {page === 0 && isLast ? null : (
        <div className="pager">
          {page === 0 ? null : <PageLink server={server} page={page - 1} words={t('recoveries.newer')} />}
          <span className="dim">{t('recoveries.page', { page: page + 1 })}</span>
          {isLast ? null : <PageLink server={server} page={page + 1} words={t('recoveries.older')} />}
        </div>
      )}
    </div>
  )
}

/** To what else was done on that server. */
function ServerLink({ server }: { readonly server: string }) {
  const nameOf = useNameOf()
  const colon = server.lastIndexOf(':')
  return (
    <Link to="/audit/instance/$host/$port" params={{ host: server.slice(0, colon), port: server.slice(colon + 1) }}>
      {nameOf(server)}
    </Link>
  )
}

function PageLink({ server, page, words }: { readonly server: string | null; readonly page: number; readonly words: string }) {
  const search = page === 0 ? {} : { page }
  if (server === null)
    return (
      <Link to="/audit" search={search} className="button-link">
        {words}
      </Link>
    )
  const colon = server.lastIndexOf(':')
  return (
    <Link to="/audit/instance/$host/$port" params={{ host: server.slice(0, colon), port: server.slice(colon + 1) }} search={search} className="button-link">
      {words}
    </Link>
  )
}
