import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { type ControlledTransaction, sql } from 'kysely'
import type { Json } from '../../../ports/group.ts'
import type { SharedMemory, SharedStore, Stamp } from '../../../ports/shared-memory.ts'
import { compareKeys, type InstanceKey, instanceKey } from '../../../model/topology/instance-key.ts'
import { chunks, type Database, type Row } from '../dialects/engine.ts'
import { inTransaction } from '../dialects/in-transaction.ts'
import { type Schema, type TableName, tableList } from '../schema/tables.ts'
import { type Context, numbered, type NumberedTable } from './context.ts'
import { keyColumns } from './key-text.ts'
import { plainValue } from './plain-value.ts'

/** Every table that all members hold alike. What is not here is each member's own. */
const sharedTables = [
  'access_token', 'agent_seed', 'agent_seed_state', 'blocked_topology_recovery', 'candidate_database_instance', 'cluster_alias', 'cluster_alias_override', 'cluster_domain_name',
  'cluster_injected_pseudo_gtid', 'database_instance_downtime', 'database_instance_maintenance', 'database_instance_pool', 'database_instance_tags',
  'global_recovery_disable', 'host_agent', 'host_attributes', 'hostname_unresolve', 'hostname_unresolve_history', 'kv_store', 'topology_failure_detection',
  'failure_detection_detail', 'topology_recovery', 'recovery_detail', 'topology_recovery_steps', 'recovery_step_detail', 'recovery_switch_detail',
  'recovery_lease', 'plan_intent', 'plan_intent_step', 'shared_server',
] as const satisfies readonly TableName[]

interface Dump {
  readonly name: string
  readonly ids: Readonly<Record<string, number>>
  readonly tables: Readonly<Record<string, { readonly columns: readonly string[]; readonly rows: readonly (readonly Json[])[] }>>
}

const numberedTables = Object.keys(numbered) as NumberedTable[] // Object.keys forgets the names

/** The shared tables of a database, written as all members write them, taken out and put in as a whole. */
export class SharedTables implements SharedMemory {
  readonly #context: Context
  readonly #storeOf: (on: Database) => SharedStore
  readonly #ids = new Map<NumberedTable, number>()
  #stamp: Stamp = { index: 0, at: 0 }
  #name = ''
  #carriedOutTo = 0
  #store: SharedStore
  /** What is being gathered. */
  #gathered: ControlledTransaction<Schema> | null = null

  constructor(context: Context, storeOf: (context: Context) => SharedStore) {
    this.#context = context
    const clock = { now: () => this.#stamp.at }
    this.#storeOf = database => storeOf({
      ...context, database, clock,
      alike: { index: () => this.#stamp.index, next: table => (this.#ids.get(table) ?? 0) + 1, used: (table, id) => void this.#ids.set(table, id) },
    })
    this.#store = this.#storeOf(context.database)
  }

  get store(): SharedStore {
    return this.#store
  }

