import type { TlsOptions } from 'node:tls'
import { OpenIdProvider } from '../adapters/identity/openid-provider.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { userGroups } from '../adapters/system/user-groups.ts'
import type { Settings } from '../config/settings.ts'
import { authentication } from '../http/authentication/authentication.ts'
import { SignIn } from '../http/authentication/sign-in.ts'
import { tokenRoutes } from '../http/authentication/token-page.ts'
import { Tokens } from '../http/authentication/tokens.ts'
import { RateLimit } from '../http/rate-limit.ts'
import type { Route } from '../http/router.ts'
import type { HttpParts, Listening } from '../http/server.ts'
import { type HttpSettings, httpSettings } from '../http/settings.ts'
import { type AskPassphrase, serverTls } from '../http/tls/server-tls.ts'
import { settingValues } from '../kit/setting.ts'
import { ok, type Result } from '../kit/result.ts'
import type { AccessTokenStore } from '../ports/access-tokens.ts'
import type { Log } from '../ports/log.ts'
import { askPassphrase } from './ask-passphrase.ts'

export interface SecurityRequest {
  readonly settings: Settings
  readonly store: { readonly accessTokens: AccessTokenStore }
  readonly log: Log
  readonly prefix: string
  messagePrefix(): string
}

/** Who gets in, by what, and through which kind of connection. */
export interface HttpSecurity extends Pick<HttpParts, 'authentication' | 'certificates' | 'rate'> {
  readonly settings: HttpSettings
  readonly routes: readonly Route[]
}

export function httpSecurity({ settings, store, log, prefix, messagePrefix }: SecurityRequest): HttpSecurity {
  const http = settingValues(httpSettings, settings)
  const groupsOf = userGroups(systemClock)
  const tokens = new Tokens({ store: store.accessTokens, settings: http, clock: systemClock, log })
  const signIn = http.method.toLowerCase() !== 'oauth' || http.issuer === '' ? null : new SignIn({
    provider: new OpenIdProvider({
      issuer: http.issuer, clientId: http.clientId, clientSecret: http.clientSecret, scopes: http.scopes, userClaim: http.userClaim, groupsClaim: http.groupsClaim,
    }),
    settings: http, prefix, statusEndpoint: settings.StatusEndpoint, clock: systemClock, log,
  })
  for (const warning of warningsOf(http)) log.warning(warning)
  return {
    settings: http, authentication: authentication({ settings: http, groupsOf, tokens, signIn, clock: systemClock }),
    certificates: http.usesMutualTls ? () => ({ validUnits: http.validUnits, openPath: http.statusNeedsUnit ? null : statusPath(settings, prefix) }) : null,
    rate: { limit: new RateLimit(systemClock), perSecond: () => http.requestsPerSecond },
    routes: [...tokenRoutes({ tokens, prefix, messagePrefix }), ...(signIn?.routes() ?? [])],
  }
}

/** Null: plain HTTP, which a unix socket always speaks. The failure is a sentence for the operator. */
export async function listenerTls(settings: Settings, ask: AskPassphrase = askPassphrase): Promise<Result<TlsOptions | null, string>> {
  if (!settings.UseSSL || settings.ListenSocket !== '') return ok(null)
  const { SSLPrivateKeyFile: keyFile, SSLCertFile: certificateFile, SSLCAFile: authorityFile, UseMutualTLS: asksClients, SSLPrivateKeyPassword: password } = settings
  return serverTls({
    keyFile, certificateFile, authorityFile, asksClients, keys: { keyFile: 'SSLPrivateKeyFile', certificateFile: 'SSLCertFile', authorityFile: 'SSLCAFile' },
  }, password === '' ? ask : () => Promise.resolve(password))
}

/** Key and certificate as the files have them now: they are renewed in their place. What is wrong with them is said, and the former ones stay. */
export async function renewTls(settings: Settings, listening: Pick<Listening, 'renewTls'>, log: Log): Promise<void> {
  const read = await listenerTls(settings, () => Promise.resolve(null))
  if (!read.ok) log.error('the former key and certificate stay in use', { text: read.failure })
  else if (read.value !== null) listening.renewTls(read.value)
}

/** The whole path of the status check: one that is not the default stands outside the prefix. */
const statusPath = ({ StatusEndpoint: path }: Settings, prefix: string): string => (path === '/api/status' ? `${prefix}${path}` : path)

/** What is allowed, and perhaps not meant. */
function warningsOf({ method, user, powerUsers, trustedProxies, issuer, usesMutualTls, validUnits }: HttpSettings): readonly string[] {
  const name = method.toLowerCase()
  return [
    ...(name === 'basic' && user === '' ? ['AuthenticationMethod is configured as "basic" but HTTPAuthUser undefined. Running without authentication.'] : []),
    ...(name === 'proxy' && powerUsers.includes('*') ? ['PowerAuthUsers holds "*": under "proxy" every request may change things, also one without any user'] : []),
    ...(name === 'proxy' && trustedProxies.length === 0 ? ['TrustedProxyAddresses is empty: whoever reaches this port can name themselves in the header of "proxy"'] : []),
    ...(name === 'oauth' && issuer === '' ? ['AuthenticationMethod is "oauth" and OAuthIssuer is not set: nobody can sign in, and nobody may change anything'] : []),
    ...(name === 'oauth' && issuer !== '' && powerUsers.includes('*') ? ['PowerAuthUsers holds "*": whoever can sign in may change things'] : []),
    ...(usesMutualTls && validUnits.length === 0 ? ['UseMutualTLS is on and SSLValidOUs is empty: no client certificate is good enough'] : []),
  ]
}
