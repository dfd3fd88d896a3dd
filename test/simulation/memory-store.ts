import type { AuditEntry, BlockedRecovery, Detection, Recovery, RecoveryStep } from '../../src/model/recovery/records.ts'
import type { Downtime, Instance } from '../../src/model/topology/instance.ts'
import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { Intent, IntentStepState } from '../../src/ports/intents.ts'
import type { Store } from '../../src/ports/store.ts'
import type { VirtualClock } from './virtual-clock.ts'

const aliveMilliseconds = 3000
const leaseMilliseconds = 5000
const rowsPerPage = 20

/** What the managers of a simulation remember: it outlives each of them. */
export class Memory {
  readonly instances = new Map<InstanceKey, Instance>()
  readonly downtimes = new Map<InstanceKey, Downtime>()
  readonly audit: Omit<AuditEntry, 'id'>[] = []
  readonly detections: Detection[] = []
  readonly recoveries: Recovery[] = []
  readonly steps: RecoveryStep[] = []
  readonly blocked: BlockedRecovery[] = []
  readonly intents: { intent: Intent & { steps: Map<number, IntentStepState>; bound: Map<number, string> }; endedAs: string | null }[] = []
  readonly attributes = new Map<string, string>()
  readonly aliases = new Map<string, string>()
  readonly nodes = new Map<string, { readonly hostname: string; readonly command: string; lastAt: number }>()
  readonly leases = new Map<string, { number: number; token: string; hostname: string }>()
  leader = { token: '', hostname: '', lastAt: 0 }
  recoveriesDisabled: { readonly since: number; readonly by: string } | null = null
}

