import { canonicalJson, fingerprint } from '../../kit/fingerprint.ts'
import { reasonsOf } from '../../kit/reason-table.ts'
import type { Reason } from '../../kit/reason.ts'
import { startThrowsAway } from '../topology/mariadb-held.ts'
import { type Instance, isReplica } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { actRemark } from './act-remarks.ts'
import { hasUnapplied } from './failover-held.ts'
import type { Plan, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { defaultSemiSyncPolicy, replicaSideAtStart, type SemiSyncPolicy } from './semi-sync-roles.ts'
import type { Condition, Step } from './step.ts'

/** Acts on one server that need no judgement beyond the server itself. */
export type SingleAct = 'stop-replica' | 'start-replica' | 'restart-replica' | 'set-read-only' | 'set-writeable'

export interface SinglePolicy {
  readonly alsoSuper: boolean
  /** Who acknowledges is judged whenever a replica starts; left out: by priority alone. */
  readonly semiSync?: SemiSyncPolicy
}

export const singleReason = reasonsOf({
  'stop-replica': 'Stop replication on {server}',
  'start-replica': 'Start replication on {server}',
  'restart-replica': 'Stop and start replication on {server}',
  'set-read-only': 'Make {server} refuse writes',
  'set-writeable': 'Make {server} accept writes',
  'replica-stands': '{server} does not replicate; what it has received is kept',
  'replica-runs': '{server} replicates from {source}',
  'refuses-writes': '{server} refuses writes',
  'accepts-writes': '{server} accepts writes',
  'primary-refuses-writes': '{server} is the primary of {replicas} replicas: writes to the cluster will fail',
  'replica-accepts-writes': '{server} is a replica: what is written to it is lost or breaks replication',
} as const)

interface Rule {
  readonly needsReplica: boolean
  readonly steps: (on: InstanceKey, policy: SinglePolicy, instance: Instance, topology: Topology) => readonly Step[]
  readonly warnings: (instance: Instance, replicas: number) => readonly Reason[]
}

const none = (): readonly Reason[] => []

const rules: Readonly<Record<SingleAct, Rule>> = {
  'stop-replica': { needsReplica: true, steps: on => [{ do: 'stop-replication', on }], warnings: none },
  'start-replica': { needsReplica: true, steps: (on, policy, instance, topology) => [...semiSyncAtStart(topology, instance, policy.semiSync), { do: 'start-replication', on }], warnings: none },
  'restart-replica': {
    needsReplica: true, warnings: none,
    steps: (on, policy, instance, topology) => [{ do: 'stop-replication', on }, ...semiSyncAtStart(topology, instance, policy.semiSync), { do: 'start-replication', on }],
  },
  'set-read-only': {
    needsReplica: false, steps: (on, { alsoSuper }, instance) => [{ do: 'set-read-only', on, alsoSuper }, ...semiSyncSource(instance, false)],
    warnings: ({ key, replication }, replicas) => (replication === null && replicas > 0 ? [singleReason('primary-refuses-writes', { server: key, replicas })] : []),
  },
  'set-writeable': {
    needsReplica: false, steps: (on, _policy, instance) => [...semiSyncSource(instance, true), { do: 'set-writable', on }],
    warnings: ({ key, replication }) => (replication === null ? [] : [singleReason('replica-accepts-writes', { server: key })]),
  },
}

/** A replica with a semi-sync priority is no semi-sync source, and its replica side stands as its role asks for (contract refactoring.md section 6). */
export function semiSyncAtStart(
  topology: Topology, instance: Instance, policy: SemiSyncPolicy = defaultSemiSyncPolicy, source = topology.sourceOf(instance),
): readonly Step[] {
  const enabled = replicaSideAtStart(topology, instance, policy, source)
  return [...semiSyncSource(instance, false), ...(enabled === null ? [] : [{ do: 'set-semi-sync', on: instance.key, side: 'replica', enabled } as const])]
}

/** A server with a semi-sync priority is a semi-sync source exactly while it takes writes (contract refactoring.md 13). */
export const semiSyncSource = ({ key: on, semiSync }: Instance, enabled: boolean): readonly Step[] =>
  (semiSync !== null && semiSync.priority > 0 && semiSync.sourcePluginLoaded && semiSync.sourceEnabled !== enabled ? [{ do: 'set-semi-sync', on, side: 'source', enabled }] : [])

/** A plan of one or two steps on one server. Times and positions are not part of what it assumes. */
export function planSingle(topology: Topology, server: InstanceKey, act: SingleAct, policy: SinglePolicy): Plan | Refusal {
  const instance = topology.get(server)
  const rule = rules[act]
  if (instance === undefined) return refuse('unknown-instance', { server })
  if (rule.needsReplica && !isReplica(instance)) return refuse('not-a-replica', { replica: server })
  if (rule.needsReplica && instance.channels.length > 1) return refuse('several-channels', { replica: server, channels: instance.channels.length })
  const steps = rule.steps(server, policy, instance, topology)
  const kept: readonly Condition[] = startsAnew(act, instance) ? [{ holds: 'source-holds-received', server, source: instance.replication?.source ?? server }] : []
  return {
    kind: act, says: singleReason(act, { server }), checks: [], warnings: rule.warnings(instance, topology.replicasOf(server).length), method: 'none', concerns: [server],
    steps: steps.map((step, index) => ({
      number: index + 1, wave: index + 1, step, requires: [{ holds: 'is-reachable', server }, ...(index === 0 || step.do === 'start-replication' ? kept : [])], ifStoppedHere: standing(step, instance), onFailure: 'stop', undo: [],
    })),
    fingerprint: fingerprint(canonicalJson({ act, steps, source: instance.replication?.source ?? null, serverUuid: instance.serverUuid, version: instance.version.text })),
  }
}

/** A MariaDB by GTID whose threads both stand throws away what it has received and not applied, when it is started: its source must have it. */
function startsAnew(act: SingleAct, instance: Instance): boolean {
  const { replication: link, mariadbGtid } = instance
  if (mariadbGtid === null || link === null || link.gtid === 'none') return false
  if (act === 'restart-replica') return link.receiver === 'running' || hasUnapplied(instance)
  return act === 'start-replica' && startThrowsAway(instance)
}

function standing(step: Step, { key: server, replication }: Instance): Reason {
  if (step.do === 'set-read-only') return singleReason('refuses-writes', { server })
  if (step.do === 'set-writable') return singleReason('accepts-writes', { server })
  if (step.do === 'set-semi-sync') return actRemark('semi-sync-set', { server })
  if (step.do === 'stop-replication') return singleReason('replica-stands', { server })
  return singleReason('replica-runs', { server, source: replication?.source ?? '' })
}
