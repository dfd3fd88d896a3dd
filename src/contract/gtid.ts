import type { Instance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, required } from './operation.ts'

export interface Injected {
  readonly replica: Instance
  readonly primary: InstanceKey
  readonly count: number
}

export const locateGtidErrant = operation<readonly string[]>()({
  name: 'locate-gtid-errant',
  says: 'The binary logs of a replica that hold transactions which only it has.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['locate-gtid-errant/:host/:port'],
    commands: ['locate-gtid-errant'], section: 'Binary logs', answers: 'envelope',
  },
})

export const enableGtid = operation<Instance>()({
  name: 'enable-gtid',
  says: 'Make a replica use GTID auto-positioning.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['enable-gtid/:host/:port'],
    commands: ['enable-gtid'], section: 'Replication, general', answers: 'envelope',
  },
})

export const disableGtid = operation<Instance>()({
  name: 'disable-gtid',
  says: 'Make a replica use file and position.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['disable-gtid/:host/:port'],
    commands: ['disable-gtid'], section: 'Replication, general', answers: 'envelope',
  },
})

export const gtidErrantResetSource = operation<Instance>()({
  name: 'gtid-errant-reset-master',
  says: 'Make a replica forget the transactions that only it has, and all its binary logs.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['gtid-errant-reset-master/:host/:port'],
    commands: ['gtid-errant-reset-master'], section: 'Replication, general', answers: 'envelope',
  },
})

export const gtidErrantInjectEmpty = operation<Injected>()({
  name: 'gtid-errant-inject-empty',
  says: 'Commit an empty transaction on the primary for each one that only this replica has.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: true,
  input: { instance: required.instance('The replica.') },
  former: {
    routes: ['gtid-errant-inject-empty/:host/:port'],
    commands: ['gtid-errant-inject-empty'], section: 'Replication, general', answers: 'envelope',
  },
})
