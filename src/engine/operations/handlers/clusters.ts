import type { Contract } from '../../../contract/all.ts'
import type { ClusterSummary, TopologyText } from '../../../contract/clusters.ts'
import { goPattern } from '../../../kit/go-pattern.ts'
import { ok } from '../../../kit/result.ts'
import { coveringFilter } from '../../../model/recovery/cluster-filters.ts'
import { clusterAlias } from '../../../model/topology/cluster-hint.ts'
import { primaryOf, writablePrimaryOf } from '../../../model/topology/cluster.ts'
import { controlReplicas, largestLag } from '../../../model/topology/control-replicas.ts'
import { drawCluster } from '../../../model/topology/draw.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts, OperationsPolicy } from '../parts.ts'
import { pastTopology } from '../past-topology.ts'
import { operationReason, refuse } from '../refusals.ts'
import { readsStore } from '../store-away.ts'

const sortedNames = (topology: Topology): readonly string[] => [...topology.clusters.keys()].sort()

export function clusterSummary(topology: Topology, name: string, policy: OperationsPolicy): ClusterSummary {
  const alias = clusterAlias(topology, name)
  return {
    name, alias, domain: topology.decisions.domains.get(name) ?? '', servers: topology.clusters.get(name)?.length ?? 0,
    ...recoversOf({ name, alias }, policy), heuristicLagSeconds: largestLag(controlReplicas(topology, name, policy.controlIgnoredHosts)) ?? 0,
  }
}

/** Whether automatic recovery covers a cluster. */
export const recoversOf = (cluster: { readonly name: string; readonly alias: string }, policy: OperationsPolicy): Pick<ClusterSummary, 'recoversPrimary' | 'recoversIntermediate'> => ({
  recoversPrimary: coveringFilter(policy.recoverPrimary.filters, cluster) !== null,
  recoversIntermediate: coveringFilter(policy.recoverIntermediate.filters, cluster) !== null,
})

/** The cluster of an exact alias, or of a name that nobody gave another alias. */
export function clusterOfAlias(topology: Topology, alias: string): Outcome<string> {
  const name = sortedNames(topology).find(candidate => clusterAlias(topology, candidate) === alias)
  return name === undefined ? refuse(operationReason('alias-unknown', { alias })) : ok(name)
}

const clusters: Handler<Contract['clusters']> = (_input, parts) => ok(sortedNames(parts.topology()))

const clustersInfo: Handler<Contract['clusters-info']> = (_input, parts) => {
  const [topology, policy] = [parts.topology(), parts.policy()]
  return ok(sortedNames(topology).map(name => clusterSummary(topology, name, policy)))
}

const cluster: Handler<Contract['cluster']> = ({ cluster: name, alias, instance }, parts) => {
  const topology = parts.topology()
  const found = nameOf(topology, { name, alias })
  if (instance !== undefined && name === undefined && alias === undefined) {
    const member = topology.get(instance)
    return member === undefined ? refuse(operationReason('instance-unknown', { instance })) : ok(topology.clusters.get(member.clusterName) ?? [])
  }
  return found.ok ? ok(topology.clusters.get(found.value) ?? []) : found
}

function nameOf(topology: Topology, by: { readonly name: string | undefined; readonly alias: string | undefined }): Outcome<string> {
  if (by.alias !== undefined) return clusterOfAlias(topology, by.alias)
  return by.name === undefined ? refuse(operationReason('nothing-asked', { names: 'cluster, alias' })) : ok(by.name)
}

const clusterInfo: Handler<Contract['cluster-info']> = ({ cluster: name, alias }, parts) => {
  const topology = parts.topology()
  const found = nameOf(topology, { name, alias })
  return found.ok ? ok(clusterSummary(topology, found.value, parts.policy())) : found
}

const primaries: Handler<Contract['primaries']> = (_input, parts) => {
  const topology = parts.topology()
  return ok(sortedNames(topology).flatMap(name => writablePrimaryOf(topology, name) ?? []))
}

const primary: Handler<Contract['primary']> = ({ cluster: name }, parts) => {
  const found = primaryOf(parts.topology(), name)
  return found === undefined ? refuse(operationReason('no-primary', { cluster: name })) : ok(found)
}

const drawn = (topology: Topology, name: string, parts: OperationParts, tabulated: boolean): string =>
  drawCluster(topology, name, { policy: parts.policy(), now: parts.clock.now(), tabulated })

/** Now, or as a snapshot remembers it; nothing where no snapshot matches. */
async function drawnThen(name: string, pattern: string | undefined, parts: OperationParts, tabulated: boolean): Promise<Outcome<TopologyText>> {
  if (pattern === undefined) return ok({ cluster: name, text: drawn(parts.topology(), name, parts, tabulated) })
  const wanted = goPattern(pattern)
  if (!wanted.ok) return refuse(operationReason('pattern-invalid', { pattern, text: wanted.failure }))
  const found = await parts.store.snapshots.find(name, time => wanted.value.test(time))
  return ok({ cluster: name, text: found === null ? '' : drawn(pastTopology(found.rows), name, parts, tabulated) })
}

const topology: Handler<Contract['topology']> = ({ cluster: name, pattern }, parts) => drawnThen(name, pattern, parts, false)

const topologyTabulated: Handler<Contract['topology-tabulated']> = ({ cluster: name, pattern }, parts) => drawnThen(name, pattern, parts, true)

const setClusterAlias: Handler<Contract['set-cluster-alias']> = async ({ name, alias }, parts) => {
  await parts.journal.propose({ do: 'set-alias', clusterName: name, alias })
  return ok({ cluster: name, alias })
}

export const clusterHandlers = {
  'clusters': clusters, 'clusters-info': clustersInfo, 'cluster': cluster, 'cluster-info': clusterInfo, 'primaries': primaries, 'primary': primary,
  'topology': readsStore(topology), 'topology-tabulated': readsStore(topologyTabulated), 'set-cluster-alias': setClusterAlias,
}
