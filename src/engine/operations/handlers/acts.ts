import type { Contract } from '../../../contract/all.ts'
import type { InputOf } from '../../../contract/operation.ts'
import { ok } from '../../../kit/result.ts'
import { planFlushBinaryLogs, planPurgeBinaryLogs } from '../../../model/planning/binary-logs.ts'
import { planCredentials } from '../../../model/planning/credentials.ts'
import { planDelay } from '../../../model/planning/delay.ts'
import { planDetach, planReattach } from '../../../model/planning/detach.ts'
import { planForgetErrant, planInjectErrant } from '../../../model/planning/errant.ts'
import { planKillQuery } from '../../../model/planning/kill-query.ts'
import { readGtids } from '../../../model/planning/failover-held.ts'
import type { Plan, Planned } from '../../../model/planning/plan.ts'
import type { DrainPolicy } from '../../../model/planning/quiesce.ts'
import { planResetReplica } from '../../../model/planning/reset-replica.ts'
import { planSemiSync, type SemiSyncSide } from '../../../model/planning/semi-sync.ts'
import { planSkipQuery } from '../../../model/planning/skip-query.ts'
import { sizeOfSet } from '../../../model/planning/stands-at.ts'
import { planStopNicely } from '../../../model/planning/stop-nice.ts'
import { planDisableGtid, planEnableGtid } from '../../../model/planning/use-gtid.ts'
import { planWaitPosition } from '../../../model/planning/wait-position.ts'
import { writablePrimaryOf } from '../../../model/topology/cluster.ts'
import { logsHolding } from '../../../model/topology/errant-logs.ts'
import { gtidSetText, intersectGtidSets, isEmptyGtidSet } from '../../../model/topology/gtid-set.ts'
import type { Instance } from '../../../model/topology/instance.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse, serverFailed } from '../refusals.ts'
import { notReached } from './not-reached.ts'

interface OnServer {
  readonly instance: InstanceKey
}

/** The server as it was read when all was done. */
function serverAfter({ instance }: OnServer, topology: Topology): Outcome<Instance> {
  const server = topology.get(instance)
  return server === undefined ? refuse(operationReason('instance-unknown', { instance })) : ok(server)
}

const knownOf = (topology: Topology, keys: readonly (InstanceKey | undefined)[]): readonly InstanceKey[] =>
  [...new Set(keys)].filter(key => key !== undefined && topology.instances.has(key)).filter(key => key !== undefined)

/** The server itself and its source, which may have to prove that it holds what the server has received. */
const withSource = ({ instance }: OnServer, topology: Topology): readonly InstanceKey[] =>
  knownOf(topology, [instance, topology.get(instance)?.replication?.source])

/** An act that answers its server: planned, shown and checked like any other. */
const act = <Given extends OnServer>(plan: (given: Given, topology: Topology, policy: DrainPolicy) => Planned) => ({
  reads: withSource, readsAfter: true,
  plan: (given: Given, topology: Topology, parts: OperationParts): Planned => notReached(topology.get(given.instance)) ?? plan(given, topology, parts.policy().relocate),
  output: serverAfter,
})

const semiSync = (side: SemiSyncSide, enabled: boolean) => act<OnServer>(({ instance }, topology) => planSemiSync(topology, instance, side, enabled))

/** While it was detached it was a cluster of its own; an alias that a person gave to that goes with it, unless one was given to the cluster it joins. */
async function handAliasBack(plan: Plan, parts: OperationParts): Promise<void> {
  const turned = plan.steps.find(({ step }) => step.do === 'change-source')?.step
  if (turned?.do !== 'change-source') return
  const byHand = await parts.store.aliases.loadByHand()
  const joins = parts.topology().get(turned.to)?.clusterName ?? turned.to
  if (byHand.has(turned.on) && !byHand.has(joins)) await parts.journal.propose({ do: 'rename-cluster', from: turned.on, to: joins })
}

/** The replica, its source and the primary, at the same time, so that what is errant is judged on what both have now. */
const withPrimary = (given: OnServer, topology: Topology): readonly InstanceKey[] =>
  knownOf(topology, [...withSource(given, topology), writablePrimaryOf(topology, topology.get(given.instance)?.clusterName ?? '')?.key])

const injectEmpty: Handler<Contract['gtid-errant-inject-empty']> = {
  reads: withPrimary, readsAfter: true,
  plan: ({ instance }, topology) => notReached(topology.get(instance)) ?? planInjectErrant(topology, instance),
  output: (given, topology, outcome) => {
    const replica = serverAfter(given, topology)
    if (!replica.ok) return replica
    const [injected] = outcome.steps
    const primary = injected?.step.on ?? writablePrimaryOf(topology, replica.value.clusterName)?.key ?? given.instance
    return ok({ replica: replica.value, primary, count: injected?.step.do === 'inject-empty' ? Number(sizeOfSet(injected.step.set) ?? 0n) : 0 })
  },
}

const forgetErrant: Handler<Contract['gtid-errant-reset-master']> = {
  ...act(({ instance }: OnServer, topology) => planForgetErrant(topology, instance)),
  reads: (given, topology) => knownOf(topology, [...withSource(given, topology), ...topology.replicasOf(given.instance).map(({ key }) => key)]),
}

