import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { plainJson } from '../contract/wire.ts'

/** Who asks, as far as the authentication method lets us know. */
export interface Person {
  readonly user: string
  readonly mayWrite: boolean
  /** Why not, when not. */
  readonly whyNot: 'read-only-service' | 'read-only-user' | 'not-in-power-users' | 'not-through-proxy' | 'no-token' | 'not-signed-in' | 'never' | null
}

export interface Request {
  readonly method: string
  /** Decoded, below the prefix. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly remoteAddress: string
  /** It came to us through TLS. */
  readonly isSecure: boolean
  readonly person: Person
  /** Changes that all managers share may be begun by this process: it leads, or needs nobody to. */
  readonly mayChange: boolean
  /** The manager that was asked, where this one answers for it. */
  readonly askedThrough: string | null
  /** The whole body as text; rejects with BodyTooLarge beyond the limit. */
  body(): Promise<string>
}

/** An answer as a value; `stream` is another manager's answer as it comes; `take` is for streams of our own, which write to the connection themselves. */
export type Answer =
  | { readonly status: number; readonly headers: Readonly<Record<string, string | string[]>>; readonly body: string | Buffer }
  | { readonly status: number; readonly headers: Readonly<Record<string, string | string[]>>; readonly stream: IncomingMessage }
  | { readonly take: (response: ServerResponse) => void }

export const json = (value: unknown, status = 200): Answer => jsonText(plainJson(value), status)

export const jsonText = (text: string | Buffer, status = 200): Answer => ({
  status, headers: { 'Content-Type': 'application/json; charset=UTF-8', 'Cache-Control': 'no-store' }, body: text,
})

export const plainText = (text: string, status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, body: text,
})

export const notFound = (): Answer => plainText('404 page not found\n', 404)

export const redirect = (to: string): Answer => ({ status: 302, headers: { Location: to, 'Content-Type': 'text/html; charset=utf-8' }, body: '' })

/** A body that is larger than anything this program needs. */
export class BodyTooLarge extends Error {}
