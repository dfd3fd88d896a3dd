import type { ServerView } from '../../../../src/contract/views.ts'

export interface PoolMatrix {
  readonly clusterName: string
  readonly pools: readonly { readonly name: string; readonly members: readonly string[] }[]
  /** Servers that are in any of them. */
  readonly servers: readonly ServerView[]
}

const collator = new Intl.Collator('en', { numeric: true })

/** Which servers of each cluster are in which pools; clusters without pools are left out. A pool with servers of two clusters is in both. */
export function poolMatrices(servers: readonly ServerView[]): readonly PoolMatrix[] {
  const pooled = servers.filter(server => (server.pools ?? []).length > 0)
  const byCluster = Map.groupBy(pooled, ({ clusterName }) => clusterName)
  return [...byCluster]
    .map(([clusterName, members]) => {
      const names = new Set(members.flatMap(({ pools = [] }) => pools))
      return {
        clusterName,
        pools: [...names].toSorted(collator.compare).map(name => ({ name, members: members.filter(({ pools = [] }) => pools.includes(name)).map(({ key }) => key) })),
        servers: members.toSorted((left, right) => collator.compare(left.key, right.key)),
      }
    })
    .toSorted((left, right) => collator.compare(left.clusterName, right.clusterName))
}
