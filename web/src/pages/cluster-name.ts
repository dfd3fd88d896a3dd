import type { ClusterRow } from '../../../src/contract/views.ts'

/** What a cluster is called: its alias where it has one. */
export const clusterTitle = (row: Pick<ClusterRow, 'name' | 'alias'>): string => row.alias || row.name
export const hasAlias = (row: Pick<ClusterRow, 'name' | 'alias'>): boolean => row.alias !== '' && row.alias !== row.name
