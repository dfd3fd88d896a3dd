import type { Instance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import type { TopologyText } from './clusters.ts'
import { operation, required } from './operation.ts'

const cluster = { cluster: required.cluster('Name, alias, or a member.') }

export const topologyTags = operation<TopologyText>()({
  name: 'topology-tags',
  says: 'A cluster as an indented text with the tags of each server.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: cluster,
  former: { routes: ['topology-tags/:clusterHint', 'topology-tags/:host/:port'], commands: ['topology-tags'], section: 'Information', answers: 'envelope' },
})

export const clusterOscReplicas = operation<readonly Instance[]>()({
  name: 'cluster-osc-replicas',
  says: 'Replicas that an online schema change should watch.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: cluster,
  former: {
    routes: ['cluster-osc-slaves/:clusterHint', 'cluster-osc-replicas/:clusterHint'],
    commands: ['which-cluster-osc-replicas', 'which-cluster-osc-slaves', 'which-cluster-osc-running-replicas'],
    section: 'Information', answers: 'bare',
  },
})

export const clusterGhostReplicas = operation<readonly Instance[]>()({
  name: 'cluster-gh-ost-replicas',
  says: 'Replicas whose row-based binary log a migration can read, the least busy first.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: cluster,
  former: { routes: [], commands: ['which-cluster-gh-ost-replicas', 'which-cluster-gh-ost-slaves'], section: 'Information', answers: 'bare' },
})

export const clusterHeuristicLag = operation<number>()({
  name: 'cluster-heuristic-lag',
  says: 'The largest lag, in seconds, among the replicas that an online schema change should watch.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: cluster,
  former: { routes: [], commands: ['get-cluster-heuristic-lag'], section: 'Information', answers: 'bare' },
})

export interface ReplicationAnswer {
  readonly source: InstanceKey
  readonly allowed: boolean
}

const pair = { instance: required.instance('The replica.'), destination: required.instance('The server it would replicate from.') }

export const canReplicateFrom = operation<ReplicationAnswer>()({
  name: 'can-replicate-from',
  says: 'May a server replicate from another one, by version, binary logs, format, server ids and filters?',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: pair,
  former: { routes: ['can-replicate-from/:host/:port/:belowHost/:belowPort'], commands: ['can-replicate-from'], section: 'Replication information', answers: 'envelope' },
})

export const canReplicateFromGtid = operation<ReplicationAnswer>()({
  name: 'can-replicate-from-gtid',
  says: 'The same, and by GTID.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: pair,
  former: {
    routes: ['can-replicate-from-gtid/:host/:port/:belowHost/:belowPort'], commands: ['can-replicate-from-gtid'], section: 'Replication information', answers: 'envelope',
  },
})

export const candidateReplica = operation<InstanceKey>()({
  name: 'candidate-replica',
  says: 'The replica of a server that would be the best to take over its other replicas.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.') },
  former: { routes: [], commands: ['get-candidate-replica', 'get-candidate-slave'], section: 'Classic file:pos relocation', answers: 'bare' },
})

export const suggestPromotedReplacement = operation<InstanceKey>()({
  name: 'suggest-promoted-replacement',
  says: 'The server that should lead in the place of one that was promoted: that one itself where none is better.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server that failed.'), destination: required.instance('The server that was promoted.') },
  former: { routes: [], commands: ['internal-suggest-promoted-replacement'], section: 'Internal', answers: 'bare' },
})

export interface DomainInstance {
  readonly cluster: string
  readonly domain: string
  readonly instance: InstanceKey
}

export const heuristicDomainInstance = operation<DomainInstance>()({
  name: 'heuristic-domain-instance',
  says: 'The server that was noted for the domain of a cluster.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: cluster,
  former: { routes: [], commands: ['which-heuristic-domain-instance'], section: 'Information', answers: 'bare' },
})

export const setHeuristicDomainInstance = operation<DomainInstance>()({
  name: 'set-heuristic-domain-instance',
  says: 'Note the writable primary of a cluster as the server of its domain.',
  on: 'cluster', access: 'write', dangerLevel: 1, plans: false,
  input: cluster,
  former: { routes: [], commands: ['set-heuristic-domain-instance'], section: 'Instance, meta', answers: 'bare' },
})

export interface AnalysisChanges {
  readonly instance: InstanceKey
  /** Oldest first; `at` in ms since 1970. */
  readonly changes: readonly { readonly at: number; readonly code: string }[]
}

export const replicationAnalysisChangelog = operation<readonly AnalysisChanges[]>()({
  name: 'replication-analysis-changelog',
  says: 'When what was found of each server changed.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['replication-analysis-changelog'], commands: [], answers: 'bare' },
})
