import { type Instance, isLastCheckValid, isReplicating } from '../topology/instance.ts'
import { compareKeys, type InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'

/** `following`: replicates; `not-following`: has a source, and does not replicate from it. */
export const serverStates = ['unreachable', 'writable', 'read-only', 'following', 'not-following'] as const
export type ServerState = (typeof serverStates)[number]

/** A server in the tree of a cluster, as it stood at one moment. */
export interface DrawnServer {
  readonly key: string
  readonly state: ServerState
  readonly replicas: readonly DrawnServer[]
}

export interface DrawnTree {
  readonly roots: readonly DrawnServer[]
  /** Servers that the record has no room for. */
  readonly more: number
}

/** A record is a text of a few thousand letters; a cluster may have thousands of servers. */
const serversMax = 150

/** The servers of clusters on one line, each with those that replicate from it in brackets: `db1:3306 writable [db2:3306 following, db3:3306 following]`. */
export function drawTree(topology: Topology, clusterNames: ReadonlySet<string>): string {
  const servers = [...topology.instances.values()].filter(({ clusterName }) => clusterNames.has(clusterName))
  const known = new Set(servers.map(({ key }) => key))
  const drawn = new Set<InstanceKey>()
  const draw = (server: Instance): string => {
    drawn.add(server.key)
    const below = topology.replicasOf(server.key).flatMap(replica => (drawn.has(replica.key) || drawn.size >= serversMax || !known.has(replica.key) ? [] : [draw(replica)]))
    return `${server.key} ${stateOf(server)}${below.length === 0 ? '' : ` [${below.join(', ')}]`}`
  }
  const isRoot = ({ replication }: Instance): boolean => replication === null || !known.has(replication.source)
  const drawAll = (from: readonly Instance[]): readonly string[] => from.flatMap(server => (drawn.has(server.key) || drawn.size >= serversMax ? [] : [draw(server)]))
  const trees = drawAll(servers.filter(isRoot).toSorted((left, right) => Number(stateOf(right) === 'writable') - Number(stateOf(left) === 'writable') || compareKeys(left.key, right.key)))
  // What is left then are rings, which begin anywhere.
  const rings = drawn.size >= serversMax ? [] : drawAll(servers.filter(({ key }) => !drawn.has(key)).toSorted((left, right) => compareKeys(left.key, right.key)))
  const more = servers.length - drawn.size
  return [...trees, ...rings, ...(more > 0 ? [`+${more}`] : [])].join('; ')
}

function stateOf(server: Instance): ServerState {
  if (!isLastCheckValid(server)) return 'unreachable'
  if (server.replication !== null) return isReplicating(server) ? 'following' : 'not-following'
  return server.readOnly ? 'read-only' : 'writable'
}

/** The tree that such a line says; null: it is none. */
export function readTree(text: string): DrawnTree | null {
  const [, trees = '', more = '0'] = /^([\s\S]*?)(?:(?:; )?\+(\d+))?$/.exec(text) ?? []
  const roots = trees === '' ? [] : trees.split('; ').map(readServer)
  const read = roots.flatMap(root => (root === null ? [] : [root]))
  return read.length < roots.length ? null : { roots: read, more: Number(more) }
}

function readServer(text: string): DrawnServer | null {
  const [, key = '', state = '', inner] = /^(\S+) ([a-z-]+)(?: \[([\s\S]*)\])?$/.exec(text) ?? []
  const found = serverStates.find(each => each === state)
  if (found === undefined) return null
  const below = inner === undefined ? [] : splitOutside(inner).map(readServer)
  const replicas = below.flatMap(server => (server === null ? [] : [server]))
  return replicas.length < below.length ? null : { key, state: found, replicas }
}

/** At the commas that stand in no bracket of their own. */
function splitOutside(text: string): readonly string[] {
  const parts: string[] = []
  let [depth, from] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '[') depth++
    if (text[at] === ']') depth--
    if (depth === 0 && text.startsWith(', ', at)) {
      parts.push(text.slice(from, at))
      from = at + 2
    }
  }
  return [...parts, text.slice(from)]
}
