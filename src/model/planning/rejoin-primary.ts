import { type Instance, isReplica } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import { type ActRow, actPlan, serverOf } from './act-plan.ts'
import type { Planned, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { judgeReturned } from './return-judgement.ts'
import { returnReason } from './return-reasons.ts'
import type { Condition } from './step.ts'

export interface RejoinWish {
  readonly old: InstanceKey
  readonly source: InstanceKey
  /** What only the old primary has is made to count as executed on its source, and stays on the old primary alone. */
  readonly injectsEmpty?: boolean
}

/**
 * A primary that was replaced follows whoever is primary now. Only when that one has all that the old one has, judged again on fresh readings right
 * before the change; its account and options are those of the replicas that it joins.
 */
export function planRejoinPrimary(topology: Topology, { old: key, source: sourceKey, injectsEmpty = false }: RejoinWish, policy: ReplicationPolicy): Planned {
  const [old, source] = [serverOf(topology, key), serverOf(topology, sourceKey)]
  if ('refused' in old) return old
  if ('refused' in source) return source
  const names = { old: key, source: sourceKey }
  if (isReplica(old)) return refuse('rejoin-is-replica', { old: key, source: old.replication?.source ?? '' })
  if (key === sourceKey) return refuse('same-as-itself', { replica: key, target: sourceKey })
  if (isReplica(source) || source.readOnly) return refuse('rejoin-no-primary', names)
  if (topology.replicasOf(key).length > 0) return refuse('rejoin-has-replicas', { old: key, replicas: topology.replicasOf(key).length })
  const judged = judgeReturned({ ...old, readOnly: true }, source, policy)
  const injects = judged.verdict === 'diverged' && injectsEmpty && old.mariadbGtid === null ? judged.diverged : null
  if (judged.verdict !== 'clean' && injects === null) return refuse('rejoin-refused', { old: key, why: judged.because.text })
  const like = modelOf(topology, old, source)
  if (like !== null && typeof like === 'object') return like
  const mariadb = old.version.flavour === 'MariaDB'
  const readOnly: Condition = { holds: 'read-only', server: key }
  const turned = returnReason('rejoin-turned', names)
  const rows: readonly ActRow[] = [
    ...(old.readOnly && (old.superReadOnly || mariadb) ? [] : [{
      step: { do: 'set-read-only', on: key, alsoSuper: true } as const, requires: [{ holds: 'is-primary', server: key } as const], ifStoppedHere: returnReason('rejoin-read-only', { old: key }),
    }]),
    // It waited for acknowledgements as a primary. What a replica executes is a commit like any other, and nobody acknowledges it there: it would stand still for ever.
    ...(old.semiSync?.sourceEnabled === true ? [{ step: { do: 'set-semi-sync', on: key, side: 'source', enabled: false } as const, requires: [readOnly], ifStoppedHere: returnReason('rejoin-read-only', { old: key }) }] : []),
    ...(injects === null ? [] : [{ step: { do: 'inject-empty', on: sourceKey, set: injects.gtids } as const, requires: [readOnly, { holds: 'is-writable', server: sourceKey } as const], ifStoppedHere: returnReason('rejoin-injected', names) }]),
    {
      step: { do: 'change-source', on: key, to: sourceKey, way: mariadb ? 'current-pos' : 'auto-position' }, ifStoppedHere: turned, undo: [{ do: 'forget-source', on: key }],
      requires: [
        readOnly, { holds: 'is-primary', server: key }, { holds: 'source-has-executed', server: key, source: sourceKey },
        ...(mariadb ? [] : [{ holds: 'can-auto-position', server: key, source: sourceKey } as const]),
      ],
    },
    ...(like === null ? [] : [{ step: { do: 'copy-replication-credentials', on: key, like } as const, ifStoppedHere: turned }]),
    { step: { do: 'start-replication', on: key }, ifStoppedHere: returnReason('rejoin-done', names) },
  ]
  return actPlan(topology, {
    kind: 'rejoin-primary', says: returnReason('plan-rejoin-primary', names), rows, concerns: [sourceKey], method: mariadb ? 'mariadb-gtid' : 'gtid',
    checks: [judged.verdict === 'clean' ? judged.because : returnReason('rejoin-injected', names), ...(like === null ? [] : [returnReason('rejoin-options-of', { like })])],
    warnings: injects === null ? [] : [returnReason('rejoin-differs', names)],
  })
}

/** Whose account and options it takes: those of a replica of its new source, best one of its own site; null: its own, because nobody tells another. */
export function modelOf(topology: Topology, old: Instance, source: Instance): InstanceKey | Refusal | null {
  const telling = [...topology.replicasOf(source.key).filter(({ check }) => check.failure === null), source].filter(({ key, replicationCredentialsAvailable }) => key !== old.key && replicationCredentialsAvailable)
  const [best] = telling.toSorted((left, right) => Number(left.key === source.key) - Number(right.key === source.key) || Number(left.dataCenter !== old.dataCenter) - Number(right.dataCenter !== old.dataCenter))
  if (best !== undefined) return best.key
  return old.hasReplicationAccount ? null : refuse('rejoin-without-account', { old: old.key, source: source.key })
}
