import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import { planRelocateAnyWay } from '../../../model/planning/move-one.ts'
import type { Handler } from '../handler.ts'
import { operationReason, refuse } from '../refusals.ts'

const relocate: Handler<Contract['relocate']> = {
  reads: ({ instance, destination }, topology) => {
    const source = topology.get(instance)?.replication?.source
    return [...new Set([instance, destination, ...(source === undefined ? [] : [source])])].filter(key => topology.instances.has(key))
  },
  plan: ({ instance, destination }, topology, parts) => planRelocateAnyWay(instance, destination, { topology, policy: parts.policy().relocate, now: parts.clock.now(), equivalents: parts.equivalences.of }),
  output: ({ instance }, topology, outcome, { methods = [] }) => {
    const replica = outcome.fresh.get(instance) ?? topology.get(instance)
    if (replica === undefined) return refuse(operationReason('replica-unknown', { instance }))
    return ok({ replica, source: replica.replication?.source ?? instance, methods })
  },
}

export const relocationHandlers = { relocate }
