import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { readPlanSearch } from './actions/plan-search.ts'
import { pagesPath } from './api/address.ts'
import { cache } from './api/cache.ts'
import { queries } from './api/queries.ts'
import type { OperationInput } from './api/client.ts'
import { Frame } from './frame/frame.tsx'
import { readActivityFilter } from './pages/activity/activity-filter.ts'
import { readClustersSearch } from './pages/clusters/clusters-search.ts'
import { NoSuchPage } from './pages/no-such-page.tsx'
import { Loading } from './ui/page-state.tsx'

/** What of a cluster page stands in its address. */
export interface ClusterSearch {
  readonly tab?: 'servers' | 'problems' | 'recoveries' | 'activity' | 'pools' | 'settings'
  readonly node?: string
  readonly q?: string
  readonly view?: 'tree' | 'list' | 'text'
  readonly fold?: 'alike' | 'nothing'
  /** Levels that are shown at first. */
  readonly depth?: number
  readonly compact?: boolean
  /** Names are hidden; read once, when the page is loaded. */
  readonly anon?: 1
  readonly do?: 'takeover' | 'plan'
  /** Of a plan that the address asks for: which operation, and what it is given. */
  readonly operation?: string
  readonly input?: OperationInput
  /** Who takes over; without `do` the later moment of a comparison. */
  readonly to?: string
  /** The moment that is shown in place of the present, and the earlier moment of a comparison; ms since 1970. */
  readonly at?: number
  readonly from?: number
}

const clusterTabs = ['servers', 'problems', 'recoveries', 'activity', 'pools', 'settings'] as const

function clusterSearch(search: Record<string, unknown>): ClusterSearch {
  const tab = clusterTabs.find(each => each === search['tab'])
  const view = (['tree', 'list', 'text'] as const).find(each => each === search['view'])
  const fold = (['alike', 'nothing'] as const).find(each => each === search['fold'])
  const text = (name: string): string | undefined => (typeof search[name] === 'string' || typeof search[name] === 'number' ? String(search[name]) : undefined)
  const plan = readPlanSearch(search)
  const [node, q, to] = [text('node'), text('q'), text('to')]
  const later = search['do'] === 'takeover' ? undefined : momentIn(search['to'])
  const [at, from] = [momentIn(search['at']) ?? later, momentIn(search['from'])]
  return {
    ...(tab === undefined ? {} : { tab }),
    ...(node === undefined ? {} : { node }),
    ...(q === undefined || q === '' ? {} : { q }),
    ...(view === undefined ? {} : { view }),
    ...(fold === undefined ? {} : { fold }),
    ...(Number.isInteger(search['depth']) && Number(search['depth']) > 0 ? { depth: Number(search['depth']) } : {}),
    ...(search['compact'] === true || search['compact'] === 'true' || search['view'] === 'compact' ? { compact: true } : {}),
    ...(Number(search['anon']) === 1 ? { anon: 1 as const } : {}),
    ...(search['do'] === 'takeover' ? { do: 'takeover' as const } : {}),
    ...(search['do'] === 'plan' && plan !== null ? { do: 'plan' as const, ...plan } : {}),
    ...(to === undefined || later !== undefined ? {} : { to }),
    ...(at === undefined ? {} : { at }),
    ...(from === undefined ? {} : { from }),
  }
}

/** Milliseconds since 1970, or a time as 2026-11-23T03:11:02Z. */
function momentIn(value: unknown): number | undefined {
  const at = typeof value === 'number' ? value : typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : NaN
  return Number.isFinite(at) && at > 0 ? at : undefined
}

/** What of the page of all servers stands in its address; `s` is what the original's search was called by. */
export interface ServersSearch {
  readonly q?: string
  readonly node?: string
  readonly sort?: 'name' | 'lag' | 'trouble'
}

const serversSearch = (search: Record<string, unknown>): ServersSearch => {
  const asked = search['q'] ?? search['s']
  const { node, sort } = search
  return {
    ...(asked === undefined || asked === '' ? {} : { q: String(asked) }),
    ...(node === undefined ? {} : { node: String(node) }),
    ...(sort === 'name' || sort === 'lag' ? { sort } : {}),
  }
}

/** Whom the doctor examines; nobody: the configuration. */
export interface DoctorSearch {
  readonly server?: string
  readonly cluster?: string
  readonly all?: boolean
}

const doctorSearch = ({ server, cluster, all }: Record<string, unknown>): DoctorSearch => ({
  ...(typeof server === 'string' && server !== '' ? { server } : {}),
  ...(cluster === undefined || cluster === '' ? {} : { cluster: String(cluster) }),
  ...(all === true ? { all: true } : {}),
})

