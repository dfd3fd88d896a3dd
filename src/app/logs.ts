import { localTime } from '../adapters/system/local-time.ts'
import { type LogFormat, LogWriter } from '../adapters/system/log-writer.ts'
import { SystemLog } from '../adapters/system/system-log.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { LogLevel } from '../ports/log.ts'

/** One line on standard error, as the original writes them. */
export const errorLine = (level: 'ERROR' | 'FATAL' | 'WARNING', text: string): void => {
  process.stderr.write(`${localTime(systemClock.now())} ${level} ${text}\n`)
}

/** How a log is written beside its level. */
export interface LogStyle {
  readonly format?: LogFormat
  /** The system's log, too. */
  readonly system?: Pick<SystemLog, 'write'>
}

/** `least` is asked at each line: a reload may change it. */
export const newLog = (least: () => LogLevel, { format = 'text', system }: LogStyle = {}): LogWriter => new LogWriter({
  get least() { return least() }, format, clock: systemClock, write: line => void process.stderr.write(line), ...(system === undefined ? {} : { alsoTo: (level, text) => system.write(level, text) }),
})

/** The system's log; nothing is started before the first line for it. */
export const systemLog = new SystemLog({ trouble: text => errorLine('WARNING', text) })

export const logFormat = (text: string): LogFormat => (text.toLowerCase() === 'json' ? 'json' : 'text')
