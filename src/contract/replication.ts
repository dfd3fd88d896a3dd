import type { Instance } from '../model/topology/instance.ts'
import { operation, optional, required } from './operation.ts'

export interface Delayed {
  readonly replica: Instance
  readonly seconds: number
}

export interface RestartStatements {
  readonly replica: Instance
  readonly statements: readonly string[]
}

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

export const stopReplicaNice = operation<Instance>()({
  name: 'stop-replica-nice',
  says: 'Stop replication once everything received is applied.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['stop-slave-nice/:host/:port', 'stop-replica-nice/:host/:port'],
    commands: ['stop-replica-nice', 'stop-slave-nice'], section: 'Replication, general', answers: 'envelope',
  },
})

export const resetReplica = operation<Instance>()({
  name: 'reset-replica',
  says: 'Make a replica forget its source.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['reset-slave/:host/:port', 'reset-replica/:host/:port'],
    commands: ['reset-replica', 'reset-slave'], section: 'Replication, general', answers: 'envelope', audit: 'reset-slave',
  },
})

export const detachReplica = operation<Instance>()({
  name: 'detach-replica',
  says: 'Stop fetching and write the host of the source so that nobody can connect to it.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['detach-slave/:host/:port', 'detach-replica/:host/:port', 'detach-slave-master-host/:host/:port', 'detach-replica-master-host/:host/:port'],
    commands: ['detach-replica-master-host', 'detach-replica', 'detach-slave', 'detach-slave-master-host'], section: 'Replication, general', answers: 'envelope', audit: 'repoint',
  },
})

export const reattachReplica = operation<Instance>()({
  name: 'reattach-replica',
  says: 'Undo a detach and start replication.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['reattach-slave/:host/:port', 'reattach-replica/:host/:port', 'reattach-slave-master-host/:host/:port', 'reattach-replica-master-host/:host/:port'],
    commands: ['reattach-replica-master-host', 'reattach-replica', 'reattach-slave', 'reattach-slave-master-host'], section: 'Replication, general', answers: 'envelope', audit: 'repoint',
  },
})

export const skipQuery = operation<Instance>()({
  name: 'skip-query',
  says: 'Skip the one transaction at which replication fails.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['skip-query/:host/:port'],
    commands: ['skip-query'], section: 'Replication, general', answers: 'envelope',
  },
})

export const delayReplication = operation<Delayed>()({
  name: 'delay-replication',
  says: 'Make a replica apply a number of seconds late.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.'), seconds: required.text('Seconds; 0 is no delay.') },
  former: {
    routes: ['delay-replication/:host/:port/:seconds'],
    commands: ['delay-replication'], section: 'Replication, general', answers: 'envelope',
  },
})

export const changeSourceCredentials = operation<Instance>()({
  name: 'change-master-credentials',
  says: 'Write the replication account of a stopped replica again.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['change-master-credentials/:host/:port'],
    commands: ['change-master-credentials'], section: 'Replication, general', answers: 'envelope',
  },
})

export const restartReplicaStatements = operation<RestartStatements>()({
  name: 'restart-replica-statements',
  says: 'The statements that stop replication, run one, and start it as it was; nothing is run.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The replica.'), statement: optional.text('The statement between them.') },
  former: {
    routes: ['restart-slave-statements/:host/:port', 'restart-replica-statements/:host/:port'],
    commands: ['restart-replica-statements', 'restart-slave-statements'], section: 'Replication, general', answers: 'envelope', query: { q: 'statement' },
  },
})

export const sourcePositionWait = operation<Instance>()({
  name: 'source-position-wait',
  says: 'Wait until a replica has applied its source up to a position.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The replica.'), position: required.text('file:position in the binary log of its source.') },
  former: {
    routes: [],
    commands: ['master-pos-wait'], section: 'Replication, general', answers: 'envelope',
  },
})

export const killQuery = operation<Instance>()({
  name: 'kill-query',
  says: 'End the statement that a thread of a server runs.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: { instance: required.instance('The server.'), process: required.text('Number of the thread.') },
  former: {
    routes: ['kill-query/:host/:port/:process'],
    commands: [], answers: 'envelope',
  },
})
