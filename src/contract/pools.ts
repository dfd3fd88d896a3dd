import type { Instance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, optional, required } from './operation.ts'

export interface PoolMembers {
  /** As it was asked for; '' for all. */
  readonly cluster: string
  /** Known servers in pools, by cluster, pool and server. */
  readonly members: readonly { readonly cluster: string; readonly alias: string; readonly pool: string; readonly instance: InstanceKey }[]
  /** Members that no server is known of; asked of all clusters alone. */
  readonly unknown?: readonly { readonly pool: string; readonly instance: InstanceKey }[]
}

const pool = { pool: optional.text('Only this pool.') }

export const submitPoolInstances = operation<string>()({
  name: 'submit-pool-instances',
  says: 'Say which servers a pool has; they replace those it had, and lapse after a while.',
  on: 'fleet', access: 'write', dangerLevel: 1, plans: false,
  input: { pool: required.text('The pool.'), instances: optional.text('host[:port], parted by commas; none empties the pool.') },
  former: { routes: ['submit-pool-instances/:pool'], commands: ['submit-pool-instances'], section: 'Pools', answers: 'envelope' },
})

export const clusterPoolInstances = operation<PoolMembers>()({
  name: 'cluster-pool-instances',
  says: 'Which servers of a cluster are in which pools.',
  on: 'fleet', access: 'write', dangerLevel: 1, plans: false,
  input: { name: optional.text('Only the cluster of this exact name.'), ...pool },
  former: {
    routes: ['cluster-pool-instances/:clusterName', 'cluster-pool-instances/:clusterName/:pool'], commands: ['cluster-pool-instances'], section: 'Pools', answers: 'envelope',
  },
})

export const heuristicClusterPoolInstances = operation<{ readonly cluster: string; readonly instances: readonly Instance[] }>()({
  name: 'heuristic-cluster-pool-instances',
  says: 'Usable servers of a cluster that are in a pool.',
  on: 'cluster', access: 'write', dangerLevel: 1, plans: false,
  input: { cluster: required.cluster('Name, alias, or a member.'), ...pool },
  former: {
    routes: ['heuristic-cluster-pool-instances/:clusterName', 'heuristic-cluster-pool-instances/:clusterName/:pool'],
    commands: ['which-heuristic-cluster-pool-instances'], section: 'Pools', answers: 'envelope',
  },
})

export const heuristicClusterPoolLag = operation<{ readonly cluster: string; readonly lagSeconds: number }>()({
  name: 'heuristic-cluster-pool-lag',
  says: 'The largest lag among usable servers of a cluster that are in a pool.',
  on: 'cluster', access: 'write', dangerLevel: 1, plans: false,
  input: { name: required.text('The exact name of the cluster, or its alias.'), ...pool },
  former: { routes: ['heuristic-cluster-pool-lag/:clusterName', 'heuristic-cluster-pool-lag/:clusterName/:pool'], commands: [], answers: 'envelope' },
})
