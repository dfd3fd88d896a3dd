import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Trouble } from '../harness/fleet/fake-server.ts'
import { RemoteFleet } from '../harness/fleet/remote-fleet.ts'
import { loopbackPlace } from '../harness/fleet/topology.ts'
import { reservePorts } from '../harness/sandbox/free-ports.ts'
import { type Program, startProgramIn } from './program.ts'

export interface FleetWish {
  readonly servers: number
  readonly clusterSize: number
  /** So many replicas, spread evenly, are in trouble: in turn each of the four kinds. */
  readonly troubled: number
  readonly settings?: Readonly<Record<string, unknown>>
}

/** The built program over servers that do not exist. Its sites are the second half of the addresses: 250 servers in each. */
export interface FleetProgram {
  readonly program: Program
  readonly fleet: RemoteFleet
  /** The first primary's, which is the first cluster's name. */
  readonly primary: string
  nameOf(place: number): string
  [Symbol.asyncDispose](): Promise<void>
}

const kinds: readonly Trouble[] = ['applier-error', 'lag', 'receiver-error', 'stopped']

export async function startFleetProgram({ servers, clusterSize, troubled, settings = {} }: FleetWish): Promise<FleetProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-fleet-'))
  const reservation = await reservePorts(1)
  const port = reservation.ports[0] ?? 0
  const ends: (() => Promise<void>)[] = [() => reservation.release(), async () => rmSync(folder, { recursive: true, force: true })]
  const end = async (): Promise<void> => {
    for (const each of ends) await each()
  }
  try {
    const fleet = await RemoteFleet.start({ servers, clusterSize, writesPerSecond: 5, grants: 'original', delayMilliseconds: 0, port })
    ends.unshift(() => fleet[Symbol.asyncDispose]())
    const places = troubledPlaces(servers, clusterSize, troubled)
    for (const [turn, kind] of kinds.entries()) await fleet.trouble(places.filter((_, index) => index % kinds.length === turn), kind)
    const program = await startProgramIn(folder, {
      serversExpected: servers,
      settings: {
        MySQLTopologyUser: 'orchestrator', MySQLTopologyPassword: 'any', DiscoverySeeds: fleet.seeds, DataCenterPattern: '^127[.]20[.](\\d+)[.]', ...settings,
      },
    })
    ends.unshift(() => program[Symbol.asyncDispose]())
    const nameOf = (place: number): string => `${loopbackPlace(place).host}:${port}`
    return { program, fleet, primary: nameOf(0), nameOf, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}

/** Evenly spread, and no primary among them. */
function troubledPlaces(servers: number, clusterSize: number, troubled: number): readonly number[] {
  const replicas = Array.from({ length: servers }, (_, place) => place).filter(place => place % clusterSize > 1)
  return replicas.filter((_, index) => Math.floor(((index + 1) * troubled) / replicas.length) > Math.floor((index * troubled) / replicas.length))
}
