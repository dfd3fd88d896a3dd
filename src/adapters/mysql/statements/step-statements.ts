import { unreachable } from '../../../kit/unreachable.ts'
import type { CoordinatesReference, SetReference, Step } from '../../../model/planning/step.ts'
import type { Instance } from '../../../model/topology/instance.ts'
import { isAtLeast } from '../../../model/topology/version.ts'
import type { Statement } from '../driver/driver.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { newSemiSyncNames, oldSemiSyncNames } from '../dialects/semi-sync-names.ts'
import { cloneStatements } from './clone.ts'
import { changeDelay, changeSource, placeOf, takeUpRelayLog } from './change-source.ts'
import { emptyTransactions, forgetGtids } from './gtid-statements.ts'

export interface Wording {
  readonly dialect: Dialect
  readonly quote: (text: string) => string
  /** The text of a set or a place; null while the name is not bound yet. */
  readonly setOf: (reference: SetReference | CoordinatesReference) => string | null
}

/** What each step says to a server, in order. The one place where steps become SQL, but for copied credentials, which are read first. */
export function stepStatements(step: Step, on: Instance, { dialect, quote, setOf }: Wording): readonly Statement[] {
  const channel = on.channels.at(-1)?.channel ?? ''
  const here = (statement: Statement): Statement => (channel === '' ? statement : dialect.onChannel(statement, quote(channel)))
  /** A place that was read on the way; by its name while it was not. */
  const placed = (at: CoordinatesReference | undefined): readonly [file: string, position: string] => {
    const place = at === undefined ? null : setOf(at)
    const name = at !== undefined && 'boundTo' in at ? `{${at.boundTo}}` : '{}'
    return place === null ? [name, name] : namedPlace(place, quote)
  }
  switch (step.do) {
    case 'stop-receiver': return [here(dialect.stopReceiver), dialect.replicaStatus]
    case 'start-receiver': {
      const start = here(dialect.startReceiver)
      return [step.triesSeconds === undefined || dialect.startTrying === null ? start : dialect.startTrying(start, step.triesSeconds)]
    }
    case 'start-applier': return [here(dialect.startApplier)]
    case 'apply-relay-log': return [here(takeUpRelayLog(dialect, on.replication, quote)), here(dialect.startApplier)]
    case 'clone-from': return cloneStatements(step, null, quote)
    case 'wait-restart': return [dialect.setSuperReadOnly ?? dialect.setReadOnly]
    case 'stop-replication': return [here(dialect.stopReplication)]
    case 'start-replication': return [here(dialect.startReplication)]
    case 'read-executed': return [executedStatement(dialect), dialect.replicaStatus]
    case 'wait-executed': {
      const set = setOf(step.what)
      return [dialect.waitExecuted(set === null ? `{${'boundTo' in step.what ? step.what.boundTo : ''}}` : quote(withoutBlanks(set)), step.timeoutMilliseconds / 1000)]
    }
    case 'change-source': return [here(changeSource(dialect, step.to, step.way, quote, on.replication?.options.heartbeatPeriodSeconds, on.replication, placed(step.at), demotes(step, on)))]
    case 'copy-replication-credentials': return [{ sql: `${dialect.change.verb} ${dialect.change.user} = …, ${dialect.change.password} = … /* as ${step.like} has them */` }]
    case 'forget-source': return [here(dialect.stopReplication), here(dialect.forgetSource)]
    case 'set-read-only': return [step.alsoSuper && dialect.setSuperReadOnly !== null ? dialect.setSuperReadOnly : dialect.setReadOnly]
    case 'set-writable': return [dialect.setWritable]
    case 'stop-applier': return [here(dialect.stopApplier)]
    case 'wait-position': {
      const [file, position] = step.upTo === 'read' ? placeOf(on.replication, 'read', quote) : typeof step.upTo === 'string' ? namedPlace(step.upTo, quote) : placed(step.upTo)
      return [dialect.waitPosition(file, position, step.timeoutMilliseconds / 1000)]
    }
    case 'read-coordinates': return [step.which === 'own' ? dialect.binlogStatus : dialect.replicaStatus]
    // Looked at again until it is so.
    case 'wait-received': return [dialect.replicaStatus]
    // Carried out above, over both servers; these are its first readings.
    case 'match-position': return [{ sql: `SHOW BINLOG EVENTS /* or SHOW RELAYLOG EVENTS, and those of ${step.with}, in step */` }]
    case 'start-until': {
      const [file, position] = placed(step.upTo)
      const until: Statement = { ...dialect.startReplication, sql: `${dialect.startReplication.sql} UNTIL ${dialect.change.logFile} = ${file}, ${dialect.change.logPosition} = ${position}` }
      return [here(until), dialect.waitPosition(file, position, step.timeoutMilliseconds / 1000), here(dialect.stopReplication), dialect.replicaStatus]
    }
    case 'inject-empty': return emptyTransactions(step.set, quote)
    case 'skip-next-event': return [dialect.skipNextEvent]
    case 'forget-gtids': return forgetGtids(step.set, on, dialect, quote)
    case 'set-delay': return [here(changeDelay(dialect, step.seconds))]
    case 'set-semi-sync': {
      const names = on.semiSync?.newNames === true ? newSemiSyncNames : oldSemiSyncNames
      return [{ sql: `SET GLOBAL ${names[step.side].enabled} = ${step.enabled ? 1 : 0}`, needs: 'SUPER ON *.*' }]
    }
    case 'end-blocked-commits': {
      const names = on.semiSync?.newNames === true ? newSemiSyncNames : oldSemiSyncNames
      return [clientsListed, { sql: `SET GLOBAL ${names.source.enabled} = 0`, needs: 'SUPER ON *.*' }]
    }
    // It is logged and changes no data, so a replica acknowledges it like any commit; MariaDB has nothing of the kind.
    case 'commit-nothing': return [{ sql: 'FLUSH OPTIMIZER_COSTS', needs: 'RELOAD ON *.*' }]
    case 'flush-binary-logs': return [{ sql: 'FLUSH BINARY LOGS', needs: 'RELOAD ON *.*' }]
    case 'purge-binary-logs': return [{ sql: `PURGE BINARY LOGS TO ${quote(step.upTo)}`, needs: 'SUPER ON *.*' }]
    case 'kill-query': return [{ sql: `KILL QUERY ${step.thread}`, needs: 'SUPER ON *.*' }]
    default: return unreachable(step)
  }
}

/** A former primary of MariaDB 10.10 or later becomes a replica with what it wrote counted as replicated. */
const demotes = (step: Extract<Step, { do: 'change-source' }>, on: Instance): boolean =>
  step.way === 'current-pos' && on.replication === null && on.version.flavour === 'MariaDB' && isAtLeast(on.version, 10, 10)

/** Who is connected, and what each waits for. */
const clientsListed: Statement = { sql: 'SHOW FULL PROCESSLIST', needs: 'PROCESS ON *.*' }

export const executedStatement = ({ variables }: Dialect): Statement => ({ sql: `SELECT ${variables.gtidExecuted ?? variables.gtidCurrentPos ?? "''"} AS executed` })

function namedPlace(place: string, quote: Wording['quote']): readonly [file: string, position: string] {
  const at = place.lastIndexOf(':')
  return [quote(place.slice(0, at)), place.slice(at + 1)]
}

/** Servers write sets with line ends; MariaDB takes no blank around a comma. */
const withoutBlanks = (set: string): string => set.replaceAll(/\s+/g, '')
