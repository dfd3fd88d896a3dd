import { goPattern } from '../../../kit/go-pattern.ts'
import type { PromotionRule, ServerFailure } from '../../../model/topology/instance.ts'
import { ok, type Result } from '../../../kit/result.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection } from '../driver/driver.ts'
import { type Cell, cellNumber } from '../driver/rows.ts'
import type { MysqlSettings } from '../settings.ts'
import { type DetectedFacts, nothingDetected } from './knowledge.ts'

const promotionRules: ReadonlySet<string> = new Set<PromotionRule>(['prefer', 'neutral', 'prefer_not', 'must_not'])
const isPromotionRule = (text: string): text is PromotionRule => promotionRules.has(text)

/**
 * Asks the queries that the configuration names, one by one, so that a broken one costs nothing but its own answer.
 * `mayLead` is false for a read-only replica: alias and domain of its cluster come from above (contract discovery.md 2.1, 20 and 21).
 */
export async function detect(
  connection: Connection, settings: MysqlSettings, mayLead: boolean, deadline: Deadline, onRejected: (query: string, failure: ServerFailure) => void,
): Promise<Result<DetectedFacts, ServerFailure>> {
  let lost: ServerFailure | null = null
  const ask = async (query: string): Promise<Cell> => {
    if (query === '' || lost !== null) return null
    const answer = await askOne(connection, query, deadline)
    if (answer.ok) return answer.value
    if (connection.isOpen) onRejected(query, answer.failure)
    else lost = answer.failure
    return null
  }
  const text = async (query: string): Promise<string> => String((await ask(query)) ?? '')
  const optionalText = async (query: string): Promise<string | null> => {
    const cell = await ask(query)
    return cell === null ? null : String(cell)
  }
  const rule = await text(settings.promotionRuleQuery)
  const detected: DetectedFacts = {
    ...nothingDetected,
    promotionRule: isPromotionRule(rule) ? rule : null,
    alias: await text(settings.aliasQuery),
    dataCenter: await optionalText(settings.dataCenterQuery),
    region: await optionalText(settings.regionQuery),
    physicalEnvironment: await optionalText(settings.environmentQuery),
    semiSyncPriority: cellNumber(await ask(settings.semiSyncPriorityQuery)) ?? 0,
    usingPseudoGtid: !settings.injectsPseudoGtid && (await text(settings.pseudoGtidQuery)) === '1',
    clusterAlias: mayLead ? await text(settings.clusterAliasQuery) : '',
    clusterDomain: mayLead ? await text(settings.clusterDomainQuery) : '',
  }
  return lost === null ? ok(detected) : { ok: false, failure: lost }
}

/** First cell of the first row of a configured query. */
export async function askOne(connection: Connection, query: string, deadline: Deadline): Promise<Result<Cell, ServerFailure>> {
  const answer = await connection.run([{ sql: withoutEnd(query) }], deadline, 'stop')
  if (!answer.ok) return answer
  const [rows] = answer.value
  if (rows === undefined) return ok(null)
  return rows.ok ? ok(rows.value.first?.at(0) ?? null) : rows
}

const withoutEnd = (query: string): string => query.trim().replace(/;+$/, '')

/** The first group of a host-name pattern (contract discovery.md 8); '' when the pattern is empty, wrong, or does not match. */
export function patternPart(pattern: string, host: string): string {
  if (pattern === '') return ''
  const compiled = goPattern(pattern)
  return compiled.ok ? (compiled.value.exec(host)?.[1] ?? '') : ''
}
