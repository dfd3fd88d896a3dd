import type { ClusterRow, ClusterView, FindingView, RecoverySummary, RecoveryView, ServerView, StatusCode } from '../../src/contract/views.ts'
import type { Reason } from '../../src/kit/reason.ts'
import { server } from '../src/drawing/example-servers.ts'

/** Made-up clusters for work on the page; nothing of this is shipped. */
export interface MadeUp {
  name: string
  alias: string
  members: ServerView[]
  findings: FindingView[]
  recoveries: RecoveryView[]
}

export const reason = (code: string, text: string, parameters: Reason['parameters'] = {}): Reason => ({ code, parameters, text })

const sites = ['eu-west-1', 'eu-west-2']
const enrich = (cluster: string, made: ServerView, index: number): ServerView => ({
  ...made,
  clusterName: cluster,
  serverId: 100 + index,
  serverUuid: `3e11fa47-71ca-11e1-9e33-c80aa94295${String(index).padStart(2, '0')}`,
  uptimeSeconds: 3_456_789,
  dataCenter: made.dataCenter || (sites[index % 2] ?? ''),
  executedGtidSet: '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-48213',
  binlog: 'binlog.000004:18221',
  lastSeenAt: Date.now(),
  lastCheckedAt: Date.now(),
  pollMilliseconds: 2.4,
  replication:
    made.replication === null ? null : { ...made.replication, read: 'binlog.000004:18221', executed: 'binlog.000004:18221', user: 'repl', tls: true },
})

function withError(made: ServerView, number: number, text: string): ServerView {
  return made.replication === null
    ? made
    : {
        ...made,
        replication: {
          ...made.replication,
          receiver: 'running',
          applier: 'stopped',
          lagSeconds: null,
          applierError: { number, text, at: Date.now() - 720_000 },
        },
      }
}

const withLag = (made: ServerView, lagSeconds: number | null): ServerView =>
  made.replication === null ? made : { ...made, replication: { ...made.replication, lagSeconds } }

function since(made: ServerView, milliseconds: number): ServerView {
  return { ...made, statuses: made.statuses.map(status => ({ ...status, since: Date.now() - milliseconds })) }
}

function cluster(alias: string, members: ServerView[]): MadeUp {
  const primary = members.find(member => member.role === 'primary')
  const name = primary?.key ?? members[0]?.key ?? alias
  const replicas = Map.groupBy(members, member => member.source)
  return {
    name,
    alias,
    findings: [],
    recoveries: [],
    members: members.map((member, index) => {
      const own = (replicas.get(member.key) ?? []).map(replica => replica.key)
      return enrich(name, { ...member, replicas: own, role: member.source !== null && own.length > 0 ? 'intermediate' : member.role }, index)
    }),
  }
}

