import { setTimeout as sleep } from 'node:timers/promises'
import { LocalClients } from '../../test/harness/cluster/local-clients.ts'
import { World } from '../../test/harness/cluster/world.ts'
import { ManagerView } from './manager-view.ts'
import { Order } from './order.ts'
import { Phases } from './phases.ts'
import { failedRound, type Round, runRound } from './round.ts'
import { type Places, type Variant, variants } from './variants.ts'

/** The default of `InstancePollSeconds`: nothing of it is set here. */
const pollMillis = 5000
/** From a cluster in order to the next harm. */
const restMillis = 300
/** Of each of four clients: what replicas on the same two cores and the same disk can keep up with. */
const millisBetweenRows = 15
/** After so many rounds in a row that went otherwise than they must, the rest of a variant is left out: it says nothing new and takes long. */
const missesMax = 3

export interface Wish {
  readonly names: readonly string[]
  readonly rounds: number
  readonly semiSync: boolean
  readonly logFile: string
  /** Time for all variants; one that takes more than its share gets fewer rounds. */
  readonly millis: number
}

export interface Measured {
  readonly variant: string
  readonly index: number
  readonly round: Round
  /** With all that brings the cluster to order before it. */
  readonly seconds: number
}

/** All rounds of all variants on one cluster; a cluster that cannot be brought to order is replaced by a new one. */
export async function* measure({ names, rounds, semiSync, logFile, millis }: Wish): AsyncGenerator<Measured> {
  // What servers and program have when nobody changes it: 60 s between tries of a receiver, no grant beyond the original's.
  const start = (): Promise<World> =>
    World.start({ semiSync, logFile, say: console.log, readsPerformanceSchema: false, connectRetrySeconds: 60, millisBetweenRows })
  const ends = performance.now() + millis
  let world = await start()
  try {
    for (const [place, name] of names.entries()) {
      const variant = variants[name]
      if (variant === undefined) throw new Error(`there is no variant ${name}`)
      const phases = new Phases(rounds, pollMillis, Math.random)
      const ownEnd = performance.now() + (ends - performance.now()) / (names.length - place)
      let misses = 0
      for (let index = 1; index <= rounds && misses < missesMax && (index === 1 || performance.now() < ownEnd); index += 1) {
        const began = performance.now()
        const places = await new Order(world, new ManagerView(world)).restore().catch(async (error: unknown) => {
          console.error(`a new cluster is made: ${error instanceof Error ? error.message : String(error)}`)
          await world[Symbol.asyncDispose]()
          world = await start()
          return new Order(world, new ManagerView(world)).restore()
        })
        const round = await oneRound(world, variant, places, phases).catch((error: unknown) => failedRound(String(error)))
        misses = round.wrong.length === 0 ? 0 : misses + 1
        yield { variant: name, index, round, seconds: (performance.now() - began) / 1000 }
      }
    }
  } finally {
    await world[Symbol.asyncDispose]()
  }
}

async function oneRound(world: World, variant: Variant, places: Places, phases: Phases): Promise<Round> {
  const view = new ManagerView(world)
  const seenAt = (await view.members()).find(({ key }) => key === world.server(places.primary).key)?.lastCheckedAt ?? Date.now()
  world.ledger.clear()
  const clients = LocalClients.start(world.sandbox.servers, world.ledger)
  try {
    await sleep(variant.dependsOnPolls ? phases.take(Date.now() - seenAt, restMillis) : restMillis + Math.random() * restMillis)
    return await runRound(world, view, variant, places)
  } finally {
    await clients.stop()
    await variant.mend(world, places)
  }
}
