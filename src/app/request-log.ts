import { STATUS_CODES } from 'node:http'
import type { LogFormat } from '../adapters/system/log-writer.ts'
import { jsonLine } from '../adapters/system/log-writer.ts'
import type { Begun, Requested, RequestObserver } from '../http/requested.ts'
import type { Clock } from '../ports/clock.ts'

/** Requests as the original writes them, a line at the beginning and one at the end, or as one JSON object each, with the id that the answer carries. */
export function requestLog(format: LogFormat, clock: Pick<Clock, 'now'>, write: (line: string) => void): RequestObserver {
  if (format === 'json') {
    return {
      begun: () => undefined,
      answered: ({ id, method, path, from, status, milliseconds }) =>
        write(jsonLine(clock.now(), 'info', 'request', { request: id, method, path, from, status, milliseconds: Math.round(milliseconds * 1000) / 1000 })),
    }
  }
  return {
    begun: ({ method, path, from }: Begun) => write(`[martini] Started ${plain(method)} ${plain(path)} for ${plain(from)}\n`),
    answered: ({ status, milliseconds }: Requested) => write(`[martini] Completed ${status} ${STATUS_CODES[status] ?? ''} in ${goDuration(milliseconds)}\n`),
  }
}

/** A path is logged as it was sent, and never as a second line. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, '?')

/** `892.952µs`, `1.234567ms`, `2.5s`, as Go prints a duration below a minute. */
export function goDuration(milliseconds: number): string {
  const nanoseconds = Math.round(milliseconds * 1e6)
  const shown = (per: number, digits: number): string => (nanoseconds / per).toFixed(digits).replace(/\.?0+$/, '')
  if (nanoseconds === 0) return '0s'
  if (nanoseconds < 1000) return `${nanoseconds}ns`
  if (nanoseconds < 1e6) return `${shown(1000, 3)}µs`
  if (nanoseconds < 1e9) return `${shown(1e6, 6)}ms`
  if (nanoseconds < 60e9) return `${shown(1e9, 9)}s`
  const minutes = Math.floor(nanoseconds / 60e9)
  return `${minutes >= 60 ? `${Math.floor(minutes / 60)}h${minutes % 60}m` : `${minutes}m`}${((nanoseconds % 60e9) / 1e9).toFixed(9).replace(/\.?0+$/, '')}s`
}
