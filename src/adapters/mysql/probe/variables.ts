import type { Statement } from '../driver/driver.ts'
import type { Row } from '../driver/rows.ts'
import type { Dialect, VariableFact } from '../dialects/dialect.ts'
import type { SemiSyncKnowledge } from './knowledge.ts'

/** Facts of the semi-sync variables, by the alias they get in the SELECT. */
export type SemiSyncFact = 'ssSourceEnabled' | 'ssTimeout' | 'ssWaitCount' | 'ssWaitAlone' | 'ssReplicaEnabled'

/** One SELECT of every variable: it touches no table and costs the server some microseconds. */
export function variablesStatement(dialect: Dialect, semiSync: SemiSyncKnowledge | null): Statement {
  const expressions = Object.entries(dialect.variables).map(([fact, expression]) => `${expression} AS ${fact}`)
  return { sql: `SELECT ${[...expressions, ...semiSyncExpressions(semiSync)].join(', ')}` }
}

function semiSyncExpressions(semiSync: SemiSyncKnowledge | null): string[] {
  if (semiSync === null) return []
  const { names, hasSource, hasReplica, hasWaitCount } = semiSync
  const asked: string[] = []
  const ask = (variable: string, fact: SemiSyncFact): void => void asked.push(`@@global.${variable} AS ${fact}`)
  if (hasSource) {
    ask(names.source.enabled, 'ssSourceEnabled')
    ask(names.source.timeout, 'ssTimeout')
    ask(names.source.waitAlone, 'ssWaitAlone')
  }
  if (hasWaitCount) ask(names.source.waitCount, 'ssWaitCount')
  if (hasReplica) ask(names.replica.enabled, 'ssReplicaEnabled')
  return asked
}

/** Reads the SELECT's row by fact. */
export class Variables {
  readonly #row: Row

  constructor(row: Row) {
    this.#row = row
  }

  text(fact: VariableFact): string {
    return this.#row.text(fact.toLowerCase())
  }

  flag(fact: VariableFact | SemiSyncFact): boolean {
    return this.#row.flag(fact.toLowerCase())
  }

  number(fact: VariableFact | SemiSyncFact): number {
    return this.#row.number(fact.toLowerCase()) ?? 0
  }

  bigint(fact: SemiSyncFact): bigint {
    return this.#row.bigint(fact.toLowerCase())
  }
}
