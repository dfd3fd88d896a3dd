import type { OperationView } from '../../../src/contract/views.ts'
import { makeStore } from '../ui/store.ts'

/** Replicas that are being moved now, as far as their operations tell; the servers themselves say when they have. */
export const moving = makeStore<{ readonly servers: ReadonlySet<string> }>({ servers: new Set() })

export const movingIn = (operations: readonly OperationView[]): ReadonlySet<string> =>
  new Set(operations.filter(({ state }) => state === 'running').flatMap(({ steps }) => steps.filter(({ action }) => action === 'change-source').map(({ server }) => server)))

/** Only a change draws anything anew. */
export function tellMoving(operations: readonly OperationView[]): void {
  const servers = movingIn(operations)
  const before = moving.get().servers
  if (servers.size !== before.size || [...servers].some(key => !before.has(key))) moving.set({ servers })
}
