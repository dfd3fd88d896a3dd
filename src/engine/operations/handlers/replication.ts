import type { Contract } from '../../../contract/all.ts'
import type { InputOf } from '../../../contract/operation.ts'
import { ok } from '../../../kit/result.ts'
import { planSingle, type SingleAct } from '../../../model/planning/single.ts'
import type { Instance } from '../../../model/topology/instance.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import type { PlanOutcome } from '../../execution/plan-outcome.ts'
import type { Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse } from '../refusals.ts'
import { notReached } from './not-reached.ts'

type OneServer = InputOf<Contract['stop-replica']>

/** The server alone; for who may acknowledge commits, also those among whom that is judged. */
function serversRead(server: Instance | undefined, topology: Topology, act: SingleAct): readonly InstanceKey[] {
  if (server === undefined) return []
  const source = act === 'start-replica' || act === 'restart-replica' ? topology.sourceOf(server) : undefined
  if (source === undefined || server.semiSync === null) return [server.key]
  return [...new Set([server.key, source.key, ...topology.replicasOf(source.key).map(({ key }) => key)])]
}

/** An act on one server: planned, shown and checked like any other. */
const single = (act: SingleAct) => ({
  reads: ({ instance }: OneServer, topology: Topology) => serversRead(topology.get(instance), topology, act),
  plan: ({ instance }: OneServer, topology: Topology, parts: OperationParts) =>
    notReached(topology.get(instance)) ?? planSingle(topology, instance, act, { alsoSuper: parts.policy().useSuperReadOnly, semiSync: parts.policy().semiSync }),
  output: ({ instance }: OneServer, topology: Topology, outcome: PlanOutcome): Outcome<Instance> => {
    const server = outcome.fresh.get(instance) ?? topology.get(instance)
    return server === undefined ? refuse(operationReason('instance-unknown', { instance })) : ok(server)
  },
})

export const replicationHandlers = {
  'stop-replica': single('stop-replica'), 'start-replica': single('start-replica'), 'restart-replica': single('restart-replica'),
  'set-read-only': single('set-read-only'), 'set-writeable': single('set-writeable'),
}
