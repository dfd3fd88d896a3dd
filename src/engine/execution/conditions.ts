import type { Reason } from '../../kit/reason.ts'
import { unreachable } from '../../kit/unreachable.ts'
import { hasUnapplied, holdsUnapplied, readGtids } from '../../model/planning/failover-held.ts'
import { divergedFrom } from '../../model/planning/return-judgement.ts'
import type { Condition, Step } from '../../model/planning/step.ts'
import { standsAt } from '../../model/planning/stands-at.ts'
import { intersectGtidSets, isEmptyGtidSet, isGtidSubset } from '../../model/topology/gtid-set.ts'
import { type Instance, isReplica, type ReplicationLink } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { hasAppliedAllItRead } from '../../model/topology/received.ts'
import { executionReason } from './reasons.ts'

/** The servers that must be read to judge a condition. */
export const serversOf = (condition: Condition): readonly InstanceKey[] =>
  condition.holds === 'can-auto-position' || condition.holds === 'source-holds-received' || condition.holds === 'source-has-executed' ? [condition.server, condition.source] : [condition.server]

/** Who must be read besides, as the servers just read show: a source lists a replica that has left until it sends it something, and only that one knows better. */
export const listedServers = (condition: Condition, read: (key: InstanceKey) => Instance | undefined): readonly InstanceKey[] =>
  condition.holds === 'has-no-replicas' ? (read(condition.server)?.listedReplicas ?? []) : []

const hasLeft = (replica: Instance | undefined, source: InstanceKey): boolean => replica !== undefined && replica.channels.every(channel => channel.source !== source)

/** Null when the condition holds for these servers as just read, else why not. A server that is missing could not be read. */
export function broken(condition: Condition, read: (key: InstanceKey) => Instance | undefined): Reason | null {
  const { server } = condition
  const instance = read(server)
  if (instance === undefined) return executionReason('condition-is-reachable', { server })
  const unless = (holds: boolean, reason: () => Reason): Reason | null => (holds ? null : reason())
  switch (condition.holds) {
    case 'is-reachable':
      return null
    case 'replicates-from': {
      const { source } = condition
      return unless(instance.replication?.source === source, () =>
        executionReason('condition-replicates-from', { server, source, actual: instance.replication?.source ?? 'nothing' }))
    }
    case 'is-primary':
      return unless(!isReplica(instance), () => executionReason('condition-is-primary', { server }))
    case 'applier-running':
      return unless(instance.replication?.applier === 'running', () => executionReason('condition-applier-running', { server }))
    case 'receiver-stopped':
      return unless(instance.replication === null || instance.replication.receiver === 'stopped', () => executionReason('condition-receiver-stopped', { server }))
    case 'read-only':
      return unless(instance.readOnly, () => executionReason('condition-read-only', { server }))
    case 'nothing-received-unapplied':
      return unless(!hasUnapplied(instance), () => executionReason('condition-nothing-received-unapplied', { server }))
    case 'can-auto-position': {
      const source = read(condition.source)
      if (source === undefined) return executionReason('condition-is-reachable', { server: condition.source })
      return unless(isGtidSubset(readGtids(source.purgedGtidSet), readGtids(instance.executedGtidSet)), () =>
        executionReason('condition-can-auto-position', { server, source: source.key }))
    }
    case 'source-holds-received': {
      const source = read(condition.source)
      if (source === undefined) return executionReason('condition-is-reachable', { server: condition.source })
      return unless(holdsUnapplied(source, instance), () =>
        executionReason('condition-source-holds-received', { server, source: source.key }))
    }
    case 'source-has-executed': {
      const source = read(condition.source)
      if (source === undefined) return executionReason('condition-is-reachable', { server: condition.source })
      const only = divergedFrom(instance, source)
      return unless(only !== null && only.count === 0, () => executionReason('condition-source-has-executed', { server, source: source.key, gtids: only?.gtids ?? '?' }))
    }
    case 'applier-stopped':
      return unless(instance.replication?.applier === 'stopped', () => executionReason('condition-applier-stopped', { server }))
    case 'receiver-there':
      return unless(instance.replication !== null && instance.replication.receiver !== 'stopped', () => executionReason('condition-receiver-there', { server }))
    case 'applier-failed-on':
      return unless(standsAt(instance) === condition.gtid, () => executionReason('condition-applier-failed-on', { server, gtid: condition.gtid || 'an error' }))
    case 'executed-all-read':
      return unless(hasExecutedAllRead(instance), () => executionReason('condition-executed-all-read', { server }))
    case 'has-executed':
      return unless(isGtidSubset(readGtids(condition.set), readGtids(instance.executedGtidSet)), () => executionReason('condition-has-executed', { server, set: condition.set }))
    case 'has-no-replicas': {
      const replicas = instance.listedReplicas.filter(key => !hasLeft(read(key), server))
      return unless(replicas.length === 0, () => executionReason('condition-has-no-replicas', { server, replicas: replicas.join(', ') }))
    }
    case 'is-writable':
      return unless(!instance.readOnly, () => executionReason('condition-is-writable', { server }))
    default:
      return unreachable(condition)
  }
}