const delay: Handler<Contract['delay-replication']> = {
  ...act(({ instance, seconds }: InputOf<Contract['delay-replication']>, topology, policy) => planDelay(topology, instance, seconds, policy)),
  output: (given, topology) => {
    const replica = serverAfter(given, topology)
    return replica.ok ? ok({ replica: replica.value, seconds: Number(given.seconds) }) : replica
  },
}

const purge: Handler<Contract['purge-binary-logs']> = {
  ...act(({ instance, logFile, force }: InputOf<Contract['purge-binary-logs']>, topology) => planPurgeBinaryLogs(topology, instance, logFile, force === true)),
  reads: ({ instance }, topology) => knownOf(topology, [instance, ...topology.replicasOf(instance).map(({ key }) => key)]),
}

/** Stop and start as the threads are now, with a statement between; each ends in a semicolon, in the words of the server's version. */
const restartStatements: Handler<Contract['restart-replica-statements']> = async ({ instance: on, statement }, parts) => {
  if (parts.topology().instances.has(on)) await parts.readAgain([on])
  const replica = parts.topology().get(on)
  if (replica === undefined) return refuse(operationReason('instance-unknown', { instance: on }))
  const unread = notReached(replica)
  if (unread !== null) return refuse(unread.refused)
  const { replication: link } = replica
  const word = (doing: 'stop-receiver' | 'stop-applier' | 'start-applier' | 'start-receiver'): string => `${(parts.statements({ do: doing, on }, replica)[0] ?? '').toLowerCase()};`
  const [receives, applies] = [link !== null && link.receiver !== 'stopped', link !== null && link.applier === 'running']
  const between = (statement ?? '').trim().replace(/;+$/, '')
  return ok({
    replica,
    statements: [
      ...(receives ? [word('stop-receiver')] : []), ...(applies ? [word('stop-applier')] : []), ...(between === '' ? [] : [`${between};`]),
      ...(applies ? [word('start-applier')] : []), ...(receives ? [word('start-receiver')] : []),
    ],
  })
}

/** A server with very many logs takes its time to open each. */
const locateMilliseconds = 30_000

const locate: Handler<Contract['locate-gtid-errant']> = async (given, parts) => {
  await parts.readAgain(withSource(given, parts.topology()))
  const { instance } = given
  const server = parts.topology().get(instance)
  if (server === undefined) return refuse(operationReason('instance-unknown', { instance }))
  const unread = notReached(server)
  if (unread !== null) return refuse(unread.refused)
  const errant = readGtids(server.errantGtidSet)
  if (isEmptyGtidSet(errant)) return refuse(operationReason('no-errant-gtid', { instance }))
  const purged = intersectGtidSets(errant, readGtids(server.purgedGtidSet))
  if (!isEmptyGtidSet(purged)) return refuse(operationReason('errant-gtid-purged', { instance, gtids: gtidSetText(purged) }))
  const starts = await parts.binaryLogs.starts(server, locateMilliseconds)
  if (!starts.ok) return serverFailed(instance, starts.failure)
  return ok(logsHolding(errant, starts.value.map(({ file, previousGtids }) => ({ file, previous: readGtids(previousGtids) }))))
}

export const actHandlers = {
  'locate-gtid-errant': locate,
  'skip-query': act<OnServer>(({ instance }, topology) => planSkipQuery(topology, instance)),
  'gtid-errant-inject-empty': injectEmpty,
  'gtid-errant-reset-master': forgetErrant,
  'detach-replica': act<OnServer>(({ instance }, topology, policy) => planDetach(topology, instance, policy)),
  'reattach-replica': { ...act<OnServer>(({ instance }, topology, policy) => planReattach(topology, instance, policy)), after: handAliasBack },
  'reset-replica': act<OnServer>(({ instance }, topology, policy) => planResetReplica(topology, instance, policy)),
  'enable-gtid': act<OnServer>(({ instance }, topology, policy) => planEnableGtid(topology, instance, policy)),
  'disable-gtid': act<OnServer>(({ instance }, topology, policy) => planDisableGtid(topology, instance, policy)),
  'enable-semi-sync-source': semiSync('source', true), 'disable-semi-sync-source': semiSync('source', false),
  'enable-semi-sync-replica': semiSync('replica', true), 'disable-semi-sync-replica': semiSync('replica', false),
  'delay-replication': delay,
  'flush-binary-logs': act(({ instance, logFile }: InputOf<Contract['flush-binary-logs']>, topology) => planFlushBinaryLogs(topology, instance, logFile)),
  'purge-binary-logs': purge,
  'kill-query': act(({ instance, process: thread }: InputOf<Contract['kill-query']>, topology) => planKillQuery(topology, instance, thread)),
  'stop-replica-nice': act<OnServer>(({ instance }, topology, policy) => planStopNicely(topology, instance, { ...policy, drainMilliseconds: niceMilliseconds })),
  'restart-replica-statements': restartStatements,
  'change-master-credentials': act<OnServer>(({ instance }, topology) => planCredentials(topology, instance)),
  'source-position-wait': act(({ instance, position }: InputOf<Contract['source-position-wait']>, topology, policy) =>
    planWaitPosition(topology, instance, position, { ...policy, drainMilliseconds: positionWaitMilliseconds })),
}

/** The original waits for a day; nobody who asks over HTTP does. */
const niceMilliseconds = 300_000
const positionWaitMilliseconds = 3_600_000
