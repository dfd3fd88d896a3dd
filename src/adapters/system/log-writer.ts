import type { Clock } from '../../ports/clock.ts'
import type { Log, LogFacts, LogLevel } from '../../ports/log.ts'

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3, fatal: 4 }

export interface LogWriterOptions {
  /** Lines below this level are not written. */
  readonly least: LogLevel
  /** Takes one line with its end-of-line. */
  readonly write: (line: string) => void
  readonly clock: Pick<Clock, 'now'>
}

/** Writes log lines as `2026-11-22 05:55:26 INFO message name=value`. */
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
    const { least, write, clock } = this.#options
    if (rank[level] < rank[least]) return
    const time = new Date(clock.now()).toISOString().slice(0, 19).replace('T', ' ')
    const told = Object.entries(facts).filter(([, value]) => value !== undefined).map(([name, value]) => ` ${name}=${factText(value ?? null)}`)
    write(`${time} ${level.toUpperCase()} ${oneLine(message)}${told.join('')}\n`)
  }
}

/** A line is a line: what servers send cannot begin a second one. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, character => (character === '\n' || character === '\r' || character === '\t' ? ' ' : '?'))

function factText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value)
  const text = oneLine(value)
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text)
}
