import type { Inventory } from '../engine/inventory/inventory.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import type { Store } from '../ports/store.ts'
import type { HostName } from '../ports/store-facts.ts'

/** Reads all that an earlier run left in the store; answers the names of hosts. `token`: of this process, where locks are its own to drop. */
export async function loadRemembered(store: Store, inventory: Inventory, token: string | null): Promise<Result<readonly HostName[], string>> {
  try {
    await inventory.load()
    await loadDecisionsAside(store, inventory, token)
    return ok(await store.hostNames.resolved())
  } catch (error) {
    return fail(`What is remembered cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** What was decided of servers that are not known, and names of hosts. */
async function loadDecisionsAside(store: Store, inventory: Inventory, token: string | null): Promise<void> {
  for (const { host, name } of await store.hostNames.unresolved()) inventory.setVirtualName(host, name)
  for (const { key, rule } of await store.candidates.list()) inventory.setPromotionRule(key, rule)
  for (const [key, downtime] of await store.downtimes.active()) inventory.setDowntime(key, downtime)
  // In a group locks are changed by commands alone.
  if (token !== null) await store.locks.dropDead(token)
  for (const [key, maintenance] of await store.maintenances.active()) inventory.setMaintenance(key, maintenance)
}
