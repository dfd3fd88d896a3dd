import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { openStore } from '../../src/adapters/store/open-store.ts'
import { mysqlEngine, sqliteEngine, type StoreEngine, version } from './store-engines.ts'

interface FormerColumn {
  readonly name: string
  readonly pk?: number
  readonly mysql: { readonly type: string; readonly nullable: boolean; readonly default: string | null; readonly auto_increment?: boolean; readonly charset?: string }
  readonly sqlite: { readonly type: string; readonly not_null: boolean; readonly default: string | null; readonly ordinal: number }
}
interface FormerIndex {
  readonly name: string
  readonly unique: boolean
  readonly columns: readonly string[]
}
interface FormerTable {
  readonly columns: readonly FormerColumn[]
  readonly mysql_indexes: readonly FormerIndex[]
  readonly sqlite_indexes: readonly FormerIndex[]
}

/** Facts of databases that the original made (contract backend-schema.json). */
const former = JSON.parse(readFileSync(new URL('../fixtures/backend-schema.json', import.meta.url), 'utf8')) as Readonly<Record<string, FormerTable>>

async function fresh(make: () => Promise<StoreEngine>, body: (engine: StoreEngine) => Promise<void>): Promise<void> {
  const engine = await make()
  try {
    await engine.reset()
    await (await engine.open()).close()
    await body(engine)
  } finally {
    await engine.end()
  }
}

const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))

test('a database made here has exactly the tables, columns, keys and indexes of the original on SQLite', async () => {
  await fresh(sqliteEngine, async engine => {
    for (const [name, { columns, sqlite_indexes: indexes }] of Object.entries(former)) {
      const found = await engine.sql(`select name, type, "notnull", dflt_value, pk from pragma_table_info('${name}') order by cid`)
      const expected = columns.toSorted((left, right) => left.sqlite.ordinal - right.sqlite.ordinal)
      assert.deepEqual(
        found.map(row => [row['name'], String(row['type']).toLowerCase(), row['notnull'] === 1, text(row['dflt_value']), row['pk']]),
        expected.map(({ name: column, sqlite, pk }) => [column, sqlite.type, sqlite.not_null, sqlite.default, pk ?? 0]), name,
      )
      const made = await engine.sql(`
        select l.name, l."unique" as is_unique, group_concat(i.name) as columns
        from pragma_index_list('${name}') l join pragma_index_info(l.name) i where l.origin = 'c' group by l.name order by l.name`)
      assert.deepEqual(
        made.map(row => [row['name'], row['is_unique'] === 1, row['columns']]),
        indexes.map(index => [index.name, index.unique, index.columns.join(',')]).toSorted((left, right) => (String(left[0]) < String(right[0]) ? -1 : 1)),
        name,
      )
    }
    const [mode] = await engine.sql('pragma journal_mode')
    assert.equal(mode?.['journal_mode'], 'wal')
    const [{ anchor, hostname, token } = {}] = await engine.sql('select * from active_node')
    assert.deepEqual([anchor, hostname, token], [1, '', ''])
  })
})

test('and on MySQL', async () => {
  await fresh(mysqlEngine, async engine => {
    for (const [name, { columns, mysql_indexes: indexes }] of Object.entries(former)) {
      const found = await engine.sql(`
        select column_name as name, column_type as type, is_nullable as nullable, column_default as dflt, extra as extra, character_set_name as charset
        from information_schema.columns where table_schema = 'orc' and table_name = '${name}' order by ordinal_position`)
      assert.deepEqual(
        found.map(row => [row['name'], row['type'], row['nullable'] === 'YES', text(row['dflt']), String(row['extra']).includes('auto_increment')]),
        columns.map(({ name: column, mysql }) => [column, mysql.type, mysql.nullable, mysql.default, mysql.auto_increment ?? false]), name,
      )
      for (const { name: column, mysql } of columns) {
        if (mysql.charset !== undefined) assert.equal(found.find(row => row['name'] === column)?.['charset'], mysql.charset, `${name}.${column}`)
      }
      const made = await engine.sql(`
        select index_name as name, max(non_unique) as non_unique,
          group_concat(concat(column_name, if(sub_part is null, '', concat('(', sub_part, ')'))) order by seq_in_index) as columns
        from information_schema.statistics where table_schema = 'orc' and table_name = '${name}' group by index_name`)
      const sorted = (rows: readonly (readonly [string, boolean, string])[]) => rows.toSorted((left, right) => (left[0] < right[0] ? -1 : 1))
      assert.deepEqual(
        sorted(made.map(row => [String(row['name']), Number(row['non_unique']) === 0, String(row['columns'])])),
        sorted(indexes.map(index => [index.name, index.unique, index.columns.join(',')])), name,
      )
    }

    // MySQLOrchestratorMaxAllowedPacket: a longer statement is not sent, and the failure names the setting and both lengths; 0 takes the limit of the backend.
    const step = { recoveryUid: 'uid', at: engine.clock.now(), stage: 'begin', server: null, message: 'x'.repeat(30_000), outcome: 'note', durationMilliseconds: null } as const
    for (const maxAllowedPacket of [20_000, 0]) {
      const opened = await openStore({ settings: { ...engine.settings, maxAllowedPacket }, version, clock: engine.clock })
      assert.ok(opened.ok)
      const sent = opened.value.recoveries.appendStep(step)
      if (maxAllowedPacket === 0) await sent
      else await assert.rejects(sent, /a statement of \d{5} bytes is too long to be sent to the backend: MySQLOrchestratorMaxAllowedPacket allows 20000/)
      await opened.value.recoveries.appendStep({ ...step, message: 'short' })
      await opened.value.close()
    }
  })
})
