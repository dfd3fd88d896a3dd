import type { Clock } from '../../ports/clock.ts'
import type { Log, LogFacts, LogLevel } from '../../ports/log.ts'
import { localTime } from './local-time.ts'

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3, fatal: 4 }

export type LogFormat = 'text' | 'json'

export interface LogWriterOptions {
  /** Lines below this level are not written. */
  readonly least: LogLevel
  readonly format?: LogFormat
  /** Takes one line with its end-of-line. */
  readonly write: (line: string) => void
  /** Takes what is info or worse, without time and level: the system's log has its own. */
  readonly alsoTo?: (level: LogLevel, text: string) => void
  readonly clock: Pick<Clock, 'now'>
}

/** Writes log lines as `2026-11-22 05:55:26 INFO message name=value`, local time, or as one JSON object each. */
export class LogWriter implements Log {
  readonly #options: LogWriterOptions

  constructor(options: LogWriterOptions) {
    this.#options = options
  }

  debug(message: string, facts?: LogFacts): void {
    this.line('debug', message, facts)
  }

  info(message: string, facts?: LogFacts): void {
    this.line('info', message, facts)
  }

  warning(message: string, facts?: LogFacts): void {
    this.line('warning', message, facts)
  }

  error(message: string, facts?: LogFacts): void {
    this.line('error', message, facts)
  }

  line(level: LogLevel, message: string, facts: LogFacts = {}): void {
    const { least, format = 'text', write, alsoTo, clock } = this.#options
    if (rank[level] < rank[least]) return
    const text = `${oneLine(message)}${factTexts(facts)}`
    write(format === 'json' ? jsonLine(clock.now(), level, message, facts) : `${localTime(clock.now())} ${level.toUpperCase()} ${text}\n`)
    if (level !== 'debug') alsoTo?.(level, text)
  }
}

/** `{"time":"2026-11-22T05:55:26.000Z","level":"info","message":"…", facts}`; a fact never hides one of the first three. */
export function jsonLine(at: number, level: LogLevel, message: string, facts: LogFacts): string {
  const named = Object.entries(facts).map(([name, value]) => [name === 'time' || name === 'level' || name === 'message' ? `fact_${name}` : name, value])
  return `${JSON.stringify({ time: new Date(at).toISOString(), level, message, ...Object.fromEntries(named) })}\n`
}

const factTexts = (facts: LogFacts): string =>
  Object.entries(facts).filter(([, value]) => value !== undefined).map(([name, value]) => ` ${name}=${factText(value ?? null)}`).join('')

/** A line is a line: what servers send cannot begin a second one. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, character => (character === '\n' || character === '\r' || character === '\t' ? ' ' : '?'))

function factText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value)
  const text = oneLine(value)
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text)
}
