import type { Clock } from '../../ports/clock.ts'
import type { IdentityProvider, SignInMemory } from '../../ports/identity-provider.ts'
import type { Log } from '../../ports/log.ts'
import { type Answer, json, type Person, plainText, type Request } from '../exchange.ts'
import { here, type Route } from '../router.ts'
import type { HttpSettings } from '../settings.ts'
import { type Asker, type GroupsOf, isPowerUser } from './authentication.ts'
import { cookieText, readCookies } from './cookies.ts'
import { seal, sealKey, unseal } from './sealed.ts'

const [sessionCookie, underWayCookie] = ['orchestrator-session', 'orchestrator-sign-in']
/** From the page of the provider back to us. */
const underWaySeconds = 600

/** Load balancers and members of a group ask these, and cannot sign in; whoever takes an access token knows it. */
const openPaths: ReadonlySet<string> = new Set([
  '/api/lb-check', '/api/_ping', '/api/leader-check', '/api/routed-leader-check', '/api/raft-health', '/web/sign-in', '/web/signed-in', '/web/sign-out', '/web/access-token',
])

interface Session {
  readonly user: string
  readonly groups: readonly string[]
}

interface UnderWay {
  readonly memory: SignInMemory
  /** Where the person wanted to go. */
  readonly to: string
}

export interface SignInParts {
  readonly provider: IdentityProvider
  readonly settings: HttpSettings
  readonly prefix: string
  readonly statusEndpoint: string
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

/** Sign-in at a provider. What is known of a person is sealed into a cookie: every manager with the same client secret reads it. */
export class SignIn {
  readonly #parts: SignInParts

  constructor(parts: SignInParts) {
    this.#parts = parts
  }

  async identify({ method, path, headers }: Asker): Promise<Person | Answer> {
    const { settings, clock, prefix, statusEndpoint } = this.#parts
    const session = unseal(this.#key('session'), readCookies(headers.cookie).get(sessionCookie), clock.now()) as Session | null // what we sealed ourselves
    if (session !== null) {
      const groupsOf: GroupsOf = () => Promise.resolve(session.groups)
      const isPower = await isPowerUser(settings, session.user, groupsOf)
      return { user: session.user, mayWrite: isPower, whyNot: isPower ? null : 'not-in-power-users' }
    }
    if (openPaths.has(path) || path === statusEndpoint || path.startsWith('/api/leader-check/')) return { user: '', mayWrite: false, whyNot: 'not-signed-in' }
    const isPage = (method === 'GET' || method === 'HEAD') && !path.startsWith('/api/') && String(headers.accept ?? '').includes('text/html')
    if (isPage) return redirect(`${prefix}/web/sign-in?to=${encodeURIComponent(`${prefix}${path}`)}`)
    if (path.startsWith('/api/v2/')) return json({ code: 'not-signed-in', parameters: {}, text: 'Sign in first' }, 401)
    return path.startsWith('/api/') ? json({ Code: 'ERROR', Message: 'Sign in first', Details: null }, 401) : plainText('Sign in first\n', 401)
  }

  routes(): readonly Route[] {
    const route = (pattern: string, answer: (request: Request) => Promise<Answer> | Answer): Route => ({ method: 'GET', pattern, answer, isHere: here })
    return [route('/web/sign-in', request => this.#begin(request)), route('/web/signed-in', request => this.#finish(request)), route('/web/sign-out', request => this.#end(request))]
  }

  async #begin(request: Request): Promise<Answer> {
    const { provider, clock, prefix, log } = this.#parts
    const wanted = request.query.get('to') ?? ''
    try {
      const { address, memory } = await provider.begin(`${this.#publicAddress(request)}/web/signed-in`)
      const underWay: UnderWay = { memory, to: isOwnPath(wanted) ? wanted : `${prefix}/` }
      const value = seal(this.#key('sign-in'), underWay, clock.now() + underWaySeconds * 1000)
      return redirect(address, [cookieText(underWayCookie, value, { isSecure: this.#isSecure(request), seconds: underWaySeconds })])
    } catch (error) {
      return failed(log, 'the OpenID provider could not be asked', error, 502)
    }
  }

  async #finish(request: Request): Promise<Answer> {
    const { provider, settings, clock, log } = this.#parts
    const underWay = unseal(this.#key('sign-in'), readCookies(request.headers.cookie).get(underWayCookie), clock.now()) as UnderWay | null // what we sealed ourselves
    if (underWay === null) return plainText('No sign-in is under way in this browser, or it took too long. Begin again\n', 403)
    const forget = cookieText(underWayCookie, '', { isSecure: this.#isSecure(request), seconds: 0 })
    try {
      const identity = await provider.finish(`${underWay.memory.returnAddress}?${request.query.toString()}`, underWay.memory)
      const seconds = settings.sessionMinutes * 60
      const session: Session = { user: identity.user, groups: identity.groups.filter(group => settings.powerGroups.includes(group)) }
      log.info('signed in', { user: identity.user, address: request.remoteAddress })
      return redirect(underWay.to, [cookieText(sessionCookie, seal(this.#key('session'), session, clock.now() + seconds * 1000), { isSecure: this.#isSecure(request), seconds }), forget])
    } catch (error) {
      return failed(log, 'a sign-in was refused', error, 403, [forget])
    }
  }

  #end(request: Request): Answer {
    return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Set-Cookie': cookieText(sessionCookie, '', { isSecure: this.#isSecure(request), seconds: 0 }) }, body: 'Signed out\n' }
  }

  /** A forged Host leads nowhere: the provider sends people back only to addresses that it was told before. */
  #publicAddress(request: Request): string {
    const { settings, prefix } = this.#parts
    if (settings.publicAddress !== '') return settings.publicAddress.replace(/\/+$/, '')
    return `${request.isSecure ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}${prefix}`
  }

  /** A proxy in front may be the one that speaks TLS. */
  #isSecure(request: Request): boolean {
    return request.isSecure || this.#parts.settings.publicAddress.startsWith('https:')
  }

  #key(purpose: string): Buffer {
    return sealKey(this.#parts.settings.clientSecret, purpose)
  }
}

/** A path of this service: never another site's, in whatever way browsers read it. */
const isOwnPath = (text: string): boolean => /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)

const redirect = (to: string, cookies: readonly string[] = []): Answer =>
  ({ status: 302, headers: { 'Location': to, 'Cache-Control': 'no-store', ...(cookies.length === 0 ? {} : { 'Set-Cookie': [...cookies] }) }, body: '' })

function failed(log: Log, what: string, error: unknown, status: number, cookies: readonly string[] = []): Answer {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const why = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  log.warning(what, { text: `${error instanceof Error ? error.message : String(error)}${why}`, code })
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', ...(cookies.length === 0 ? {} : { 'Set-Cookie': [...cookies] }) }, body: `You could not be signed in: ${what}${code === '' ? '' : ` (${code})`}\n` }
}