/** The cluster is on its way while the page for it still comes. A link that is only pointed at asks for nothing. */
function askEarly(hint: string, isPointedAt: boolean): void {
  if (!isPointedAt) void cache.prefetchQuery(queries.cluster(hint))
}

const root = createRootRoute({ component: Frame, notFoundComponent: NoSuchPage })
const clusterPage = (name: 'ClusterByName' | 'ClusterByAlias' | 'ClusterByServer') => lazyRouteComponent(() => import('./pages/cluster/cluster-page.tsx'), name)
const recoveriesPage = (name: 'AllRecoveries' | 'RecoveriesOfCluster' | 'RecoveriesOfAlias') =>
  lazyRouteComponent(() => import('./pages/recoveries/recoveries-page.tsx'), name)
const activityPage = (name: 'AllActivity' | 'ActivityOfServer') => lazyRouteComponent(() => import('./pages/activity/activity-page.tsx'), name)
const recoveryPage = lazyRouteComponent(() => import('./pages/recoveries/recovery-page.tsx'), 'RecoveryPage')
const historyPage = (name: 'AllHistory' | 'HistoryOfAlias') => lazyRouteComponent(() => import('./pages/problems/history-page.tsx'), name)
const poolsPage = (name: 'AllPools' | 'PoolsOfCluster') => lazyRouteComponent(() => import('./pages/pools/pools-page.tsx'), name)
const to = (target: '/clusters') => () => {
  throw redirect({ to: target, replace: true })
}
const toAbout = (hash?: string) => () => {
  throw redirect({ to: '/about', replace: true, ...(hash === undefined ? {} : { hash }) })
}
const page = (search: Record<string, unknown>): { readonly page?: number } =>
  Number.isInteger(search['page']) && Number(search['page']) > 0 ? { page: Number(search['page']) } : {}
const recoveriesSearch = (search: Record<string, unknown>): { readonly page?: number; readonly show?: 'unacknowledged' | 'running' } => ({
  ...page(search),
  ...(search['show'] === 'unacknowledged' || search['show'] === 'running' ? { show: search['show'] } : {}),
})
const activitySearch = (search: Record<string, unknown>) => ({ ...readActivityFilter(search), ...page(search) })

