import type { Contract } from '../../../contract/all.ts'
import type { InputOf } from '../../../contract/operation.ts'
import type { Acknowledged } from '../../../contract/recovery.ts'
import type { Reason } from '../../../kit/reason.ts'
import { ok, type Result } from '../../../kit/result.ts'
import type { Recovery } from '../../../model/recovery/records.ts'
import { clusterAlias } from '../../../model/topology/cluster-hint.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { RecoveryFilter } from '../../../ports/store.ts'
import type { Asked, Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse } from '../refusals.ts'
import { takeoverWish } from '../takeover-wish.ts'
import { readsStore } from '../store-away.ts'
import { clusterOfAlias } from './clusters.ts'

async function recoverNow(key: InstanceKey, candidate: InstanceKey | undefined, runHooks: boolean, why: string | undefined, parts: OperationParts, { by }: Asked): Promise<Outcome<Recovery>> {
  const recovered = await parts.recoveries.recover(key, { candidate: candidate ?? null, runHooks, by, ...(why === undefined ? {} : { why }) })
  // A server nobody knows needs no recovery, which is what the original answers.
  if (!recovered.ok && recovered.failure.code !== 'unknown-server') return refuse(recovered.failure, { key })
  if (!recovered.ok || recovered.value === null) return refuse(operationReason('recovery-not-attempted', { instance: key }), { key })
  if (recovered.value.successor === null) return refuse(operationReason('recovery-without-successor', { instance: key }), { key })
  return ok(recovered.value)
}

const recover: Handler<Contract['recover']> = ({ instance, candidate, skipProcesses = false, reason }, parts, asked) =>
  recoverNow(instance, candidate, !skipProcesses, reason, parts, asked)

const recoverLite: Handler<Contract['recover-lite']> = ({ instance, candidate, reason }, parts, asked) => recoverNow(instance, candidate, false, reason, parts, asked)

type Takeover = InputOf<Contract['graceful-takeover']>

const takeover = (auto: boolean) => async (input: Takeover, parts: OperationParts, { by, fingerprint }: Asked): Promise<Outcome<Recovery>> => {
  const { cluster, duration = 0 } = input
  const wish = takeoverWish(input, auto, by)
  if (!wish.ok) return wish
  const taken: Result<Recovery, Reason> = await parts.recoveries.gracefulTakeover(cluster, { ...wish.value, ...(fingerprint === undefined ? {} : { fingerprint }) })
  if (!taken.ok) return refuse(taken.failure)
  if (taken.value.successor === null) return refuse(operationReason('takeover-without-successor', { cluster }), { recovery: taken.value })
  return ok(duration === 0 ? taken.value : await leftAlone(taken.value, duration, by, parts))
}

/** The takeover is done whatever becomes of the downtime: what went wrong with it is told beside. */
async function leftAlone(recovery: Recovery, seconds: number, by: string, parts: OperationParts): Promise<Recovery> {
  const { key } = recovery
  const beginsAt = parts.clock.now()
  try {
    await parts.journal.propose({ do: 'begin-downtime', key, downtime: { owner: by, reason: 'planned takeover', beginsAt, endsAt: beginsAt + seconds * 1000 } })
    return recovery
  } catch (error) {
    return { ...recovery, errors: [...recovery.errors, `no downtime for ${key}: ${error instanceof Error ? error.message : String(error)}`] }
  }
}

const forceFailover: Handler<Contract['force-failover']> = ({ cluster, reason }, parts, { by }) => forced(cluster, null, reason, parts, by)

const forceTakeover: Handler<Contract['force-takeover']> = ({ cluster, designated, reason }, parts, { by }) => forced(cluster, designated, reason, parts, by)

async function forced(cluster: string, designated: InstanceKey | null, why: string | undefined, parts: OperationParts, by: string): Promise<Outcome<Recovery>> {
  const replaced = await parts.recoveries.forceFailover(cluster, { designated, by, ...(why === undefined ? {} : { why }) })
  return replaced.ok ? ok(replaced.value) : refuse(replaced.failure)
}

const automatedRecoveryFilters: Handler<Contract['automated-recovery-filters']> = (_input, parts) => {
  const { recoverPrimary, recoverIntermediate, recoveryIgnoredHosts } = parts.policy()
  return ok({ primary: recoverPrimary.texts, intermediate: recoverIntermediate.texts, ignoredHosts: recoveryIgnoredHosts })
}

/** A positive whole number, or undefined: an id that is none falls back to the list. */
const positive = (text: string | undefined): number | undefined => (text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined)

const auditFailureDetection: Handler<Contract['audit-failure-detection']> = async ({ page = 0, id, alias }, parts) => {
  const number = positive(id)
  return ok(await parts.store.detections.list({ page, ...(number === undefined ? {} : { id: number }), ...(alias === undefined ? {} : { clusterAlias: alias }) }))
}

