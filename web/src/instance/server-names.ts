import type { ServerView } from '../../../src/contract/views.ts'
import { commonPort, commonSuffix, shortName } from '../drawing/short-name.ts'

/** How the servers of a cluster are called: by alias where it has one of its own, else by host without what all share and what settings leave out. */
export interface ServerNames {
  readonly nameOf: (key: string) => string
  readonly known: ReadonlyMap<string, string>
  /** What all hosts end in, which is left out. */
  readonly suffix: string
}

/** How a person wants servers to be called: by alias, by the host without what all share, or by whole host and port. */
export type NamedBy = 'alias' | 'short' | 'host'

/** `removed`: RemoveTextFromHostnameDisplay. */
export function namesOf(members: readonly Pick<ServerView, 'key' | 'host' | 'alias'>[], removed = '', by: NamedBy = 'alias'): ServerNames {
  if (by === 'host') return { nameOf: key => key, known: new Map(members.map(({ key }) => [key, key])), suffix: '' }
  const shown = (key: string): string => withoutText(key, removed)
  const hosts = new Set(members.map(member => hostOf(shown(member.key))))
  const suffix = commonSuffix([...hosts])
  // On one host only ports tell servers apart.
  const port = hosts.size === members.length ? commonPort(members.map(member => member.key)) : null
  const aliases = Map.groupBy(members, member => member.alias)
  const known = new Map(members.map(({ key, alias }) => [key, by === 'alias' && alias !== '' && aliases.get(alias)?.length === 1 ? alias : shortName(shown(key), suffix, port)]))
  return { nameOf: key => known.get(key) ?? shortName(shown(key), suffix, port), known, suffix }
}

const hostOf = (key: string): string => key.slice(0, key.lastIndexOf(':'))

/** Nothing that is left without a host. */
function withoutText(key: string, removed: string): string {
  const host = removed === '' ? '' : hostOf(key).replaceAll(removed, '')
  return host === '' ? key : `${host}${key.slice(key.lastIndexOf(':'))}`
}

/** A sentence with every server in it called by its name. Only whole keys are replaced, never a part of a longer one. */
export const nameIn = (sentence: string, { known }: ServerNames): string =>
  known.size === 0 ? sentence : sentence.replace(/(?:\[[\da-f:.]+\]|[\w.-]+):\d+/gi, key => known.get(key) ?? key)