/** Every address below `<prefix>/web`; old addresses of the original stay addresses here, or lead to what they meant. */
const routes = [
  createRoute({ getParentRoute: () => root, path: '/', beforeLoad: to('/clusters') }),
  createRoute({
    getParentRoute: () => root,
    path: '/clusters',
    validateSearch: readClustersSearch,
    component: lazyRouteComponent(() => import('./pages/clusters/clusters-page.tsx'), 'ClustersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/clusters-analysis',
    component: lazyRouteComponent(() => import('./pages/problems/problems-page.tsx'), 'ProblemsPage'),
  }),
  createRoute({ getParentRoute: () => root, path: '/cluster/$name', validateSearch: clusterSearch, loader: ({ params, preload }) => askEarly(params.name, preload), component: clusterPage('ClusterByName') }),
  createRoute({ getParentRoute: () => root, path: '/cluster/alias/$alias', validateSearch: clusterSearch, loader: ({ params, preload }) => askEarly(params.alias, preload), component: clusterPage('ClusterByAlias') }),
  createRoute({ getParentRoute: () => root, path: '/cluster/instance/$host/$port', validateSearch: clusterSearch, loader: ({ params, preload }) => askEarly(`${params.host}:${params.port}`, preload), component: clusterPage('ClusterByServer') }),
  createRoute({
    getParentRoute: () => root,
    path: '/search',
    validateSearch: serversSearch,
    component: lazyRouteComponent(() => import('./pages/servers/servers-page.tsx'), 'ServersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/search/$text',
    beforeLoad: ({ params }) => {
      throw redirect({ to: '/search', search: { q: params.text }, replace: true })
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/server/$host/$port',
    component: lazyRouteComponent(() => import('./pages/servers/server-page.tsx'), 'ServerPage'),
  }),
  createRoute({ getParentRoute: () => root, path: '/pools', component: poolsPage('AllPools') }),
  createRoute({ getParentRoute: () => root, path: '/cluster-pools/$name', component: poolsPage('PoolsOfCluster') }),
  createRoute({ getParentRoute: () => root, path: '/agents', component: lazyRouteComponent(() => import('./pages/agents/agents-page.tsx'), 'AgentsPage') }),
  createRoute({ getParentRoute: () => root, path: '/agent/$host', component: lazyRouteComponent(() => import('./pages/agents/agent-page.tsx'), 'AgentPage') }),
  createRoute({ getParentRoute: () => root, path: '/seeds', component: lazyRouteComponent(() => import('./pages/agents/seeds-page.tsx'), 'SeedsPage') }),
  createRoute({ getParentRoute: () => root, path: '/seed-details/$id', component: lazyRouteComponent(() => import('./pages/agents/seed-page.tsx'), 'SeedPage') }),
  createRoute({
    getParentRoute: () => root,
    path: '/discover',
    component: lazyRouteComponent(() => import('./pages/discover/discover-page.tsx'), 'DiscoverPage'),
  }),
  createRoute({ getParentRoute: () => root, path: '/audit', validateSearch: activitySearch, component: activityPage('AllActivity') }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit/$page',
    beforeLoad: ({ params }) => {
      throw redirect({ to: '/audit', search: page({ page: Number(params.page) }), replace: true })
    },
  }),
  createRoute({ getParentRoute: () => root, path: '/audit/instance/$host/$port', validateSearch: activitySearch, component: activityPage('ActivityOfServer') }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit/instance/$host/$port/$page',
    beforeLoad: ({ params }) => {
      const { host, port } = params
      throw redirect({ to: '/audit/instance/$host/$port', params: { host, port }, search: page({ page: Number(params.page) }), replace: true })
    },
  }),
  createRoute({ getParentRoute: () => root, path: '/audit-recovery', validateSearch: recoveriesSearch, component: recoveriesPage('AllRecoveries') }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit-recovery/$page',
    beforeLoad: ({ params }) => {
      throw redirect({ to: '/audit-recovery', search: page({ page: Number(params.page) }), replace: true })
    },
  }),
  createRoute({ getParentRoute: () => root, path: '/audit-recovery/id/$uid', component: recoveryPage }),
  createRoute({ getParentRoute: () => root, path: '/audit-recovery/uid/$uid', component: recoveryPage }),
  createRoute({ getParentRoute: () => root, path: '/audit-recovery-steps/$uid', component: recoveryPage }),
  createRoute({ getParentRoute: () => root, path: '/recovery-story/$uid', component: lazyRouteComponent(() => import('./pages/recoveries/story-page.tsx'), 'StoryPage') }),
  createRoute({ getParentRoute: () => root, path: '/audit-recovery/cluster/$name', validateSearch: recoveriesSearch, component: recoveriesPage('RecoveriesOfCluster') }),
  createRoute({ getParentRoute: () => root, path: '/audit-recovery/cluster/$name/$page', component: recoveriesPage('RecoveriesOfCluster') }),
  createRoute({ getParentRoute: () => root, path: '/audit-recovery/alias/$alias', validateSearch: recoveriesSearch, component: recoveriesPage('RecoveriesOfAlias') }),
  createRoute({ getParentRoute: () => root, path: '/audit-recovery/alias/$alias/$page', component: recoveriesPage('RecoveriesOfAlias') }),
  createRoute({ getParentRoute: () => root, path: '/audit-failure-detection', validateSearch: page, component: historyPage('AllHistory') }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit-failure-detection/$page',
    beforeLoad: ({ params }) => {
      throw redirect({ to: '/audit-failure-detection', search: page({ page: Number(params.page) }), replace: true })
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit-failure-detection/id/$id',
    component: lazyRouteComponent(() => import('./pages/problems/detection-page.tsx'), 'DetectionPage'),
  }),
  createRoute({ getParentRoute: () => root, path: '/audit-failure-detection/alias/$alias', validateSearch: page, component: historyPage('HistoryOfAlias') }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit-failure-detection/alias/$alias/$page',
    beforeLoad: ({ params }) => {
      const { alias } = params
      throw redirect({ to: '/audit-failure-detection/alias/$alias', params: { alias }, search: page({ page: Number(params.page) }), replace: true })
    },
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/doctor',
    validateSearch: doctorSearch,
    component: lazyRouteComponent(() => import('./pages/doctor/doctor-page.tsx'), 'DoctorPage'),
  }),
  createRoute({ getParentRoute: () => root, path: '/about', component: lazyRouteComponent(() => import('./pages/about/about-page.tsx'), 'AboutPage') }),
  createRoute({ getParentRoute: () => root, path: '/home', beforeLoad: toAbout() }),
  createRoute({ getParentRoute: () => root, path: '/faq', beforeLoad: toAbout('help') }),
  createRoute({ getParentRoute: () => root, path: '/keep-calm', beforeLoad: toAbout('poster') }),
  createRoute({ getParentRoute: () => root, path: '/settings', component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage') }),
  createRoute({ getParentRoute: () => root, path: '/status', component: lazyRouteComponent(() => import('./pages/status/status-page.tsx'), 'StatusPage') }),
]

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: pagesPath.replace(/\/$/, ''),
  defaultPendingComponent: Loading,
  defaultPendingMs: 200,
  defaultPreload: 'intent',
  trailingSlash: 'never',
  scrollRestoration: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: typeof router
  }
}
