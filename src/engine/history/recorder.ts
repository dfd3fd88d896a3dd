import { summaryOf } from '../../model/history/marks.ts'
import { successionsBetween } from '../../model/history/names.ts'
import type { PastServer } from '../../model/history/past-server.ts'
import { changeOf, type Picture, type ServerChange } from '../../model/history/picture.ts'
import { pictureAfter } from '../../model/history/replay.ts'
import { mayPass, settlesAfterMilliseconds } from '../../model/history/settling.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { HistoryRow, HistoryStore } from '../../ports/history-store.ts'
import type { Log } from '../../ports/log.ts'
import type { HistorySettings } from './settings.ts'

export interface RecorderParts {
  readonly store: HistoryStore
  readonly log: Log
  readonly settings: HistorySettings
  readonly hostname: string
  readonly world: {
    keys(): Iterable<InstanceKey>
    /** Null: it is not known any more. */
    describe(key: InstanceKey): PastServer | null
    /** When its last check ended; null: never. */
    checkedAt(key: InstanceKey): number | null
  }
}

/** Statuses also change by time alone, and names without any server having changed. */
const looksAtAllMilliseconds = 10_000
/** After a start nothing was checked yet; so long is waited for the first check of every server. */
const firstChecksMilliseconds = 15_000
/** Whoever did not record for so long (another did, or nobody) does not know what happened meanwhile. */
const outOfTouchMilliseconds = 20_000
const saysItLivesMilliseconds = 30_000
/** A moment is one picture and the changes since: neither too many nor too old. */
const pictureEveryMilliseconds = 6 * 3_600_000
const changesMin = 200
/** Rows that wait for a store that is away; more are given up, and the history has a gap. */
const waitingMax = 500

/** Writes down what changes in the topology, once a second at most. It asks no server and is waited for by nobody. */
export class HistoryRecorder {
  readonly #parts: RecorderParts
  #span: number | null = null
  #begunAt: number | null = null
  #lastRoundAt = -Infinity
  #lastAt = -Infinity
  #livesAt = -Infinity
  #lookedAtAllAt = -Infinity
  #picturedAt = -Infinity
  #changesSince = 0
  /** As it was last written down. */
  #kept = new Map<InstanceKey, PastServer>()
  #dirty = new Set<InstanceKey>()
  #looksAtAll = true
  /** Servers whose difference may pass, and since when it is there. */
  readonly #unsettled = new Map<InstanceKey, number>()
  #waiting: HistoryRow[] = []
  #isFailing = false

  constructor(parts: RecorderParts) {
    this.#parts = parts
  }

  /** None: something that is no server's. */
  changed(keys: ReadonlySet<InstanceKey>): void {
    if (keys.size === 0) this.#looksAtAll = true
    for (const key of keys) this.#dirty.add(key)
  }

