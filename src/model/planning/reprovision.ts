import { type Instance, isReplica, isReplicating } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { ReplicationPolicy } from '../topology/replication-rules.ts'
import type { Topology } from '../topology/topology.ts'
import { isAtLeast, majorVersionText, type ServerVersion } from '../topology/version.ts'
import { type ActRow, actPlan, serverOf } from './act-plan.ts'
import type { Planned, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import { modelOf } from './rejoin-primary.ts'
import { divergedFrom } from './return-judgement.ts'
import { returnReason } from './return-reasons.ts'
import { canReplicate } from '../topology/replication-rules.ts'

export interface ReprovisionWish {
  readonly old: InstanceKey
  /** Null: a replica of the source that has read all there is, of the server's own site if there is one. */
  readonly donor: InstanceKey | null
  readonly source: InstanceKey
}

/** Terabytes take hours; a person may stop it with KILL QUERY at any time. */
const cloneMilliseconds = 24 * 3_600_000
/** Servers recover what was copied before they answer. */
const restartMilliseconds = 600_000
const appliedMilliseconds = 60_000
const enabledAgain = 'what the donor had'

/**
 * All data of a server that was replaced as primary become those of a donor, and it follows the present primary. What only it has is gone then, and is
 * named before. The plan cannot be undone once the clone has begun.
 */
export function planReprovision(topology: Topology, { old: key, donor: wanted, source: sourceKey }: ReprovisionWish, policy: ReplicationPolicy): Planned {
  const [old, source] = [serverOf(topology, key), serverOf(topology, sourceKey)]
  if ('refused' in old) return old
  if ('refused' in source) return source
  const names = { old: key, source: sourceKey }
  if (isReplica(old)) return refuse('rejoin-is-replica', { old: key, source: old.replication?.source ?? '' })
  if (key === sourceKey) return refuse('same-as-itself', { replica: key, target: sourceKey })
  if (isReplica(source) || source.readOnly) return refuse('rejoin-no-primary', names)
  if (topology.replicasOf(key).length > 0) return refuse('rejoin-has-replicas', { old: key, replicas: topology.replicasOf(key).length })
  if (old.check.failure !== null || old.check.lastSeenAt === null) return refuse('rejoin-refused', { old: key, why: returnReason('return-not-seen', { old: key, successor: sourceKey }).text })
  const may = canReplicate(old, source, policy)
  if (!may.allowed) return refuse('cannot-replicate', { replica: key, target: sourceKey, obstacle: may.obstacle.text, rule: may.obstacle.code })
  const donor = wanted === null ? donorFor(topology, old, source) : topology.get(wanted)
  if (donor === undefined) return refuse(wanted === null ? 'no-donor' : 'unknown-instance', { server: wanted ?? key, source: sourceKey })
  const unfit = unfitDonor(old, donor, source)
  if (unfit !== null) return unfit
  // A replica hands its account and options on with its data.
  const like = isReplica(donor) ? null : modelOf(topology, { ...old, hasReplicationAccount: false }, source)
  if (like !== null && typeof like === 'object') return like
  const only = divergedFrom(old, source)
  const turned = returnReason('rejoin-turned', names)
  const [cloned, copied] = [returnReason('reprovision-cloned', { old: key, donor: donor.key }), returnReason('reprovision-copied', { old: key, donor: donor.key })]
  const rows: readonly ActRow[] = [
    { step: { do: 'read-executed', on: donor.key, as: enabledAgain }, ifStoppedHere: returnReason('reprovision-untouched', { old: key }) },
    ...(old.readOnly ? [] : [{ step: { do: 'set-read-only', on: key, alsoSuper: true } as const, ifStoppedHere: returnReason('rejoin-read-only', { old: key }) }]),
    {
      step: { do: 'clone-from', on: key, donor: donor.key, timeoutMilliseconds: cloneMilliseconds }, ifStoppedHere: cloned,
      requires: [{ holds: 'read-only', server: key }, { holds: 'is-primary', server: key }, { holds: 'has-no-replicas', server: key }, { holds: 'is-reachable', server: donor.key }],
    },
    { step: { do: 'wait-restart', on: key, timeoutMilliseconds: restartMilliseconds }, ifStoppedHere: copied },
    { step: { do: 'wait-executed', on: key, what: { boundTo: enabledAgain }, timeoutMilliseconds: appliedMilliseconds }, ifStoppedHere: copied },
    { step: { do: 'stop-replication', on: key }, ifStoppedHere: copied },
    {
      step: { do: 'change-source', on: key, to: sourceKey, way: 'auto-position' }, ifStoppedHere: turned,
      requires: [{ holds: 'read-only', server: key }, { holds: 'source-has-executed', server: key, source: sourceKey }, { holds: 'source-holds-received', server: key, source: sourceKey }],
    },
    ...(like === null ? [] : [{ step: { do: 'copy-replication-credentials', on: key, like } as const, ifStoppedHere: turned }]),
    { step: { do: 'start-replication', on: key }, ifStoppedHere: returnReason('rejoin-done', names) },
  ]
  return actPlan(topology, {
    kind: 'reprovision', says: returnReason('plan-reprovision', { old: key, donor: donor.key, source: sourceKey }), rows, concerns: [sourceKey, donor.key], method: 'gtid',
    checks: [returnReason('reprovision-needs', { old: key, donor: donor.key })],
    warnings: [
      returnReason('reprovision-destroys', { old: key }),
      ...(only === null || only.count === 0 ? [] : [returnReason('reprovision-loses', { old: key, source: sourceKey, count: only.count, gtids: only.gtids })]),
    ],
  })
}

/** A replica of the source, so that the primary has no work of it; the primary itself when there is none. */
function donorFor(topology: Topology, old: Instance, source: Instance): Instance | undefined {
  const replicas = topology.replicasOf(source.key).filter(replica => replica.check.failure === null && isReplicating(replica) && unfitDonor(old, replica, source) === null)
  const [best] = replicas.toSorted((left, right) => Number(left.dataCenter !== old.dataCenter) - Number(right.dataCenter !== old.dataCenter) || (left.replicationLagSeconds ?? Infinity) - (right.replicationLagSeconds ?? Infinity))
  return best ?? (unfitDonor(old, source, source) === null ? source : undefined)
}

/** MySQL manual, "Cloning Remote Data": from 8.0.17, between servers of one series (of one release before 8.0.37). */
function unfitDonor(old: Instance, donor: Instance, source: Instance): Refusal | null {
  const names = { old: old.key, donor: donor.key }
  if (donor.key === old.key) return refuse('same-as-itself', { replica: old.key, target: donor.key })
  if (donor.check.failure !== null) return refuse('unreachable', { server: donor.key, failure: donor.check.failure.text, kind: donor.check.failure.kind })
  if (donor.key !== source.key && donor.replication?.source !== source.key) return refuse('donor-elsewhere', { ...names, source: source.key })
  for (const { key, version, gtidMode } of [old, donor]) {
    if (version.flavour === 'MariaDB' || !isAtLeast(version, 8, 0, 17)) return refuse('cannot-clone', { server: key, version: version.text })
    if (gtidMode !== 'ON') return refuse('source-gtid-mode', { replica: old.key, target: key, mode: gtidMode || 'unknown' })
  }
  return isSameSeries(old.version, donor.version) ? null : refuse('clone-versions', { ...names, version: old.version.text, donorVersion: donor.version.text })
}

function isSameSeries(left: ServerVersion, right: ServerVersion): boolean {
  if (majorVersionText(left) !== majorVersionText(right)) return false
  return left.patch === right.patch || (isAtLeast(left, 8, 0, 37) && isAtLeast(right, 8, 0, 37))
}
