import type { Seed } from '../../../model/agents/seed-record.ts'
import type { SeedStore } from '../../../ports/agents.ts'
import { never, timeFrom, timeText } from '../time.ts'
import { type Context, insertNumbered } from './context.ts'

export function seeds(context: Context): SeedStore {
  const { database } = context
  const all = () => database.selectFrom('agent_seed').selectAll()
  return {
    async begin({ target, source, startedAt }) {
      const row = { target_hostname: target, source_hostname: source, start_timestamp: timeText(startedAt), end_timestamp: never, is_complete: 0, is_successful: 0 }
      return (await insertNumbered(context, 'agent_seed', row)) ?? 0
    },
    async step({ seed, at, action, error }) {
      return (await insertNumbered(context, 'agent_seed_state', { agent_seed_id: seed, state_timestamp: timeText(at), state_action: action, error_message: error })) ?? 0
    },
    async failStep(id, error) {
      const { error_message } = context.engine.fit('agent_seed_state', { error_message: error })
      await database.updateTable('agent_seed_state').set({ error_message: String(error_message) }).where('agent_seed_state_id', '=', id).execute()
    },
    async end(id, at, isSuccessful) {
      const { numUpdatedRows } = await database.updateTable('agent_seed').set({ end_timestamp: timeText(at), is_complete: 1, is_successful: isSuccessful ? 1 : 0 })
        .where('agent_seed_id', '=', id).where('is_complete', '=', 0).executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async get(id) {
      const row = await all().where('agent_seed_id', '=', id).executeTakeFirst()
      return row === undefined ? null : seedOf(row)
    },
    async open() {
      return (await all().where('is_complete', '=', 0).orderBy('agent_seed_id').execute()).map(seedOf)
    },
    async recent(limit, of) {
      const rows = of === undefined ? all() : all().where('is_complete', '=', 1).where(each => each.or([each('target_hostname', '=', of.host), each('source_hostname', '=', of.host)]))
      return (await rows.orderBy('agent_seed_id', 'desc').limit(limit).execute()).map(seedOf)
    },
    async states(seed) {
      const rows = await database.selectFrom('agent_seed_state').selectAll().where('agent_seed_id', '=', seed).orderBy('agent_seed_state_id', 'desc').execute()
      return rows.map(row => ({
        id: Number(row.agent_seed_state_id), seed: Number(row.agent_seed_id), at: timeFrom(row.state_timestamp) ?? 0, action: row.state_action, error: row.error_message,
      }))
    },
  }
}

interface SeedColumns {
  readonly agent_seed_id: number
  readonly target_hostname: string
  readonly source_hostname: string
  readonly start_timestamp: string
  readonly end_timestamp: string
  readonly is_complete: number
  readonly is_successful: number
}

const seedOf = (row: SeedColumns): Seed => ({
  id: Number(row.agent_seed_id), target: row.target_hostname, source: row.source_hostname, startedAt: timeFrom(row.start_timestamp) ?? 0, endedAt: timeFrom(row.end_timestamp),
  isComplete: Number(row.is_complete) === 1, isSuccessful: Number(row.is_successful) === 1,
})
