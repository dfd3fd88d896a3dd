import { setTimeout as sleep } from 'node:timers/promises'
import { World } from '../../test/harness/cluster/world.ts'
import { LocalClients } from '../../test/harness/cluster/local-clients.ts'
import { ManagerView } from './manager-view.ts'
import { Order } from './order.ts'
import { Phases } from './phases.ts'
import { type Round, runRound } from './round.ts'
import { variants } from './variants.ts'

/** The default of `InstancePollSeconds`: nothing of it is set here. */
const pollMillis = 5000
/** From a cluster in order to the next harm. */
const restMillis = 400
/** Of each of four clients: what replicas on the same two cores and the same disk can keep up with. */
const millisBetweenRows = 15
/** After so many rounds in a row that went otherwise than they must, the rest of a variant is left out: it says nothing new and takes long. */
const missesMax = 3

export interface Wish {
  readonly names: readonly string[]
  readonly rounds: number
  readonly semiSync: boolean
  readonly logFile: string
}

export interface Measured {
  readonly variant: string
  readonly index: number
  readonly round: Round
  /** With all that brings the cluster to order before it. */
  readonly seconds: number
}

/** All rounds of all variants on one cluster; a cluster that cannot be brought to order is replaced by a new one. */
export async function* measure({ names, rounds, semiSync, logFile }: Wish): AsyncGenerator<Measured> {
  // What servers and program have when nobody changes it: 60 s between tries of a receiver, no grant beyond the original's.
  const start = (): Promise<World> => World.start({ semiSync, logFile, say: console.log, readsPerformanceSchema: false, connectRetrySeconds: 60, millisBetweenRows })
  let world = await start()
  try {
    for (const name of names) {
      const variant = variants[name]
      if (variant === undefined) throw new Error(`there is no variant ${name}`)
      const phases = new Phases(rounds, pollMillis, Math.random)
      let misses = 0
      for (let index = 1; index <= rounds && misses < missesMax; index += 1) {
        const began = performance.now()
        const view = new ManagerView(world)
        const places = await new Order(world, view).restore().catch(async (error: unknown) => {
          console.error(`a new cluster is made: ${error instanceof Error ? error.message : String(error)}`)
          await world[Symbol.asyncDispose]()
          world = await start()
          return new Order(world, new ManagerView(world)).restore()
        })
        const seenAt = (await new ManagerView(world).members()).find(({ key }) => key === world.server(places.primary).key)?.lastCheckedAt ?? Date.now()
        world.ledger.clear()
        const clients = LocalClients.start(world.sandbox.servers, world.ledger)
        try {
          await sleep(variant.dependsOnPolls ? phases.take(Date.now() - seenAt, restMillis) : restMillis + Math.random() * restMillis)
          const round = await runRound(world, new ManagerView(world), variant, places)
          misses = round.wrong.length === 0 ? 0 : misses + 1
          yield { variant: name, index, round, seconds: (performance.now() - began) / 1000 }
        } finally {
          await clients.stop()
        }
      }
    }
  } finally {
    await world[Symbol.asyncDispose]()
  }
}
