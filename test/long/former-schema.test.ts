import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { mysqlEngine, sqliteEngine, type StoreEngine } from '../conformance/store-engines.ts'

interface FormerIndex {
  readonly name: string
  readonly unique: boolean
  readonly columns: readonly string[]
}
interface FormerTable {
  readonly columns: readonly {
    readonly name: string
    readonly pk?: number
    readonly mysql: { readonly type: string; readonly nullable: boolean; readonly default: string | null; readonly auto_increment?: boolean; readonly charset?: string }
    readonly sqlite: { readonly type: string; readonly not_null: boolean; readonly default: string | null; readonly ordinal: number }
  }[]
  readonly mysql_indexes: readonly FormerIndex[]
  readonly sqlite_indexes: readonly FormerIndex[]
}

/** Facts of databases that the original made (contract backend-schema.json). */
const former = JSON.parse(readFileSync(new URL('../fixtures/backend-schema.json', import.meta.url), 'utf8')) as Readonly<Record<string, FormerTable>>

function onMysql(name: string, { columns, mysql_indexes: indexes }: FormerTable): readonly string[] {
  const lines = columns.map(({ name: column, mysql: { type, nullable, default: value, auto_increment: counts, charset } }) => {
    const byDefault = value === null ? '' : ` default ${value === 'CURRENT_TIMESTAMP' ? value : `'${value}'`}`
    return `${column} ${type}${charset === undefined ? '' : ` character set ${charset}`} ${nullable ? 'null' : 'not null'}${byDefault}${counts ? ' auto_increment' : ''}`
  })
  const kinds = indexes.map(({ name: index, unique, columns: of }) => `${index === 'PRIMARY' ? 'primary key' : `${unique ? 'unique ' : ''}key ${index}`} (${of.join(', ')})`)
  return [`create table ${name} (${[...lines, ...kinds].join(', ')}) engine=InnoDB default charset=ascii`]
}

function onSqlite(name: string, { columns, sqlite_indexes: indexes }: FormerTable): readonly string[] {
  const primary = columns.filter(({ pk = 0 }) => pk > 0).toSorted((left, right) => (left.pk ?? 0) - (right.pk ?? 0))
  const numbered = primary.length === 1 && primary[0]?.sqlite.type === 'integer' ? primary[0].name : null
  const lines = columns.toSorted((left, right) => left.sqlite.ordinal - right.sqlite.ordinal).map(({ name: column, sqlite }) =>
    `${column} ${sqlite.type}${sqlite.not_null ? ' not null' : ''}${sqlite.default === null ? '' : ` default ${sqlite.default}`}${numbered === column ? ' primary key' : ''}`)
  const key = numbered === null && primary.length > 0 ? [`primary key (${primary.map(column => column.name).join(', ')})`] : []
  return [`create table ${name} (${[...lines, ...key].join(', ')})`, ...indexes.map(index => `create ${index.unique ? 'unique ' : ''}index ${index.name} on ${name} (${index.columns.join(', ')})`)]
}

/** What people write by SQL, of each kind; times of the test's present. */
const now = "'2026-11-22 06:00:00'"
const later = "'2026-11-22 07:00:00'"
const rows: readonly string[] = [
  `insert into database_instance_downtime (hostname, port, downtime_active, begin_timestamp, end_timestamp, owner, reason) values ('db2', 3306, 1, ${now}, ${later}, 'dba', 'disk')`,
  `insert into database_instance_maintenance (hostname, port, maintenance_active, begin_timestamp, end_timestamp, owner, reason, processing_node_hostname, processing_node_token, explicitly_bounded) values ('db3', 3306, 1, ${now}, ${later}, 'ann', 'backup', '', '', 1)`,
  `insert into candidate_database_instance (hostname, port, last_suggested, promotion_rule) values ('db2', 3306, ${now}, 'prefer')`,
  "insert into database_instance_tags (hostname, port, tag_name, tag_value) values ('db2', 3306, 'role', 'spare')",
  `insert into database_instance_pool (hostname, port, pool, registered_at) values ('db3', 3306, 'web', ${now})`,
  "insert into cluster_alias_override (cluster_name, alias) values ('db1:3306', 'shop')",
  `insert into cluster_domain_name (cluster_name, domain_name, last_registered) values ('db1:3306', 'shop.example.com', ${now})`,
  `insert into hostname_resolve (hostname, resolved_hostname, resolved_timestamp) values ('db1-old', 'db1', ${now})`,
  `insert into hostname_unresolve (hostname, unresolved_hostname, last_registered) values ('db3', 'vip', ${now})`,
  'insert into global_recovery_disable (disable_recovery) values (1)',
  `insert into access_token (public_token, secret_token, generated_at, generated_by, is_acquired, is_reentrant) values ('public', 'secret', ${now}, 'ann', 0, 1)`,
  `insert into kv_store (store_key, store_value, last_updated) values ('mysql/master/shop', 'db1:3306', ${now})`,
]

