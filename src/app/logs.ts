import { LogWriter } from '../adapters/system/log-writer.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { LogLevel } from '../ports/log.ts'

/** `2026-11-22 06:04:32`, local time or that of TZ. */
export function logTime(at: number): string {
  const time = new Date(at)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
}

/** One line on standard error, as the original writes them. */
export const errorLine = (level: 'ERROR' | 'FATAL' | 'WARNING', text: string): void => {
  process.stderr.write(`${logTime(systemClock.now())} ${level} ${text}\n`)
}

/** `least` is asked at each line: a reload may change it. */
export const newLog = (least: () => LogLevel): LogWriter => new LogWriter({ get least() { return least() }, clock: systemClock, write: line => void process.stderr.write(line) })
