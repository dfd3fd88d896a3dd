import type { Downtime, PromotionRule } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { InstanceTag } from '../../ports/store-facts.ts'
import type { World } from './world.ts'
import { type WriteCommand, writeCommands } from './write-commands.ts'

/** One change of what is remembered. Plain JSON, so that it can travel and be applied again. */
export type Command = Decision | WriteCommand

/** What people decide, or recoveries for them. */
export type Decision =
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

type Apply<Kind extends Decision['do']> = (command: Extract<Decision, { readonly do: Kind }>, world: World) => Promise<unknown>

/** How each decision is applied: stored first, so that what was answered is not lost, then shown. */
const decisions = {
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
  'forget': async ({ keys, kind }, { remembered, audit, servers }) => {
    const names = new Map(keys.map(key => [key, remembered.clusterNameOf(key)]))
    await servers?.forget(keys)
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
    const had = name === '' && (await store.hostNames.endUnresolve(host))
    if (name !== '') await store.hostNames.unresolve({ host, name, at })
    remembered.setVirtualName(host, name)
    return had
  },
  'switch-recoveries': async ({ disabled }, { store, remembered, audit }) => {
    await store.recoverySwitch.set(disabled)
    remembered.setRecoveriesDisabled(disabled)
    audit.write(disabled === null ? 'enable-global-recoveries' : 'disable-global-recoveries', null, '', disabled === null ? '' : `by ${disabled.by}`)
  },
} satisfies { readonly [Kind in Decision['do']]: Apply<Kind> }

/** How each command is applied. A kind that is missing does not compile. */
export const commands = { ...decisions, ...writeCommands }

export type CommandOf<Kind extends Command['do']> = Extract<Command, { readonly do: Kind }>
/** What the proposer of a command is told. */
export type AnswerOf<Kind extends Command['do']> = Awaited<ReturnType<(typeof commands)[Kind]>>

export function carryOut<Kind extends Command['do']>(command: CommandOf<Kind>, world: World): Promise<AnswerOf<Kind>> {
  // The key of the table is the command's own kind, which TypeScript cannot follow through a union.
  const act = commands[command.do] as unknown as (command: CommandOf<Kind>, world: World) => Promise<AnswerOf<Kind>>
  return act(command, world)
}
