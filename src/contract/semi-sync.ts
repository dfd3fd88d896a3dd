import type { Instance } from '../model/topology/instance.ts'
import { operation, required } from './operation.ts'

export const enableSemiSyncSource = operation<Instance>()({
  name: 'enable-semi-sync-source',
  says: 'Switch semi-synchronous replication on as source.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The server.') },
  former: {
    routes: ['enable-semi-sync-master/:host/:port', 'enable-semi-sync-source/:host/:port'],
    commands: ['enable-semi-sync-master'], section: 'Replication, general', answers: 'envelope',
  },
})

export const enableSemiSyncReplica = operation<Instance>()({
  name: 'enable-semi-sync-replica',
  says: 'Switch semi-synchronous replication on as replica.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The server.') },
  former: {
    routes: ['enable-semi-sync-replica/:host/:port'],
    commands: ['enable-semi-sync-replica'], section: 'Replication, general', answers: 'envelope',
  },
})

export const disableSemiSyncSource = operation<Instance>()({
  name: 'disable-semi-sync-source',
  says: 'Switch semi-synchronous replication off as source.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The server.') },
  former: {
    routes: ['disable-semi-sync-master/:host/:port', 'disable-semi-sync-source/:host/:port'],
    commands: ['disable-semi-sync-master'], section: 'Replication, general', answers: 'envelope',
  },
})

export const disableSemiSyncReplica = operation<Instance>()({
  name: 'disable-semi-sync-replica',
  says: 'Switch semi-synchronous replication off as replica.',
  on: 'instance', access: 'write', dangerLevel: 2, plans: true,
  input: { instance: required.instance('The server.') },
  former: {
    routes: ['disable-semi-sync-replica/:host/:port'],
    commands: ['disable-semi-sync-replica'], section: 'Replication, general', answers: 'envelope',
  },
})
