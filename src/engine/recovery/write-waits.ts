import type { WriteWait } from '../../model/analysis/memory.ts'
import type { BinlogCoordinates } from '../../model/topology/binlog-coordinates.ts'
import { readPlace } from '../../model/recovery/unheard.ts'
import { type Instance, isLastCheckValid } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Topology } from '../../model/topology/topology.ts'
import type { Log } from '../../ports/log.ts'
import type { WriteWaits } from '../../ports/write-waits.ts'

/** A binary log that stands still for so long makes us ask whether anybody waits to write. */
const stillMilliseconds = 2_000
/** Nothing has come to any replica of a semi-sync source for so long: it is idle, or nobody acknowledges. */
const unheardMilliseconds = 1_000
const askEveryMilliseconds = 2_000
const askDeadlineMilliseconds = 1_000
/** Servers asked at the same time; the others are asked in a later round. */
const asksMax = 20

interface Seen {
  readonly coordinates: BinlogCoordinates | null
  readonly since: number
  askedAt: number
  /** Where the replicas of a semi-sync source stood, and since when. */
  readonly places: string
  readonly placesSince: number
}

/** Which primaries take no writes although they answer: their binary log stands still, and statements wait. Times in ms since 1970. */
export class WriteWaitsWatch {
  readonly waits = new Map<InstanceKey, WriteWait>()
  readonly #port: WriteWaits
  readonly #log: Log
  readonly #seen = new Map<InstanceKey, Seen>()
  readonly #asking = new Set<InstanceKey>()

  constructor(port: WriteWaits, log: Log) {
    this.#port = port
    this.#log = log
  }

  /** Looks at all primaries; to be called once a second. */
  round(topology: Topology, now: number): void {
    for (const key of this.#seen.keys()) if (!isPrimary(topology.get(key))) this.#forget(key)
    for (const instance of topology.instances.values()) {
      if (isPrimary(instance) && topology.replicasOf(instance.key).length > 0) this.#look(instance, topology.replicasOf(instance.key), now)
    }
  }

  #look(instance: Instance, replicas: readonly Instance[], now: number): void {
    const { key, binlogCoordinates: coordinates } = instance
    const before = this.#seen.get(key)
    const places = instance.semiSync?.sourceActive === true ? placesOf(replicas) : ''
    const placesSince = places === '' || places !== before?.places ? now : before.placesSince
    if (before === undefined || !isSamePlace(before.coordinates, coordinates)) {
      this.#seen.set(key, { coordinates, since: now, askedAt: 0, places, placesSince })
      this.waits.delete(key)
      return
    }
    const seen = places === before.places ? before : { ...before, places, placesSince }
    this.#seen.set(key, seen)
    const isStill = now - before.since >= stillMilliseconds || now - placesSince >= unheardMilliseconds
    if (!isStill || now - seen.askedAt < askEveryMilliseconds || this.#asking.has(key) || this.#asking.size >= asksMax) return
    seen.askedAt = now
    this.#asking.add(key)
    void this.#ask(instance, seen).finally(() => this.#asking.delete(key))
  }

  async #ask(instance: Instance, asked: Seen): Promise<void> {
    const answer = await this.#port.writeWaits(instance, askDeadlineMilliseconds)
    if (!isSamePlace(this.#seen.get(instance.key)?.coordinates ?? null, asked.coordinates)) return // it wrote something meanwhile
    if (!answer.ok) return this.#log.debug('a server did not tell what its writes wait for', { server: instance.key, text: answer.failure.text })
    if (answer.value === null) this.waits.delete(instance.key)
    else this.waits.set(instance.key, answer.value)
  }

  #forget(key: InstanceKey): void {
    this.#seen.delete(key)
    this.waits.delete(key)
  }
}

const isPrimary = (instance: Instance | undefined): instance is Instance =>
  instance !== undefined && instance.replication === null && !instance.readOnly && instance.logBin && isLastCheckValid(instance)

const placesOf = (replicas: readonly Instance[]): string => replicas.map(readPlace).join(' ')

const isSamePlace = (left: BinlogCoordinates | null, right: BinlogCoordinates | null): boolean =>
  left !== null && right !== null && left.file === right.file && left.position === right.position
