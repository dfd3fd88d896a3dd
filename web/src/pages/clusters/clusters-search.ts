import { useNavigate, useSearch } from '@tanstack/react-router'
import { clusterSorts, type ClusterSort } from './sort-clusters.ts'

export const clusterShows = ['all', 'trouble', 'failing', 'uncovered'] as const
export type ClusterShow = (typeof clusterShows)[number]

/** What of the page of all clusters stands in its address. */
export interface ClustersSearch {
  readonly q?: string
  readonly sort?: ClusterSort
  readonly show?: ClusterShow
  readonly layout?: 'cards' | 'table'
  readonly wall?: 1
}

export function readClustersSearch({ q, sort, show, layout, wall }: Record<string, unknown>): ClustersSearch {
  const [knownSort, knownShow] = [clusterSorts.find(each => each === sort), clusterShows.find(each => each === show)]
  return {
    ...(q === undefined || q === '' ? {} : { q: String(q) }),
    ...(knownSort === undefined ? {} : { sort: knownSort }),
    ...(knownShow === undefined ? {} : { show: knownShow }),
    ...(layout === 'cards' || layout === 'table' ? { layout } : {}),
    ...(wall === 1 || wall === true ? { wall: 1 } : {}),
  }
}

const kept = 'orchestrator-clusters'

interface Chosen {
  readonly q: string
  readonly sort: ClusterSort
  readonly show: ClusterShow
  readonly layout: 'cards' | 'table'
  readonly isWall: boolean
  set(change: { readonly [Key in keyof ClustersSearch]?: ClustersSearch[Key] | undefined }): void
}

/** The address says it; where it does not, what was chosen in this browser last. */
export function useClustersSearch(): Chosen {
  const search: ClustersSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const before = readKept()
  return {
    q: search.q ?? '',
    sort: search.sort ?? before.sort ?? 'trouble',
    show: search.show ?? before.show ?? 'all',
    layout: search.layout ?? before.layout ?? 'table',
    isWall: search.wall === 1,
    set(change) {
      const { sort, show, layout } = { ...before, ...search, ...change }
      localStorage.setItem(kept, JSON.stringify({ sort, show, layout }))
      void navigate({
        to: '.',
        replace: true,
        search: (present: object) => Object.fromEntries(Object.entries({ ...present, ...change }).filter(([, value]) => value !== undefined)),
      })
    },
  }
}

function readKept(): ClustersSearch {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(kept) ?? '{}')
    return typeof value === 'object' && value !== null ? readClustersSearch({ ...value }) : {}
  } catch {
    return {}
  }
}
