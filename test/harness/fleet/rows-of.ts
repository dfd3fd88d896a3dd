import type { FakeServer } from './fake-server.ts'

/** Whose rows a statement's answer has: each entry fills one row, and `cells` of the recording gives what is not filled in. */
export interface RowSubject {
  readonly server: FakeServer
  readonly cells: readonly (string | null)[]
}

type Cells = readonly (readonly (string | null)[])[]

interface RowRule {
  readonly of: RegExp
  readonly rows: (server: FakeServer, recorded: Cells) => readonly RowSubject[]
}

const once = (server: FakeServer, [cells]: Cells): readonly RowSubject[] => (cells === undefined ? [] : [{ server, cells }])
const whereReplica = (server: FakeServer, recorded: Cells): readonly RowSubject[] => (server.source === null ? [] : once(server, recorded))
const perReplica = (server: FakeServer, [cells]: Cells): readonly RowSubject[] =>
  cells === undefined ? [] : server.replicas.map(replica => ({ server: replica, cells }))

/** First match counts. A statement that matches none answers the rows that were recorded, as they are. */
const rules: readonly RowRule[] = [
  { of: /^SHOW REPLICA STATUS$/, rows: whereReplica },
  { of: /^SHOW REPLICAS$/, rows: perReplica },
  { of: /\.processlist\b/i, rows: perReplica },
  {
    of: /\binformation_schema\.tables\b/i, // what may be read depends on the grants of the account
    rows: (server, recorded) => recorded.filter(([table]) => server.grants === 'more' || table === 'mysql.slave_master_info').map(cells => ({ server, cells })),
  },
  { of: /\bperformance_schema\.replication_connection_status\b/i, rows: whereReplica },
  { of: /\bmysql\.slave_master_info\b/i, rows: whereReplica },
]

export function rowsOf(sql: string, server: FakeServer, recorded: Cells): readonly RowSubject[] {
  const rule = rules.find(({ of }) => of.test(sql))
  return rule === undefined ? recorded.map(cells => ({ server, cells })) : rule.rows(server, recorded)
}
