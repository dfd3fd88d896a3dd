import type { ServerView, StatusCode } from '../../../src/contract/views.ts'

/** Statuses from worst to best, the order of the contract. */
export const statusOrder: readonly StatusCode[] = [
  'unreachable',
  'applier-error',
  'receiver-error',
  'stopped',
  'not-checked',
  'group-not-online',
  'lag',
  'lag-unknown',
  'errant-gtid',
  'maintenance',
  'replicating',
  'writable',
  'read-only-primary',
]

export const worstOf = (server: ServerView): ServerView['statuses'][number] | undefined => server.statuses[0]

/** A person should look at it: not well, and not downtimed (which says that somebody already did). */
export const isInTrouble = (server: ServerView): boolean => server.downtime === null && (worstOf(server)?.severity ?? 'ok') !== 'ok'

export const compareByTrouble = (left: ServerView, right: ServerView): number => rank(left) - rank(right)

const rank = (server: ServerView): number => {
  const code = worstOf(server)?.code
  return code === undefined ? statusOrder.length : statusOrder.indexOf(code)
}
