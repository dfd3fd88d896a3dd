import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ClusterRow } from '../../../src/contract/views.ts'
import type { ClusterSearch } from '../router.tsx'
import { clusterTitle, hasAlias } from './cluster-name.ts'

/** A link to a cluster, by its alias where it has one. */
export function ClusterLink({
  row,
  search,
  children,
  className,
}: {
  readonly row: Pick<ClusterRow, 'name' | 'alias'>
  readonly search?: ClusterSearch
  readonly children?: ReactNode
  readonly className?: string
}) {
  const content = children ?? clusterTitle(row)
  const shared = { ...(search === undefined ? {} : { search }), ...(className === undefined ? {} : { className }) }
  return hasAlias(row) ? (
    <Link to="/cluster/alias/$alias" params={{ alias: row.alias }} {...shared}>
      {content}
    </Link>
  ) : (
    <Link to="/cluster/$name" params={{ name: row.name }} {...shared}>
      {content}
    </Link>
  )
}
