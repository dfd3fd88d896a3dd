import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse, serverFailed } from '../refusals.ts'

const discover: Handler<Contract['discover']> = async ({ instance }, parts) => {
  const found = await parts.discover(instance)
  return found.ok ? found : serverFailed(instance, found.failure)
}

const asyncDiscover: Handler<Contract['async-discover']> = ({ instance }, parts) => {
  // Whatever it comes to is seen in the topology; nobody waits for it, nor for its group to be told.
  parts.discover(instance).catch(() => undefined)
  return ok(instance)
}

const refresh: Handler<Contract['refresh']> = async ({ instance }, parts) => {
  const found = await parts.discover(instance)
  return found.ok ? ok(instance) : serverFailed(instance, found.failure)
}

const forget: Handler<Contract['forget']> = async ({ instance }, parts): Promise<Outcome<InstanceKey>> => {
  if (parts.topology().get(instance) === undefined) return refuse(operationReason('forget-unknown', { instance }))
  await forgetAll([instance], 'forget', parts)
  return ok(instance)
}

const forgetCluster: Handler<Contract['forget-cluster']> = async ({ cluster }, parts) => {
  const forgotten = (parts.topology().clusters.get(cluster) ?? []).map(member => member.key)
  await forgetAll(forgotten, 'forget-cluster', parts)
  return ok({ cluster, forgotten })
}

const forgetAll = (keys: readonly InstanceKey[], kind: 'forget' | 'forget-cluster', parts: OperationParts): Promise<void> => parts.journal.propose({ do: 'forget', keys, kind })

export const discoveryHandlers = { 'discover': discover, 'async-discover': asyncDiscover, 'refresh': refresh, 'forget': forget, 'forget-cluster': forgetCluster }