/** A store over the memory, as one process sees it; when the process is over, nothing that it still asks for is answered. */
export function memoryStore(memory: Memory, clock: VirtualClock, isOver: () => boolean): Store {
  const alive = (token: string): boolean => (memory.nodes.get(token)?.lastAt ?? -Infinity) >= clock.at - aliveMilliseconds
  const pageOf = <Row>(rows: readonly Row[], page: number): readonly Row[] => rows.toReversed().slice(page * rowsPerPage, (page + 1) * rowsPerPage)
  const change = (recovery: Recovery, more: Partial<Recovery>): void => {
    const at = memory.recoveries.findIndex(({ uid }) => uid === recovery.uid)
    if (at >= 0) memory.recoveries[at] = { ...recovery, ...more }
  }
  const nothing = async (): Promise<void> => {}
  const parts = {
    instances: {
      load: async () => [...memory.instances.values()],
      save: async (instances: readonly Instance[]) => { for (const instance of instances) memory.instances.set(instance.key, instance) },
      flush: nothing,
      forget: async (keys: readonly InstanceKey[]) => { for (const key of keys) memory.instances.delete(key) },
    },
    downtimes: {
      begin: async (key: InstanceKey, downtime: Downtime) => void memory.downtimes.set(key, downtime),
      end: async (key: InstanceKey) => memory.downtimes.delete(key),
      expire: async () => [], active: async () => memory.downtimes,
    },
    maintenances: { begin: async () => null, end: async () => false, endById: async () => null, expire: async () => [], active: async () => new Map() },
    locks: { take: async () => ({ ids: [1] }), release: nothing, dropDead: async () => [], ofOthers: async () => new Map() },
    candidates: { register: nothing, expire: async () => [], list: async () => [] },
    aliases: {
      load: async () => memory.aliases, loadByHand: async () => new Map<string, string>(), set: nothing,
      register: async (cluster: string, alias: string) => void memory.aliases.set(cluster, alias), rename: nothing,
    },
    domains: { load: async () => new Map<string, string>(), set: nothing },
    recoverySwitch: { load: async () => memory.recoveriesDisabled, set: async (disabled: Memory['recoveriesDisabled']) => void (memory.recoveriesDisabled = disabled) },
    audit: { append: async (entry: Omit<AuditEntry, 'id'>) => void memory.audit.push(entry), list: async () => [] },
    detections: {
      register: async (detection: Omit<Detection, 'id' | 'endedActiveAt'>) => {
        if (memory.detections.some(other => other.key === detection.key && other.isActionable === detection.isActionable && other.endedActiveAt === null)) return null
        const registered = { ...detection, id: memory.detections.length + 1, endedActiveAt: null }
        memory.detections.push(registered)
        return registered
      },
      endActive: async ({ key, clusterName, startedBefore }: Parameters<Store['detections']['endActive']>[0], at: number) => {
        for (const [index, detection] of memory.detections.entries()) {
          const isMeant = (key === undefined || detection.key === key) && (clusterName === undefined || detection.clusterName === clusterName) && (startedBefore === undefined || detection.startedAt < startedBefore)
          if (isMeant && detection.endedActiveAt === null) memory.detections[index] = { ...detection, endedActiveAt: at }
        }
      },
      list: async ({ page }: { readonly page: number }) => pageOf(memory.detections, page),
    },
    recoveries: {
      register: async (recovery: Omit<Recovery, 'id'>) => {
        if (memory.recoveries.some(other => other.key === recovery.key && other.isActive)) return null
        const registered = { ...recovery, id: memory.recoveries.length + 1 }
        memory.recoveries.push(registered)
        return registered
      },
      update: async (recovery: Recovery) => {
        const before = memory.recoveries.find(({ uid }) => uid === recovery.uid)
        if (before !== undefined) change(recovery, { acknowledged: before.acknowledged ?? recovery.acknowledged, isActive: before.isActive && recovery.isActive })
      },
      list: async ({ id, uid, clusterName, activeOnly, unacknowledgedOnly, page }: Parameters<Store['recoveries']['list']>[0]) => pageOf(memory.recoveries.filter(recovery =>
        (id === undefined || recovery.id === id) && (uid === undefined || recovery.uid === uid) && (clusterName === undefined || recovery.clusterName === clusterName)
        && (activeOnly !== true || recovery.isActive) && (unacknowledgedOnly !== true || recovery.acknowledged === null)), page),
      open: async () => memory.recoveries.filter(({ isActive, endedAt }) => isActive || endedAt === null),
      acknowledge: async (where: Parameters<Store['recoveries']['acknowledge']>[0], by: Parameters<Store['recoveries']['acknowledge']>[1]) => {
        const meant = memory.recoveries.filter(recovery => recovery.acknowledged === null && (where.id === undefined || recovery.id === where.id) && (where.uid === undefined || recovery.uid === where.uid)
          && (where.key === undefined || recovery.key === where.key) && (where.clusterName === undefined || recovery.clusterName === where.clusterName) && (where.activeOnly !== true || recovery.isActive))
        for (const recovery of meant) change(recovery, { acknowledged: by, isActive: false })
        return meant.length
      },
      endActivePeriod: async (startedBefore: number) => {
        const meant = memory.recoveries.filter(({ isActive, startedAt }) => isActive && startedAt < startedBefore)
        for (const recovery of meant) change(recovery, { isActive: false })
        return meant.length
      },
      appendStep: async (step: Omit<RecoveryStep, 'id'>) => void memory.steps.push({ ...step, id: memory.steps.length + 1 }),
      steps: async (uid: string) => memory.steps.filter(({ recoveryUid }) => recoveryUid === uid),
      block: async (blocked: BlockedRecovery) => void memory.blocked.push(blocked),
      blocked: async () => memory.blocked, unblock: nothing,
    },
    node: {
      beat: async ({ hostname, token, command }: Parameters<Store['node']['beat']>[0]) => {
        memory.nodes.set(token, { hostname, command, lastAt: clock.at })
        const { leader } = memory
        if (command === '' && (leader.token === token || leader.token === '' || leader.lastAt < clock.at - leaseMilliseconds)) memory.leader = { token, hostname, lastAt: clock.at }
        return { isActive: memory.leader.token === token, active: { hostname: memory.leader.hostname, token: memory.leader.token, firstSeenAt: 0, lastSeenAt: 0 } }
      },
      alive: async (withinSeconds: number) => [...memory.nodes].filter(([, { lastAt }]) => lastAt >= clock.at - withinSeconds * 1000)
        .map(([token, { hostname, command }]) => ({ hostname, token, version: '', command, backend: '', firstSeenAt: 0, lastSeenAt: 0 })),
      leave: async ({ token }: { readonly token: string }) => void memory.nodes.delete(token),
    },
    leases: {
      isShared: true,
      take: async (cluster: string, { hostname, token }: { readonly hostname: string; readonly token: string }) => {
        const held = memory.leases.get(cluster)
        if (held !== undefined && held.token !== '' && held.token !== token && alive(held.token)) return { heldBy: { hostname: held.hostname, token: held.token } }
        const number = (held?.number ?? 0) + 1
        memory.leases.set(cluster, { number, token, hostname })
        return { number }
      },
      isHeld: async (cluster: string, { token }: { readonly token: string }, number: number) => memory.leases.get(cluster)?.token === token && memory.leases.get(cluster)?.number === number,
      release: async (cluster: string, { token }: { readonly token: string }, number: number) => {
        const held = memory.leases.get(cluster)
        if (held !== undefined && held.token === token && held.number === number) held.token = ''
      },
    },
    intents: {
      isShared: true,
      begin: async (intent: Parameters<Store['intents']['begin']>[0]) => {
        const id = memory.intents.length + 1
        memory.intents.push({ intent: { ...intent, process: intent.process ?? null, id, steps: new Map(), bound: new Map() }, endedAs: null })
        return id
      },
      step: async (id: number, number: number, state: IntentStepState, bound?: string) => {
        const found = memory.intents[id - 1]?.intent
        found?.steps.set(number, state)
        if (bound !== undefined) found?.bound.set(number, bound)
      },
      end: async (id: number, state: string) => {
        const found = memory.intents[id - 1]
        if (found !== undefined) found.endedAs ??= state
      },
      open: async () => memory.intents.filter(({ endedAs }) => endedAs === null).map(({ intent }) => intent),
      takeOver: async ({ id, process }: Pick<Intent, 'id' | 'process'>, by: NonNullable<Intent['process']>) => {
        const found = memory.intents[id - 1]
        if (found === undefined || found.endedAs !== null || found.intent.process?.token !== process?.token) return false
        found.intent = { ...found.intent, process: by }
        return true
      },
      isOwn: async (id: number, { token }: NonNullable<Intent['process']>) => memory.intents[id - 1]?.intent.process?.token === token && memory.intents[id - 1]?.endedAs === null,
    },
    attributes: { get: async (name: string) => memory.attributes.get(name) ?? null, set: async (name: string, value: string) => void memory.attributes.set(name, value) },
    writesSince: () => [], purge: nothing, close: nothing,
  }
  // Only what the loops of a manager use; anything else is a fault of the simulation and throws.
  return answeringWhileAlive(parts, isOver) as unknown as Store
}

/** Every method of every noun: as written while the process lives, never answered afterwards. */
function answeringWhileAlive<Nouns extends object>(nouns: Nouns, isOver: () => boolean): object {
  const guarded = (act: (...args: unknown[]) => unknown) => (...args: unknown[]): unknown => (isOver() ? new Promise(() => {}) : act(...args))
  return Object.fromEntries(Object.entries(nouns).map(([noun, methods]) => [
    noun, typeof methods === 'function' ? methods
      : Object.fromEntries(Object.entries(methods as object).map(([name, act]) => [name, typeof act === 'function' ? guarded(act as (...args: unknown[]) => unknown) : act])),
  ]))
}
