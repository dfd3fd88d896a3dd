import { useCallback, useState } from 'react'
import type { ClusterView, ServerView } from '../../../../src/contract/views.ts'

/** The servers of a cluster that something is to be done to together. Those that leave the cluster are no longer among them. */
export function useChosen(cluster: ClusterView): {
  readonly chosen: ReadonlySet<string>
  readonly servers: readonly ServerView[]
  readonly choose: (key: string) => void
  /** Adds all of them that are servers of the cluster. */
  readonly chooseAll: (keys: readonly string[]) => void
  readonly clear: () => void
} {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const choose = useCallback(
    (key: string) =>
      setChosen(before => {
        const next = new Set(before)
        if (!next.delete(key)) next.add(key)
        return next
      }),
    [],
  )
  const chooseAll = useCallback((keys: readonly string[]) => setChosen(before => new Set([...before, ...keys])), [])
  const clear = useCallback(() => setChosen(new Set()), [])
  return { chosen, servers: cluster.members.filter(member => chosen.has(member.key)), choose, chooseAll, clear }
}
