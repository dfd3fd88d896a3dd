import { useQuery } from '@tanstack/react-query'
import { useLayoutEffect, useMemo } from 'react'
import { queries } from '../../api/queries.ts'
import { callServers } from '../../instance/names.ts'
import { namesOf } from '../../instance/server-names.ts'
import { usePreference } from '../../ui/preferences.ts'

/** Servers are called as on the page of their cluster, when that is known. */
export function useServerNames(clusterHint: string): void {
  const { data: cluster } = useQuery({ ...queries.cluster(clusterHint), retry: false, enabled: clusterHint !== '' })
  const called = (cluster?.members ?? []).map(member => `${member.key} ${member.alias}`).join('\n')
  // Only when a name changes, not with every poll.
  const removed = useQuery(queries.me).data?.removedHostText
  const by = usePreference('names')
  const names = useMemo(() => namesOf(cluster?.members ?? [], removed, by), [called, removed, by])
  useLayoutEffect(() => callServers(names), [names])
}
