import type { Instance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, required } from './operation.ts'

/** What discovering a server came to; null when settings say that it is not to be discovered. */
export const discover = operation<Instance | null>()({
  name: 'discover',
  says: 'Read a server now and remember it; its source and its replicas follow.',
  on: 'fleet', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server to read.') },
  former: { routes: ['discover/:host/:port'], commands: ['discover'], section: 'Instance management', answers: 'envelope' },
})

export const asyncDiscover = operation<InstanceKey>()({
  name: 'async-discover',
  says: 'Read a server in the background and remember it.',
  on: 'fleet', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server to read.') },
  former: { routes: ['async-discover/:host/:port'], commands: ['async-discover'], section: 'Instance management', answers: 'envelope' },
})

export const refresh = operation<InstanceKey>()({
  name: 'refresh',
  says: 'Read a known server again now.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server to read.') },
  former: { routes: ['refresh/:host/:port'], commands: [], answers: 'envelope' },
})

export const forget = operation<InstanceKey>()({
  name: 'forget',
  says: 'Forget a server. A live one comes back when its neighbours name it.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: false,
  input: { instance: required.exactInstance('The server to forget, as it is known; its name is not resolved.') },
  former: { routes: ['forget/:host/:port'], commands: ['forget'], section: 'Instance management', answers: 'envelope' },
})

export const forgetCluster = operation<{ readonly cluster: string; readonly forgotten: readonly InstanceKey[] }>()({
  name: 'forget-cluster',
  says: 'Forget all servers of a cluster.',
  on: 'cluster', access: 'write', dangerLevel: 3, plans: false,
  input: { cluster: required.cluster('The cluster to forget.') },
  former: { routes: ['forget-cluster/:clusterHint'], commands: ['forget-cluster'], section: 'Instance management', answers: 'envelope' },
})
