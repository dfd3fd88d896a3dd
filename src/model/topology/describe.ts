import { type FreshnessPolicy, isDowntimed, isRecentlyChecked } from './freshness.ts'
import { type Instance, isLastCheckValid, isReplica, isReplicating } from './instance.ts'
import { hostOf } from './instance-key.ts'
import { supportsMysqlGtid, usesGtid } from './replication-rules.ts'

/** A server in words, as the original has them (contract discovery.md 10). `now` is ms since 1970. */

export type StatusWord = 'invalid' | 'unchecked' | 'nonreplicating' | 'lag' | 'ok'

export function statusWord(instance: Instance, policy: FreshnessPolicy, now: number): StatusWord {
  if (!isLastCheckValid(instance)) return 'invalid'
  if (!isRecentlyChecked(instance, policy, now)) return 'unchecked'
  if (isBrokenReplica(instance)) return 'nonreplicating'
  if (hasUnreasonableLag(instance, policy)) return 'lag'
  return 'ok'
}

/** `detached`, `unknown`, `null` or `<n>s`; a primary says `0s`. */
export function lagText(instance: Instance, policy: FreshnessPolicy, now: number): string {
  if (isDetachedByCoordinates(instance)) return 'detached'
  if (!isLastCheckValid(instance) || !isRecentlyChecked(instance, policy, now)) return 'unknown'
  if (instance.replication === null) return '0s'
  if (!isReplicating(instance) || instance.replicationLagSeconds === null) return 'null'
  return `${Math.max(0, instance.replicationLagSeconds)}s`
}

export type ProblemWord =
  | 'last_check_invalid' | 'not_recently_checked' | 'not_replicating' | 'replication_lag' | 'errant_gtid' | 'group_replication_member_not_online'

/** In the contract's order: the first of the first four, then the two that stand for themselves. */
export function problemsOf(instance: Instance, policy: FreshnessPolicy, now: number): readonly ProblemWord[] {
  const problems: ProblemWord[] = []
  if (!isLastCheckValid(instance)) problems.push('last_check_invalid')
  else if (!isRecentlyChecked(instance, policy, now)) problems.push('not_recently_checked')
  else if (isBrokenReplica(instance)) problems.push('not_replicating')
  else if (hasUnreasonableLag(instance, policy)) problems.push('replication_lag')
  if (instance.errantGtidSet !== '') problems.push('errant_gtid')
  if (instance.group !== null && instance.group.name !== '' && instance.group.memberState !== 'ONLINE') problems.push('group_replication_member_not_online')
  return problems
}

/**
 * Is this server listed by `problems`? It has another test than problemsOf (contract discovery.md 10): never seen well, lag by either measure …
 * Downtimed servers and ignored hosts are the caller's to leave out.
 */
export function isProblem(instance: Instance, policy: FreshnessPolicy, now: number): boolean {
  const { replication, group } = instance
  return !isLastCheckValid(instance) || !isRecentlyChecked(instance, policy, now)
    || isBrokenReplica(instance)
    || isBeyondDelay(instance, replication?.secondsBehindSource ?? null, policy) || hasUnreasonableLag(instance, policy)
    || instance.errantGtidSet !== '' || (group !== null && group.name !== '' && group.memberState !== 'ONLINE')
}

/** `[lag,status,version,ro|rw,format,extras]`, empty parts left out. */
export function describeInstance(instance: Instance, policy: FreshnessPolicy, now: number): string {
  return `[${describeParts(instance, policy, now).filter(part => part !== '').join(',')}]`
}

/** The six parts of a description, empty ones included, for the tabulated form. */
export function describeParts(instance: Instance, policy: FreshnessPolicy, now: number): readonly string[] {
  const extras = [
    [instance.logBin && instance.logReplicaUpdates, '>>'],
    [usesGtid(instance) || supportsMysqlGtid(instance), instance.errantGtidSet === '' ? 'GTID' : 'GTID:errant'],
    [instance.usingPseudoGtid, 'P-GTID'],
    [instance.semiSync?.sourceEnabled === true, 'semi:master'],
    [instance.semiSync?.replicaEnabled === true, 'semi:replica'],
    [isDowntimed(instance, now), 'downtimed'],
  ] as const
  return [
    lagText(instance, policy, now), statusWord(instance, policy, now), instance.version.text, instance.readOnly ? 'ro' : 'rw',
    instance.logBin ? instance.binlogFormat : 'nobinlog', extras.flatMap(([holds, word]) => (holds ? [word] : [])).join(','),
  ]
}

/** Threads exist and do not both run, or there are threads although it does not count as a replica. */
export const isBrokenReplica = (instance: Instance): boolean => (instance.replication !== null || instance.channels.length > 0) && !isReplicating(instance)

/** The source's host begins with `//`: detached on purpose, to be attached again later. */
export const isDetachedFromSource = (instance: Instance): boolean => instance.replication !== null && hostOf(instance.replication.source).startsWith('//')

const isDetachedByCoordinates = (instance: Instance): boolean => /^\/\/[^/:]+/.test(instance.replication?.executedCoordinates?.file ?? '')

export const hasUnreasonableLag = (instance: Instance, policy: FreshnessPolicy): boolean =>
  isReplica(instance) && isBeyondDelay(instance, instance.replicationLagSeconds, policy)

function isBeyondDelay(instance: Instance, seconds: number | null, policy: FreshnessPolicy): boolean {
  return seconds !== null && Math.abs(seconds - (instance.replication?.delaySeconds ?? 0)) > policy.reasonableLagSeconds
}
