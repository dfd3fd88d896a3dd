import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { AccessToken, AccessTokenStore } from '../../ports/access-tokens.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { HttpSettings } from '../settings.ts'
import { readCookies } from './cookies.ts'
import { digestOf, isSameText } from './same-text.ts'

export const tokenCookie = 'access-token'
const publicTokenForm = /^[0-9A-Za-z_-]{16,128}$/
const secretForm = /^[\x21-\x7e]{1,256}$/

/** What is remembered of a token while the store is asked for nothing, and longer when it cannot be. */
const knownMilliseconds = 2000
const knownMax = 1000

export interface TokenParts {
  readonly store: Pick<AccessTokenStore, 'find' | 'take'>
  readonly settings: HttpSettings
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly log: Log
}

/** Access tokens: taken once by whoever was told of one, then shown with each request. */
export class Tokens {
  readonly #parts: TokenParts
  readonly #known = new Map<string, { readonly token: AccessToken; readonly at: number }>()

  constructor(parts: TokenParts) {
    this.#parts = parts
  }

  /** Whose valid token a request shows; null: none. */
  async holder(headers: IncomingHttpHeaders): Promise<{ readonly owner: string } | null> {
    const shown = /^Bearer +(\S+)$/.exec(headers.authorization ?? '')?.[1] ?? readCookies(headers.cookie).get(tokenCookie)
    const [, publicToken = '', secret = ''] = /^([^:]+):(.+)$/s.exec(shown ?? '') ?? []
    if (!publicTokenForm.test(publicToken) || !secretForm.test(secret)) return null
    const token = await this.#find(publicToken)
    if (token === null || !token.isAcquired || this.#hasLapsed(token)) return null
    const given = token.secret.startsWith('sha256:') ? keptSecret(secret) : secret
    return isSameText(given, token.secret) ? { owner: token.owner } : null
  }

  /** The value of the cookie for whoever takes the token now; null: it cannot be taken. */
  async take(publicToken: string): Promise<string | null> {
    if (!publicTokenForm.test(publicToken)) return null
    const { store, settings, clock } = this.#parts
    const token = await store.find(publicToken)
    if (token === null) return null
    const isLate = token.generatedAt + settings.tokenUseSeconds * 1000 < clock.now()
    if (!token.isReentrant && (token.isAcquired || isLate)) return null
    // Who takes it again gets the same secret, so that it has to stay readable; any other is made now, and only its digest is kept.
    const secret = token.isReentrant ? token.secret : randomBytes(32).toString('hex')
    if (token.isReentrant && token.secret.startsWith('sha256:')) return null
    const isTaken = await store.take({ token, keptSecret: token.isReentrant ? token.secret : keptSecret(secret), at: clock.now() })
    this.#known.delete(publicToken)
    return isTaken ? `${publicToken}:${secret}` : null
  }

  #hasLapsed({ isReentrant, generatedAt }: AccessToken): boolean {
    const { settings, clock } = this.#parts
    return !isReentrant && generatedAt + settings.tokenMinutes * 60_000 <= clock.now()
  }

  /** While the store is away the tokens that were seen still hold: that is when people are needed. */
  async #find(publicToken: string): Promise<AccessToken | null> {
    const { store, clock, log } = this.#parts
    const known = this.#known.get(publicToken)
    if (known !== undefined && known.at + knownMilliseconds > clock.monotonic()) return known.token
    try {
      const token = await store.find(publicToken)
      this.#known.delete(publicToken)
      if (token?.isAcquired === true) this.#known.set(publicToken, { token, at: clock.monotonic() })
      const [oldest] = this.#known.keys()
      if (this.#known.size > knownMax && oldest !== undefined) this.#known.delete(oldest)
      return token
    } catch (error) {
      log.warning('access tokens cannot be read', { text: error instanceof Error ? error.message : String(error) })
      return known?.token ?? null
    }
  }
}

const keptSecret = (secret: string): string => `sha256:${digestOf(secret).toString('hex')}`
