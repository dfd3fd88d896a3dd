import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import { clusterAlias, fuzzyKey } from '../../../model/topology/cluster-hint.ts'
import { largestLag } from '../../../model/topology/control-replicas.ts'
import { type Instance, isLastCheckValid } from '../../../model/topology/instance.ts'
import { type InstanceKey, parseInstanceKey } from '../../../model/topology/instance-key.ts'
import type { Handler } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse } from '../refusals.ts'
import { readsStore } from '../store-away.ts'
import { clusterOfAlias } from './clusters.ts'

const submitPoolInstances: Handler<Contract['submit-pool-instances']> = async ({ pool, instances = '' }, parts) => {
  const [topology, { defaultPort, fuzzyPoolHosts }] = [parts.topology(), parts.policy()]
  const keys: InstanceKey[] = []
  for (const text of instances.split(',').map(part => part.trim()).filter(part => part !== '')) {
    const key = parseInstanceKey(text, defaultPort)
    if (!key.ok) return refuse(operationReason('address-invalid', { text: key.failure }))
    keys.push(fuzzyPoolHosts ? fuzzyKey(topology, key.value) : key.value)
  }
  await parts.journal.propose({ do: 'submit-pool', pool, keys, at: parts.clock.now() })
  return ok(pool)
}

const clusterPoolInstances: Handler<Contract['cluster-pool-instances']> = async ({ name, pool }, parts) => {
  const topology = parts.topology()
  const stored = await parts.store.pools.list()
  const unknown = stored.filter(member => topology.get(member.key) === undefined && (pool === undefined || member.pool === pool))
  const members = stored.flatMap(member => {
    const instance = topology.get(member.key)
    if (instance === undefined || (name !== undefined && instance.clusterName !== name) || (pool !== undefined && member.pool !== pool)) return []
    return [{ cluster: instance.clusterName, alias: clusterAlias(topology, instance.clusterName), pool: member.pool, instance: member.key }]
  })
  return ok({
    cluster: name ?? '', members: members.sort((left, right) => (left.cluster < right.cluster ? -1 : left.cluster > right.cluster ? 1 : 0)),
    ...(name === undefined && unknown.length > 0 ? { unknown: unknown.map(member => ({ pool: member.pool, instance: member.key })) } : {}),
  })
}

/** Servers of a cluster in any pool, or in one, that can be used: by key. */
async function usableInPool(clusterName: string, pool: string | undefined, parts: OperationParts): Promise<readonly Instance[]> {
  const pooled = new Set((await parts.store.pools.list()).filter(member => pool === undefined || member.pool === pool).map(({ key }) => key))
  return (parts.topology().clusters.get(clusterName) ?? []).filter(instance => pooled.has(instance.key) && isLastCheckValid(instance) && !instance.isBinlogServer)
}

const heuristicClusterPoolInstances: Handler<Contract['heuristic-cluster-pool-instances']> = async ({ cluster, pool }, parts) =>
  ok({ cluster, instances: await usableInPool(cluster, pool, parts) })

const heuristicClusterPoolLag: Handler<Contract['heuristic-cluster-pool-lag']> = async ({ name, pool }, parts) => {
  const topology = parts.topology()
  const cluster = topology.clusters.has(name) ? ok(name) : clusterOfAlias(topology, name)
  if (!cluster.ok) return cluster
  const lagSeconds = largestLag(await usableInPool(cluster.value, pool, parts))
  return lagSeconds === null ? refuse(operationReason('lag-of-nobody', {})) : ok({ cluster: cluster.value, lagSeconds })
}

export const poolHandlers = {
  'submit-pool-instances': submitPoolInstances, 'cluster-pool-instances': readsStore(clusterPoolInstances),
  'heuristic-cluster-pool-instances': readsStore(heuristicClusterPoolInstances), 'heuristic-cluster-pool-lag': readsStore(heuristicClusterPoolLag),
}
