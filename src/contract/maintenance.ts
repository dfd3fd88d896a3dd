import type { Maintenance } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, optional, required } from './operation.ts'

export interface MaintenanceEntry extends Maintenance {
  readonly instance: InstanceKey
}

export const beginMaintenance = operation<InstanceKey>()({
  name: 'begin-maintenance',
  says: 'Lock a server against moves and other changes of its replication.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: {
    instance: required.instance('The server.'), owner: optional.text('Who is responsible.'), reason: required.text('Why.'),
    duration: optional.duration('For how long; 10 minutes when absent or zero.'),
  },
  former: { routes: ['begin-maintenance/:host/:port/:owner/:reason'], commands: ['begin-maintenance'], section: 'Instance management', answers: 'envelope' },
})

/** The server, or the number of the lock that was asked for. */
export const endMaintenance = operation<InstanceKey | number>()({
  name: 'end-maintenance',
  says: 'Release the lock of a server.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: optional.instance('The server.'), maintenanceKey: optional.text('The number of the lock, where no server is given.') },
  former: { routes: ['end-maintenance/:host/:port', 'end-maintenance/:maintenanceKey'], commands: ['end-maintenance'], section: 'Instance management', answers: 'envelope' },
})

export const inMaintenance = operation<{ readonly instance: InstanceKey; readonly isLocked: boolean }>()({
  name: 'in-maintenance',
  says: 'Is a server locked?',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.') },
  former: { routes: ['in-maintenance/:host/:port'], commands: ['in-maintenance'], section: 'Instance management', answers: 'envelope' },
})

export const maintenance = operation<readonly MaintenanceEntry[]>()({
  name: 'maintenance',
  says: 'All locks that are on.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['maintenance'], commands: [], answers: 'bare' },
})