export function makeClusters(big: number): MadeUp[] {
  const shop = cluster('shop', [
    server('db140', null, 'writable', { semiSync: { sourceEnabled: true, replicaEnabled: false, clients: 2, waitFor: 1 } }),
    server('db141', 'db140', 'replicating', { promotionRule: 'prefer' }),
    server('db142', 'db140'),
    server('db143', 'db141'),
  ])
  const billing = cluster('billing', [
    server('db201', null),
    server('db202', 'db201'),
    server('db203', 'db201', 'replicating', { promotionRule: 'must_not' }),
    since(
      withError(
        server('db204', 'db202', 'applier-error', {
          statuses: [
            {
              code: 'applier-error',
              severity: 'critical',
              reason: reason('applier-error', "Duplicate entry '100' for key 't.PRIMARY'", { number: 1062 }),
              since: null,
            },
            { code: 'errant-gtid', severity: 'warning', reason: reason('errant-gtid', '1 transaction exists only here'), since: null },
          ],
          errantGtidSet: '9b2c1c7e-71ca-11e1-9e33-c80aa9429562:1',
        }),
        1062,
        "Duplicate entry '100' for key 't.PRIMARY'",
      ),
      720_000,
    ),
    withLag(server('db205', 'db202', 'lag', { downtime: { owner: 'bob', reason: 'backup', endsAt: Date.now() + 3_600_000 } }), 240),
    withLag(server('db206', 'db203', 'lag-unknown'), null),
    since(server('db207', 'db203', 'stopped'), 90_000),
    since(server('db208', 'db201', 'unreachable'), 260_000),
    server('db209', 'db201', 'replicating', { version: '8.4.6' }),
  ])
  billing.findings.push(
    {
      server: 'db203:3306',
      clusterName: billing.name,
      clusterAlias: 'billing',
      code: 'AllIntermediateMasterReplicasNotReplicating',
      description: 'Intermediate master is reachable but none of its replicas is replicating',
      severity: 'critical',
      since: Date.now() - 90_000,
      evidence: [{ witness: 'db207:3306', at: Date.now() - 90_000, says: reason('threads-stopped', 'replication threads are stopped') }],
      outlook: { state: 'no-remedy', reason: reason('no-remedy', 'stopped replicas are not started automatically'), at: null },
      isDowntimed: false,
    },
    {
      server: 'db204:3306',
      clusterName: billing.name,
      clusterAlias: 'billing',
      code: 'ErrantGTIDStructureWarning',
      description: 'A replica has transactions that its source does not have',
      severity: 'warning',
      since: Date.now() - 720_000,
      evidence: [],
      outlook: { state: 'none-needed', reason: reason('warning', 'warnings are not recovered'), at: null },
      isDowntimed: false,
    },
  )
  const carts = cluster('carts', [server('10.0.3.11:3306', null), server('10.0.3.12:3306', '10.0.3.11:3306'), server('10.0.3.13:3306', '10.0.3.11:3306')])
  const clusters = [shop, billing, carts]
  if (big > 0) {
    const codes: readonly StatusCode[] = [
      'replicating',
      'replicating',
      'replicating',
      'replicating',
      'replicating',
      'replicating',
      'replicating',
      'replicating',
      'lag',
      'replicating',
      'replicating',
      'replicating',
      'replicating',
      'replicating',
      'replicating',
      'replicating',
      'stopped',
    ]
    clusters.push(
      cluster('big', [
        server('node0000', null),
        ...Array.from({ length: big - 1 }, (_, index) => {
          const parent = index < 25 ? 0 : 1 + (index % 25)
          const made = server(
            `node${String(index + 1).padStart(4, '0')}`,
            `node${String(parent).padStart(4, '0')}`,
            codes[index % codes.length] ?? 'replicating',
            { dataCenter: `site-${index % 4}` },
          )
          return made.statuses[0]?.code === 'lag' ? withLag(made, 90 + index) : made
        }),
      ]),
    )
  }
  return clusters
}

export function rowOf(made: MadeUp): ClusterRow {
  const primary = made.members.find(member => member.role === 'primary')
  const counts: Partial<Record<StatusCode, number>> = {}
  for (const member of made.members) {
    const code = member.statuses[0]?.code ?? 'not-checked'
    counts[code] = (counts[code] ?? 0) + 1
  }
  const status = primary?.statuses[0]
  return {
    name: made.name,
    alias: made.alias,
    domain: '',
    primary: primary === undefined || status === undefined ? null : { key: primary.key, status },
    servers: made.members.length,
    counts,
    maxLagSeconds: Math.max(0, ...made.members.map(member => member.replication?.lagSeconds ?? 0)),
    recoversPrimary: made.alias !== 'billing',
    recoversIntermediate: made.alias === 'shop',
    worstFinding: made.findings[0] ?? null,
    findings: made.findings.length,
    lastRecovery: made.recoveries[0] ?? null,
    unpublished: made.alias === 'billing' ? [{ place: 'consul http://kv:8500', text: 'kv:8500 did not answer within 2000 ms' }] : [],
  }
}

export const viewOf = (made: MadeUp, snapshot: number, asked: string): ClusterView => ({
  ...rowOf(made),
  snapshot,
  members: made.members,
  allFindings: made.findings,
  recoveries: made.recoveries.map(summaryOf),
  blocked: [],
  formerName: made.recoveries.some(recovery => recovery.failed === asked && recovery.isSuccessful)
    ? { asked, recoveryUid: made.recoveries[0]?.uid ?? null }
    : null,
})

export function summaryOf(recovery: RecoveryView): RecoverySummary {
  const { steps: _, lostReplicas: _lost, participants: _participants, errors: _errors, ...summary } = recovery
  return summary
}
