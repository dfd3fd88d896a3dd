/** A fleet in a process of its own, so that its CPU is its own. Takes its wish as JSON, then commands over the channel of its parent; ends with the channel. */
import type { Behaviour, Trouble } from './fake-server.ts'
import { Fleet, type FleetReport } from './fleet.ts'
import { clusters, loopbackPlace, type TopologyWish } from './topology.ts'

export interface FleetProcessWish extends Omit<TopologyWish, 'placeOf'> {
  readonly delayMilliseconds: number
  /** Of every server; MySQL's own where none is named. */
  readonly port?: number
}

export type FleetCommand =
  | { readonly id: number; readonly do: 'reset' }
  | { readonly id: number; readonly do: 'report' }
  | { readonly id: number; readonly do: 'behave'; readonly share: number; readonly behaviour: Behaviour }
  | { readonly id: number; readonly do: 'trouble'; readonly places: readonly number[]; readonly trouble: Trouble | null }

export interface FleetProcessReport extends FleetReport {
  /** Of the fleet's process since its last reset. */
  readonly cpuSeconds: number
}

/** `id` 0 is said once, when every server listens. */
export interface FleetAnswer {
  readonly id: number
  readonly report?: FleetProcessReport
  /** Servers that behave otherwise now. */
  readonly changed?: number
  readonly seeds?: readonly string[]
}

const [text = ''] = process.argv.slice(2)
const wish: FleetProcessWish = JSON.parse(text)
const fleet = await Fleet.start({ servers: clusters({ ...wish, placeOf: index => ({ ...loopbackPlace(index), ...(wish.port === undefined ? {} : { port: wish.port }) }) }), delayMilliseconds: wish.delayMilliseconds })
let cpuAtReset = process.cpuUsage()

process.on('message', (message: FleetCommand) => void obey(message))
process.once('disconnect', () => process.exit(0))
say({ id: 0, seeds: fleet.servers.filter(({ source }) => source === null).map(({ host, port }) => `${host}:${port}`) })

async function obey(command: FleetCommand): Promise<void> {
  switch (command.do) {
    case 'reset':
      fleet.reset()
      cpuAtReset = process.cpuUsage()
      return say({ id: command.id })
    case 'report': {
      const { user, system } = process.cpuUsage(cpuAtReset)
      return say({ id: command.id, report: { ...fleet.report(), cpuSeconds: (user + system) / 1e6 } })
    }
    case 'behave':
      return say({ id: command.id, changed: await fleet.behave(command.share, command.behaviour) })
    case 'trouble':
      fleet.trouble(command.places, command.trouble)
      return say({ id: command.id, changed: command.places.length })
  }
}

function say(answer: FleetAnswer): void {
  process.send?.(answer)
}
