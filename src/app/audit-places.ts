import { appendFile } from 'node:fs/promises'
import { localTime } from '../adapters/system/local-time.ts'
import type { SystemLog } from '../adapters/system/system-log.ts'
import type { AuditPlace, NewAuditEntry } from '../engine/journal/audit-trail.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import type { AppSettings } from './settings.ts'

/** Lines that wait for a disk that does not write. */
const waitingMax = 10_000

export interface AuditPlaceParts {
  /** As they are when something is audited: they may be read again. */
  readonly settings: Pick<AppSettings, 'auditToBackend' | 'auditLogFile' | 'auditToSystem'>
  readonly store: Pick<Store, 'audit'>
  readonly log: Log
  readonly systemLog: Pick<SystemLog, 'write'>
}

/** Where the audit goes: the store, a file, the system's log, each by itself; the log when neither of the last two is named (contract observability.md 4). */
export function auditPlaces({ settings, store, log, systemLog }: AuditPlaceParts): readonly AuditPlace[] {
  const failed = (place: string, error: unknown): void => log.error(`the audit could not be written to ${place}`, { text: error instanceof Error ? error.message : String(error) })
  let [before, waiting] = [Promise.resolve(), 0]
  const append = (file: string, line: string): void => {
    if (waiting >= waitingMax) return failed(file, new Error(`${waiting} lines wait for it`))
    waiting++
    before = before.then(() => appendFile(file, line, { mode: 0o640 })).catch((error: unknown) => failed(file, error)).then(() => void waiting--)
  }
  return [
    entry => { if (settings.auditToBackend) void store.audit.append(entry).catch((error: unknown) => failed('the store', error)) },
    entry => { if (settings.auditLogFile !== '') append(settings.auditLogFile, fileLine(entry)) },
    entry => { if (settings.auditToSystem) systemLog.write('info', sentence(entry).replaceAll(/[\r\n]/g, ' ')) },
    entry => { if (settings.auditLogFile === '' && !settings.auditToSystem) log.info(sentence(entry)) },
  ]
}

const sentence = ({ kind, key, clusterName, message }: NewAuditEntry): string => `auditType:${kind} instance:${key ?? ':0'} cluster:${clusterName} message:${message}`

function fileLine({ at, kind, key, clusterName, message }: NewAuditEntry): string {
  const [host, port] = key === null ? ['', '0'] : [key.slice(0, key.lastIndexOf(':')), key.slice(key.lastIndexOf(':') + 1)]
  const parts = [localTime(at), kind, host, port, `[${clusterName}]`, message]
  return `${parts.map(part => part.replaceAll(/[\t\r\n]/g, ' ')).join('\t')}\t\n`
}
