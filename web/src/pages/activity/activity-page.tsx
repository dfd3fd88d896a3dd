import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNameOf } from '../../instance/names.ts'
import { useTitle } from '../title.ts'
import { readActivityFilter } from './activity-filter.ts'
import { ActivityList } from './activity-list.tsx'

export const AllActivity = () => <Activity server={null} />

export function ActivityOfServer() {
  const { host = '', port = '' } = useParams({ strict: false })
  return <Activity server={`${host}:${port}`} />
}

/** What was done, by whom and on what; of one server or of all. What is looked for stands in the address. */
function Activity({ server }: { readonly server: string | null }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  useTitle(...(server === null ? [t('activity.title')] : [server, t('activity.title')]))
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('activity.title')}</h1>
        {server === null ? null : <span className="dim mono">{nameOf(server)}</span>}
        <span className="grow" />
        {server === null && (search.page ?? 0) === 0 ? null : (
          <Link to="/audit" className="button-link">
            {server === null ? t('activityList.newest') : t('activity.all')}
          </Link>
        )}
      </div>
      <ActivityList
        filter={readActivityFilter({ ...search })}
        setFilter={change =>
          void navigate({
            to: '.',
            replace: true,
            search: (before: object) => Object.fromEntries(Object.entries({ ...before, ...change, page: undefined }).filter(([, value]) => value !== undefined)),
          })
        }
        {...(server === null ? {} : { fixed: { server } })}
        page={search.page ?? 0}
      />
    </div>
  )
}
