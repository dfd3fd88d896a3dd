import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { Summary } from '../../../model/history/marks.ts'
import type { Succession } from '../../../model/history/names.ts'
import type { HistoryBody, HistoryRow, HistoryStore } from '../../../ports/history-store.ts'
import type { Context } from './context.ts'

const [deflated, inflated] = [promisify(deflateRaw), promisify(inflateRaw)]

/** What a row takes beside its texts: numbers, places in indexes. */
const bytesBeside = 80

interface StoredRow {
  readonly span_id: number | bigint | string
  readonly recorded_at: number | bigint | string
  readonly summary: string
  readonly successions: string | null
  readonly body: Uint8Array
}

export function history({ database, engine }: Context): HistoryStore {
  const rows = () => database.selectFrom('topology_history')
  const stored = () => rows().select(['span_id', 'recorded_at', 'summary', 'successions', 'body']).orderBy('history_id')
  return {
    async beginSpan(at, hostname) {
      return (await engine.insertOnce(database, 'topology_history_span', { began_at: at, until_at: at, hostname })) ?? 0
    },
    async extendSpan(id, until) {
      await database.updateTable('topology_history_span').set({ until_at: until }).where('span_id', '=', id).execute()
    },
    async spans() {
      const spans = await database.selectFrom('topology_history_span').selectAll().orderBy('span_id').execute()
      return spans.map(({ span_id: id, began_at: from, until_at: until }) => ({ id: Number(id), from: Number(from), until: Number(until) }))
    },
    async append({ span, at, summary, successions, body }) {
      const [told, became] = [JSON.stringify(summary), successions.length === 0 ? null : JSON.stringify(successions)]
      const packed = await deflated(JSON.stringify('servers' in body ? body.servers : body.changes))
      await engine.insertOnce(database, 'topology_history', {
        span_id: span, recorded_at: at, is_picture: 'servers' in body ? 1 : 0, summary: told, successions: became, body: packed,
        bytes: packed.length + told.length + (became?.length ?? 0) + bytesBeside,
      })
      await database.updateTable('topology_history_span').set({ until_at: at }).where('span_id', '=', span).where('until_at', '<', at).execute()
    },
    async summaries(limit) {
      const found = await rows().select(['recorded_at', 'summary']).orderBy('history_id', 'desc').limit(limit).execute()
      return found.toReversed().map(({ recorded_at: at, summary }) => ({ at: Number(at), summary: readSummary(summary) }))
    },
    async successions(since) {
      const found = await rows().select('successions').where('recorded_at', '>', since).where('successions', 'is not', null).orderBy('history_id').execute()
      return found.flatMap(row => readSuccessions(row.successions))
    },
    async standing(at) {
      const picture = await rows().select(['history_id', 'span_id']).where('is_picture', '=', 1).where('recorded_at', '<=', at)
        .orderBy('recorded_at', 'desc').orderBy('history_id', 'desc').limit(1).executeTakeFirst()
      if (picture === undefined) return []
      const found = await stored().select('is_picture').where('span_id', '=', picture.span_id).where('history_id', '>=', picture.history_id).where('recorded_at', '<=', at).execute()
      return Promise.all(found.map(readRow))
    },
    async between(from, until, limit) {
      const found = await stored().select('is_picture').where('recorded_at', '>', from).where('recorded_at', '<=', until).limit(limit).execute()
      return Promise.all(found.map(readRow))
    },
    async size() {
      const { fn } = database
      const { bytes, since } = await rows().select([fn.sum<number | string | null>('bytes').as('bytes'), fn.min('recorded_at').as('since')]).executeTakeFirstOrThrow()
      return { bytes: Number(bytes ?? 0), from: since === null ? null : Number(since) }
    },
    async purge({ before, bytesMax }) {
      const { fn } = database
      const pictures = await rows().select(['history_id', 'recorded_at']).where('is_picture', '=', 1).orderBy('history_id').execute()
      const bytesFrom = async (id: number): Promise<number> =>
        Number((await rows().select(fn.sum<number | string | null>('bytes').as('bytes')).where('history_id', '>=', id).executeTakeFirstOrThrow()).bytes ?? 0)
      let keepFrom = pictures[0]?.history_id ?? 0
      for (const { history_id: id, recorded_at: at } of pictures.slice(1)) {
        // Until the next picture, moments are told by the one before: it may go when that one is old enough, too.
        if (Number(at) > before && (await bytesFrom(keepFrom)) <= bytesMax) break
        keepFrom = id
      }
      const { numDeletedRows } = await database.deleteFrom('topology_history').where('history_id', '<', keepFrom).executeTakeFirst()
      const oldest = await rows().select(fn.min('recorded_at').as('since')).executeTakeFirst()
      await database.deleteFrom('topology_history_span').where('until_at', '<', oldest?.since ?? before).execute()
      return Number(numDeletedRows)
    },
  }
}

async function readRow(row: StoredRow & { readonly is_picture: number }): Promise<HistoryRow> {
  const body: unknown = JSON.parse((await inflated(row.body)).toString('utf8'))
  return {
    span: Number(row.span_id), at: Number(row.recorded_at), summary: readSummary(row.summary), successions: readSuccessions(row.successions),
    body: (row.is_picture === 1 ? { servers: body } : { changes: body }) as HistoryBody, // written by `append`
  }
}

const readSummary = (text: string): Summary => JSON.parse(text) as Summary // written by `append`
const readSuccessions = (text: string | null): readonly Succession[] => (text === null ? [] : JSON.parse(text) as Succession[]) // written by `append`
