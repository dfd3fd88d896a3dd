import type { AgentRecord, AgentStore, HostAttributeStore } from '../../../ports/agents.ts'
import { timeFrom, timeText } from '../time.ts'
import type { Context } from './context.ts'

/** Stands in the place of a host for what belongs to none. */
const anyHost = '*'

export function agents({ database, engine }: Context): AgentStore {
  return {
    async list() {
      const rows = await database.selectFrom('host_agent').selectAll().execute()
      return rows
        .map((row): AgentRecord => ({
          host: row.hostname, port: Number(row.port), token: row.token, submittedAt: timeFrom(row.last_submitted) ?? 0, checkedAt: timeFrom(row.last_checked), seenAt: timeFrom(row.last_seen),
          mysqlPort: row.mysql_port === null ? null : Number(row.mysql_port), snapshots: Number(row.count_mysql_snapshots),
        }))
        .sort((left, right) => (left.host < right.host ? -1 : left.host > right.host ? 1 : 0))
    },
    async submit({ host, port, token }, at) {
      const row = { hostname: host, port, token, last_submitted: timeText(at), last_checked: null, last_seen: null, mysql_port: null, count_mysql_snapshots: 0 }
      await engine.upsert(database, 'host_agent', ['hostname'], [row])
    },
    async noteLook(host, at, seen) {
      const looked = { last_checked: timeText(at), ...(seen === null ? {} : { last_seen: timeText(at), mysql_port: seen.mysqlPort, count_mysql_snapshots: seen.snapshots }) }
      await database.updateTable('host_agent').set(looked).where('hostname', '=', host).execute()
    },
    async expire(submittedBefore) {
      const { numDeletedRows } = await database.deleteFrom('host_agent').where('last_submitted', '<', timeText(submittedBefore)).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

export function hostAttributes({ database, engine }: Context): HostAttributeStore {
  return {
    async list(name) {
      const all = database.selectFrom('host_attributes').selectAll().where('hostname', '!=', anyHost)
      const rows = await (name === undefined ? all : all.where('attribute_name', '=', name)).execute()
      return rows
        .map(row => ({ host: row.hostname, name: row.attribute_name, value: row.attribute_value, submittedAt: timeFrom(row.submit_timestamp) ?? 0 }))
        .sort((left, right) => (left.host !== right.host ? (left.host < right.host ? -1 : 1) : left.name < right.name ? -1 : left.name > right.name ? 1 : 0))
    },
    async put({ host, name, value, submittedAt }) {
      const row = { hostname: host, attribute_name: name, attribute_value: value, submit_timestamp: timeText(submittedAt), expire_timestamp: null }
      await engine.upsert(database, 'host_attributes', ['hostname', 'attribute_name'], [row])
    },
  }
}
