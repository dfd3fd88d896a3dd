import { goPattern } from '../../kit/go-pattern.ts'

/** One entry of RecoverMasterClusterFilters or RecoverIntermediateMasterClusterFilters. */
export interface ClusterFilter {
  readonly text: string
  readonly matches: (cluster: ClusterNames) => boolean
}

/** `alias` is the cluster's name where no alias was given, as in the analysis. */
export interface ClusterNames {
  readonly name: string
  readonly alias: string
}

/** Reads a list of filters; texts that are no pattern are answered, to be reported with the setting's name, and match by exact text only. */
export function clusterFilters(texts: readonly string[]): { readonly accepted: readonly ClusterFilter[]; readonly rejected: readonly string[] } {
  const accepted: ClusterFilter[] = []
  const rejected: string[] = []
  for (const text of texts.filter(text => text !== '')) {
    const matches = matcherOf(text)
    if (matches === null) rejected.push(text)
    accepted.push({ text, matches: cluster => text === cluster.name || text === cluster.alias || (matches?.(cluster) ?? false) })
  }
  return { accepted, rejected }
}

/** The forms of contract recovery.md 2.1, but for exact text; null: not a pattern. */
function matcherOf(text: string): ClusterFilter['matches'] | null {
  if (text === '*') return () => true
  if (text.startsWith('alias=')) return ({ alias }) => alias === text.slice('alias='.length)
  const ofAlias = text.startsWith('alias~=')
  const pattern = goPattern(ofAlias ? text.slice('alias~='.length) : text)
  if (!pattern.ok) return null
  return ({ name, alias }) => pattern.value.test(ofAlias ? alias : name)
}

/** The first filter that covers the cluster; null: none does, as with an empty list. */
export const coveringFilter = (filters: readonly ClusterFilter[], cluster: ClusterNames): ClusterFilter | null => filters.find(filter => filter.matches(cluster)) ?? null
