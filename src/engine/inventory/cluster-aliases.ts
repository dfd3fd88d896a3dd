import { goPattern } from '../../kit/go-pattern.ts'
import { type Instance, isLastCheckValid } from '../../model/topology/instance.ts'

const lostInRecovery = 'lost-in-recovery'

/**
 * Cluster name → alias, from what servers suggest (contract discovery.md 7): valid, writable servers with the most replicas have the last word;
 * an alias belongs to one cluster, and what people decided wins.
 */
export function clusterAliases(
  instances: readonly Instance[], countReplicas: (instance: Instance) => number, decided: ReadonlyMap<string, string>, patterns: readonly AliasPattern[],
): ReadonlyMap<string, string> {
  const suggesting = instances.filter(instance => instance.suggestedClusterAlias !== '' && instance.downtime?.reason !== lostInRecovery)
  const ranked = suggesting
    .map(instance => ({ instance, weight: [Number(isLastCheckValid(instance)), Number(!instance.readOnly), countReplicas(instance)] }))
    .sort((left, right) => compareWeights(left.weight, right.weight))
  const aliases = new Map<string, string>()
  const owners = new Map<string, string>()
  const assign = (clusterName: string, alias: string): void => {
    const owner = owners.get(alias)
    if (owner !== undefined && owner !== clusterName) aliases.delete(owner)
    const former = aliases.get(clusterName)
    if (former !== undefined) owners.delete(former)
    aliases.set(clusterName, alias)
    owners.set(alias, clusterName)
  }
  for (const { instance } of ranked) assign(instance.clusterName, instance.suggestedClusterAlias)
  if (patterns.length > 0) {
    for (const { clusterName } of instances) {
      const pattern = aliases.has(clusterName) ? undefined : patterns.find(({ matches }) => matches.test(clusterName))
      if (pattern !== undefined) assign(clusterName, pattern.alias)
    }
  }
  for (const [clusterName, alias] of decided) assign(clusterName, alias)
  return aliases
}

export interface AliasPattern {
  readonly matches: RegExp
  readonly alias: string
}

/** ClusterNameToAlias; a pattern that does not compile never matches. */
export function aliasPatterns(map: Readonly<Record<string, string>>): readonly AliasPattern[] {
  return Object.entries(map).flatMap(([pattern, alias]) => {
    const compiled = goPattern(pattern)
    return compiled.ok ? [{ matches: compiled.value, alias }] : []
  })
}

function compareWeights(left: readonly number[], right: readonly number[]): number {
  for (const [place, weight] of left.entries()) {
    const difference = weight - (right[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
