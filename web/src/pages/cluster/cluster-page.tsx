import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useLayoutEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../../../src/contract/views.ts'
import { queries } from '../../api/queries.ts'
import { RequestFailure } from '../../api/request.ts'
import { callServers } from '../../instance/names.ts'
import { namesOf } from '../../instance/server-names.ts'
import { later } from '../../ui/later.tsx'
import { Failure, Loading } from '../../ui/page-state.tsx'
import type { ClusterSearch } from '../../router.tsx'
import { clusterTitle, hasAlias } from '../cluster-name.ts'
import { useStore } from '../../ui/store.ts'
import { useTitle } from '../title.ts'
import { ClusterBanners } from './cluster-banners.tsx'
import { ClusterHeader } from './cluster-header.tsx'
import { pastMembers, withPast } from './history/past-members.ts'
import { useRenderEvents } from './render-events.ts'
import { TopologyTab } from './topology-tab.tsx'
import { useAskedDialog } from './use-asked-dialog.ts'
import { usePreference } from '../../ui/preferences.ts'

const FurtherTab = lazy(() => import('./further-tabs.tsx').then(({ FurtherTab: tab }) => ({ default: tab })))
const ClusterNotFound = later(() => import('./cluster-not-found.tsx').then(part => part.ClusterNotFound))
const FindingList = later(() => import('../problems/finding-list.tsx').then(part => part.FindingList))
const RecoveryTable = later(() => import('../recoveries/recovery-table.tsx').then(part => part.RecoveryTable))
const ServersTab = later(() => import('./servers-tab.tsx').then(part => part.ServersTab))

export function ClusterByName() {
  const { name = '' } = useParams({ strict: false })
  return <ClusterPage hint={name} />
}

export function ClusterByAlias() {
  const { alias = '' } = useParams({ strict: false })
  return <ClusterPage hint={alias} />
}

export function ClusterByServer() {
  const { host = '', port = '' } = useParams({ strict: false })
  return <ClusterPage hint={`${host}:${port}`} server={`${host}:${port}`} />
}

/** One cluster. Its canonical address is by alias; others lead there, keeping what was selected. */
function ClusterPage({ hint, server }: { readonly hint: string; readonly server?: string }) {
  const { t } = useTranslation()
  const cluster = useQuery(queries.cluster(hint))
  const { tab }: ClusterSearch = useSearch({ strict: false })
  const isMissing = cluster.error instanceof RequestFailure && cluster.error.status === 404
  useTitle(...(cluster.data === undefined ? [isMissing ? t('state.clusterNotFound', { name: hint }) : hint] : [clusterTitle(cluster.data), t(`cluster.${tab ?? 'topology'}`)]))
  useCanonicalAddress(hint, server ?? null, cluster.data)
  if (cluster.isPending)
    return (
      <div className="page">
        <Loading />
      </div>
    )
  if (cluster.isError && cluster.data === undefined) {
    if (cluster.error instanceof RequestFailure && cluster.error.status === 404) return <ClusterNotFound hint={hint} />
    return (
      <div className="page">
        <Failure error={cluster.error} retry={() => void cluster.refetch()} />
      </div>
    )
  }
  return <Found cluster={cluster.data} />
}

function useCanonicalAddress(hint: string, server: string | null, cluster: ClusterView | undefined): void {
  const navigate = useNavigate()
  const cache = useQueryClient()
  const search: ClusterSearch = useSearch({ strict: false })
  useEffect(() => {
    // A former name keeps its address, because the note about it belongs to it.
    if (cluster === undefined || !hasAlias(cluster) || cluster.alias === hint || cluster.formerName !== null) return
    cache.setQueryData(['cluster', cluster.alias], cluster)
    const node = search.node ?? server
    void navigate({ to: '/cluster/alias/$alias', params: { alias: cluster.alias }, search: { ...search, ...(node === null ? {} : { node }) }, replace: true })
  }, [cache, cluster, hint, navigate, search, server])
}

function Found({ cluster }: { readonly cluster: ClusterView }) {
  const search: ClusterSearch = useSearch({ strict: false })
  // Only when a name changes, not with every poll: every card follows the names.
  const all = withPast(cluster.members, useStore(pastMembers, state => state))
  const called = all.map(member => `${member.key} ${member.alias}`).join('\n')
  const removed = useQuery(queries.me).data?.removedHostText
  const by = usePreference('names')
  const names = useMemo(() => namesOf(all, removed, by), [called, removed, by])
  useLayoutEffect(() => callServers(names), [names])
  useRenderEvents(cluster.name)
  const { t } = useTranslation()
  useAskedDialog(cluster, search)
  return (
    <div className="cluster-page">
      <ClusterHeader cluster={cluster} suffix={names.suffix} tab={search.tab ?? 'topology'} />
      <ClusterBanners cluster={cluster} />
      {search.tab === undefined ? <TopologyTab cluster={cluster} search={search} suffix={names.suffix} /> : null}
      {search.tab === 'servers' ? <ServersTab cluster={cluster} search={search} /> : null}
      {search.tab === 'problems' ? (
        <div className="tab-page">
          {cluster.allFindings.length === 0 ? (
            <p className="dim">{t('cluster.noProblems')}</p>
          ) : (
            <FindingList findings={cluster.allFindings} cluster={cluster} />
          )}
        </div>
      ) : null}
      {search.tab === 'recoveries' ? (
        <div className="tab-page">
          {cluster.recoveries.length === 0 ? (
            <p className="dim">{t('cluster.noRecoveries')}</p>
          ) : (
            <RecoveryTable recoveries={cluster.recoveries} withCluster={false} />
          )}
        </div>
      ) : null}
      {search.tab === 'activity' || search.tab === 'pools' || search.tab === 'settings' ? (
        <Suspense
          fallback={
            <div className="tab-page">
              <Loading />
            </div>
          }
        >
          <FurtherTab cluster={cluster} tab={search.tab} />
        </Suspense>
      ) : null}
    </div>
  )
}
