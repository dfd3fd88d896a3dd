import { fail, ok, type Result } from '../../kit/result.ts'
import type { Instance } from './instance.ts'
import { compareKeys, hostOf, type InstanceKey, parseInstanceKey, portOf } from './instance-key.ts'
import type { Topology } from './topology.ts'

const ipv4 = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/

/**
 * The server that a partly written name means: exactly one known server has the same port and a host that contains the text.
 * An IPv4 address is never taken as a part; anything else is used as given (contract discovery.md 3).
 */
export function fuzzyKey(topology: Topology, given: InstanceKey): InstanceKey {
  if (topology.instances.has(given)) return given
  const [host, port] = [hostOf(given), portOf(given)]
  if (host === '' || ipv4.test(host)) return given
  let found: InstanceKey | null = null
  for (const key of topology.instances.keys()) {
    if (portOf(key) !== port || !hostOf(key).includes(host)) continue
    if (found !== null) return given
    found = key
  }
  return found ?? given
}

/** The cluster that is meant by an exact name, an alias, a server's key or a part of one; the failure is the original's sentence (contract discovery.md 7). */
export function clusterOfHint(topology: Topology, hint: string): Result<string, string> {
  if (hint === '') return fail('Unable to determine cluster name by empty hint')
  if (hint.includes("'")) return fail(`Invalid cluster name: ${hint}`)
  if (topology.clusters.has(hint)) return ok(hint)
  for (const name of [...topology.clusters.keys()].sort()) if (clusterAlias(topology, name) === hint) return ok(name)
  const key = parseInstanceKey(hint)
  const instance = key.ok ? topology.get(fuzzyKey(topology, key.value)) : undefined
  return instance === undefined ? fail(`Unable to determine cluster name. clusterHint=${hint}`) : ok(instance.clusterName)
}

/**
 * The decided alias, else the one its servers suggest, else the cluster's name. An alias belongs to one cluster: a deposed primary still suggests
 * the alias that its successor's cluster has by now.
 */
export function clusterAlias(topology: Topology, clusterName: string): string {
  const { aliases } = topology.decisions
  const decided = aliases.get(clusterName)
  if (decided !== undefined && decided !== '') return decided
  const suggested = topology.clusters.get(clusterName)?.find(instance => instance.suggestedClusterAlias !== '')?.suggestedClusterAlias
  return suggested === undefined || [...aliases.values()].includes(suggested) ? clusterName : suggested
}

/** Servers in which the text occurs (host, key, alias, cluster, version), or whose server id or port it is; everything for no text (contract discovery.md 15). */
export function searchInstances(topology: Topology, text: string): readonly Instance[] {
  const wanted = text.toLowerCase()
  const number = /^\d+$/.test(text) ? Number(text) : null
  const matches = (instance: Instance): boolean =>
    [instance.key, instance.clusterName, instance.version.text, instance.version.comment, instance.alias, instance.suggestedClusterAlias].some(field => field.toLowerCase().includes(wanted))
    || (number !== null && (instance.serverId === number || portOf(instance.key) === number))
  return [...topology.instances.values()].filter(matches).sort((left, right) =>
    left.replicationDepth - right.replicationDepth
    || topology.replicasOf(right.key).length - topology.replicasOf(left.key).length
    || (left.clusterName < right.clusterName ? -1 : left.clusterName > right.clusterName ? 1 : compareKeys(left.key, right.key)))
}

export interface AliasSources {
  /** Set by a person for this cluster. */
  readonly override: string
  readonly inherited: string
  /** DetectClusterAliasQuery's answer. */
  readonly detected: string
  /** ClusterNameToAlias: patterns searched in the cluster's name, with their alias. */
  readonly patterns: readonly { readonly pattern: RegExp; readonly alias: string }[]
}

/** The alias a server suggests for its cluster: the first of these that is not empty; '' when there is none. */
export function suggestedAlias(clusterName: string, from: AliasSources): string {
  return [from.override, from.inherited, from.detected].find(alias => alias !== '') ?? from.patterns.find(({ pattern }) => pattern.test(clusterName))?.alias ?? ''
}