const auditRecovery: Handler<Contract['audit-recovery']> = async ({ page = 0, id, uid, name, alias, unacknowledged }, parts) => {
  const number = positive(id)
  const filter: RecoveryFilter = {
    ...(number === undefined ? {} : { id: number }), ...(uid === undefined ? {} : { uid }), ...(name === undefined ? {} : { clusterName: name }),
    ...(alias === undefined ? {} : { clusterAlias: alias }), ...(unacknowledged === true ? { unacknowledgedOnly: true } : {}),
  }
  return ok(await parts.store.recoveries.list({ page, ...filter }))
}

const auditRecoverySteps: Handler<Contract['audit-recovery-steps']> = async ({ uid }, parts) => ok(await parts.store.recoveries.steps(uid))

const activeClusterRecovery: Handler<Contract['active-cluster-recovery']> = async ({ name }, parts) =>
  ok(await parts.store.recoveries.list({ page: 0, clusterName: name, activeOnly: true }))

const recentMilliseconds = 300_000

const recentlyActiveClusterRecovery: Handler<Contract['recently-active-cluster-recovery']> = async ({ name }, parts) =>
  ok(await parts.store.recoveries.list({ page: 0, clusterName: name, endedSince: parts.clock.now() - recentMilliseconds }))

const recentlyActiveInstanceRecovery: Handler<Contract['recently-active-instance-recovery']> = async ({ instance }, parts) =>
  ok(await parts.store.recoveries.list({ page: 0, successor: instance, endedSince: parts.clock.now() - recentMilliseconds }))

const ackRecovery: Handler<Contract['ack-recovery']> = async ({ id, uid, cluster, alias, instance, comment }, parts, { by }) => {
  if (comment === undefined || comment === '') return refuse(operationReason('comment-missing', {}))
  if (id !== undefined) {
    if (!/^-?\d{1,15}$/.test(id)) return refuse(operationReason('number-invalid', { text: id }))
    return acknowledge({ id: Number(id) }, { id }, comment, parts, by)
  }
  if (uid !== undefined) return acknowledge({ uid }, { id: uid }, comment, parts, by)
  if (instance !== undefined) return acknowledge({ key: instance }, { instance }, comment, parts, by)
  const named: Outcome<string> = alias === undefined
    ? (cluster === undefined ? refuse(operationReason('nothing-asked', { names: 'id, uid, cluster, alias or instance' })) : ok(cluster))
    : clusterOfAlias(parts.topology(), alias)
  if (!named.ok) return named
  // A recovery names its cluster after the primary that died, and the cluster is called after its successor by now: the alias is the same (contract recovery.md 2.4).
  return acknowledge({ clusterName: named.value, clusterAlias: clusterAlias(parts.topology(), named.value) }, { cluster: named.value }, comment, parts, by)
}

const ackAllRecoveries: Handler<Contract['ack-all-recoveries']> = async ({ comment }, parts, { by }) =>
  comment === undefined || comment === '' ? refuse(operationReason('comment-missing', {})) : acknowledge({}, { all: comment }, comment, parts, by)

async function acknowledge(
  where: RecoveryFilter & { readonly key?: InstanceKey }, what: Acknowledged['what'], comment: string, parts: OperationParts, by: string,
): Promise<Outcome<Acknowledged>> {
  const count = await parts.acknowledge(where, { at: parts.clock.now(), by, comment })
  return ok({ count, what })
}

const blockedRecoveries: Handler<Contract['blocked-recoveries']> = async ({ name }, parts) =>
  ok(await parts.store.recoveries.blocked(name === undefined ? {} : { clusterName: name }))

const disableGlobalRecoveries: Handler<Contract['disable-global-recoveries']> = async (_input, parts, { by }) => {
  await parts.journal.propose({ do: 'switch-recoveries', disabled: { since: parts.clock.now(), by } })
  return ok(null)
}

const enableGlobalRecoveries: Handler<Contract['enable-global-recoveries']> = async (_input, parts) => {
  await parts.journal.propose({ do: 'switch-recoveries', disabled: null })
  return ok(null)
}

const checkGlobalRecoveries: Handler<Contract['check-global-recoveries']> = (_input, parts) => ok({ enabled: parts.topology().decisions.recoveriesDisabled === null })

export const recoveryHandlers = {
  'recover': recover, 'recover-lite': recoverLite, 'graceful-takeover': takeover(false), 'graceful-takeover-auto': takeover(true),
  'force-failover': forceFailover, 'force-takeover': forceTakeover,
  'automated-recovery-filters': automatedRecoveryFilters, 'audit-failure-detection': readsStore(auditFailureDetection), 'audit-recovery': readsStore(auditRecovery),
  'audit-recovery-steps': readsStore(auditRecoverySteps), 'active-cluster-recovery': readsStore(activeClusterRecovery),
  'recently-active-cluster-recovery': readsStore(recentlyActiveClusterRecovery),
  'recently-active-instance-recovery': readsStore(recentlyActiveInstanceRecovery), 'ack-recovery': ackRecovery, 'ack-all-recoveries': ackAllRecoveries,
  'blocked-recoveries': readsStore(blockedRecoveries), 'disable-global-recoveries': disableGlobalRecoveries, 'enable-global-recoveries': enableGlobalRecoveries,
  'check-global-recoveries': checkGlobalRecoveries,
}