  get #database(): Database {
    return this.#gathered ?? this.#context.database
  }

  get name(): string {
    return this.#name
  }

  get carriedOutTo(): number {
    return this.#carriedOutTo
  }

  begin(stamp: Stamp): void {
    this.#stamp = stamp
  }

  async gather(): Promise<void> {
    if (this.#gathered !== null) throw new Error('what was gathered before is not written yet')
    this.#gathered = await this.#context.database.startTransaction().execute()
    this.#store = this.#storeOf(this.#gathered)
  }

  async commit(upTo: number): Promise<void> {
    const gathered = this.#gathered
    if (gathered === null) return
    await this.carriedOut(upTo)
    await gathered.commit().execute()
    this.#forgetGathered()
    // SQLite answers at once: without this a long log would be carried out before anything else is looked at.
    await yieldToOthers()
  }

  async discard(): Promise<void> {
    const gathered = this.#gathered
    if (gathered === null) return
    this.#forgetGathered()
    await gathered.rollback().execute()
  }

  #forgetGathered(): void {
    this.#gathered = null
    this.#store = this.#storeOf(this.#context.database)
  }

  async carriedOut(index: number): Promise<void> {
    if (this.#name === '' || index <= this.#carriedOutTo) return
    this.#carriedOutTo = index
    await this.#database.updateTable('shared_memory').set({ carried_out_to: index }).where('anchor', '=', 1).execute()
  }

  async know(keys: readonly InstanceKey[]): Promise<void> {
    await this.#context.engine.upsert(this.#database, 'shared_server', ['hostname', 'port'], keys.map(keyColumns))
  }

  async forget(keys: readonly InstanceKey[]): Promise<void> {
    for (const key of keys) {
      const { hostname, port } = keyColumns(key)
      await this.#database.deleteFrom('shared_server').where('hostname', '=', hostname).where('port', '=', port).execute()
    }
  }

  async known(): Promise<readonly InstanceKey[]> {
    // Asked at any time, by others than who gathers: what is gathered may be over before the answer is there.
    const rows = await this.#context.database.selectFrom('shared_server').select(['hostname', 'port']).execute()
    return rows.map(({ hostname, port }) => instanceKey(hostname, port)).sort(compareKeys)
  }

  async dump(): Promise<Json> {
    const tables: Record<string, Dump['tables'][string]> = {}
    for (const table of sharedTables) tables[table] = await this.#dumpTable(table)
    return { name: this.#name, ids: Object.fromEntries(numberedTables.map(table => [table, this.#ids.get(table) ?? 0])), tables } satisfies Dump
  }

  async load(dumped: Json): Promise<void> {
    const dump = dumped as unknown as Dump | null // what `dump` of this version or an older one gave; the machine above has checked the format
    const marker = await this.#database.selectFrom('shared_memory').selectAll().executeTakeFirst()
    const isOwn = dump === null && marker === undefined
    if (!isOwn) await this.#replace(dump?.tables ?? {}, dump?.name ?? marker?.name ?? '', marker === undefined ? null : { name: marker.name, to: Number(marker.carried_out_to) })
    else [this.#name, this.#carriedOutTo] = ['', 0]
    // The memory of a group that has just begun has no name, also where the database had been in that group before.
    if (dump === null) this.#name = ''
    for (const table of numberedTables) this.#ids.set(table, dump?.ids[table] ?? (isOwn ? await this.#newestId(table) : 0))
  }

  async #replace(tables: Dump['tables'], name: string, marker: { readonly name: string; readonly to: number } | null): Promise<void> {
    // Of another group it tells nothing.
    const carriedOutTo = marker?.name === name ? marker.to : 0
    await inTransaction(this.#database, async transaction => {
      for (const table of sharedTables) {
        await sql`delete from ${sql.table(table)}`.execute(transaction)
        const dumped = tables[table]
        if (dumped !== undefined) await this.#insert(transaction, table, dumped)
      }
      await sql`delete from shared_memory`.execute(transaction)
      await transaction.insertInto('shared_memory').values({ anchor: 1, name, carried_out_to: carriedOutTo }).execute()
    })
    this.#name = name
    this.#carriedOutTo = carriedOutTo
  }

  async #insert(transaction: Database, table: TableName, { columns, rows }: Dump['tables'][string]): Promise<void> {
    for (const some of chunks(rows)) {
      await yieldToOthers()
      for (const values of some) {
        const row = this.#context.engine.fit(table, Object.fromEntries(columns.map((column, at) => [column, values[at]])))
        await sql`insert into ${sql.table(table)} (${sql.join(columns.map(column => sql.ref(column)))}) values (${sql.join(columns.map(column => row[column]))})`.execute(transaction)
      }
    }
  }

  async #dumpTable(table: TableName): Promise<Dump['tables'][string]> {
    const definition = tableList.find(([name]) => name === table)?.[1]
    if (definition === undefined) throw new Error(`the table ${table} is not defined`)
    const columns = Object.entries(definition.columns)
    const names = columns.map(([name]) => name)
    const keys = definition.primaryKey ?? columns.flatMap(([name, { isId }]) => (isId ? [name] : []))
    const { rows } = await sql<Row>`select ${sql.join(names.map(name => sql.ref(name)))} from ${sql.table(table)}`.execute(this.#context.database)
    const plain = rows.map(row => columns.map(([name, column]) => plainValue(row[name], column)))
    // Sorted here, because the engines compare texts each in its own way.
    const places = keys.map(key => names.indexOf(key))
    return { columns: names, rows: plain.sort((left, right) => compareRows(left, right, places)) }
  }

  async #newestId(table: NumberedTable): Promise<number> {
    const { rows: [row] } = await sql<{ newest: number | bigint | string | null }>`select max(${sql.ref(numbered[table])}) as newest from ${sql.table(table)}`.execute(this.#database)
    return Number(row?.newest ?? 0)
  }
}

function compareRows(left: readonly Json[], right: readonly Json[], places: readonly number[]): number {
  for (const place of places) {
    const [one, other] = [left[place] ?? '', right[place] ?? '']
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}
