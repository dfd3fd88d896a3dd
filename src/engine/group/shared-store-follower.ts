import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Store } from '../../ports/store.ts'
import { readDecisions, type ToldDecisions } from '../journal/told-decisions.ts'
import type { Remembered } from '../journal/world.ts'

export interface FollowerParts {
  readonly store: Store
  readonly remembered: Remembered & {
    /** Records as the acting process wrote them, in place of those that are older here; nothing is written. */
    follow(instances: readonly Instance[], domains: ReadonlyMap<string, string>): void
    addBare(key: InstanceKey): boolean
    get(key: InstanceKey): Instance | undefined
    /** The record is in the store as it is in memory. */
    isSaved(key: InstanceKey): boolean
  }
  /** Recoveries that are open, as the store has them. */
  readRecoveries(): Promise<void>
  /** The newest recoveries for people to see. */
  readRecent(): Promise<void>
  /** Somebody else acts: this process polls nothing and shows what that one wrote. */
  isPassive(): boolean
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * What other processes that share the database have changed in it, read again and again: decisions, and servers that came or were forgotten; all records too
 * where another process polls. Only what has changed in the database since it was last read is taken over, so that nothing newer here is put back.
 */
export class SharedStoreFollower {
  readonly #parts: FollowerParts
  #before: ToldDecisions | null = null
  #keys: ReadonlySet<InstanceKey> = new Set()
  #missing: ReadonlySet<InstanceKey> = new Set()
  #running: Promise<void> | null = null

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  /** One reading; whoever asks while one is under way gets that one. */
  round(): Promise<void> {
    this.#running ??= this.#read(this.#parts.isPassive()).finally(() => (this.#running = null))
    return this.#running
  }

  /** Everything as it stands in the database now, for a process that is about to act. */
  async takeOver(): Promise<void> {
    await this.#running?.catch(() => undefined)
    await this.#read(true)
  }

  async #read(isWhole: boolean): Promise<void> {
    const { store, remembered, readRecoveries, readRecent } = this.#parts
    const now = await readDecisions(store)
    if (this.#before !== null) this.#tell(this.#before, now)
    this.#before = now
    await readRecoveries()
    if (isWhole) {
      await readRecent()
      const [instances, domains] = [await store.instances.load({ othersWrite: true }), await store.domains.load()]
      remembered.follow(instances, domains)
      await this.#followKeys(new Set(instances.map(({ key }) => key)))
    } else await this.#followKeys(new Set(await store.instances.keys()))
  }

  /** A server that was in the store and is not any more was forgotten by somebody; one that is new there is polled from now on. */
  async #followKeys(keys: ReadonlySet<InstanceKey>): Promise<void> {
    const { remembered } = this.#parts
    for (const key of keys) if (!this.#keys.has(key) && remembered.get(key) === undefined) remembered.addBare(key)
    const gone = [...this.#keys, ...this.#missing].filter(key => !keys.has(key) && remembered.get(key) !== undefined)
    this.#keys = keys
    // A record that is being written may be one that was found again a moment ago.
    const [sure, unsure] = [gone.filter(key => remembered.isSaved(key)), gone.filter(key => !remembered.isSaved(key))]
    this.#missing = new Set(unsure)
    if (sure.length > 0) await remembered.forget(sure)
  }

  #tell(before: ToldDecisions, now: ToldDecisions): void {
    const { remembered } = this.#parts
    each(before.downtimes, now.downtimes, (key, downtime) => remembered.setDowntime(key, downtime ?? null))
    each(before.rules, now.rules, (key, rule) => remembered.setPromotionRule(key, rule ?? 'neutral'))
    each(before.virtualNames, now.virtualNames, (host, name) => remembered.setVirtualName(host, name ?? ''))
    each(before.aliases, now.aliases, (name, alias) => remembered.setAlias(name, alias ?? ''))
    if (!same(before.recoveriesDisabled, now.recoveriesDisabled)) remembered.setRecoveriesDisabled(now.recoveriesDisabled)
  }
}

/** Calls for each entry that is another one now; undefined where there is none any more. */
function each<Key, Value>(before: ReadonlyMap<Key, Value>, now: ReadonlyMap<Key, Value>, tell: (key: Key, value: Value | undefined) => void): void {
  for (const key of new Set([...before.keys(), ...now.keys()])) if (!same(before.get(key), now.get(key))) tell(key, now.get(key))
}
