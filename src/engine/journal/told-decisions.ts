import type { Downtime, Maintenance, PromotionRule } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { SharedStore } from '../../ports/shared-memory.ts'
import type { Remembered } from './world.ts'

/** What the topology shows of what was decided. */
export interface ToldDecisions {
  readonly downtimes: ReadonlyMap<InstanceKey, Downtime>
  readonly maintenances: ReadonlyMap<InstanceKey, Maintenance>
  readonly rules: ReadonlyMap<InstanceKey, PromotionRule>
  readonly virtualNames: ReadonlyMap<string, string>
  readonly aliases: ReadonlyMap<string, string>
  readonly recoveriesDisabled: { readonly since: number; readonly by: string } | null
}

export async function readDecisions(store: SharedStore): Promise<ToldDecisions> {
  return {
    // Locks of operations are shown by whoever reads the table each second.
    downtimes: await store.downtimes.active(), maintenances: await store.locks.ofPeople(),
    rules: new Map((await store.candidates.list()).map(({ key, rule }) => [key, rule])),
    virtualNames: new Map((await store.hostNames.unresolved()).map(({ host, name }) => [host, name])),
    aliases: await store.aliases.loadByHand(), recoveriesDisabled: await store.recoverySwitch.load(),
  }
}

/** Shows what is in force now, and takes back what was and is not. */
export function tellDecisions(before: ToldDecisions, now: ToldDecisions, remembered: Remembered): void {
  const all = <Key, Value>(one: ReadonlyMap<Key, Value>, other: ReadonlyMap<Key, Value>): ReadonlySet<Key> => new Set([...one.keys(), ...other.keys()])
  for (const key of all(before.downtimes, now.downtimes)) remembered.setDowntime(key, now.downtimes.get(key) ?? null)
  for (const key of all(before.maintenances, now.maintenances)) remembered.setMaintenance(key, now.maintenances.get(key) ?? null)
  for (const key of all(before.rules, now.rules)) remembered.setPromotionRule(key, now.rules.get(key) ?? 'neutral')
  for (const host of all(before.virtualNames, now.virtualNames)) remembered.setVirtualName(host, now.virtualNames.get(host) ?? '')
  for (const name of all(before.aliases, now.aliases)) remembered.setAlias(name, now.aliases.get(name) ?? '')
  remembered.setRecoveriesDisabled(now.recoveriesDisabled)
}
