import type { ServerView } from '../../../../src/contract/views.ts'
import { compareByTrouble } from '../../drawing/trouble.ts'

export const serverOrders = ['trouble', 'name', 'lag'] as const
export type ServerOrder = (typeof serverOrders)[number]

const byKey = (left: ServerView, right: ServerView): number => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0)
/** Unknown is no number: it stands behind every known lag. */
const lagOf = (server: ServerView): number => server.replication?.lagSeconds ?? -1

const compare: Readonly<Record<ServerOrder, (left: ServerView, right: ServerView) => number>> = {
  trouble: compareByTrouble,
  name: byKey,
  lag: (left, right) => lagOf(right) - lagOf(left),
}

export const sortServers = (servers: readonly ServerView[], order: ServerOrder): readonly ServerView[] =>
  servers.toSorted((left, right) => compare[order](left, right) || byKey(left, right))
