import type { Finding } from '../model/analysis/finding.ts'
import { operation, optional } from './operation.ts'

export const replicationAnalysis = operation<readonly Finding[]>()({
  name: 'replication-analysis',
  says: 'What is wrong now, in all clusters, one cluster, or with one server.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: { name: optional.text('Name or alias of a cluster.'), instance: optional.instance('One server.') },
  former: {
    routes: ['replication-analysis', 'replication-analysis/:clusterName', 'replication-analysis/instance/:host/:port'],
    commands: ['replication-analysis'], section: 'Recovery', answers: 'envelope',
  },
})
