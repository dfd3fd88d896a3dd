import { pairsOf } from '../../model/publication/pairs.ts'
import { type ClusterWriter, isCertain, writersOf } from '../../model/publication/writers.ts'
import { hostOf, type InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Names } from '../../ports/names.ts'
import type { Pair, PlaceOutcome, Publication, PublicationTarget, WriterEntry } from '../../ports/publication.ts'
import { HostAddresses } from './addresses.ts'
import { Place } from './place.ts'
import type { PublicationSettings } from './settings.ts'

export interface PublisherParts {
  readonly targets: readonly PublicationTarget[]
  readonly names: Pick<Names, 'addresses'>
  readonly clock: Clock
  readonly log: Log
  /** -noop: places outside are read, and told nothing. */
  readonly changesNothing?: boolean
  topology(): Topology
  isLeader(): boolean
}

/** After a recovery has named a writer, what the topology says is behind for so long at most. */
const recentMilliseconds = 30_000
/** So long after the start nothing is named unasked: 3 polls (contract kv-stores.md 3). */
const pollsBeforeFirst = 3

/** Tells the world outside who takes writes, makes sure that it was heard, and mends what drifts. */
export class Publisher implements Publication {
  readonly #parts: PublisherParts
  readonly #settings: PublicationSettings
  readonly #places: readonly Place[]
  readonly #addresses: HostAddresses
  readonly #startedAt: number
  /** Alias → whom a recovery named, and when (monotonic). */
  readonly #named = new Map<string, { readonly entry: WriterEntry; readonly at: number }>()
  /** Alias → whom the places were told last, by whatever way. */
  readonly #told = new Map<string, InstanceKey>()
  /** Alias → another one that was certain at the last look. */
  readonly #suspected = new Map<string, InstanceKey>()
  /** Cluster → the writer that was certain last. */
  readonly #lastWriters = new Map<string, InstanceKey>()
  #isClosed = false

  constructor(parts: PublisherParts, settings: PublicationSettings) {
    this.#parts = parts
    this.#settings = settings
    this.#places = parts.targets.map(target => new Place(target, { clock: parts.clock, log: parts.log, isOver: () => this.#isClosed || !parts.isLeader() }))
    this.#addresses = new HostAddresses(parts.names, parts.clock)
    this.#startedAt = parts.clock.monotonic()
  }

  /** All places at the same time, bounded; whoever has not heard by then is told behind. */
  async publish(writer: Omit<WriterEntry, 'pairs'>): Promise<readonly PlaceOutcome[]> {
    const entry = await this.#entryOf(writer)
    if (entry.pairs.length === 0) return []
    this.#named.set(entry.alias, { entry, at: this.#parts.clock.monotonic() })
    return this.#tell(entry)
  }

