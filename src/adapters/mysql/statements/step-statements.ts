import { unreachable } from '../../../kit/unreachable.ts'
import type { SetReference, Step } from '../../../model/planning/step.ts'
import type { Instance } from '../../../model/topology/instance.ts'
import type { Statement } from '../driver/driver.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { changeSource } from './change-source.ts'

export interface Wording {
  readonly dialect: Dialect
  readonly quote: (text: string) => string
  /** The text of a set; null while the name is not bound yet. */
  readonly setOf: (reference: SetReference) => string | null
}

/** What each step says to a server, in order. The one place where steps become SQL, but for copied credentials, which are read first. */
export function stepStatements(step: Step, on: Instance, { dialect, quote, setOf }: Wording): readonly Statement[] {
  const channel = on.channels.at(-1)?.channel ?? ''
  const here = (statement: Statement): Statement => (channel === '' ? statement : dialect.onChannel(statement, quote(channel)))
  switch (step.do) {
    case 'stop-receiver': return [here(dialect.stopReceiver), dialect.replicaStatus]
    case 'start-receiver': return [here(dialect.startReceiver)]
    case 'start-applier': return [here(dialect.startApplier)]
    case 'stop-replication': return [here(dialect.stopReplication)]
    case 'start-replication': return [here(dialect.startReplication)]
    case 'read-executed': return [executedStatement(dialect), dialect.replicaStatus]
    case 'wait-executed': {
      const set = setOf(step.what)
      return [dialect.waitExecuted(set === null ? `{${'boundTo' in step.what ? step.what.boundTo : ''}}` : quote(withoutBlanks(set)), step.timeoutMilliseconds / 1000)]
    }
    case 'change-source': return [here(changeSource(dialect, step.to, step.way, quote, on.replication?.options.heartbeatPeriodSeconds))]
    case 'copy-replication-credentials': return [{ sql: `${dialect.change.verb} ${dialect.change.user} = …, ${dialect.change.password} = … /* as ${step.like} has them */` }]
    case 'forget-source': return [here(dialect.stopReplication), here(dialect.forgetSource)]
    case 'set-read-only': return [step.alsoSuper && dialect.setSuperReadOnly !== null ? dialect.setSuperReadOnly : dialect.setReadOnly]
    case 'set-writable': return [dialect.setWritable]
    default: return unreachable(step)
  }
}

export const executedStatement = ({ variables }: Dialect): Statement => ({ sql: `SELECT ${variables.gtidExecuted ?? variables.gtidCurrentPos ?? "''"} AS executed` })

/** Servers write sets with line ends; MariaDB takes no blank around a comma. */
const withoutBlanks = (set: string): string => set.replaceAll(/\s+/g, '')
