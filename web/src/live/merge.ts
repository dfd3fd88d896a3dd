import type { ClusterView, FleetView, LiveEvent, ServersView } from '../../../src/contract/views.ts'

type ClusterChange = Extract<LiveEvent, { event: 'cluster' }>['data']
type FleetChange = Extract<LiveEvent, { event: 'clusters' }>['data']

/** Replaces the item with the same key in its place, or adds it at the end. */
export function upsertBy<Item, Key>(list: readonly Item[], item: Item, keyOf: (item: Item) => Key): readonly Item[] {
  const key = keyOf(item)
  const at = list.findIndex(each => keyOf(each) === key)
  return at === -1 ? [...list, item] : list.with(at, item)
}

/**
 * The cluster after a change; servers that did not change stay the same values, so that their cards are not drawn again.
 * Older changes are ignored. Removed servers stay until the cluster is asked for again.
 */
export function mergeCluster(view: ClusterView, change: ClusterChange): ClusterView {
  if (change.snapshot < view.snapshot) return view
  const changed = new Map(change.changed.map(server => [server.key, server]))
  const kept = view.members.map(member => changed.get(member.key) ?? member)
  const known = new Set(kept.map(member => member.key))
  const added = change.changed.filter(server => !known.has(server.key))
  return { ...view, ...change.row, snapshot: change.snapshot, members: [...kept, ...added] }
}

export function mergeFleet(fleet: FleetView, change: FleetChange): FleetView {
  const changed = new Map(change.changed.map(row => [row.name, row]))
  const removed = new Set(change.removed)
  const kept = fleet.clusters.filter(row => !removed.has(row.name)).map(row => changed.get(row.name) ?? row)
  const known = new Set(kept.map(row => row.name))
  return { snapshot: change.snapshot, clusters: [...kept, ...change.changed.filter(row => !known.has(row.name))] }
}

/** All servers after a change of one cluster; those that did not change stay the same values. A server that left its cluster may stand in another one, so it stays. */
export function mergeServers(view: ServersView, change: ClusterChange): ServersView {
  if (change.snapshot < view.snapshot) return view
  const changed = new Map(change.changed.map(server => [server.key, server]))
  const kept = view.servers.map(server => changed.get(server.key) ?? server)
  const known = new Set(kept.map(server => server.key))
  return { snapshot: change.snapshot, servers: [...kept, ...change.changed.filter(server => !known.has(server.key))] }
}
