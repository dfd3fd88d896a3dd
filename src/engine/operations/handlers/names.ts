import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import { hostOf, instanceKey, portOf } from '../../../model/topology/instance-key.ts'
import type { Handler } from '../handler.ts'
import { operationReason, refuse, serverFailed } from '../refusals.ts'
import { readsStore } from '../store-away.ts'

const connectMilliseconds = 2000

const resolve: Handler<Contract['resolve']> = async ({ instance }, parts) => {
  const failure = await parts.facts.network.tryConnect(hostOf(instance), portOf(instance), connectMilliseconds)
  if (failure === null) return ok(instance)
  const tried = instanceKey(failure.address, portOf(instance))
  return serverFailed(tried, { kind: failure.kind, text: failure.text, number: null })
}

const hostnameResolveCache: Handler<Contract['hostname-resolve-cache']> = (_input, parts) =>
  ok([...parts.facts.hostNames.entries()].map(([host, { name, until }]) => ({ host, name, until })).sort((left, right) => (left.host < right.host ? -1 : 1)))

const resetHostnameResolveCache: Handler<Contract['reset-hostname-resolve-cache']> = async (_input, parts) => {
  await parts.store.hostNames.clearResolved()
  parts.facts.hostNames.reset()
  return ok(null)
}

const showResolveHosts: Handler<Contract['show-resolve-hosts']> = async (_input, parts) => ok((await parts.store.hostNames.resolved()).map(({ host, name }) => ({ host, name })))

const showUnresolveHosts: Handler<Contract['show-unresolve-hosts']> = async (_input, parts) => ok((await parts.store.hostNames.unresolved()).map(({ host, name }) => ({ host, name })))

const registerHostnameUnresolve: Handler<Contract['register-hostname-unresolve']> = async ({ instance, virtualname }, parts) => {
  if (/[\s/:'"<>]/.test(virtualname)) return refuse(operationReason('address-invalid', { text: `Cannot parse address: ${virtualname}` }))
  await parts.journal.propose({ do: 'set-virtual-name', host: hostOf(instance), name: virtualname, at: parts.clock.now() })
  return ok(instance)
}

const deregisterHostnameUnresolve: Handler<Contract['deregister-hostname-unresolve']> = async ({ instance }, parts) => {
  await parts.journal.propose({ do: 'set-virtual-name', host: hostOf(instance), name: '', at: parts.clock.now() })
  return ok(instance)
}

export const nameHandlers = {
  'resolve': resolve, 'hostname-resolve-cache': hostnameResolveCache, 'reset-hostname-resolve-cache': resetHostnameResolveCache,
  'show-resolve-hosts': readsStore(showResolveHosts), 'show-unresolve-hosts': readsStore(showUnresolveHosts),
  'register-hostname-unresolve': registerHostnameUnresolve, 'deregister-hostname-unresolve': deregisterHostnameUnresolve,
}
