import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { MysqlModel } from './mysql-model.ts'
import type { Network } from './network.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** A row that a server said was committed. Times by the world's clock. */
export interface Acknowledged {
  readonly row: number
  readonly by: InstanceKey
  readonly begunAt: number
  readonly at: number
}

const pauseMilliseconds = 200
const patienceMilliseconds = 1500

export interface ClientWorld {
  readonly all: ReadonlyMap<InstanceKey, MysqlModel>
  readonly clock: VirtualClock
  readonly network: Network
  readonly random: () => number
  readonly nextRow: () => number
}

/** Writes rows one after another, to whichever server takes them: the last one first. */
export class Client {
  readonly name: string
  readonly acknowledged: Acknowledged[] = []
  readonly #world: ClientWorld
  #at: InstanceKey
  #isOver = false

  constructor(name: string, at: InstanceKey, world: ClientWorld) {
    this.name = name
    this.#at = at
    this.#world = world
    this.#next(Math.floor(world.random() * pauseMilliseconds))
  }

  stop(): void {
    this.#isOver = true
  }

  #next(milliseconds: number): void {
    this.#world.clock.quietly(milliseconds, () => { if (!this.#isOver) this.#write() })
  }

  /** One row, once: a client that is not told whether it was committed never writes it again. */
  #write(): void {
    const { all, clock, network, random, nextRow } = this.#world
    const server = all.get(this.#at)
    const row = nextRow()
    const begunAt = clock.at
    let isEnded = false
    const end = (wasGood: boolean): void => {
      if (isEnded) return
      isEnded = true
      cancel()
      if (!wasGood) this.#at = [...all.keys()][Math.floor(random() * all.size)] ?? this.#at
      this.#next(wasGood ? pauseMilliseconds * (0.5 + random()) : 100)
    }
    const cancel = clock.quietly(patienceMilliseconds, () => end(false))
    if (server === undefined || server.state === 'down') return end(false)
    clock.quietly(network.latency(), () => {
      if (!server.isUp || !network.hears(this.name, server.key)) return
      const { life } = server
      server.write(row, () => clock.quietly(network.latency(), () => {
        // What the client does not hear was not acknowledged to it.
        if (isEnded || server.life !== life || !network.hears(server.key, this.name)) return
        this.acknowledged.push({ row, by: server.key, begunAt, at: clock.at })
        end(true)
      }), () => end(false))
    })
  }
}
