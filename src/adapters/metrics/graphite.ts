import { connect } from 'node:net'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { GraphiteSettings } from './settings.ts'

/** One figure to be sent. */
export interface GraphiteFigure {
  readonly name: string
  readonly kind: 'counter' | 'gauge'
  readonly value: number
}

export interface GraphiteWish {
  readonly settings: GraphiteSettings
  readonly hostname: string
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly log: Log
  figures(): readonly GraphiteFigure[]
}

/** A server that takes longer is left alone until the next time. */
const sendMilliseconds = 5000
const defaultPort = 2003

/** `PATH.NAME.count|value NUMBER EPOCH`, one line for each figure (contract observability.md 3). */
export function graphiteLines(path: string, figures: readonly GraphiteFigure[], epochSeconds: number): string {
  return figures.map(({ name, kind, value }) => `${path}.${name}.${kind === 'counter' ? 'count' : 'value'} ${value} ${epochSeconds}\n`).join('')
}

/** The path with the host's name in it; dots of the name would be levels of the tree. */
export const graphitePath = ({ path, plainHostname }: Pick<GraphiteSettings, 'path' | 'plainHostname'>, hostname: string): string =>
  path.replaceAll('{hostname}', () => (plainHostname ? hostname.replaceAll('.', '_') : hostname)).replace(/\.+$/, '')

/** `host`, `host:port`, `[ipv6]:port`. Null: it is neither. */
export function graphiteAddress(text: string): { readonly host: string; readonly port: number } | null {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(text.trim()) ?? []
  const host = bracketed ?? plain
  const port = digits === undefined ? defaultPort : Number(digits)
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port }
}

/** Sends all figures every GraphitePollSeconds until it is stopped. What cannot be sent is dropped: the next sending has newer ones. Null: nothing is to be sent. */
export function startGraphite({ settings, hostname, clock, log, figures }: GraphiteWish): { stop(): void } | null {
  if (settings.address === '' || settings.everySeconds <= 0) return null
  if (settings.path === '') {
    log.error('GraphiteAddr is set and GraphitePath is empty: nothing is sent to Graphite')
    return null
  }
  const address = graphiteAddress(settings.address)
  if (address === null) {
    log.error('GraphiteAddr is not host:port: nothing is sent to Graphite', { address: settings.address })
    return null
  }
  const path = graphitePath(settings, hostname)
  let isFailing = false
  let cancelTimer = (): void => undefined
  const stopped = new AbortController()
  const wait = (): void => {
    cancelTimer = clock.after(settings.everySeconds * 1000, () => {
      wait()
      void send()
    })
  }
  const send = async (): Promise<void> => {
    try {
      await deliver(address, graphiteLines(path, figures(), Math.floor(clock.now() / 1000)), stopped.signal)
      if (isFailing) log.info('Graphite takes figures again', { address: settings.address })
      isFailing = false
    } catch (error) {
      if (!isFailing && !stopped.signal.aborted) log.warning('figures could not be sent to Graphite', { address: settings.address, text: error instanceof Error ? error.message : String(error) })
      isFailing = true
    }
  }
  wait()
  return {
    stop: () => {
      cancelTimer()
      stopped.abort()
    },
  }
}

/** Resolves when the other side has everything: it is told the end, and ends as well. */
function deliver(address: { readonly host: string; readonly port: number }, text: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, signal })
    socket.setTimeout(sendMilliseconds, () => socket.destroy(new Error(`no answer within ${sendMilliseconds / 1000} s`)))
    socket.once('error', reject)
    socket.once('close', () => resolve())
    socket.resume()
    socket.end(text)
  })
}
