import { QueryClient, queryOptions } from '@tanstack/react-query'
import type { AgentDetails, AgentEntry, SeedEntry, SeedStep } from '../../../src/contract/agents.ts'
import type { PoolMembers } from '../../../src/contract/pools.ts'
import type { ClusterView, MeView } from '../../../src/contract/views.ts'
import { helloSoon } from '../live/hello.ts'
import { client } from './client.ts'
import { RequestFailure } from './request.ts'

let hasAsked = false

/** At first the stream's hello tells it; later it is asked for. */
async function me(): Promise<MeView> {
  const told = hasAsked ? null : await helloSoon()
  hasAsked = true
  return told ?? client.me()
}

/** Which recoveries are wanted. */
export interface RecoveriesOf {
  readonly page: number
  readonly cluster?: string
  readonly alias?: string
  readonly unacknowledged?: boolean
  readonly active?: boolean
}

/** What is kept of the server's state, by key. The live stream writes into the same cache (live/apply.ts), so nothing here polls by itself. */
export const queries = {
  me: queryOptions({ queryKey: ['me'], queryFn: me }),
  fleet: queryOptions({ queryKey: ['fleet'], queryFn: client.fleet }),
  cluster: (hint: string) => queryOptions({ queryKey: ['cluster', hint], queryFn: ({ client: cache }) => freshCluster(cache, hint) }),
  pools: (cluster: string | null) =>
    queryOptions({ queryKey: ['pools', cluster], queryFn: () => client.read<PoolMembers>('cluster-pool-instances', cluster === null ? {} : { name: cluster }), staleTime: 0, retry: false }),
  agents: queryOptions({ queryKey: ['agents'], queryFn: () => client.read<readonly AgentEntry[]>('agents'), refetchInterval: 10_000, staleTime: 0, retry: false }),
  agent: (host: string) => queryOptions({ queryKey: ['agents', host], queryFn: () => client.read<AgentDetails>('agent', { host }), refetchInterval: 30_000, staleTime: 0, retry: false }),
  seeds: queryOptions({ queryKey: ['seeds'], queryFn: () => client.read<readonly SeedEntry[]>('seeds'), refetchInterval: 5_000, staleTime: 0, retry: false }),
  seedsOf: (host: string) =>
    queryOptions({
      queryKey: ['seeds', 'of', host],
      queryFn: async () => {
        const [active, recent] = await Promise.all([
          client.read<readonly SeedEntry[]>('agent-active-seeds', { host }),
          client.read<readonly SeedEntry[]>('agent-recent-seeds', { host }),
        ])
        return { active, recent }
      },
      refetchInterval: 5_000,
      staleTime: 0,
      retry: false,
    }),
  seed: (id: string) =>
    queryOptions({
      queryKey: ['seeds', id],
      queryFn: async () => {
        const [[seed], steps] = await Promise.all([
          client.read<readonly SeedEntry[]>('agent-seed-details', { seedId: id }),
          client.read<readonly SeedStep[]>('agent-seed-states', { seedId: id }),
        ])
        return { seed: seed ?? null, steps: steps.toReversed() }
      },
      refetchInterval: ({ state }) => (state.data?.seed?.isComplete === false ? 2_000 : false),
      staleTime: 0,
      retry: false,
    }),
  settings: queryOptions({ queryKey: ['settings'], queryFn: client.settings, staleTime: 0, retry: false }),
  servers: queryOptions({ queryKey: ['servers'], queryFn: client.servers }),
  findings: queryOptions({ queryKey: ['findings'], queryFn: client.findings }),
  /** New moments are added all the time; nobody is told of them, so that one who looks asks now and then. */
  history: (cluster: string) => queryOptions({ queryKey: ['history', cluster], queryFn: () => client.history(cluster), refetchInterval: 30_000, staleTime: 5_000, retry: false }),
  past: (cluster: string, at: number) => queryOptions({ queryKey: ['past', cluster, at], queryFn: () => client.past(cluster, at), staleTime: 60_000, retry: false }),
  pastChanges: (cluster: string, from: number, to: number) =>
    queryOptions({ queryKey: ['past-changes', cluster, from, to], queryFn: () => client.pastChanges(cluster, from, to), staleTime: 60_000, retry: false }),
  recoveries: (page: number) => queryOptions({ queryKey: ['recoveries', page], queryFn: () => client.recoveries(page) }),
  recoveriesOf: (of: RecoveriesOf) => queryOptions({ queryKey: ['recoveries', 'of', of], queryFn: () => client.recoveriesOf({ ...of }), staleTime: 0 }),
  detections: (page: number, alias: string | null, id: string | null) =>
    queryOptions({ queryKey: ['detections', page, alias, id], queryFn: () => client.detections({ page, alias, id }), staleTime: 0 }),
  recovery: (uid: string) => queryOptions({ queryKey: ['recovery', uid], queryFn: () => client.recovery(uid) }),
  operations: queryOptions({ queryKey: ['operations'], queryFn: client.operations }),
  /** What only the servers themselves can tell is asked again and again, oftener while there is one. */
  returned: queryOptions({ queryKey: ['returned'], queryFn: client.returned, refetchInterval: ({ state }) => (state.data?.length ? returnedMilliseconds : 6 * returnedMilliseconds), retry: false }),
  cloneProgress: (server: string) =>
    queryOptions({ queryKey: ['clone-progress', server], queryFn: () => client.cloneProgress(server), refetchInterval: 1000, retry: false, staleTime: 0, gcTime: 0 }),
  group: queryOptions({ queryKey: ['group'], queryFn: client.group, refetchInterval: 2000, staleTime: 0 }),
  /** As the leader knows it, asked by way of this manager. */
  groupOfLeader: (isAsked: boolean) => queryOptions({ queryKey: ['group', 'leader'], queryFn: client.groupOfLeader, refetchInterval: 2000, staleTime: 0, retry: false, enabled: isAsked }),
  /** A point of it is 15 s; nothing tells it. */
  statusHour: queryOptions({ queryKey: ['status', 'hour'], queryFn: client.statusHour, refetchInterval: 15_000, staleTime: 0 }),
  status: queryOptions({ queryKey: ['status'], queryFn: client.status, refetchInterval: 5000 }),
}

const returnedMilliseconds = 5000
const fresherTriesMax = 3

/** Events may have told of a later snapshot while the answer was on its way: then it is asked for again, a few times at most. */
async function freshCluster(cache: QueryClient, hint: string): Promise<ClusterView> {
  let view = await client.cluster(hint)
  for (let tries = 1; tries < fresherTriesMax; tries++) {
    const shown = cache.getQueryData<ClusterView>(['cluster', hint])
    if (shown === undefined || shown.name !== view.name || shown.snapshot <= view.snapshot) break
    view = await client.cluster(hint)
  }
  return view
}

const retriesMax = 2

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        // What the server refused stays refused; only silence is worth asking again.
        retry: (count, error) => count < retriesMax && error instanceof RequestFailure && (error.status === 0 || error.status >= 502),
        retryDelay: attempt => Math.min(500 * 2 ** attempt, 4000),
      },
    },
  })