  async round(now: number): Promise<void> {
    const isOutOfTouch = now - this.#lastRoundAt > outOfTouchMilliseconds
    this.#lastRoundAt = now
    if (this.#parts.settings.days === 0) return this.#leave()
    if (isOutOfTouch) this.#leave()
    const at = Math.max(now, this.#lastAt)
    try {
      if (this.#span === null) await this.#begin(at)
      else this.#note(at)
      await this.#write(now)
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) this.#parts.log.warning('what changes in the topology cannot be written down', { text: error instanceof Error ? error.message : String(error) })
      this.#isFailing = true
      if (this.#waiting.length > waitingMax) this.#leave()
    }
  }

  /** The last moment that is known. */
  async close(now: number): Promise<void> {
    if (this.#span !== null && !this.#isFailing && now - this.#lastRoundAt <= outOfTouchMilliseconds) {
      this.#livesAt = -Infinity
      await this.#write(now)
    }
    this.#leave()
  }

  /** Drops what is too old, or too much. */
  purge(now: number): Promise<number> {
    const { days, megabytesMax } = this.#parts.settings
    return this.#parts.store.purge({ before: now - days * 86_400_000, bytesMax: megabytesMax * 1_000_000 })
  }

  #leave(): void {
    this.#span = null
    this.#begunAt = null
    this.#waiting = []
    this.#unsettled.clear()
  }

  async #begin(at: number): Promise<void> {
    const { store, world, hostname } = this.#parts
    const begunAt = (this.#begunAt ??= at)
    const isChecked = [...world.keys()].every(key => (world.checkedAt(key) ?? -Infinity) >= begunAt - 1000) // stored in whole seconds
    if (!isChecked && at - begunAt < firstChecksMilliseconds) return
    const before = pictureAfter(await store.standing(at))
    const span = await store.beginSpan(at, hostname)
    this.#dirty = new Set()
    this.#looksAtAll = false
    this.#lookedAtAllAt = at
    this.#kept = new Map([...world.keys()].flatMap(key => {
      const server = world.describe(key)
      return server === null ? [] : [[key, server] as const]
    }))
    this.#span = span
    this.#livesAt = at
    this.#push(at, before, this.#kept, null)
  }

  #note(at: number): void {
    const { world } = this.#parts
    const isAll = this.#looksAtAll || at - this.#lookedAtAllAt >= looksAtAllMilliseconds
    const looked = isAll ? new Set([...world.keys(), ...this.#kept.keys()]) : new Set([...this.#dirty, ...this.#unsettled.keys()])
    if (isAll) this.#lookedAtAllAt = at
    this.#looksAtAll = false
    this.#dirty = new Set()
    const changes: ServerChange[] = []
    const [before, after] = [new Map<InstanceKey, PastServer>(), new Map<InstanceKey, PastServer>()]
    for (const key of looked) {
      const [was, is] = [this.#kept.get(key), world.describe(key)]
      // Who has replicas is another one in its role: those that won or lost one are looked at as well, in this same loop.
      if (was?.source !== is?.source) for (const source of [was?.source, is?.source]) if (source !== undefined && source !== null) looked.add(source)
      const change = is === null ? (was === undefined ? null : { went: key }) : changeOf(was, is)
      if (change === null || (was !== undefined && is !== null && !this.#hasSettled(was, is, at))) {
        if (change === null) this.#unsettled.delete(key)
        continue
      }
      this.#unsettled.delete(key)
      changes.push(change)
      if (was !== undefined) before.set(key, was)
      if (is !== null) after.set(key, is)
    }
    if (changes.length > 0) this.#keep(at, changes, before, after)
    const isPictureDue = at - this.#picturedAt >= pictureEveryMilliseconds || this.#changesSince >= Math.max(changesMin, 2 * this.#kept.size)
    if (isPictureDue) this.#push(at, new Map(), new Map(), null)
  }

  #hasSettled(was: PastServer, is: PastServer, at: number): boolean {
    if (!mayPass(was, is)) return true
    const since = this.#unsettled.get(is.key)
    if (since === undefined) this.#unsettled.set(is.key, at)
    return since !== undefined && at - since >= settlesAfterMilliseconds
  }

  #keep(at: number, changes: readonly ServerChange[], before: Picture, after: Picture): void {
    const was = this.#kept
    const named = changes.some(change => 'came' in change || ('facts' in change && change.facts.clusterName !== undefined))
    const kept = new Map(was)
    for (const key of before.keys()) if (!after.has(key)) kept.delete(key)
    for (const [key, server] of after) kept.set(key, server)
    this.#kept = kept
    this.#push(at, before, after, changes, named ? successionsBetween(was, kept, at) : [])
  }

  /** `changes` null: a picture of all. */
  #push(at: number, before: Picture, after: Picture, changes: readonly ServerChange[] | null, successions = changes === null ? successionsBetween(before, after, at) : []): void {
    if (this.#span === null) return
    this.#lastAt = at
    const body = changes === null ? { servers: [...this.#kept.values()] } : { changes }
    if (changes === null) [this.#picturedAt, this.#changesSince] = [at, 0]
    else this.#changesSince += changes.length
    this.#waiting.push({ span: this.#span, at, summary: summaryOf(before, after), successions, body })
  }

  async #write(now: number): Promise<void> {
    for (let row = this.#waiting[0]; row !== undefined; row = this.#waiting[0]) {
      await this.#parts.store.append(row)
      this.#waiting.shift()
    }
    if (this.#span !== null && now - this.#livesAt >= saysItLivesMilliseconds) {
      await this.#parts.store.extendSpan(this.#span, now)
      this.#livesAt = now
    }
  }
}
