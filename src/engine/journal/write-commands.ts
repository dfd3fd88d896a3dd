import type { BlockedRecovery, Detection, RecoveryStep } from '../../model/recovery/records.ts'
import type { Maintenance, PromotionRule } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { AccessToken, TokenTaken } from '../../ports/access-tokens.ts'
import type { Seed, SeedState } from '../../model/agents/seed-record.ts'
import type { AgentAddress, AgentStore, HostAttribute } from '../../ports/agents.ts'
import type { Json } from '../../ports/group.ts'
import type { Intent, Intents, IntentStepState } from '../../ports/intents.ts'
import type { LeaseHolder } from '../../ports/leases.ts'
import type { LockRequest } from '../../ports/locks.ts'
import type { PurgeLimits, RecoveryFilter, Store } from '../../ports/store.ts'
import { type PlainRecovery, recoveryFromPlain } from './recovery-json.ts'
import type { AdoptedPart, World } from './world.ts'

/** Every other change of what all managers remember, as an answer to who asked for it. Plain JSON. */
export type WriteCommand =
  | { readonly do: 'begin-maintenance'; readonly key: InstanceKey; readonly maintenance: Omit<Maintenance, 'id'> }
  | { readonly do: 'end-maintenance'; readonly key: InstanceKey }
  | { readonly do: 'end-maintenance-by-id'; readonly id: number }
  | { readonly do: 'expire-maintenances'; readonly at: number }
  | { readonly do: 'expire-downtimes'; readonly at: number }
  | { readonly do: 'expire-candidates'; readonly before: number }
  | { readonly do: 'expire-pools'; readonly before: number }
  | { readonly do: 'expire-virtual-names'; readonly before: number }
  | { readonly do: 'take-locks'; readonly keys: readonly InstanceKey[]; readonly request: LockRequest }
  | { readonly do: 'release-locks'; readonly ids: readonly number[] }
  | { readonly do: 'drop-dead-locks'; readonly token: string }
  | { readonly do: 'take-lease'; readonly clusterName: string; readonly holder: LeaseHolder }
  | { readonly do: 'release-lease'; readonly clusterName: string; readonly holder: LeaseHolder; readonly number: number }
  /** What servers themselves suggest, as the leader reads it. */
  | { readonly do: 'suggest-candidate'; readonly key: InstanceKey; readonly rule: PromotionRule; readonly at: number }
  | { readonly do: 'suggest-alias'; readonly clusterName: string; readonly alias: string }
  | { readonly do: 'suggest-domain'; readonly clusterName: string; readonly domain: string }
  | { readonly do: 'note-injected'; readonly clusterName: string; readonly at: number }
  | { readonly do: 'put-key-values'; readonly pairs: readonly { readonly key: string; readonly value: string }[]; readonly at: number }
  | { readonly do: 'set-attribute'; readonly name: string; readonly value: string; readonly at: number }
  | { readonly do: 'register-detection'; readonly detection: Omit<Detection, 'id' | 'endedActiveAt'> }
  | { readonly do: 'end-detections'; readonly where: Parameters<Store['detections']['endActive']>[0]; readonly at: number }
  | { readonly do: 'register-recovery'; readonly recovery: PlainRecovery }
  | { readonly do: 'update-recovery'; readonly id: number; readonly recovery: PlainRecovery }
  | {
    readonly do: 'acknowledge-recoveries'
    readonly where: RecoveryFilter & { readonly key?: InstanceKey }
    readonly by: { readonly at: number; readonly by: string; readonly comment: string }
  }
  | { readonly do: 'end-active-periods'; readonly startedBefore: number; readonly at: number }
  | { readonly do: 'append-recovery-step'; readonly step: Omit<RecoveryStep, 'id'> }
  | { readonly do: 'block-recovery'; readonly blocked: BlockedRecovery }
  | { readonly do: 'unblock-recoveries'; readonly where: Parameters<Store['recoveries']['unblock']>[0] }
  | { readonly do: 'begin-intent'; readonly intent: Parameters<Intents['begin']>[0] }
  | { readonly do: 'step-intent'; readonly id: number; readonly number: number; readonly state: IntentStepState; readonly bound: string | null }
  | { readonly do: 'end-intent'; readonly id: number; readonly state: Parameters<Intents['end']>[1] }
  | { readonly do: 'take-over-intent'; readonly intent: Pick<Intent, 'id' | 'process'>; readonly process: LeaseHolder }
  | { readonly do: 'issue-token'; readonly token: AccessToken }
  | { readonly do: 'take-token'; readonly taken: TokenTaken }
  | { readonly do: 'expire-tokens'; readonly before: number }
  | { readonly do: 'submit-agent'; readonly agent: AgentAddress; readonly at: number }
  | { readonly do: 'note-agent'; readonly host: string; readonly at: number; readonly seen: Parameters<AgentStore['noteLook']>[2] }
  | { readonly do: 'expire-agents'; readonly submittedBefore: number }
  | { readonly do: 'put-host-attribute'; readonly attribute: HostAttribute }
  | { readonly do: 'begin-seed'; readonly seed: Pick<Seed, 'target' | 'source' | 'startedAt'> }
  | { readonly do: 'append-seed-step'; readonly step: Omit<SeedState, 'id'> }
  | { readonly do: 'fail-seed-step'; readonly id: number; readonly error: string }
  | { readonly do: 'end-seed'; readonly id: number; readonly at: number; readonly isSuccessful: boolean }
  | { readonly do: 'purge'; readonly limits: PurgeLimits }
  /** `readings`: what the one who tells of them has read of some of them (told-reading.ts). */
  | { readonly do: 'know-servers'; readonly keys: readonly InstanceKey[]; readonly readings?: readonly Json[] }
  | { readonly do: 'adopt-memory'; readonly part: AdoptedPart }

