import type { Query, QueryClient } from '@tanstack/react-query'
import type {
  ClusterRow,
  ClusterView,
  FindingView,
  FleetView,
  LiveEvent,
  MeView,
  OperationView,
  RecoverySummary,
  RecoveryView,
  ServersView,
} from '../../../src/contract/views.ts'
import { mergeCluster, mergeFleet, mergeServers, upsertBy } from './merge.ts'

/**
 * Writes one live event into the cache: what is shown follows from there, and nothing is fetched again but what the event cannot tell.
 * An answer that was asked for before the event may arrive after it and would undo it: for the rare events, what is being fetched is asked for
 * anew; the frequent ones carry a snapshot number, which api/queries.ts compares.
 */
export function applyEvent(cache: QueryClient, event: LiveEvent): void {
  write(cache, event)
  if (event.event !== 'recovery' && event.event !== 'findings' && event.event !== 'status') return
  const isOnItsWay = (query: Query): boolean => query.state.fetchStatus === 'fetching' && query.state.data !== undefined
  void cache.invalidateQueries({ predicate: isOnItsWay })
}

function write(cache: QueryClient, event: LiveEvent): void {
  switch (event.event) {
    case 'hello': {
      const { snapshot: _, gap, ...me } = event.data
      cache.setQueryData<MeView>(['me'], me)
      if (gap) void cache.invalidateQueries()
      return
    }
    case 'heartbeat':
      return
    case 'audit':
      // Only a list that is looked at is asked for again.
      void cache.invalidateQueries({ queryKey: ['audit'] })
      return
    case 'cluster':
      cache.setQueryData<ServersView>(['servers'], view => (view === undefined ? undefined : mergeServers(view, event.data)))
      // Whoever left is in another cluster, or forgotten: only the server can tell.
      if (event.data.removed.length > 0) void cache.invalidateQueries({ queryKey: ['servers'] })
      for (const [key, view] of cachedClusters(cache)) {
        if (view.name === event.data.name) {
          cache.setQueryData<ClusterView>(key, mergeCluster(view, event.data))
          // Servers that left may stand in the cluster's next name: only the server can tell, and until then nothing vanishes.
          if (event.data.removed.length > 0) void cache.invalidateQueries({ queryKey: key })
        }
        // The cluster has a new name (a new primary): the answer to the same question is another one now.
        else if (isSameCluster(view, event.data.row) || event.data.changed.some(server => view.members.some(member => member.key === server.key)))
          void cache.invalidateQueries({ queryKey: key })
      }
      return
    case 'clusters':
      cache.setQueryData<FleetView>(['fleet'], fleet => (fleet === undefined ? undefined : mergeFleet(fleet, event.data)))
      for (const [key, view] of cachedClusters(cache)) if (event.data.removed.includes(view.name)) void cache.invalidateQueries({ queryKey: key })
      return
    case 'findings':
      cache.setQueryData<readonly FindingView[]>(['findings'], event.data.findings)
      for (const [key, view] of cachedClusters(cache)) {
        const own = event.data.findings.filter(finding => finding.clusterName === view.name)
        if (own.length > 0 || view.allFindings.length > 0)
          cache.setQueryData<ClusterView>(key, { ...view, allFindings: own, findings: own.length, worstFinding: own[0] ?? null })
      }
      return
    case 'recovery': {
      const { step, ...recovery } = event.data
      applyRecovery(cache, recovery, step)
      void cache.invalidateQueries({ queryKey: ['detections'] })
      // The server alone knows whether it is among those that are asked for.
      void cache.invalidateQueries({ queryKey: ['recoveries', 'of'] })
      if (recovery.endedAt !== null) void cache.invalidateQueries({ queryKey: ['returned'] })
      return
    }
    case 'operation':
      cache.setQueryData<readonly OperationView[]>(['operations'], list => upsertBy(list ?? [], event.data, operation => operation.number))
      // A server that was let follow, or could not be, is judged anew.
      if (event.data.state !== 'running') void cache.invalidateQueries({ queryKey: ['returned'] })
      // An acknowledgement touches no server, so no other event tells of it.
      if (event.data.state === 'done' && event.data.name.startsWith('ack-'))
        void cache.invalidateQueries({ predicate: query => ['recoveries', 'recovery', 'cluster', 'findings'].includes(String(query.queryKey[0])) })
      return
    case 'status':
      cache.setQueryData<MeView>(['me'], me => (me === undefined ? undefined : { ...me, recoveries: event.data.recoveries }))
      return
  }
}

const cachedClusters = (cache: QueryClient): [readonly unknown[], ClusterView][] =>
  cache.getQueriesData<ClusterView>({ queryKey: ['cluster'] }).flatMap(([key, view]) => (view === undefined ? [] : [[key, view]]))

const isSameCluster = (view: ClusterView, row: ClusterRow): boolean => view.alias !== '' && view.alias === row.alias

function applyRecovery(cache: QueryClient, recovery: RecoverySummary, step: RecoveryView['steps'][number] | null): void {
  cache.setQueryData<RecoveryView>(['recovery', recovery.uid], view => {
    if (view === undefined) return undefined
    return { ...view, ...recovery, steps: step === null ? view.steps : upsertBy(view.steps, step, each => each.id) }
  })
  // An ended recovery also has its lost replicas and errors, which the summary does not carry.
  if (recovery.endedAt !== null) void cache.invalidateQueries({ queryKey: ['recovery', recovery.uid] })
  cache.setQueriesData<readonly RecoverySummary[]>({ queryKey: ['recoveries', 0] }, list =>
    list === undefined ? undefined : newestFirst(upsertBy(list, recovery, each => each.uid)),
  )
  for (const [key, view] of cachedClusters(cache)) {
    if (concerns(recovery, view))
      cache.setQueryData<ClusterView>(key, { ...view, recoveries: newestFirst(upsertBy(view.recoveries, recovery, each => each.uid)) })
  }
}

/** By name, alias or server: by the end of a recovery its cluster may have another name, and the failed server may stand in another cluster. */
const concerns = (recovery: RecoverySummary, view: ClusterView): boolean =>
  view.name === recovery.clusterName ||
  (recovery.clusterAlias !== '' && recovery.clusterAlias === view.alias) ||
  view.members.some(member => member.key === recovery.failed || member.key === recovery.successor)

const newestFirst = (list: readonly RecoverySummary[]): readonly RecoverySummary[] => list.toSorted((left, right) => right.startedAt - left.startedAt)
