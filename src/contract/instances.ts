import type { Instance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, optional, required } from './operation.ts'

export const instance = operation<Instance>()({
  name: 'instance',
  says: 'One server, as last read.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.') },
  former: {
    routes: ['instance/:host/:port'],
    commands: ['which-instance', 'which-master', 'is-replicating', 'is-replication-stopped', 'instance-status', 'which-gtid-errant', 'instance'],
    section: 'Information', answers: 'bare',
  },
})

export const instanceReplicas = operation<readonly Instance[]>()({
  name: 'instance-replicas',
  says: 'The direct replicas of a server.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.') },
  former: { routes: ['instance-replicas/:host/:port'], commands: ['which-replicas', 'which-slaves', 'which-broken-replicas'], section: 'Information', answers: 'bare' },
})

export const allInstances = operation<readonly Instance[]>()({
  name: 'all-instances',
  says: 'All known servers.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['all-instances'], commands: ['all-instances'], section: 'Information', answers: 'bare' },
})

export const bulkInstances = operation<readonly InstanceKey[]>()({
  name: 'bulk-instances',
  says: 'The keys of all known servers, sorted.',
  on: 'fleet', access: 'write', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['bulk-instances'], commands: ['bulk-instances'], section: '', answers: 'bare' },
})

export const search = operation<readonly Instance[]>()({
  name: 'search',
  says: 'Servers whose host, cluster, version or alias holds a text, or whose server id or port is that number.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: { text: optional.text('What to look for; all servers without it.') },
  former: { routes: ['search/:searchString', 'search'], query: { s: 'text' }, commands: ['search'], section: 'Information', answers: 'bare' },
})

export const find = operation<readonly Instance[]>()({
  name: 'find',
  says: 'Servers whose host:port matches a regular expression.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: { pattern: required.text('The regular expression.') },
  former: { routes: [], commands: ['find'], section: 'Information', answers: 'bare' },
})

export const problems = operation<readonly Instance[]>()({
  name: 'problems',
  says: 'Servers with a problem, without those in downtime.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: { name: optional.text('Only the cluster of this exact name; % stands for any text.') },
  former: { routes: ['problems', 'problems/:clusterName'], commands: [], answers: 'bare' },
})
