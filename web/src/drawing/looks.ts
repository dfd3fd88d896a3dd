import type { ServerView } from '../../../src/contract/views.ts'

/** What moves with every poll and is not drawn. */
const ticking: ReadonlySet<string> = new Set([
  'lastSeenAt', 'lastCheckedAt', 'pollMilliseconds', 'uptimeSeconds', 'executedGtidSet', 'retrievedGtidSet', 'binlog', 'read', 'executed',
])

/** The servers as they are now, by the values of before where nothing of them is drawn otherwise: what follows from these need not be made anew. */
export function keepLooks(before: readonly ServerView[], now: readonly ServerView[]): readonly ServerView[] {
  if (before === now) return before
  const known = new Map(before.map(server => [server.key, server]))
  const kept = now.map(server => {
    const shown = known.get(server.key)
    return shown !== undefined && (shown === server || looks(shown) === looks(server)) ? shown : server
  })
  return kept.length === before.length && kept.every((server, place) => server === before[place]) ? before : kept
}

const looks = (server: ServerView): string => JSON.stringify(server, (name, value: unknown) => (ticking.has(name) ? undefined : value))
