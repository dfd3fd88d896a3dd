import { type Instance, isLastCheckValid, type ReplicationLink } from '../../../model/topology/instance.ts'
import { type InstanceKey, instanceKey } from '../../../model/topology/instance-key.ts'
import type { Store } from '../../../ports/store.ts'
import { activeDowntimes } from './downtimes.ts'
import { activeMaintenances } from './maintenances.ts'
import { promotionRules } from './candidates.ts'
import type { Context } from './context.ts'
import { readDetail } from './detail.ts'
import { type InstanceDetail, instanceDetail, stableText } from './instance-detail.ts'
import { instanceFromRow } from './instance-from-row.ts'
import { type InstanceRow, instanceRow, positionColumns, positionRow } from './instance-row.ts'
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
  readonly instance: Instance
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

  async load({ othersWrite = false }: { readonly othersWrite?: boolean } = {}): Promise<readonly Instance[]> {
    const { database } = this.#context
    // What this process wrote last may have been written over: the next save is a whole one.
    if (othersWrite) {
      this.#written.clear()
      this.#held.clear()
    }
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

  async keys(): Promise<readonly InstanceKey[]> {
    const rows = await this.#context.database.selectFrom('database_instance').select(['hostname', 'port']).execute()
    return rows.map(row => instanceKey(row.hostname, row.port))
  }

  async save(instances: readonly Instance[]): Promise<void> {
    const whole: InstanceRow[] = []
    const narrow: ReturnType<typeof positionRow>[] = []
    const details: { hostname: string; port: number; detail: string }[] = []
    const next: [InstanceKey, Written][] = []
    const isNewSecond = this.#beginsSecond(instances)
    for (const instance of instances) {
      const known = this.#written.get(instance.key)
      const at = newestOf(instance)
      const change = known === undefined ? { row: true, detail: true } : changeOf(instance, known.instance)
      const isQuiet = known !== undefined && !change.row && !change.detail && isLastCheckValid(instance) === isLastCheckValid(known.instance) && at >= known.at
      if (isQuiet && (at - known.at < positionsEveryMilliseconds || this.#alone >= aloneMax)) {
        this.#held.set(instance.key, { instance, at })
        continue
      }
      next.push([instance.key, { instance, at }])
      this.#held.delete(instance.key)
      if (change.row) whole.push(instanceRow(instance))
      else {
        narrow.push(positionRow(instance))
        this.#alone++
      }
      if (change.detail) details.push({ ...keyColumns(instance.key), detail: JSON.stringify(instanceDetail(instance)) })
    }
    if (isNewSecond) {
      for (const [key, { at }] of this.#written) { // in the order in which the rows were made, as they lie on the pages
        const held = this.#held.get(key)
        if (held === undefined || held.at - at < positionsEveryMilliseconds) continue
        next.push([key, held])
        narrow.push(positionRow(held.instance))
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
    await this.#context.engine.updateMany(this.#context.database, 'database_instance', keys, positionColumns, held.map(([, written]) => positionRow(written.instance)))
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

/** What has to be written anew, beside positions. Most polls change nothing but facts that tell so at a glance. */
function changeOf(instance: Instance, before: Instance): { readonly row: boolean; readonly detail: boolean } {
  if (differsOnlyInPositions(instance, before)) return { row: false, detail: false }
  return {
    row: !isSameButForPositions(instanceRow(instance), instanceRow(before)),
    detail: stableText(instanceDetail(instance)) !== stableText(instanceDetail(before)),
  }
}

/** True only when neither the row, but for its positions, nor the detail differs; facts that are the same but not the same objects count as different. */
function differsOnlyInPositions(instance: Instance, before: Instance): boolean {
  for (const name in instance) if (!restless.has(name) && instance[name as keyof Instance] !== before[name as keyof Instance]) return false // names of the record
  const { check, replication: link, channels } = instance
  if (check.partialSuccess !== before.check.partialSuccess || check.failure !== null || before.check.failure !== null) return false
  if (channels.length !== (link === null ? 0 : 1) || channels.length !== before.channels.length || (link === null) !== (before.replication === null)) return false
  for (const name in link) {
    if (!restlessOfLink.has(name) && link[name as keyof ReplicationLink] !== before.replication?.[name as keyof ReplicationLink]) return false // names of the record
  }
  return instance.mariadbGtid?.strictMode === before.mariadbGtid?.strictMode
}

/** Facts of which only positions and times are written, or of which it is looked at closely what changed. */
const restless: ReadonlySet<string> = new Set<keyof Instance>([
  'uptimeSeconds', 'binlogCoordinates', 'executedGtidSet', 'replicationLagSeconds', 'check', 'replication', 'channels', 'mariadbGtid',
])
const restlessOfLink: ReadonlySet<string> = new Set<keyof ReplicationLink>([
  'readCoordinates', 'executedCoordinates', 'relayLogCoordinates', 'secondsBehindSource', 'retrievedGtidSet', 'lastHeardAt',
])

function isSameButForPositions(row: InstanceRow, before: InstanceRow): boolean {
  for (const name in row) {
    if (!positions.has(name) && row[name as keyof InstanceRow] !== before[name as keyof InstanceRow]) return false // names of the row itself
  }
  return true
}

function newestOf({ check }: Instance): number {
  return Math.max(check.lastAttemptedAt ?? 0, check.lastCheckedAt ?? 0, check.lastSeenAt ?? 0)
}
