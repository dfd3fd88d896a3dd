import type { Contract } from '../../../contract/all.ts'
import type { InputOf } from '../../../contract/operation.ts'
import type { ReplicationAnswer } from '../../../contract/which.ts'
import { fail, ok } from '../../../kit/result.ts'
import { chooseCandidate } from '../../../model/planning/promote-choice.ts'
import { betterThanPromoted } from '../../../model/planning/promote-replacement.ts'
import { writablePrimaryOf } from '../../../model/topology/cluster.ts'
import { controlReplicas, largestLag, rowLogReplicas } from '../../../model/topology/control-replicas.ts'
import { drawCluster } from '../../../model/topology/draw.ts'
import { parseInstanceKey } from '../../../model/topology/instance-key.ts'
import { canReplicate, isGtidCompatible } from '../../../model/topology/replication-rules.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse } from '../refusals.ts'
import { readsStore } from '../store-away.ts'

/** Changes of the analysis that are answered at most, the newest. */
const changesMax = 10_000

const topologyTags: Handler<Contract['topology-tags']> = async ({ cluster }, parts) => {
  const tags = Map.groupBy(await parts.store.tags.list({}), ({ key }) => key)
  const tagsOf = (key: Parameters<typeof tags.get>[0]): readonly string[] => (tags.get(key) ?? []).map(({ name, value }) => (value === '' ? name : `${name}=${value}`))
  return ok({ cluster, text: drawCluster(parts.topology(), cluster, { policy: parts.policy(), now: parts.clock.now(), tagsOf }) })
}

const clusterOscReplicas: Handler<Contract['cluster-osc-replicas']> = ({ cluster }, parts) => ok(controlReplicas(parts.topology(), cluster, parts.policy().controlIgnoredHosts))

const clusterGhostReplicas: Handler<Contract['cluster-gh-ost-replicas']> = ({ cluster }, parts) => ok(rowLogReplicas(parts.topology(), cluster))

const clusterHeuristicLag: Handler<Contract['cluster-heuristic-lag']> = ({ cluster }, parts) => {
  const lag = largestLag(controlReplicas(parts.topology(), cluster, parts.policy().controlIgnoredHosts))
  return lag === null ? refuse(operationReason('lag-of-nobody', {})) : ok(lag)
}

const mayReplicate = (byGtid: boolean) => ({ instance, destination }: InputOf<Contract['can-replicate-from']>, parts: OperationParts): Outcome<ReplicationAnswer> => {
  const [replica, source] = [parts.topology().get(instance), parts.topology().get(destination)]
  if (replica === undefined || source === undefined) return refuse(operationReason('instance-unknown', { instance: replica === undefined ? instance : destination }))
  const may = canReplicate(replica, source, parts.policy().relocate.replication)
  if (!may.allowed) return fail({ refused: { ...operationReason('cannot-replicate', { text: may.obstacle.text }), parameters: may.obstacle.parameters } })
  return ok({ source: destination, allowed: !byGtid || isGtidCompatible(replica, source) })
}

const candidateReplica: Handler<Contract['candidate-replica']> = ({ instance }, parts) => {
  const topology = parts.topology()
  const source = topology.get(instance)
  if (source === undefined) return refuse(operationReason('instance-unknown', { instance }))
  const { candidate } = chooseCandidate(topology.replicasOf(instance), source, parts.policy().promotion)
  return candidate === null ? refuse(operationReason('no-candidate-replica', { instance })) : ok(candidate.key)
}

const suggestPromotedReplacement: Handler<Contract['suggest-promoted-replacement']> = ({ instance, destination }, parts) => {
  const topology = parts.topology()
  const [failed, promoted] = [topology.get(instance), topology.get(destination)]
  if (failed === undefined || promoted === undefined) return refuse(operationReason('instance-unknown', { instance: failed === undefined ? instance : destination }))
  const { by } = betterThanPromoted({
    promoted, failed, members: (topology.clusters.get(promoted.clusterName) ?? []).filter(({ key }) => key !== failed.key),
    followers: new Set(topology.replicasOf(promoted.key).map(({ key }) => key)), designated: null, policy: parts.policy().promotion,
  })
  return ok((by ?? promoted).key)
}

function domainOf(cluster: string, parts: OperationParts): Outcome<string> {
  const domain = parts.topology().decisions.domains.get(cluster) ?? ''
  return domain === '' ? refuse(operationReason('domain-unknown', { cluster })) : ok(domain)
}

const heuristicDomainInstance: Handler<Contract['heuristic-domain-instance']> = async ({ cluster }, parts) => {
  const domain = domainOf(cluster, parts)
  if (!domain.ok) return domain
  const noted = parseInstanceKey((await parts.store.attributes.get(domain.value)) ?? '')
  return noted.ok ? ok({ cluster, domain: domain.value, instance: noted.value }) : refuse(operationReason('domain-without-instance', { domain: domain.value }))
}

const setHeuristicDomainInstance: Handler<Contract['set-heuristic-domain-instance']> = async ({ cluster }, parts) => {
  const domain = domainOf(cluster, parts)
  if (!domain.ok) return domain
  const primary = writablePrimaryOf(parts.topology(), cluster)
  if (primary === undefined) return refuse(operationReason('no-primary', { cluster }))
  await parts.store.attributes.set(domain.value, primary.key, parts.clock.now())
  return ok({ cluster, domain: domain.value, instance: primary.key })
}

const replicationAnalysisChangelog: Handler<Contract['replication-analysis-changelog']> = async (_input, parts) =>
  ok([...Map.groupBy(await parts.store.analysisChanges.changes(changesMax), ({ key }) => key)].map(([instance, changes]) => ({ instance, changes: changes.map(({ at, code }) => ({ at, code })) })))

const snapshotTopologies: Handler<Contract['snapshot-topologies']> = async (_input, parts) => {
  const before = parts.clock.monotonic()
  const instances = [...parts.topology().instances.values()]
  await parts.store.snapshots.take(parts.clock.now(), instances)
  return ok({ servers: instances.length, milliseconds: parts.clock.monotonic() - before })
}

export const whichHandlers = {
  'topology-tags': readsStore(topologyTags), 'cluster-osc-replicas': clusterOscReplicas, 'cluster-gh-ost-replicas': clusterGhostReplicas, 'cluster-heuristic-lag': clusterHeuristicLag,
  'can-replicate-from': mayReplicate(false), 'can-replicate-from-gtid': mayReplicate(true), 'candidate-replica': candidateReplica,
  'suggest-promoted-replacement': suggestPromotedReplacement,
  'heuristic-domain-instance': readsStore(heuristicDomainInstance), 'set-heuristic-domain-instance': setHeuristicDomainInstance,
  'replication-analysis-changelog': readsStore(replicationAnalysisChangelog), 'snapshot-topologies': snapshotTopologies,
}
