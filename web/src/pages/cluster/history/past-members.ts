import type { ServerView } from '../../../../../src/contract/views.ts'
import { makeStore } from '../../../ui/store.ts'

export type Named = Pick<ServerView, 'key' | 'host' | 'alias'>

/** Servers of the moment that is shown, and those that its changes name; who may have left the cluster is called by its name, too. */
export const pastMembers = makeStore<{ readonly members: readonly Named[]; readonly mentioned: readonly Named[] }>({ members: [], mentioned: [] })

export const named = (aliases: Readonly<Record<string, string>>): readonly Named[] =>
  Object.entries(aliases).map(([key, alias]) => ({ key, host: key.slice(0, key.lastIndexOf(':')), alias }))

/** Those of now, and those of then who are not among them. */
export function withPast(members: readonly Named[], { members: then, mentioned }: { readonly members: readonly Named[]; readonly mentioned: readonly Named[] }): readonly Named[] {
  if (then.length === 0 && mentioned.length === 0) return members
  const all = new Map<string, Named>()
  for (const each of [...members, ...then, ...mentioned]) if (!all.has(each.key)) all.set(each.key, each)
  return [...all.values()]
}
