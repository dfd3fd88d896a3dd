import { goPattern } from '../../kit/go-pattern.ts'
import { hostOf, type InstanceKey } from '../../model/topology/instance-key.ts'
import type { DiscoverySettings } from './settings.ts'

type KeyFilter = (key: InstanceKey) => boolean

/** What is not to be discovered (contract discovery.md 4). */
export interface Filters {
  readonly ignoresServer: KeyFilter
  readonly ignoresReplica: KeyFilter
  readonly ignoresSource: KeyFilter
  readonly ignoresReplicationUser: (user: string) => boolean
}

export function discoveryFilters(settings: DiscoverySettings): Filters {
  return {
    ignoresServer: keyFilter(settings.ignoreHosts ?? []),
    ignoresReplica: keyFilter(settings.ignoreReplicas ?? []),
    ignoresSource: keyFilter(settings.ignoreSources ?? []),
    ignoresReplicationUser: textFilter(settings.ignoreReplicationUsers ?? []),
  }
}

/** An entry that is an IP address must equal the host; any other is a pattern searched in `host:port`. */
function keyFilter(entries: readonly string[]): KeyFilter {
  const addresses = new Set(entries.filter(isAddress))
  const matches = textFilter(entries.filter(entry => !isAddress(entry)))
  return key => addresses.has(hostOf(key)) || matches(key)
}

/** A pattern that does not compile never matches. */
function textFilter(entries: readonly string[]): (text: string) => boolean {
  const patterns = entries.flatMap(entry => {
    const compiled = goPattern(entry)
    return compiled.ok ? [compiled.value] : []
  })
  return text => patterns.some(pattern => pattern.test(text))
}

const isAddress = (text: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) || /^[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/.test(text)
