import type { Instance } from '../../../model/topology/instance.ts'
import { type InstanceKey, instanceKey } from '../../../model/topology/instance-key.ts'
import type { Store } from '../../../ports/store.ts'
import { timeFrom } from '../time.ts'
import { activeDowntimes } from './downtimes.ts'
import { activeMaintenances } from './maintenances.ts'
import { promotionRules } from './candidates.ts'
import type { Context } from './context.ts'
import { readDetail } from './detail.ts'
import { type InstanceDetail, instanceDetail, stableText } from './instance-detail.ts'
import { instanceFromRow } from './instance-from-row.ts'
import { type InstanceRow, instanceRow, positionColumns } from './instance-row.ts'
import { keyColumns } from './key-text.ts'

/**
 * Times and positions alone are written at most this often for one server. A poll a second still gets through: commands and people's SQL tell from
 * these columns whether a server is up to date (contract discovery.md 6). Probes out of turn, many at once around a failure, do not.
 */
export const positionsEveryMilliseconds = 900

/**
 * So many servers have their times and positions written as they come, each second. Those of the others wait and are written together once a second:
 * rows that lie on one page then share its writing. With 1,000 polls a second this is a quarter of the bytes.
 */
const aloneMax = 50
const togetherEveryMilliseconds = 1000

/** What was last written of a server, to tell what a new state changes. */
interface Written {
  readonly row: InstanceRow
  readonly stable: string
  readonly at: number
}

const keys = ['hostname', 'port'] as const
const positions: ReadonlySet<string> = new Set(positionColumns)

export class Instances implements Readonly<Store['instances']> {
  readonly #context: Context
  readonly #written = new Map<InstanceKey, Written>()
  /** Newest positions that are held back; at most one row for each server. */
  readonly #held = new Map<InstanceKey, Written>()
  /** Time of the reading with which the present second began, and how many were written alone in it. */
  #togetherAt = -Infinity
  #alone = 0

  constructor(context: Context) {
    this.#context = context
  }

  async load(): Promise<readonly Instance[]> {
    const { database } = this.#context
    const rows = await database.selectFrom('database_instance').selectAll().orderBy('hostname').orderBy('port').execute()
    const detailRows = await database.selectFrom('instance_detail').selectAll().execute()
    const details = new Map(detailRows.map(row => [instanceKey(row.hostname, row.port), row.detail]))
    const [downtimes, maintenances, rules] = [await activeDowntimes(database), await activeMaintenances(database), await promotionRules(database)]
    const virtualNames = await database.selectFrom('hostname_unresolve').select(['hostname', 'unresolved_hostname']).execute()
    const unresolved = new Map(virtualNames.map(row => [row.hostname, row.unresolved_hostname]))
    return rows.map(row => {
      const key = instanceKey(row.hostname, row.port)
      const text = details.get(key)
      const instance = instanceFromRow(row, text === undefined ? null : wholeDetail(readDetail<InstanceDetail>(text)))
      return {
        ...instance, promotionRule: rules.get(key) ?? 'neutral', downtime: downtimes.get(key) ?? null, maintenance: maintenances.get(key) ?? null,
        unresolvedHostname: unresolved.get(row.hostname) ?? '',
      }
    })
  }

  async save(instances: readonly Instance[]): Promise<void> {
    const whole: InstanceRow[] = []
    const narrow: InstanceRow[] = []
    const details: { hostname: string; port: number; detail: string }[] = []
    const next: [InstanceKey, Written][] = []
    const isNewSecond = this.#beginsSecond(instances)
    for (const instance of instances) {
      const row = instanceRow(instance)
      const detail = instanceDetail(instance)
      const stable = stableText(detail)
      const known = this.#written.get(instance.key)
      const at = newestOf(instance)
      const isSameRow = known !== undefined && differsOnlyInPositions(row, known.row)
      const isQuiet = isSameRow && known.stable === stable && isValid(row) === isValid(known.row) && at >= known.at
      if (isQuiet && (at - known.at < positionsEveryMilliseconds || this.#alone >= aloneMax)) {
        this.#held.set(instance.key, { row, stable, at })
        continue
      }
      next.push([instance.key, { row, stable, at }])
      this.#held.delete(instance.key)
      if (isSameRow) {
        narrow.push(row)
        this.#alone++
      } else whole.push(row)
      if (known?.stable !== stable) details.push({ ...keyColumns(instance.key), detail: JSON.stringify(detail) })
    }
    if (isNewSecond) {
      for (const [key, { at }] of this.#written) { // in the order in which the rows were made, as they lie on the pages
        const held = this.#held.get(key)
        if (held === undefined || held.at - at < positionsEveryMilliseconds) continue
        next.push([key, held])
        narrow.push(held.row)
      }
    }
    const { engine, database } = this.#context
    await engine.upsert(database, 'database_instance', keys, whole)
    await engine.upsert(database, 'instance_detail', keys, details)
    await engine.updateMany(database, 'database_instance', keys, positionColumns, narrow)
    for (const [key, written] of next) { // only now: what failed is tried again whole by the next save
      this.#written.set(key, written)
      if (this.#held.get(key) === written) this.#held.delete(key)
    }
  }

  async flush(): Promise<void> {
    const held = [...this.#held]
    if (held.length === 0) return
    await this.#context.engine.updateMany(this.#context.database, 'database_instance', keys, positionColumns, held.map(([, written]) => written.row))
    for (const [key, written] of held) if (this.#held.get(key) === written) this.#held.delete(key)
  }

  /** By the newest reading; a clock that was set back begins a second too. */
  #beginsSecond(instances: readonly Instance[]): boolean {
    const now = instances.reduce((newest, instance) => Math.max(newest, newestOf(instance)), 0)
    if (now >= this.#togetherAt && now - this.#togetherAt < togetherEveryMilliseconds) return false
    this.#togetherAt = now
    this.#alone = 0
    return true
  }

  async forget(forgotten: readonly InstanceKey[]): Promise<void> {
    for (const key of forgotten) {
      const { hostname, port } = keyColumns(key)
      this.#written.delete(key)
      this.#held.delete(key)
      await this.#context.database.deleteFrom('database_instance').where('hostname', '=', hostname).where('port', '=', port).execute()
      await this.#context.database.deleteFrom('instance_detail').where('hostname', '=', hostname).where('port', '=', port).execute()
    }
  }
}

/** A detail with every member, as the readers expect it; an older program may not have known them all. */
function wholeDetail(partial: Partial<InstanceDetail>): InstanceDetail {
  const none = { hostname: '', superReadOnly: false, mariadbGtid: null, semiSync: null, link: null, channels: null, failure: null, lagSeconds: null }
  return { ...none, ...partial }
}

function differsOnlyInPositions(row: InstanceRow, before: InstanceRow): boolean {
  for (const name in row) {
    if (!positions.has(name) && row[name as keyof InstanceRow] !== before[name as keyof InstanceRow]) return false // names of the row itself
  }
  return true
}

function isValid(row: InstanceRow): boolean {
  return row.last_seen !== null && row.last_seen !== undefined && (timeFrom(row.last_checked) ?? 0) <= (timeFrom(row.last_seen) ?? 0)
}

function newestOf({ check }: Instance): number {
  return Math.max(check.lastAttemptedAt ?? 0, check.lastCheckedAt ?? 0, check.lastSeenAt ?? 0)
}