/** What a step promises of its server as read afterwards: null when kept, `later` while it may still come, else what was found instead. */
export function unkept(step: Step, after: Instance): null | { readonly later: boolean; readonly found: string } {
  const link = after.replication
  const threads = `receiver ${link?.receiver ?? 'none'}, applier ${link?.applier ?? 'none'}${link?.receiverError.text ? `, ${link.receiverError.text}` : ''}${link?.applierError.text ? `, ${link.applierError.text}` : ''}`
  const unless = (kept: boolean, found: string, later = false): null | { later: boolean; found: string } => (kept ? null : { later, found })
  switch (step.do) {
    case 'stop-receiver':
      return unless(link === null || link.receiver === 'stopped', threads)
    case 'stop-replication':
    case 'start-until': // it ran, and is stopped again
      return unless(link === null || (link.receiver === 'stopped' && link.applier === 'stopped'), threads)
    case 'start-receiver':
      if (step.connectsLater === true) return unless(link !== null && link.receiver !== 'stopped', threads, true)
      return unless(link?.receiver === 'running', threads, true)
    case 'start-replication':
      return unless(link?.receiver === 'running' && link.applier === 'running', threads, true)
    case 'start-applier':
    case 'apply-relay-log':
      return unless(link?.applier === 'running', threads, true)
    case 'change-source':
      return unless(link?.source === step.to && hasTurned(step.way, link.gtid), `source ${link?.source ?? 'none'}, GTID ${link?.gtid ?? 'none'}`)
    case 'forget-source':
      return unless(!isReplica(after), `source ${link?.source ?? 'none'}`)
    case 'wait-restart':
      return unless(after.readOnly, 'it takes writes')
    case 'set-read-only':
      return unless(after.readOnly && (!step.alsoSuper || after.superReadOnly || after.version.flavour === 'MariaDB'), `read_only ${after.readOnly}, super_read_only ${after.superReadOnly}`)
    case 'set-writable':
      return unless(!after.readOnly && !after.superReadOnly, `read_only ${after.readOnly}, super_read_only ${after.superReadOnly}`)
    case 'stop-applier':
      return unless(link === null || link.applier === 'stopped', threads)
    case 'inject-empty':
      return unless(isGtidSubset(readGtids(step.set), readGtids(after.executedGtidSet)), `executed ${after.executedGtidSet}`)
    case 'forget-gtids':
      return unless(isEmptyGtidSet(intersectGtidSets(readGtids(step.set), readGtids(after.executedGtidSet))), `executed ${after.executedGtidSet}`)
    case 'set-delay':
      return unless(link === null || link.delaySeconds === step.seconds, `a delay of ${link?.delaySeconds ?? 0} s`)
    case 'set-semi-sync': // accepted is set; what a short reading leaves out cannot prove more
    case 'commit-nothing':
    case 'end-blocked-commits':
    case 'wait-position':
    case 'read-coordinates':
    case 'match-position':
    case 'wait-received':
    case 'skip-next-event':
    case 'flush-binary-logs':
    case 'purge-binary-logs':
    case 'kill-query':
    case 'read-executed':
    case 'wait-executed':
    case 'clone-from':
    case 'copy-replication-credentials':
      return null
    default:
      return unreachable(step)
  }
}

/** A link that has read nothing since it was made has nothing to apply. Where a MariaDB names GTIDs they decide: its coordinates can be set by hand. */
function hasExecutedAllRead(instance: Instance): boolean {
  if ((instance.replication?.readCoordinates ?? null) === null) return true
  return instance.mariadbGtid === null ? hasAppliedAllItRead(instance) : !hasUnapplied(instance)
}

/** The ways that decide about GTID must have done so. */
const hasTurned = (way: Extract<Step, { do: 'change-source' }>['way'], gtid: ReplicationLink['gtid']): boolean =>
  way === 'auto-position' || way === 'slave-pos' || way === 'current-pos' ? gtid !== 'none' : (way !== 'executed-position' && way !== 'coordinates') || gtid === 'none'
