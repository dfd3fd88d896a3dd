import type { Instance } from '../model/topology/instance.ts'
import { operation, required } from './operation.ts'

/** All of these act on the server right away and answer it as read afterwards. */
export const stopReplica = operation<Instance>()({
  name: 'stop-replica',
  says: 'Stop replication on a replica.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['stop-slave/:host/:port', 'stop-replica/:host/:port'], commands: ['stop-replica', 'stop-slave'],
    section: 'Replication, general', answers: 'envelope',
  },
})

export const startReplica = operation<Instance>()({
  name: 'start-replica',
  says: 'Start replication on a replica.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['start-slave/:host/:port', 'start-replica/:host/:port'], commands: ['start-replica', 'start-slave'],
    section: 'Replication, general', answers: 'envelope',
  },
})

export const restartReplica = operation<Instance>()({
  name: 'restart-replica',
  says: 'Stop and start replication on a replica.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['restart-slave/:host/:port', 'restart-replica/:host/:port'], commands: ['restart-replica', 'restart-slave'],
    section: 'Replication, general', answers: 'envelope',
  },
})

export const setReadOnly = operation<Instance>()({
  name: 'set-read-only',
  says: 'Make a server refuse writes.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The server.') },
  former: { routes: ['set-read-only/:host/:port'], commands: ['set-read-only'], section: 'Instance', answers: 'envelope', audit: 'read-only' },
})

export const setWriteable = operation<Instance>()({
  name: 'set-writeable',
  says: 'Make a server accept writes.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The server.') },
  former: { routes: ['set-writeable/:host/:port'], commands: ['set-writeable'], section: 'Instance', answers: 'envelope', audit: 'read-only' },
})
