import type { PromotionRule } from '../../../model/topology/instance.ts'
import { compareKeys, type InstanceKey, instanceKey } from '../../../model/topology/instance-key.ts'
import type { Store } from '../../../ports/store.ts'
import type { Database } from '../dialects/engine.ts'
import { timeFrom, timeText } from '../time.ts'
import type { Context } from './context.ts'
import { keyColumns } from './key-text.ts'

const rules: readonly string[] = ['must', 'prefer', 'neutral', 'prefer_not', 'must_not'] satisfies readonly PromotionRule[]
const isRule = (text: string): text is PromotionRule => rules.includes(text)

export async function promotionRules(database: Database): Promise<ReadonlyMap<InstanceKey, PromotionRule>> {
  const rows = await database.selectFrom('candidate_database_instance').select(['hostname', 'port', 'promotion_rule']).execute()
  return new Map(rows.map(row => [instanceKey(row.hostname, row.port), isRule(row.promotion_rule) ? row.promotion_rule : 'neutral']))
}

export function candidates({ database, engine }: Context): Store['candidates'] {
  return {
    async register(key, rule, at) {
      const row = { ...keyColumns(key), last_suggested: timeText(at), priority: 1, promotion_rule: rule }
      await engine.upsert(database, 'candidate_database_instance', ['hostname', 'port'], [row])
    },
    async list() {
      const rows = await database.selectFrom('candidate_database_instance').select(['hostname', 'port', 'promotion_rule', 'last_suggested']).execute()
      return rows
        .map(row => ({
          key: instanceKey(row.hostname, row.port), rule: isRule(row.promotion_rule) ? row.promotion_rule : 'neutral' as const,
          suggestedAt: timeFrom(row.last_suggested) ?? 0,
        }))
        .sort((left, right) => compareKeys(left.key, right.key))
    },
    async expire(before) {
      const rows = await database.selectFrom('candidate_database_instance').select(['hostname', 'port', 'last_suggested']).execute()
      const old = rows.filter(row => (timeFrom(row.last_suggested) ?? 0) < before)
      for (const { hostname, port } of old) {
        await database.deleteFrom('candidate_database_instance').where('hostname', '=', hostname).where('port', '=', port).execute()
      }
      return old.map(row => instanceKey(row.hostname, row.port))
    },
  }
}
