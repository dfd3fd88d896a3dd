import type { ServerStatus, StatusCode } from '../../../contract/views.ts'
import type { Reason } from '../../../kit/reason.ts'
import { hasUnreasonableLag } from '../../../model/topology/describe.ts'
import { type FreshnessPolicy, isDowntimed, isRecentlyChecked, isUnderMaintenance } from '../../../model/topology/freshness.ts'
import { type Instance, isLastCheckValid, type ReplicationLink } from '../../../model/topology/instance.ts'
import { viewReason } from '../view-reasons.ts'

const severities: Readonly<Record<StatusCode, ServerStatus['severity']>> = {
  'unreachable': 'critical', 'applier-error': 'critical', 'receiver-error': 'critical', 'stopped': 'warning', 'not-checked': 'stale', 'group-not-online': 'critical',
  'lag': 'warning', 'lag-unknown': 'warning', 'errant-gtid': 'warning', 'maintenance': 'ok', 'replicating': 'ok', 'writable': 'ok', 'read-only-primary': 'warning',
}

const status = (code: StatusCode, reason: Reason, since: number | null = null): ServerStatus => ({ code, severity: severities[code], reason, since })

/** All statuses of a server, worst first (ui.md 6.2); never empty. What an unreachable server last said of its replication is not repeated as if it were so. */
export function statusesOf(instance: Instance, replicas: number, policy: FreshnessPolicy, now: number): readonly ServerStatus[] {
  const troubles = [...checkTroubles(instance, policy, now), ...standingTroubles(instance, policy, now)]
  if (troubles.some(({ code }) => code !== 'errant-gtid' && code !== 'maintenance')) return troubles
  return [...troubles, wellBeing(instance, replicas, now)]
}

function checkTroubles(instance: Instance, policy: FreshnessPolicy, now: number): readonly ServerStatus[] {
  const { check, replication } = instance
  if (check.lastCheckedAt === null) return [status('not-checked', viewReason('status-never-checked', {}))]
  if (!isLastCheckValid(instance)) {
    const { failure } = check
    return [status('unreachable', viewReason('status-unreachable', { text: failure?.text ?? 'the last check failed', kind: failure?.kind ?? 'unknown' }), check.lastSeenAt)]
  }
  if (!isRecentlyChecked(instance, policy, now)) {
    return [status('not-checked', viewReason('status-not-checked', { seconds: Math.round((now - check.lastCheckedAt) / 1000) }), check.lastCheckedAt)]
  }
  return replication === null ? [] : threadTroubles(replication)
}

function threadTroubles(link: ReplicationLink): readonly ServerStatus[] {
  const { receiver, applier, receiverError, applierError } = link
  const troubles: ServerStatus[] = []
  if (applier !== 'running' && applierError.number !== 0) {
    troubles.push(status('applier-error', viewReason('status-applier-error', { number: applierError.number, text: applierError.text }), applierError.at))
  }
  if (receiver !== 'running' && receiverError.number !== 0) {
    troubles.push(status('receiver-error', viewReason('status-receiver-error', { number: receiverError.number, text: receiverError.text }), receiverError.at))
  } else if (receiver === 'connecting') troubles.push(status('receiver-error', viewReason('status-receiver-connecting', {})))
  if (troubles.length > 0) return troubles
  const stopped = { receiver: receiver !== 'running', applier: applier !== 'running' }
  if (!stopped.receiver && !stopped.applier) return []
  const reason = stopped.receiver && stopped.applier ? viewReason('status-stopped', {}) : stopped.receiver ? viewReason('status-receiver-stopped', {}) : viewReason('status-applier-stopped', {})
  return [status('stopped', reason)]
}

function standingTroubles(instance: Instance, policy: FreshnessPolicy, now: number): readonly ServerStatus[] {
  const { group, replication, maintenance } = instance
  const troubles: ServerStatus[] = []
  const isKnown = isLastCheckValid(instance)
  if (isKnown && group !== null && group.name !== '' && group.memberState !== 'ONLINE') {
    troubles.push(status('group-not-online', viewReason('status-group-not-online', { state: group.memberState })))
  }
  if (isKnown && replication?.receiver === 'running' && replication.applier === 'running') {
    if (instance.replicationLagSeconds === null) troubles.push(status('lag-unknown', viewReason('status-lag-unknown', {})))
    else if (hasUnreasonableLag(instance, policy)) troubles.push(status('lag', viewReason('status-lag', { seconds: instance.replicationLagSeconds })))
  }
  if (instance.errantGtidSet !== '') troubles.push(status('errant-gtid', viewReason('status-errant-gtid', { set: instance.errantGtidSet })))
  if (maintenance !== null && isUnderMaintenance(instance, now)) {
    troubles.push(status('maintenance', viewReason('status-maintenance', { owner: maintenance.owner, reason: maintenance.reason }), maintenance.beganAt))
  }
  return troubles
}

function wellBeing(instance: Instance, replicas: number, now: number): ServerStatus {
  if (instance.replication !== null) return status('replicating', viewReason('status-replicating', { seconds: instance.replicationLagSeconds ?? 0 }))
  if (!instance.readOnly) return status('writable', viewReason('status-writable', {}))
  const readOnly = status('read-only-primary', viewReason('status-read-only-primary', {}))
  // A server alone, or one that was put aside, may well be read-only.
  return replicas === 0 || isDowntimed(instance, now) ? { ...readOnly, severity: 'ok' } : readOnly
}
