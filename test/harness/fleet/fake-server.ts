import { createHash } from 'node:crypto'

/** How a server meets its clients. `hang`: it accepts and never answers, like a frozen process. `refuse`: nothing listens. */
export type Behaviour = 'answer' | 'hang' | 'refuse'

/** What is wrong with a replica, as its own status tells it. */
export type Trouble = 'applier-error' | 'receiver-error' | 'stopped' | 'lag'
export const lagSeconds = 900

export interface FakeServerPlace {
  readonly host: string
  readonly port: number
  readonly serverId: number
  readonly source: FakeServer | null
  /** Rights of the account: those that the original's users gave, or also SELECT on performance_schema. */
  readonly grants: 'original' | 'more'
  readonly writesPerSecond: number
}

const eventsMillion = 1_000_000
const bytesPerTransaction = 310
const upSecondsBefore = 864_000

/** One server that does not exist: who it is, and where it stands at a moment. A replica without trouble is never behind. */
export class FakeServer {
  readonly host: string
  readonly port: number
  readonly serverId: number
  readonly uuid: string
  readonly source: FakeServer | null
  readonly replicas: FakeServer[] = []
  readonly grants: FakeServerPlace['grants']
  trouble: Trouble | null = null
  readonly #primary: FakeServer
  readonly #writesPerSecond: number
  readonly #transactionsAtStart: number

  constructor(place: FakeServerPlace) {
    this.host = place.host
    this.port = place.port
    this.serverId = place.serverId
    this.source = place.source
    this.grants = place.grants
    this.uuid = uuidOf(`${place.host}:${place.port}`)
    this.#primary = place.source === null ? this : place.source.#primary
    this.#writesPerSecond = place.writesPerSecond
    this.#transactionsAtStart = eventsMillion + place.serverId
    place.source?.replicas.push(this)
  }

  /** Transactions of the cluster `seconds` after the fleet's start. */
  transactions(seconds: number): number {
    return this.#primary.#transactionsAtStart + Math.floor(seconds * this.#primary.#writesPerSecond)
  }

  executed(seconds: number): string {
    return `${this.#primary.uuid}:1-${this.transactions(this.#appliedUntil(seconds))}`
  }

  /** A lagging replica stands where its primary stood; one whose applier does not run, where it stood at the start. */
  #appliedUntil(seconds: number): number {
    if (this.trouble === 'lag') return seconds - lagSeconds
    return this.trouble === 'applier-error' || this.trouble === 'stopped' ? 0 : seconds
  }

  retrieved(seconds: number): string {
    return `${this.#primary.uuid}:${this.#primary.#transactionsAtStart - 10}-${this.transactions(seconds)}`
  }

  /** End of the own binary log. */
  position(seconds: number): number {
    return 158 + (this.transactions(seconds) - this.#primary.#transactionsAtStart + 100) * bytesPerTransaction
  }

  uptime(seconds: number): number {
    return upSecondsBefore + Math.floor(seconds)
  }
}

function uuidOf(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex')
  return [digest.slice(0, 8), digest.slice(8, 12), `4${digest.slice(13, 16)}`, `8${digest.slice(17, 20)}`, digest.slice(20, 32)].join('-')
}
