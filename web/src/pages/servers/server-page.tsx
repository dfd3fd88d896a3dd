import { IconDatabase } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useLayoutEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../../api/queries.ts'
import { RequestFailure } from '../../api/request.ts'
import { callServers } from '../../instance/names.ts'
import { namesOf } from '../../instance/server-names.ts'
import { ServerPanel } from '../../instance/server-panel.tsx'
import { Empty, Failure, Loading } from '../../ui/page-state.tsx'
import { ClusterLink } from '../cluster-link.tsx'
import { useTitle } from '../title.ts'
import { usePreference } from '../../ui/preferences.ts'

/** One server on a page of its own. */
export function ServerPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { host = '', port = '' } = useParams({ strict: false })
  const key = `${host}:${port}`
  const cluster = useQuery(queries.cluster(key))
  const removed = useQuery(queries.me).data?.removedHostText
  const by = usePreference('names')
  const members = cluster.data?.members
  const names = useMemo(() => namesOf(members ?? [], removed, by), [members, removed, by])
  useLayoutEffect(() => callServers(names), [names])
  const server = members?.find(member => member.key === key)
  useTitle(names.nameOf(key), t('servers.title'))
  const isUnknown = (cluster.error instanceof RequestFailure && cluster.error.status === 404) || (members !== undefined && server === undefined)
  return (
    <div className="page narrow">
      {cluster.isPending ? <Loading /> : null}
      {isUnknown ? (
        <Empty icon={<IconDatabase size={40} aria-hidden />} title={t('servers.notFound', { server: key })} text={t('servers.notFoundText')}>
          <Link to="/search" className="button-link">
            {t('servers.toServers')}
          </Link>
        </Empty>
      ) : cluster.isError && members === undefined ? (
        <Failure error={cluster.error} retry={() => void cluster.refetch()} />
      ) : null}
      {server === undefined || cluster.data === undefined ? null : (
        <>
          <div className="page-head">
            <h1>{names.nameOf(key)}</h1>
            <span className="dim mono">{key}</span>
            <span className="grow" />
            <ClusterLink row={cluster.data} search={{ node: key }} className="button-link">
              {t('servers.openCluster')}
            </ClusterLink>
            <Link to="/audit/instance/$host/$port" params={{ host, port }} className="button-link">
              {t('servers.activity')}
            </Link>
          </div>
          <ServerPanel
            server={server}
            cluster={cluster.data}
            isPage
            select={other => {
              if (other === null) return
              const colon = other.lastIndexOf(':')
              void navigate({ to: '/server/$host/$port', params: { host: other.slice(0, colon), port: other.slice(colon + 1) } })
            }}
          />
        </>
      )}
    </div>
  )
}
