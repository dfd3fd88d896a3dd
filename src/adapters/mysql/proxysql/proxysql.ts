import { fail, ok, type Result } from '../../../kit/result.ts'
import { hostOf, instanceKey, type InstanceKey, parseInstanceKey, portOf } from '../../../model/topology/instance-key.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { PublicationTarget, WriterEntry } from '../../../ports/publication.ts'
import { Deadline } from '../driver/deadline.ts'
import { type Connection, openConnection } from '../driver/driver.ts'
import { KnownColumns } from '../driver/known-columns.ts'
import type { Rows } from '../driver/rows.ts'
import { quoted } from '../statements/quote.ts'
import type { ProxySqlSettings } from './settings.ts'

const defaultPort = 6032

/**
 * The writer hostgroup of one ProxySQL, over its admin interface (ProxySQL documentation, "Main (runtime)" and "Admin commands"). The row of the former
 * primary is renamed, so that its weight, limits and comment stay; other rows of the group go. What is loaded is saved to its disk too.
 */
export class ProxySql implements PublicationTarget {
  readonly name: string
  readonly #address: InstanceKey
  readonly #settings: ProxySqlSettings
  readonly #clock: Pick<Clock, 'after' | 'monotonic'>
  readonly #columns = new KnownColumns()

  constructor(address: InstanceKey, settings: ProxySqlSettings, clock: Pick<Clock, 'after' | 'monotonic'>) {
    this.name = `proxysql ${address}`
    this.#address = address
    this.#settings = settings
    this.#clock = clock
  }

  publish({ alias, primary }: WriterEntry, deadlineMilliseconds: number): Promise<Result<null, string>> {
    return this.#within(alias, deadlineMilliseconds, null, async (ask, group) => {
      const configured = await ask(`SELECT hostname, port FROM mysql_servers WHERE hostgroup_id = ${group}`)
      if (!configured.ok) return configured
      for (const statement of changes(configured.value.all().map(row => instanceKey(row.text('hostname'), row.number('port') ?? 0)), primary, group)) {
        const done = await ask(statement)
        if (!done.ok) return done
      }
      for (const statement of ['LOAD MYSQL SERVERS TO RUNTIME', 'SAVE MYSQL SERVERS TO DISK']) {
        const done = await ask(statement)
        if (!done.ok) return done
      }
      return ok(null)
    })
  }

  /** One that was shunned for errors is the writer still; one that is set offline is not. */
  says({ alias, primary }: WriterEntry, deadlineMilliseconds: number): Promise<Result<boolean, string>> {
    return this.#within(alias, deadlineMilliseconds, true, async (ask, group) => {
      const runs = await ask(`SELECT hostname, port, status FROM runtime_mysql_servers WHERE hostgroup_id = ${group}`)
      if (!runs.ok) return runs
      const rows = runs.value.all()
      return ok(rows.length === 1 && rows.every(row => instanceKey(row.text('hostname'), row.number('port') ?? 0) === primary && !row.text('status').startsWith('OFFLINE')))
    })
  }

  async #within<Value>(
    alias: string, deadlineMilliseconds: number, notOurs: Value, act: (ask: (sql: string) => Promise<Result<Rows, string>>, group: number) => Promise<Result<Value, string>>,
  ): Promise<Result<Value, string>> {
    const wanted = this.#settings.hostgroups[alias]
    if (wanted === undefined) return ok(notOurs)
    const { user, password } = this.#settings
    const deadline = new Deadline(this.#clock, deadlineMilliseconds)
    const opened = await openConnection({ key: this.#address, login: { user, password, tls: null }, deadline, clock: this.#clock, columns: this.#columns, packetMax: 0, onLost: () => {} })
    if (!opened.ok) return fail(opened.failure.text)
    const connection: Connection = opened.value
    connection.isOneByOne = true
    try {
      return await act(async sql => {
        const sent = await connection.run([{ sql }], deadline, 'stop')
        if (!sent.ok) return fail(sent.failure.text)
        const [rows] = sent.value
        return rows === undefined ? fail(`${this.#address} did not answer`) : rows.ok ? rows : fail(rows.failure.text)
      }, Number(wanted))
    } finally {
      connection.close()
    }
  }
}

/** What makes the primary the only row of its group, keeping a row's other columns. */
function changes(present: readonly InstanceKey[], primary: InstanceKey, group: number): readonly string[] {
  const text = (value: string): string => quoted(value, true)
  const at = (key: InstanceKey): string => `hostgroup_id = ${group} AND hostname = ${text(hostOf(key))} AND port = ${portOf(key)}`
  const [first, ...more] = present
  if (first === undefined) return [`INSERT INTO mysql_servers (hostgroup_id, hostname, port) VALUES (${group}, ${text(hostOf(primary))}, ${portOf(primary)})`]
  if (present.includes(primary)) {
    const others = present.filter(key => key !== primary)
    return [...others.map(key => `DELETE FROM mysql_servers WHERE ${at(key)}`), `UPDATE mysql_servers SET status = 'ONLINE' WHERE ${at(primary)}`]
  }
  return [
    ...more.map(key => `DELETE FROM mysql_servers WHERE ${at(key)}`),
    `UPDATE mysql_servers SET hostname = ${text(hostOf(primary))}, port = ${portOf(primary)}, status = 'ONLINE' WHERE ${at(first)}`,
  ]
}

/** One for each address that is one; a wrong address or hostgroup is a sentence. */
export function proxySqlTargets(settings: ProxySqlSettings, clock: Pick<Clock, 'after' | 'monotonic'>): { readonly targets: readonly ProxySql[]; readonly problems: readonly string[] } {
  const problems = Object.entries(settings.hostgroups).flatMap(([alias, group]) => (/^\d{1,9}$/.test(group) ? [] : [`ProxySQLWriterHostgroups: '${group}' of ${alias} is not the number of a hostgroup`]))
  const targets = settings.addresses.flatMap(address => {
    const key = parseInstanceKey(address, defaultPort)
    if (key.ok) return [new ProxySql(key.value, settings, clock)]
    problems.push(`ProxySQLAdminAddresses: ${key.failure}`)
    return []
  })
  return problems.length === 0 ? { targets, problems } : { targets: [], problems }
}
