import { operation, optional } from './operation.ts'

/** A key of the key-value stores and what was written there. */
export interface SubmittedPair {
  readonly key: string
  readonly value: string
}

export const submitPrimaries = operation<readonly SubmittedPair[]>()({
  name: 'submit-primaries',
  says: 'Tell all key-value stores, ProxySQL and webhooks who takes the writes of all clusters, or of one.',
  on: 'cluster', access: 'write', dangerLevel: 1, plans: false,
  input: { cluster: optional.cluster('Name, alias or a member of the cluster; all when left out.') },
  former: {
    routes: ['submit-masters-to-kv-stores', 'submit-masters-to-kv-stores/:clusterHint'], commands: ['submit-masters-to-kv-stores'], section: 'Key-value', answers: 'envelope', wasOpen: true,
  },
})
