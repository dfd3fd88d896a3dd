import { appendFile } from 'node:fs/promises'
import type { AuditPlace } from '../engine/journal/audit-trail.ts'
import type { Log } from '../ports/log.ts'
import type { Store } from '../ports/store.ts'
import type { AppSettings } from './settings.ts'

/** Where the audit goes: the store, a file; the log when neither is named. */
export function auditPlaces(app: AppSettings, store: Store, log: Log): readonly AuditPlace[] {
  const failed = (place: string) => (error: unknown): void =>
    log.error(`the audit could not be written to ${place}`, { text: error instanceof Error ? error.message : String(error) })
  const places: AuditPlace[] = []
  if (app.auditToBackend) places.push(entry => void store.audit.append(entry).catch(failed('the store')))
  if (app.auditLogFile !== '') {
    places.push(({ at, kind, key, clusterName, message }) => {
      const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ')
      const [host, port] = key === null ? ['', '0'] : [key.slice(0, key.lastIndexOf(':')), key.slice(key.lastIndexOf(':') + 1)]
      const line = [time, kind, host, port, `[${clusterName}]`, message].map(part => part.replaceAll(/[\t\r\n]/g, ' ')).join('\t')
      void appendFile(app.auditLogFile, `${line}\t\n`, { mode: 0o640 }).catch(failed(app.auditLogFile))
    })
  } else if (!app.auditToBackend) {
    places.push(({ kind, key, clusterName, message }) => log.info(`auditType:${kind} instance:${key ?? ':0'} cluster:${clusterName} message:${message}`))
  }
  return places
}
