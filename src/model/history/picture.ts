import type { InstanceKey } from '../topology/instance-key.ts'
import { isSameFact, type PastFact, type PastServer } from './past-server.ts'

/** All servers at one moment. */
export type Picture = ReadonlyMap<InstanceKey, PastServer>

/** How one server changed: it came, it went, or some of its facts are others now. */
export type ServerChange =
  | { readonly came: PastServer }
  | { readonly went: InstanceKey }
  | { readonly of: InstanceKey; readonly facts: Partial<PastServer> }

export const pictureOf = (servers: readonly PastServer[]): Picture => new Map(servers.map(server => [server.key, server]))

/** What must happen to `before` for it to be `after`, by server. */
export function changesBetween(before: Picture, after: Picture): readonly ServerChange[] {
  const changes: ServerChange[] = []
  for (const server of after.values()) {
    const change = changeOf(before.get(server.key), server)
    if (change !== null) changes.push(change)
  }
  for (const key of before.keys()) if (!after.has(key)) changes.push({ went: key })
  return changes
}

/** Null: nothing worth remembering. */
export function changeOf(before: PastServer | undefined, after: PastServer): ServerChange | null {
  if (before === undefined) return { came: after }
  const facts = changedFacts(before, after)
  return facts.length === 0 ? null : { of: after.key, facts: Object.fromEntries(facts.map(fact => [fact, after[fact]])) }
}

export function changedFacts(before: PastServer, after: PastServer): readonly PastFact[] {
  if (before === after) return []
  const names = Object.keys(after).filter(name => name !== 'key') as PastFact[] // the names of its own members
  return names.filter(fact => !isSameFact(fact, before, after))
}