  /** The pairs of all clusters, or of one, told to all places whatever they say now. */
  async submit(clusterName: string | null): Promise<{ readonly pairs: readonly Pair[]; readonly outcomes: readonly PlaceOutcome[] }> {
    const writers = writersOf(this.#parts.topology(), alias => this.publishedFor(alias)).filter(writer => clusterName === null || writer.clusterName === clusterName)
    const entries = await Promise.all(writers.map(writer => this.#entryOf({ ...writer, former: null })))
    const outcomes = await Promise.all(entries.filter(({ pairs }) => pairs.length > 0).map(entry => this.#tell(entry)))
    return { pairs: entries.flatMap(({ pairs }) => pairs), outcomes: outcomes.flat() }
  }

  /** Reads every place, and tells it again where it says something else. */
  async mend(now: number): Promise<void> {
    const { clock, topology, log, isLeader, changesNothing = false } = this.#parts
    if (changesNothing || !isLeader() || clock.monotonic() - this.#startedAt < pollsBeforeFirst * this.#settings.pollSeconds * 1000) return
    for (const writer of writersOf(topology(), alias => this.publishedFor(alias))) {
      if (!isCertain(topology(), writer, now) || this.#isBehind(writer)) continue
      const entry = await this.#entryOf({ ...writer, former: null })
      this.#told.set(entry.alias, entry.primary)
      await Promise.all(this.#places.map(async place => {
        if (await place.mend(entry)) log.info('a place outside did not say who takes writes, and was told', { place: place.target.name, cluster: entry.alias, primary: entry.primary })
      }))
    }
  }

  /**
   * A primary that changed without a recovery of ours (a group chose another one, a person made one writable) is told at once where it was certain
   * twice in a row. Clusters of which nothing was told yet are left to `mend`, which reads before it tells.
   */
  async notice(now: number): Promise<void> {
    const { topology, isLeader, log, changesNothing = false } = this.#parts
    if (changesNothing || !isLeader()) return
    const current = topology()
    for (const writer of writersOf(current, alias => this.publishedFor(alias))) {
      const told = this.#told.get(writer.alias)
      if (told === undefined || told === writer.primary || !isCertain(current, writer, now) || this.#isBehind(writer)) {
        this.#suspected.delete(writer.alias)
        continue
      }
      if (this.#suspected.get(writer.alias) !== writer.primary) {
        this.#suspected.set(writer.alias, writer.primary)
        continue
      }
      this.#suspected.delete(writer.alias)
      log.info('another server takes the writes of a cluster, and the places outside are told', { cluster: writer.alias, primary: writer.primary, former: told })
      const entry = await this.#entryOf({ ...writer, former: told })
      if (entry.pairs.length > 0) this.#named.set(entry.alias, { entry, at: this.#parts.clock.monotonic() })
      void this.#tell(entry)
    }
  }

  /** Whom a recovery of this process named for a cluster; null: nobody. */
  publishedFor(alias: string): InstanceKey | null {
    return this.#named.get(alias)?.entry.primary ?? null
  }

  /**
   * Who takes the writes of a cluster, for whoever asks often. The one that a recovery has just named; else the certain one; a server that cannot be read
   * for a while stays what it was, because that alone makes nobody else the writer. Null: nobody is known to.
   */
  writerOf(clusterName: string): InstanceKey | null {
    const topology = this.#parts.topology()
    const writer = writersOf(topology, alias => this.publishedFor(alias)).find(one => one.clusterName === clusterName)
    const named = this.#named.get(topology.aliasOf(clusterName))
    if (named !== undefined && this.#parts.clock.monotonic() - named.at < recentMilliseconds) return named.entry.primary
    if (writer === undefined) return null
    const last = this.#lastWriters.get(clusterName) ?? null
    if (!isCertain(topology, writer, this.#parts.clock.now())) return last === writer.primary ? last : null
    this.#lastWriters.set(clusterName, writer.primary)
    return writer.primary
  }

  /** Places that do not say who takes writes of a cluster, with the reason. */
  failuresOf(alias: string): readonly { readonly target: string; readonly text: string }[] {
    return this.#places.flatMap(place => {
      const text = place.failureOf(alias)
      return text === null ? [] : [{ target: place.target.name, text }]
    })
  }

  close(): void {
    this.#isClosed = true
    for (const place of this.#places) place.close()
  }

  /** A recovery has just named somebody else, and the topology does not show it yet. */
  #isBehind({ alias, primary }: ClusterWriter): boolean {
    const named = this.#named.get(alias)
    return named !== undefined && named.entry.primary !== primary && this.#parts.clock.monotonic() - named.at < recentMilliseconds
  }

  async #entryOf(writer: Omit<WriterEntry, 'pairs'>): Promise<WriterEntry> {
    const { clusterName, alias, primary, former } = writer
    return { clusterName, alias, primary, former, pairs: pairsOf(this.#settings.prefix, alias, primary, await this.#addresses.of(hostOf(primary))) }
  }

  #tell(entry: WriterEntry): Promise<readonly PlaceOutcome[]> {
    const { clock } = this.#parts
    if (this.#parts.changesNothing === true) return Promise.resolve(this.#places.map(({ target: { name: target } }) => ({ target, failure: `noop: ${target} is not told; signalling error but nothing went wrong`, milliseconds: 0 })))
    const begunAt = clock.monotonic()
    this.#told.set(entry.alias, entry.primary)
    return Promise.all(this.#places.map(async (place): Promise<PlaceOutcome> => {
      const waiting = new AbortController()
      const late = clock.sleep(this.#settings.waitMilliseconds, waiting.signal).then(() => place.failureOf(entry.alias) ?? `no answer within ${this.#settings.waitMilliseconds} ms`)
      const failure = await Promise.race([place.tell(entry), late])
      waiting.abort()
      return { target: place.target.name, failure, milliseconds: Math.round(clock.monotonic() - begunAt) }
    }))
  }
}
