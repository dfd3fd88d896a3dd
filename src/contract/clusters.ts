import type { Instance } from '../model/topology/instance.ts'
import { operation, optional, required } from './operation.ts'

/** The summary of a cluster that the original calls ClusterInfo. */
export interface ClusterSummary {
  readonly name: string
  readonly alias: string
  readonly domain: string
  readonly servers: number
  readonly recoversPrimary: boolean
  readonly recoversIntermediate: boolean
  /** The largest lag among its control replicas; absent where nobody asked for it. */
  readonly heuristicLagSeconds?: number
}

export interface TopologyText {
  readonly cluster: string
  readonly text: string
}

export const clusters = operation<readonly string[]>()({
  name: 'clusters',
  says: 'The names of all clusters.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['clusters'], commands: ['clusters'], section: 'Information', answers: 'bare' },
})

export const clustersInfo = operation<readonly ClusterSummary[]>()({
  name: 'clusters-info',
  says: 'All clusters with their aliases and whether they are recovered.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['clusters-info'], commands: ['clusters-alias'], section: 'Information', answers: 'bare' },
})

export const cluster = operation<readonly Instance[]>()({
  name: 'cluster',
  says: 'The servers of a cluster.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: { cluster: optional.cluster('Name, alias, or a member.'), alias: optional.text('The exact alias.'), instance: optional.instance('A member.') },
  former: {
    routes: ['cluster/:clusterHint', 'cluster/alias/:clusterAlias', 'cluster/instance/:host/:port'],
    commands: ['which-cluster-instances'], section: 'Information', answers: 'bare',
  },
})

export const clusterInfo = operation<ClusterSummary>()({
  name: 'cluster-info',
  says: 'One cluster with its alias and whether it is recovered.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: { cluster: optional.cluster('Name, alias, or a member.'), alias: optional.text('The exact alias.') },
  former: {
    routes: ['cluster-info/:clusterHint', 'cluster-info/alias/:clusterAlias'],
    commands: ['which-cluster', 'which-cluster-alias', 'which-cluster-domain'], section: 'Information', answers: 'bare',
  },
})

export const primaries = operation<readonly Instance[]>()({
  name: 'primaries',
  says: 'The writable primary of each cluster.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['masters'], commands: ['all-clusters-masters', 'dominant-dc'], section: 'Information', answers: 'bare' },
})

export const primary = operation<Instance>()({
  name: 'primary',
  says: 'The primary of a cluster, a writable one if there is one.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: { cluster: required.cluster('Name, alias, or a member.') },
  former: { routes: ['master/:clusterHint'], commands: ['which-cluster-master'], section: 'Information', answers: 'bare' },
})

/** Of the two drawings of a topology. */
const pastPattern = optional.text('The newest snapshot whose time, in seconds since 1970, matches this regular expression, in place of the present.')

export const topology = operation<TopologyText>()({
  name: 'topology',
  says: 'A cluster as an indented text, one line per server.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: { cluster: required.cluster('Name, alias, or a member.'), pattern: pastPattern },
  former: { routes: ['topology/:clusterHint', 'topology/:host/:port'], commands: ['topology'], section: 'Information', answers: 'envelope' },
})

export const topologyTabulated = operation<TopologyText>()({
  name: 'topology-tabulated',
  says: 'A cluster as a text in columns parted by |.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: { cluster: required.cluster('Name, alias, or a member.'), pattern: pastPattern },
  former: {
    routes: ['topology-tabulated/:clusterHint', 'topology-tabulated/:host/:port'], commands: ['topology-tabulated'], section: 'Information', answers: 'envelope',
  },
})

export const setClusterAlias = operation<{ readonly cluster: string; readonly alias: string }>()({
  name: 'set-cluster-alias',
  says: 'Give a cluster an alias by hand.',
  on: 'cluster', access: 'write', dangerLevel: 1, plans: false,
  input: { name: required.text('The exact name of the cluster.'), alias: required.text('Its new alias.') },
  former: { routes: ['set-cluster-alias/:clusterName'], commands: [], answers: 'envelope' },
})