type Apply<Kind extends WriteCommand['do']> = (command: Extract<WriteCommand, { readonly do: Kind }>, world: World) => Promise<unknown>

/** How each is applied, to what the proposer is told. */
export const writeCommands = {
  'begin-maintenance': async ({ key, maintenance }, { store, remembered }) => {
    const id = await store.maintenances.begin(key, maintenance)
    if (id !== null) remembered.setMaintenance(key, { ...maintenance, id })
    return id
  },
  'end-maintenance': async ({ key }, { store, remembered }) => {
    const was = await store.maintenances.end(key)
    if (was) remembered.setMaintenance(key, null)
    return was
  },
  'end-maintenance-by-id': async ({ id }, { store, remembered }) => {
    const key = await store.maintenances.endById(id)
    if (key !== null) remembered.setMaintenance(key, null)
    return key
  },
  'expire-maintenances': async ({ at }, { store, remembered }) => {
    const over = await store.maintenances.expire(at)
    for (const key of over) remembered.setMaintenance(key, null)
    return over
  },
  'expire-downtimes': async ({ at }, { store, remembered }) => {
    const over = await store.downtimes.expire(at)
    for (const key of over) remembered.setDowntime(key, null)
    return over
  },
  'expire-candidates': async ({ before }, { store, remembered }) => {
    const over = await store.candidates.expire(before)
    for (const key of over) remembered.setPromotionRule(key, 'neutral')
    return over
  },
  'expire-pools': ({ before }, { store }) => store.pools.expire(before),
  'expire-virtual-names': async ({ before }, { store, remembered }) => {
    const over = await store.hostNames.expireUnresolved(before)
    for (const host of over) remembered.setVirtualName(host, '')
    return over
  },
  // Locks of operations are shown by whoever reads the table, which every manager does each second.
  'take-locks': ({ keys, request }, { store }) => store.locks.take(keys, request),
  'release-locks': ({ ids }, { store }) => store.locks.release(ids),
  'drop-dead-locks': ({ token }, { store }) => store.locks.dropDead(token),
  'take-lease': ({ clusterName, holder }, { store }) => store.leases.take(clusterName, holder),
  'release-lease': ({ clusterName, holder, number }, { store }) => store.leases.release(clusterName, holder, number),
  'suggest-candidate': async ({ key, rule, at }, { store, remembered, servers }) => {
    await store.candidates.register(key, rule, at)
    // Without a group it is the reading itself that shows it.
    if (servers !== null) remembered.setPromotionRule(key, rule)
  },
  'suggest-alias': ({ clusterName, alias }, { store }) => store.aliases.register(clusterName, alias),
  'suggest-domain': ({ clusterName, domain }, { store }) => store.domains.set(clusterName, domain),
  'note-injected': ({ clusterName, at }, { store }) => store.pseudoGtid.noteInjected(clusterName, at),
  'put-key-values': ({ pairs, at }, { store }) => store.keyValues.put(pairs, at),
  'set-attribute': ({ name, value, at }, { store }) => store.attributes.set(name, value, at),
  'register-detection': ({ detection }, { store }) => store.detections.register(detection),
  'end-detections': ({ where, at }, { store }) => store.detections.endActive(where, at),
  'register-recovery': async ({ recovery }, { store }) => (await store.recoveries.register(recoveryFromPlain(recovery, 0)))?.id ?? null,
  'update-recovery': ({ recovery, id }, { store }) => store.recoveries.update(recoveryFromPlain(recovery, id)),
  'acknowledge-recoveries': ({ where, by }, { store }) => store.recoveries.acknowledge(where, by),
  'end-active-periods': ({ startedBefore, at }, { store }) => store.recoveries.endActivePeriod(startedBefore, at),
  'append-recovery-step': ({ step }, { store }) => store.recoveries.appendStep(step),
  'block-recovery': ({ blocked }, { store }) => store.recoveries.block(blocked),
  'unblock-recoveries': ({ where }, { store }) => store.recoveries.unblock(where),
  'begin-intent': ({ intent }, { store }) => store.intents.begin(intent),
  'step-intent': ({ id, number, state, bound }, { store }) => store.intents.step(id, number, state, bound ?? undefined),
  'end-intent': ({ id, state }, { store }) => store.intents.end(id, state),
  'take-over-intent': ({ intent, process }, { store }) => store.intents.takeOver(intent, process),
  'issue-token': ({ token }, { store }) => store.accessTokens.issue(token),
  'take-token': ({ taken }, { store }) => store.accessTokens.take(taken),
  'expire-tokens': ({ before }, { store }) => store.accessTokens.expire(before),
  'submit-agent': ({ agent, at }, { store }) => store.agents.submit(agent, at),
  'note-agent': ({ host, at, seen }, { store }) => store.agents.noteLook(host, at, seen),
  'expire-agents': ({ submittedBefore }, { store }) => store.agents.expire(submittedBefore),
  'put-host-attribute': ({ attribute }, { store }) => store.hostAttributes.put(attribute),
  'begin-seed': ({ seed }, { store }) => store.seeds.begin(seed),
  'append-seed-step': ({ step }, { store }) => store.seeds.step(step),
  'fail-seed-step': ({ id, error }, { store }) => store.seeds.failStep(id, error),
  'end-seed': ({ id, at, isSuccessful }, { store }) => store.seeds.end(id, at, isSuccessful),
  'purge': ({ limits }, { store }) => store.purge(limits),
  'know-servers': async ({ keys, readings = [] }, { servers }) => servers?.know(keys, readings),
  'adopt-memory': async ({ part }, { adopt }) => adopt?.(part),
} satisfies { readonly [Kind in WriteCommand['do']]: Apply<Kind> }
