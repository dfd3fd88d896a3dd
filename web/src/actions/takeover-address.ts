import type { ClusterView } from '../../../src/contract/views.ts'

/** The address that opens the takeover dialog of a cluster; `to`: whom it proposes, '' for nobody. */
export function takeoverAddress({ alias, name }: Pick<ClusterView, 'alias' | 'name'>, to: string): string {
  const page = alias === '' || alias === name ? `cluster/${encodeURIComponent(name)}` : `cluster/alias/${encodeURIComponent(alias)}`
  return new URL(`${page}?${new URLSearchParams({ do: 'takeover', ...(to === '' ? {} : { to }) }).toString()}`, document.baseURI).href
}
