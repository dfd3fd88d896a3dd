import type { Contract } from '../../../contract/all.ts'
import type { InputOf } from '../../../contract/operation.ts'
import type { Rejoined, ReturnedPrimary } from '../../../contract/returned.ts'
import { ok } from '../../../kit/result.ts'
import { planRejoinPrimary } from '../../../model/planning/rejoin-primary.ts'
import { planReprovision } from '../../../model/planning/reprovision.ts'
import { judgeReturned, presentPrimary } from '../../../model/planning/return-judgement.ts'
import { returnReason } from '../../../model/planning/return-reasons.ts'
import { bareInstance } from '../../../model/topology/fresh-instance.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import type { PlanOutcome } from '../../execution/plan-outcome.ts'
import type { DeposedPrimary } from '../../recovery/deposed.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse, serverFailed } from '../refusals.ts'
import { notReached } from './not-reached.ts'

type Rejoin = InputOf<Contract['rejoin-primary']>

function judged({ key, successor, recovery }: DeposedPrimary, parts: OperationParts): ReturnedPrimary {
  const topology = parts.topology()
  const primary = presentPrimary(topology, successor)
  const about = { server: key, alias: topology.get(key)?.alias ?? '', recovery: recovery.uid }
  if (primary === undefined || primary.check.failure !== null) {
    return { ...about, primary: null, verdict: 'no-primary', because: returnReason('return-no-primary', { old: key, successor }), diverged: null, offers: [] }
  }
  const below = topology.replicasOf(key).map(replica => replica.key)
  const { verdict, because, diverged, offers } = judgeReturned(topology.get(key) ?? bareInstance(key), primary, parts.policy().relocate.replication, below)
  return { ...about, primary: primary.key, verdict, because, diverged, offers: offers.map(offer => ({ offer, says: returnReason(`offer-${offer}`, { old: key }) })) }
}

const returnedPrimaries: Handler<Contract['returned-primaries']> = async (_input, parts) => {
  const deposed = parts.recoveries.deposed()
  const keys = deposed.flatMap(({ key, successor }) => [key, presentPrimary(parts.topology(), successor)?.key ?? successor])
  await parts.readAgain([...new Set(keys)].filter(key => parts.topology().instances.has(key)))
  return ok(deposed.map(one => judged(one, parts)))
}

/** The primary that the server is to follow: as asked, else whoever is primary now where it was replaced. */
function sourceFor({ instance, destination }: Rejoin, topology: Topology, parts: OperationParts): InstanceKey | undefined {
  if (destination !== undefined) return destination
  const successor = parts.recoveries.deposed().find(({ key }) => key === instance)?.successor
  return successor === undefined ? undefined : presentPrimary(topology, successor)?.key
}

const rejoin = (injectsEmpty: boolean) => ({
  reads: (input: Rejoin, topology: Topology): readonly InstanceKey[] => {
    // Whom it follows is known to the parts alone; every primary that may be meant has the server's cluster or is named.
    const near = [input.instance, input.destination, ...topology.replicasOf(input.instance).map(({ key }) => key)]
    return [...new Set(near)].filter(key => key !== undefined).filter(key => topology.instances.has(key))
  },
  readsAfter: true,
  plan: (input: Rejoin, topology: Topology, parts: OperationParts) => {
    const unread = notReached(topology.get(input.instance))
    if (unread !== null) return unread
    const source = sourceFor(input, topology, parts)
    if (source === undefined) return { refused: operationReason('rejoin-not-replaced', { old: input.instance }) }
    return planRejoinPrimary(topology, { old: input.instance, source, injectsEmpty }, parts.policy().relocate.replication)
  },
  output: ({ instance }: Rejoin, topology: Topology, outcome: PlanOutcome): Outcome<Rejoined> => rejoined(instance, topology, outcome),
})

function rejoined(instance: InstanceKey, topology: Topology, outcome: PlanOutcome): Outcome<Rejoined> {
  const server = outcome.fresh.get(instance) ?? topology.get(instance)
  return server === undefined ? refuse(operationReason('instance-unknown', { instance })) : ok({ server, source: server.replication?.source ?? instance })
}


const reprovision: Handler<Contract['reprovision']> = {
  readsAfter: true,
  reads: ({ instance, donor, source }, topology) => {
    const near = [instance, donor, source, ...topology.replicasOf(instance).map(({ key }) => key)]
    return [...new Set(near)].filter(key => key !== undefined).filter(key => topology.instances.has(key))
  },
  plan: ({ instance, donor, source }, topology, parts) => {
    const unread = notReached(topology.get(instance))
    if (unread !== null) return unread
    const primary = sourceFor({ instance, destination: source }, topology, parts)
    if (primary === undefined) return { refused: operationReason('rejoin-not-replaced', { old: instance }) }
    return planReprovision(topology, { old: instance, donor: donor ?? null, source: primary }, parts.policy().relocate.replication)
  },
  output: ({ instance }, topology, outcome) => rejoined(instance, topology, outcome),
}

const progressMilliseconds = 5000

const cloneProgress: Handler<Contract['clone-progress']> = async ({ instance }, parts) => {
  const progress = await parts.cloning.cloneProgress(instance, progressMilliseconds)
  return progress.ok ? ok(progress.value) : serverFailed(instance, progress.failure)
}

export const returnedHandlers = {
  'returned-primaries': returnedPrimaries, 'reprovision': reprovision, 'clone-progress': cloneProgress,
  'rejoin-primary': rejoin(false), 'rejoin-primary-inject-empty': rejoin(true),
}
