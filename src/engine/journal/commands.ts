import type { Downtime, PromotionRule } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Store } from '../../ports/store.ts'
import type { InstanceTag } from '../../ports/store-facts.ts'
import type { AuditTrail } from './audit-trail.ts'

/** One change of what is remembered. Plain JSON, so that it can travel and be applied again. */
export type Command =
  | { readonly do: 'begin-downtime'; readonly key: InstanceKey; readonly downtime: Downtime }
  | { readonly do: 'end-downtime'; readonly key: InstanceKey; readonly kind: 'end-downtime' | 'expire-downtime' }
  | { readonly do: 'forget'; readonly keys: readonly InstanceKey[]; readonly kind: 'forget' | 'forget-cluster' | 'forget-unseen' | 'forget-unseen-differently-resolved' }
  | { readonly do: 'set-alias'; readonly clusterName: string; readonly alias: string }
  /** The primary changed, and with it the cluster's name: alias and domain go with the cluster. */
  | { readonly do: 'rename-cluster'; readonly from: string; readonly to: string }
  | { readonly do: 'register-candidate'; readonly key: InstanceKey; readonly rule: PromotionRule; readonly at: number }
  | { readonly do: 'put-tag'; readonly tag: InstanceTag; readonly at: number }
  | { readonly do: 'remove-tag'; readonly keys: readonly InstanceKey[]; readonly name: string }
  | { readonly do: 'submit-pool'; readonly pool: string; readonly keys: readonly InstanceKey[]; readonly at: number }
  /** The name that replicas are told in place of the host's own; '' ends it. */
  | { readonly do: 'set-virtual-name'; readonly host: string; readonly name: string; readonly at: number }
  | { readonly do: 'switch-recoveries'; readonly disabled: { readonly since: number; readonly by: string } | null }

/** What the current topology lets decisions change. */
export interface Remembered {
  setDowntime(key: InstanceKey, downtime: Downtime | null): void
  forget(keys: readonly InstanceKey[]): Promise<void>
  setAlias(clusterName: string, alias: string): void
  renameCluster(from: string, to: string): void
  setPromotionRule(key: InstanceKey, rule: PromotionRule): void
  setVirtualName(host: string, name: string): void
  setRecoveriesDisabled(disabled: { readonly since: number; readonly by: string } | null): void
  clusterNameOf(key: InstanceKey): string
}

export interface World {
  readonly store: Store
  readonly remembered: Remembered
  readonly audit: AuditTrail
}

type Apply<Kind extends Command['do']> = (command: Extract<Command, { readonly do: Kind }>, world: World) => Promise<void>

/** How each command is applied: stored first, so that what was answered is not lost, then shown. */
export const commands: { readonly [Kind in Command['do']]: Apply<Kind> } = {
  'begin-downtime': async ({ key, downtime }, { store, remembered, audit }) => {
    await store.downtimes.begin(key, downtime)
    remembered.setDowntime(key, downtime)
    audit.write('begin-downtime', key, remembered.clusterNameOf(key), `owner: ${downtime.owner}, reason: ${downtime.reason}`)
  },
  'end-downtime': async ({ key, kind }, { store, remembered, audit }) => {
    const was = await store.downtimes.end(key)
    remembered.setDowntime(key, null)
    if (was) audit.write(kind, key, remembered.clusterNameOf(key), '')
  },
  'forget': async ({ keys, kind }, { remembered, audit }) => {
    const names = new Map(keys.map(key => [key, remembered.clusterNameOf(key)]))
    await remembered.forget(keys)
    for (const key of keys) audit.write(kind, key, names.get(key) ?? '', '')
  },
  'set-alias': async ({ clusterName, alias }, { store, remembered, audit }) => {
    await store.aliases.set(clusterName, alias)
    remembered.setAlias(clusterName, alias)
    audit.write('set-cluster-alias', null, clusterName, alias)
  },
  'rename-cluster': async ({ from, to }, { store, remembered }) => {
    await store.aliases.rename(from, to)
    remembered.renameCluster(from, to)
  },
  'register-candidate': async ({ key, rule, at }, { store, remembered, audit }) => {
    await store.candidates.register(key, rule, at)
    remembered.setPromotionRule(key, rule)
    audit.write('register-candidate', key, remembered.clusterNameOf(key), rule)
  },
  'put-tag': ({ tag, at }, { store }) => store.tags.put(tag, at),
  'remove-tag': async ({ keys, name }, { store, remembered, audit }) => {
    await store.tags.remove(keys, name)
    for (const key of keys) audit.write('delete-instance-tag', key, remembered.clusterNameOf(key), name)
  },
  'submit-pool': ({ pool, keys, at }, { store }) => store.pools.submit(pool, keys, at),
  'set-virtual-name': async ({ host, name, at }, { store, remembered }) => {
    if (name === '') await store.hostNames.endUnresolve(host)
    else await store.hostNames.unresolve({ host, name, at })
    remembered.setVirtualName(host, name)
  },
  'switch-recoveries': async ({ disabled }, { store, remembered, audit }) => {
    await store.recoverySwitch.set(disabled)
    remembered.setRecoveriesDisabled(disabled)
    audit.write(disabled === null ? 'enable-global-recoveries' : 'disable-global-recoveries', null, '', disabled === null ? '' : `by ${disabled.by}`)
  },
}
