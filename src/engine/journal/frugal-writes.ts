import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { BlockedRecovery } from '../../model/recovery/records.ts'
import type { PurgeLimits, Store } from '../../ports/store.ts'
import type { StoreByCommandsParts, WritingGroup } from './store-by-commands.ts'

/** An injection of a cluster is told once in so long (as the original's raft does). */
const injectedAgainMilliseconds = 60_000
/** A failure that stays blocked is told again: twice as often as it has to be, to be shown as blocked. */
const blockedAgainMilliseconds = 1500
/** Suggestions that are kept in mind, not to be made again. */
const suggestionsMax = 20_000

/** Limits of what each manager keeps of its own. */
const ownLimits = ['audit', 'instances', 'nodes', 'nodeHistory', 'coordinates'] as const satisfies readonly (keyof PurgeLimits)[]
const noCounts = {
  audit: 0, recoveries: 0, recoverySteps: 0, detections: 0, instances: 0, clusterAliases: 0, clusterDomains: 0, maintenances: 0, nodes: 0, nodeHistory: 0, intents: 0,
  injections: 0, coordinates: 0,
} as const satisfies Record<keyof PurgeLimits, number>

/**
 * In a group a change travels to all managers and stays in the log: so what changes nothing is not proposed, and what every manager reads from the servers
 * by itself is told by the leader alone. `writes` propose; `store` is this member's own.
 */
export function frugalWrites(writes: Store, { store, group, clock, suggestAgainMilliseconds }: StoreByCommandsParts & { readonly group: WritingGroup }): Partial<Store> {
  const said = new LastSaid(() => clock.monotonic())
  let ledBefore = false
  const surelyLeads = async (): Promise<boolean> => (await group.confirm()) === null
  return {
    downtimes: { ...writes.downtimes, expire: async at => ([...(await store.downtimes.active()).values()].some(({ endsAt }) => endsAt <= at) ? writes.downtimes.expire(at) : []) },
    maintenances: {
      ...writes.maintenances,
      expire: async at => ([...(await store.maintenances.active()).values()].some(({ endsAt }) => endsAt !== null && endsAt <= at) ? writes.maintenances.expire(at) : []),
    },
    locks: {
      ...writes.locks,
      /** Once by each new leader: nobody else changes servers from then on. */
      dropDead: async token => {
        const [leads, began] = [group.isLeader(), group.isLeader() && !ledBefore]
        ledBefore = leads
        if (!began) return []
        try {
          return await writes.locks.dropDead(token)
        } catch (error) {
          ledBefore = false // and is tried again
          throw error
        }
      },
    },
    leases: { ...writes.leases, isShared: true, isHeld: async (clusterName, holder, number) => (await surelyLeads()) && store.leases.isHeld(clusterName, holder, number) },
    intents: { ...writes.intents, isShared: true, isOwn: async (id, process) => (await surelyLeads()) && store.intents.isOwn(id, process) },
    candidates: {
      ...writes.candidates,
      register: async (key, rule, at) => {
        if (group.isLeader() && said.isNews(`rule ${key}`, rule, suggestAgainMilliseconds())) await said.with(`rule ${key}`, () => writes.candidates.register(key, rule, at))
      },
      expire: async before => ((await store.candidates.list()).some(({ suggestedAt }) => suggestedAt < before) ? writes.candidates.expire(before) : []),
    },
    pools: { ...writes.pools, expire: async before => ((await store.pools.list()).length > 0 ? writes.pools.expire(before) : 0) },
    hostNames: {
      ...writes.hostNames,
      expireUnresolved: async before => ((await store.hostNames.unresolved()).some(({ at }) => at < before) ? writes.hostNames.expireUnresolved(before) : []),
    },
    aliases: { ...writes.aliases, register: async (clusterName, alias) => { if (group.isLeader()) await writes.aliases.register(clusterName, alias) } },
    domains: { ...writes.domains, set: async (clusterName, domain) => { if (group.isLeader()) await writes.domains.set(clusterName, domain) } },
    attributes: { ...writes.attributes, set: async (name, value, at) => { if ((await store.attributes.get(name)) !== value) await writes.attributes.set(name, value, at) } },
    keyValues: {
      ...writes.keyValues,
      put: async (pairs, at) => {
        const present = await store.keyValues.get(pairs.map(({ key }) => key))
        if (pairs.some(({ key, value }) => present.get(key) !== value)) await writes.keyValues.put(pairs, at)
      },
    },
    pseudoGtid: {
      ...writes.pseudoGtid,
      noteInjected: async (clusterName, at) => {
        if (said.isNews(`injected ${clusterName}`, '', injectedAgainMilliseconds)) await said.with(`injected ${clusterName}`, () => writes.pseudoGtid.noteInjected(clusterName, at))
      },
    },
    recoveries: {
      ...writes.recoveries,
      block: async blocked => {
        if (said.isNews(`blocked ${blocked.key}`, blockedText(blocked), blockedAgainMilliseconds)) await said.with(`blocked ${blocked.key}`, () => writes.recoveries.block(blocked))
      },
      unblock: async where => {
        const isMeant = ({ blockingRecoveryId: id, lastBlockedAt: at }: BlockedRecovery): boolean =>
          (where.blockingRecoveryId === undefined || id === where.blockingRecoveryId) && (where.lastBlockedBefore === undefined || at < where.lastBlockedBefore)
        if ((await store.recoveries.blocked({})).some(isMeant)) await writes.recoveries.unblock(where)
      },
    },
    /** What is each manager's own goes at once; the rest by the leader. */
    purge: async limits => {
      const isOwn = (name: string): boolean => ownLimits.some(own => own === name)
      const own = await store.purge(Object.fromEntries(Object.entries(limits).filter(([name]) => isOwn(name))))
      const shared = group.isLeader() ? await writes.purge(Object.fromEntries(Object.entries(limits).filter(([name]) => !isOwn(name)))) : noCounts
      return { ...shared, ...Object.fromEntries(ownLimits.map(name => [name, own[name]])) }
    },
  }
}

const blockedText = ({ code, clusterName, blockingRecoveryId }: BlockedRecovery): string => `${code} ${clusterName} ${blockingRecoveryId}`

/** What was said last, and when, of each thing; the oldest is not kept in mind beyond a bound. */
class LastSaid {
  readonly #now: () => number
  readonly #last = new Map<InstanceKey | string, { readonly text: string; readonly at: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** Kept in mind as said, when it is. */
  isNews(about: string, text: string, againMilliseconds: number): boolean {
    const last = this.#last.get(about)
    if (last !== undefined && last.text === text && this.#now() - last.at < againMilliseconds) return false
    this.#last.delete(about)
    this.#last.set(about, { text, at: this.#now() })
    if (this.#last.size > suggestionsMax) for (const oldest of this.#last.keys()) { this.#last.delete(oldest); break } // a map keeps the order of insertion
    return true
  }

  /** What could not be said was not. */
  async with(about: string, say: () => Promise<void>): Promise<void> {
    try {
      await say()
    } catch (error) {
      this.#last.delete(about)
      throw error
    }
  }
}
