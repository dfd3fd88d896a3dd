import type { IncomingMessage } from 'node:http'

/** A request that is being answered. */
export interface Begun {
  readonly id: string
  readonly method: string
  /** With its query, as it was sent, without secrets. */
  readonly path: string
  /** Who asked, as a proxy in front says, or the other end of the connection. */
  readonly from: string
}

/** One that was. */
export interface Requested extends Begun {
  readonly status: number
  readonly milliseconds: number
}

/** Whoever is told of requests. */
export interface RequestObserver {
  begun(request: Begun): void
  answered(request: Requested): void
}

const fromMax = 200

/** The path as it was sent, without what lets others in: tokens and codes in its query. */
export const shownPath = (path: string): string => path.replace(/([?&][^=&]*(?:token|password|secret|code|state)[^=&]*=)[^&]*/gi, '$1***')

/** For showing only: whoever asks can write these headers. */
export function fromOf({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string {
  const said = headers['x-real-ip'] ?? headers['x-forwarded-for'] ?? ''
  const first = Array.isArray(said) ? (said[0] ?? '') : said
  const { remoteAddress = '', remotePort } = socket
  return first !== '' ? first.slice(0, fromMax) : remoteAddress.includes(':') ? `[${remoteAddress}]:${remotePort ?? ''}` : `${remoteAddress}:${remotePort ?? ''}`
}

/** An id that whoever asks has given already is kept, so that one request is found in the logs of several programs. */
export const givenId = ({ headers }: Pick<IncomingMessage, 'headers'>): string | null => {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : null
}
