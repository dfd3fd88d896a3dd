import type { Place } from '../../../src/model/planning/by-equivalence.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import { countGtids } from '../../../src/model/topology/gtid-set.ts'
import { readGtids } from '../../../src/model/planning/failover-held.ts'

/** The n-th transaction of the primary ends at base + n in a server's own log, another base for each, so that a place of the wrong log is found out. */
const baseOf = (key: InstanceKey | string): bigint => 1000n * BigInt(/\d+/.exec(key)?.[0] ?? 0)

/** A random cluster without GTID: a tree of up to 8 servers. The sets of its servers are hidden truth, by which what they hold is judged. */
export function randomPositionsText(random: () => number): string {
  const [chance, below] = [(share: number): boolean => random() < share, (count: number): number => Math.floor(random() * count)]
  const lines = ['s1 gtid-mode=OFF gtid=A:1-100 at=1100']
  const servers: { readonly number: number; readonly depth: number; readonly executed: number }[] = [{ number: 1, depth: 0, executed: 100 }]
  for (let number = 2; number <= 3 + below(6); number += 1) {
    const depth = 1 + below(Math.min(3, (servers.at(-1)?.depth ?? 0) + 1))
    const source = servers.findLast(server => server.depth === depth - 1) ?? { number: 1, depth: 0, executed: 100 }
    const received = chance(0.5) ? source.executed : 40 + below(source.executed - 39)
    const executed = chance(0.6) ? received : 40 + below(received - 39)
    servers.push({ number, depth, executed })
    const words = [`by=position gtid=A:1-${executed} received=A:1-${received} at=${1000 * number + executed} read=${1000 * source.number + received} exec=${1000 * source.number + executed}`]
    if (chance(0.15)) words.push('io=stopped')
    if (chance(0.15)) words.push('sql=stopped')
    if (chance(0.05)) words.push('no-log-updates')
    if (chance(0.3)) words.push('read-only')
    lines.push(`${'  '.repeat(depth)}s${number} ${words.join(' ')}`)
  }
  return lines.join('\n')
}

const executedBy = (topology: Topology, key: InstanceKey): bigint => countGtids(readGtids(topology.get(key)?.executedGtidSet ?? ''))

/** Every pair that is the same, as an oracle knows it. */
export const truePlaces = (topology: Topology) => ({ server, at }: Place): readonly Place[] =>
  [...topology.instances.keys()].filter(key => key !== server && executedBy(topology, key) >= at.position - baseOf(server))
    .map(key => ({ server: key, at: { file: at.file, position: baseOf(key) + at.position - baseOf(server) } }))

/** But for one that takes writes itself: replicas that stand at a place of their source's log which is not the end of what they have executed: they would lose or repeat something. */
export function wronglyPlaced(topology: Topology, mayRing: ReadonlySet<InstanceKey> = new Set()): readonly string[] {
  return [...topology.instances.values()].flatMap(({ key, replication: link }) => {
    const at = link?.executedCoordinates?.position
    if (link === null || at === undefined || link.gtid !== 'none' || mayRing.has(key)) return []
    const [stands, has] = [at - baseOf(link.source), executedBy(topology, key)]
    return stands === has ? [] : [`${key} has executed ${has} transactions and stands behind the ${stands}th of ${link.source}`]
  })
}
