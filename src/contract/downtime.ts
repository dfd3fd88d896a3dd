import type { Instance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, optional, required } from './operation.ts'

export const beginDowntime = operation<InstanceKey>()({
  name: 'begin-downtime',
  says: 'Put a server in downtime: it is neither recovered nor reported, and is not promoted.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: {
    instance: required.instance('The server; it need not be known.'),
    owner: optional.text('Who is responsible.'),
    reason: required.text('Why.'),
    duration: optional.duration('For how long; 10 minutes when absent or zero.'),
  },
  former: {
    routes: ['begin-downtime/:host/:port/:owner/:reason', 'begin-downtime/:host/:port/:owner/:reason/:duration'],
    commands: ['begin-downtime'], section: 'Instance management', answers: 'envelope',
  },
})

export const endDowntime = operation<InstanceKey>()({
  name: 'end-downtime',
  says: 'End the downtime of a server.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.') },
  former: { routes: ['end-downtime/:host/:port'], commands: ['end-downtime'], section: 'Instance management', answers: 'envelope' },
})

export const downtimed = operation<readonly Instance[]>()({
  name: 'downtimed',
  says: 'Servers in downtime.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: { cluster: optional.cluster('Only those of this cluster.') },
  former: { routes: ['downtimed', 'downtimed/:clusterHint'], commands: ['which-downtimed-instances', 'which-lost-in-recovery', 'downtimed'], section: 'Information', answers: 'bare' },
})
