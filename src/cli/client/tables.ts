import type { Contract, OperationName } from '../../contract/all.ts'
import type { OutputOf } from '../../contract/operation.ts'
import type { Instance } from '../../model/topology/instance.ts'

interface Table {
  readonly heads: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
type MakeTable = (output: unknown) => Table

// The table joins each operation with the maker for its own output.
const table = <Name extends OperationName>(_operation: Name, heads: readonly string[], rows: (output: OutputOf<Contract[Name]>) => Table['rows']): MakeTable =>
  output => ({ heads, rows: rows(output as OutputOf<Contract[Name]>) })

const unknown = '?'
const serverHeads = ['SERVER', 'CLUSTER', 'VERSION', 'WRITES', 'SOURCE', 'RECEIVER', 'APPLIER', 'LAG', 'STATE']

function serverRow(server: Instance): readonly string[] {
  const { key, alias, version, replication, downtime, maintenance, check } = server
  const lag = server.replicationLagSeconds === null ? unknown : `${server.replicationLagSeconds} s`
  const state = [
    ...(check.failure === null && check.lastSeenAt !== null ? [] : ['not seen']), ...(downtime === null ? [] : ['downtime']), ...(maintenance === null ? [] : ['maintenance']),
    ...(server.errantGtidSet === '' ? [] : ['errant GTID']),
  ]
  return [
    alias === '' || alias === key ? key : `${key} (${alias})`, server.suggestedClusterAlias || server.clusterName, version.text, server.readOnly ? 'read-only' : 'writable', replication?.source ?? '',
    replication?.receiver ?? '', replication?.applier ?? '', replication === null ? '' : lag, state.join(', ') || 'ok',
  ]
}

const servers = (instances: readonly Instance[]): Table['rows'] => instances.map(serverRow)
const yes = (is: boolean): string => (is ? 'yes' : 'no')

/** Commands whose answer is more than a list of names, by the name of the command: what a terminal shows of it. */
const tables: Readonly<Record<string, MakeTable>> = {
  'all-instances': table('all-instances', serverHeads, servers),
  'find': table('find', serverHeads, servers),
  'search': table('search', serverHeads, servers),
  'instance': table('instance', serverHeads, server => servers([server])),
  'which-cluster-instances': table('cluster', serverHeads, servers),
  'which-replicas': table('instance-replicas', serverHeads, servers),
  'all-clusters-masters': table('primaries', serverHeads, servers),
  'which-cluster-osc-replicas': table('cluster-osc-replicas', serverHeads, servers),
  'which-cluster-gh-ost-replicas': table('cluster-gh-ost-replicas', serverHeads, servers),
  'downtimed': table('downtimed', ['SERVER', 'CLUSTER', 'OWNER', 'REASON', 'UNTIL (UTC)'], instances => instances.map(({ key, clusterName, downtime }) =>
    [key, clusterName, downtime?.owner ?? '', downtime?.reason ?? '', downtime === null ? '' : timeText(downtime.endsAt)])),
  'clusters-alias': table('clusters-info', ['CLUSTER', 'ALIAS', 'DOMAIN', 'SERVERS', 'RECOVERS PRIMARY', 'RECOVERS INTERMEDIATE'], all => all.map(cluster =>
    [cluster.name, cluster.alias, cluster.domain, String(cluster.servers), yes(cluster.recoversPrimary), yes(cluster.recoversIntermediate)])),
  'replication-analysis': table('replication-analysis', ['SERVER', 'CLUSTER', 'PROBLEM', 'ALSO', 'DOWNTIME'], findings => findings.map(({ key, clusterName, code, warnings, isDowntimed }) =>
    [key, clusterName, code === 'NoProblem' ? warnings[0] ?? '' : code, (code === 'NoProblem' ? warnings.slice(1) : warnings).join(', '), yes(isDowntimed)])),
  'cluster-pool-instances': table('cluster-pool-instances', ['CLUSTER', 'ALIAS', 'POOL', 'SERVER'], ({ members }) => members.map(member => [member.cluster, member.alias, member.pool, member.instance])),
  'bulk-promotion-rules': table('bulk-promotion-rules', ['SERVER', 'RULE', 'UNTIL (UTC)'], rules => rules.map(({ instance, rule, expiresAt }) => [instance, rule, timeText(expiresAt)])),
  'active-nodes': table('active-nodes', ['HOST', 'VERSION', 'DOES', 'SEEN (UTC)'], nodes => nodes.map(({ hostname, version, command, lastSeenAt }) => [hostname, version, command || 'http', timeText(lastSeenAt)])),
}

const timeText = (at: number | null): string => (at === null ? unknown : new Date(at).toISOString().slice(0, 19).replace('T', ' '))

/** What a terminal shows instead of lines for scripts; null: the lines are as readable. */
export function tableLines(command: string, output: unknown): readonly string[] | null {
  const made = tables[command]?.(output)
  if (made === undefined) return null
  if (made.rows.length === 0) return []
  const all = [made.heads, ...made.rows]
  const widths = made.heads.map((_head, column) => Math.max(...all.map(row => row[column]?.length ?? 0)))
  return all.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
}