async function shape(engine: StoreEngine): Promise<unknown> {
  if (engine.kind === 'sqlite') {
    return engine.sql(`select name, sql from sqlite_master where tbl_name in (${Object.keys(former).map(name => `'${name}'`).join(', ')}) and sql is not null order by type, name`)
  }
  return engine.sql(`select table_name as t, column_name as c, column_type as k, is_nullable as n, column_default as d, character_set_name as s from information_schema.columns
    where table_schema = 'orc' and table_name in (${Object.keys(former).map(name => `'${name}'`).join(', ')}) order by table_name, ordinal_position`)
}

for (const [kind, make] of [['SQLite', sqliteEngine], ['MySQL', () => mysqlEngine()], ['MariaDB', () => mysqlEngine('mariadb')]] as const) {
  test(`a database that the original made on ${kind} opens as it is: its tables stay untouched, and every kind of row that people write there counts`, async () => {
    const engine = await make()
    try {
      await engine.reset()
      const statements = Object.entries(former).flatMap(([name, table]) => (engine.kind === 'sqlite' ? onSqlite(name, table) : onMysql(name, table)))
      for (const statement of [...statements, ...rows]) await engine.sql(statement)
      const before = await shape(engine)
      const store = await engine.open()
      try {
        assert.deepEqual(await shape(engine), before)
        const at = Date.UTC(2026, 10, 22, 6)
        assert.deepEqual([...(await store.downtimes.active())], [['db2:3306', { owner: 'dba', reason: 'disk', beginsAt: at, endsAt: at + 3_600_000 }]])
        const [[server, lock] = []] = await store.maintenances.active()
        assert.deepEqual([server, lock?.owner, lock?.reason], ['db3:3306', 'ann', 'backup'])
        assert.deepEqual((await store.candidates.list()).map(({ key, rule }) => [key, rule]), [['db2:3306', 'prefer']])
        assert.deepEqual((await store.tags.list({})).map(({ key, name, value }) => [key, name, value]), [['db2:3306', 'role', 'spare']])
        assert.deepEqual((await store.pools.list()).map(({ key, pool }) => [key, pool]), [['db3:3306', 'web']])
        assert.deepEqual([...(await store.aliases.loadByHand())], [['db1:3306', 'shop']])
        assert.deepEqual([...(await store.domains.load())], [['db1:3306', 'shop.example.com']])
        assert.deepEqual((await store.hostNames.resolved()).map(({ host, name }) => [host, name]), [['db1-old', 'db1']])
        assert.deepEqual((await store.hostNames.unresolved()).map(({ host, name }) => [host, name]), [['db3', 'vip']])
        assert.notEqual(await store.recoverySwitch.load(), null)
        assert.equal((await store.keyValues.get(['mysql/master/shop'])).get('mysql/master/shop'), 'db1:3306')
        assert.notEqual(await store.accessTokens.find('public'), null)
      } finally {
        await store.close()
      }
      const [deployed] = await engine.sql('select deployed_version as v from orchestrator_db_deployments')
      assert.equal(deployed?.['v'], '4.0.0-test', 'the upgrade is recorded')
    } finally {
      await engine.end()
    }
  })
}
