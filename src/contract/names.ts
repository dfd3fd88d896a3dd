import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, required } from './operation.ts'

export interface HostNameEntry {
  readonly host: string
  readonly name: string
  /** ms since 1970. */
  readonly until: number
}

export interface HostNamePair {
  readonly host: string
  readonly name: string
}

export const resolve = operation<InstanceKey>()({
  name: 'resolve',
  says: 'The canonical name of a server, after a connection to it was opened.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.') },
  former: { routes: ['resolve/:host/:port'], commands: ['resolve'], section: 'Meta', answers: 'envelope' },
})

export const hostnameResolveCache = operation<readonly HostNameEntry[]>()({
  name: 'hostname-resolve-cache',
  says: 'Host names that this process has resolved.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false, runs: 'where-asked',
  input: {},
  former: { routes: ['hostname-resolve-cache'], commands: [], answers: 'envelope' },
})

export const resetHostnameResolveCache = operation<null>()({
  name: 'reset-hostname-resolve-cache',
  says: 'Forget all resolved host names.',
  on: 'service', access: 'write', dangerLevel: 1, plans: false, runs: 'where-it-leads',
  input: {},
  former: { routes: ['reset-hostname-resolve-cache'], commands: ['reset-hostname-resolve-cache'], section: 'Meta', answers: 'envelope' },
})

export const showResolveHosts = operation<readonly HostNamePair[]>()({
  name: 'show-resolve-hosts',
  says: 'Resolved host names, as they are stored.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: [], commands: ['show-resolve-hosts'], section: 'Meta', answers: 'bare' },
})

export const showUnresolveHosts = operation<readonly HostNamePair[]>()({
  name: 'show-unresolve-hosts',
  says: 'Virtual names of hosts, as they are stored.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: [], commands: ['show-unresolve-hosts'], section: 'Meta', answers: 'bare' },
})

export const registerHostnameUnresolve = operation<InstanceKey>()({
  name: 'register-hostname-unresolve',
  says: 'Use a virtual name for the host of a server when replicas are pointed at it.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.'), virtualname: required.text('The name to be used.') },
  former: {
    routes: ['register-hostname-unresolve/:host/:port/:virtualname'], commands: ['register-hostname-unresolve'], section: 'Instance, meta', answers: 'envelope',
  },
})

export const deregisterHostnameUnresolve = operation<InstanceKey>()({
  name: 'deregister-hostname-unresolve',
  says: 'Use the own name of the host of a server again.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.') },
  former: { routes: ['deregister-hostname-unresolve/:host/:port'], commands: ['deregister-hostname-unresolve'], section: 'Instance, meta', answers: 'envelope' },
})
