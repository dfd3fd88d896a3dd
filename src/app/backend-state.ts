import type { NodeHealth } from '../contract/service.ts'
import type { Engine } from './engine.ts'

export interface BackendState {
  /** Null: it takes what is written. Else since when it does not, ms since 1970, and what it says. */
  readonly failing: { readonly since: number; readonly text: string } | null
  /** Records of servers, and rows of what has happened, that are in memory alone. */
  readonly waiting: number
  /** Rows that were given up. */
  readonly dropped: number
}

/** What is not in the store yet, and since when. */
export function backendState({ inventory, waitingWrites }: Pick<Engine, 'inventory' | 'waitingWrites'>): BackendState {
  const [records, rows] = [inventory.saveStatus, waitingWrites.status]
  const [first] = [records.failing, rows.failing].filter(failing => failing !== null).toSorted((left, right) => left.since - right.since)
  return { failing: first ?? null, waiting: records.waiting + rows.waiting, dropped: rows.dropped }
}

/** Who asks for the health of a process whose store fails is told what waits for it. */
export function healthWith(health: NodeHealth, { failing, waiting }: BackendState): NodeHealth {
  if (health.healthy || failing === null) return health
  return { ...health, failure: `${health.failure} (the store fails since ${new Date(failing.since).toISOString()}; ${waiting} writes wait for it)` }
}
