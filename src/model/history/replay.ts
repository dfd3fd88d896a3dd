import type { InstanceKey } from '../topology/instance-key.ts'
import { namesAround, type Names } from './names.ts'
import type { PastServer } from './past-server.ts'
import { changesBetween, type Picture, pictureOf, type ServerChange } from './picture.ts'
import { type ToldChange, toldBetween } from './told.ts'

/** One row of what was kept: all servers, or what changed of them. */
export interface Kept {
  readonly span: number
  readonly at: number
  readonly body: { readonly servers: readonly PastServer[] } | { readonly changes: readonly ServerChange[] }
}

/** A change, and whether nobody was looking when it happened: then it is told for the moment at which it was seen. */
export interface ReplayedChange extends ToldChange {
  readonly isUnseen: boolean
}

/** The picture after all rows; the first of them has all servers. */
export function pictureAfter(rows: readonly Kept[]): Picture {
  const servers = new Map<InstanceKey, PastServer>()
  for (const { body } of rows) take(servers, body)
  return servers
}

/** Every change since a picture, oldest first. `names`: of one cluster alone; null: of all. */
export function replayed(before: Picture, spanBefore: number, rows: readonly Kept[], names: Names | null): readonly ReplayedChange[] {
  const servers = new Map(before)
  const told: ReplayedChange[] = []
  let span = spanBefore
  for (const row of rows) {
    if (row.span < span) continue // whoever wrote before had not noticed yet that another does
    const isUnseen = row.span !== span
    span = row.span
    const changes = 'changes' in row.body ? row.body.changes : changesBetween(servers, pictureOf(row.body.servers))
    const keys = changes.map(change => ('came' in change ? change.came.key : 'went' in change ? change.went : change.of))
    const was = only(servers, keys)
    take(servers, { changes })
    const is = only(servers, keys)
    const wanted = names === null ? null : namesAround(names, row.at)
    const concerned = keys.filter(key => wanted === null || [was, is].some(picture => wanted.has(picture.get(key)?.clusterName ?? '')))
    for (const change of toldBetween(only(was, concerned), only(is, concerned), row.at)) told.push({ ...change, isUnseen })
  }
  return told
}

function take(servers: Map<InstanceKey, PastServer>, body: Kept['body']): void {
  if ('servers' in body) {
    servers.clear()
    for (const server of body.servers) servers.set(server.key, server)
    return
  }
  for (const change of body.changes) {
    if ('came' in change) servers.set(change.came.key, change.came)
    else if ('went' in change) servers.delete(change.went)
    else {
      const before = servers.get(change.of)
      // Of a server that is not known facts alone say too little.
      if (before !== undefined) servers.set(change.of, { ...before, ...change.facts })
    }
  }
}

function only(picture: Picture, keys: readonly InstanceKey[]): Picture {
  return new Map(keys.flatMap(key => {
    const server = picture.get(key)
    return server === undefined ? [] : [[key, server] as const]
  }))
}

/** The servers of one cluster. */
export const membersOf = (picture: Picture, clusterName: string): Picture => new Map([...picture].filter(([, server]) => server.clusterName === clusterName))
