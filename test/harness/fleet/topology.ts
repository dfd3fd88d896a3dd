import { FakeServer, type FakeServerPlace } from './fake-server.ts'

export interface TopologyWish {
  readonly servers: number
  /** Servers per cluster: a primary, and replicas below it; in every third cluster a third of the replicas follow the first replica. */
  readonly clusterSize: number
  readonly writesPerSecond: number
  readonly grants: FakeServerPlace['grants']
  /** The address of the n-th server. */
  readonly placeOf: (index: number) => { readonly host: string; readonly port: number }
}

const perBlock = 250

/** 127.20.1.1, 127.20.1.2 … 127.20.1.250, 127.20.2.1 …, all at MySQL's own port: addresses that every machine has. */
export const loopbackPlace = (index: number): { readonly host: string; readonly port: number } =>
  ({ host: `127.20.${1 + Math.floor(index / perBlock)}.${1 + (index % perBlock)}`, port: 3306 })

export function clusters({ servers: count, clusterSize, writesPerSecond, grants, placeOf }: TopologyWish): readonly FakeServer[] {
  const servers: FakeServer[] = []
  let primary: FakeServer | null = null
  let first: FakeServer | null = null
  for (let index = 0; index < count; index++) {
    const [cluster, place] = [Math.floor(index / clusterSize), index % clusterSize]
    const isBelow = cluster % 3 === 0 && place >= 2 && place % 3 === 0
    const source: FakeServer | null = place === 0 ? null : isBelow ? first : primary
    const server: FakeServer = new FakeServer({ ...placeOf(index), serverId: 1000 + index, source, grants, writesPerSecond })
    if (place === 0) primary = server
    if (place === 1) first = server
    servers.push(server)
  }
  return servers
}
