import type { OperationName } from '../../../../src/contract/all.ts'
import type { ClusterView } from '../../../../src/contract/views.ts'
import type { OpenDialog } from '../dialogs.ts'
import type { WhyNot } from './act.ts'

export type ClusterActName = 'takeover' | 'whatIf' | 'force' | 'publish' | 'alias' | 'noteDomain' | 'doctor' | 'forget'

/** One entry of the menu of a cluster. */
export interface ClusterAct {
  readonly name: ClusterActName
  readonly operations: readonly OperationName[]
  readonly whyNot: (cluster: ClusterView) => WhyNot | null
  /** It changes nothing: whoever may look may do it. */
  readonly isReading?: true
  /** Its dialog; null: it is done at once. */
  readonly opens: ((cluster: ClusterView) => OpenDialog) | null
}

const possible = (): null => null

export const clusterActs: readonly ClusterAct[] = [
  {
    name: 'takeover',
    operations: ['graceful-takeover', 'graceful-takeover-auto'],
    opens: cluster => ({ kind: 'takeover', cluster, to: null }),
    whyNot: cluster => (cluster.primary === null ? 'noPrimary' : cluster.primary.status.code === 'unreachable' ? 'primaryDead' : null),
  },
  { name: 'whatIf', operations: ['what-if'], opens: cluster => ({ kind: 'what-if', about: { cluster: cluster.alias || cluster.name } }), whyNot: possible, isReading: true },
  {
    name: 'force',
    operations: ['force-failover', 'force-takeover'],
    opens: cluster => ({ kind: 'recover', server: cluster.primary?.key ?? cluster.name, clusterName: cluster.name, clusterAlias: cluster.alias, isForced: true }),
    whyNot: cluster => (cluster.primary === null ? 'noPrimary' : null),
  },
  { name: 'alias', operations: ['set-cluster-alias'], opens: cluster => ({ kind: 'cluster-alias', cluster }), whyNot: possible },
  { name: 'publish', operations: ['submit-primaries'], opens: null, whyNot: possible },
  { name: 'noteDomain', operations: ['set-heuristic-domain-instance'], opens: null, whyNot: cluster => (cluster.domain === '' ? 'noDomain' : null) },
  { name: 'doctor', operations: ['doctor'], opens: null, whyNot: possible, isReading: true },
  { name: 'forget', operations: ['forget-cluster'], opens: cluster => ({ kind: 'forget-cluster', cluster }), whyNot: possible },
]
