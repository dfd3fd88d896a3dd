import * as client from 'openid-client'
import type { Identity, IdentityProvider, SignInMemory } from '../../ports/identity-provider.ts'
import { isLoopback } from './issuer-address.ts'

export interface OpenIdOptions {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Beside `openid`. */
  readonly scopes: readonly string[]
  /** Empty: the first that is given of preferred_username, email and sub. */
  readonly userClaim: string
  readonly groupsClaim: string
}

/** Each question to the provider. */
const timeoutSeconds = 10
/** How far our clock may be from the provider's. */
const toleranceSeconds = 30

export class OpenIdProvider implements IdentityProvider {
  readonly #options: OpenIdOptions
  #configuration: Promise<client.Configuration> | null = null

  constructor(options: OpenIdOptions) {
    this.#options = options
  }

  async begin(returnAddress: string): Promise<{ readonly address: string; readonly memory: SignInMemory }> {
    const configuration = await this.#configured()
    const memory = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier(), returnAddress }
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: returnAddress, scope: [...new Set(['openid', ...this.#options.scopes])].join(' '), state: memory.state, nonce: memory.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(memory.verifier), code_challenge_method: 'S256',
    })
    return { address: address.href, memory }
  }

  async finish(address: string, { state, nonce, verifier }: SignInMemory): Promise<Identity> {
    const configuration = await this.#configured()
    const tokens = await client.authorizationCodeGrant(configuration, new URL(address), {
      pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
    })
    const token = tokens.claims()
    if (token === undefined) throw new Error('the provider gave no ID token')
    const claims: Readonly<Record<string, unknown>> = { ...token }
    // Providers differ in what they put into the ID token; the rest is asked for.
    const isWhole = this.#userOf(claims) !== '' && claims[this.#options.groupsClaim] !== undefined
    const more = isWhole || configuration.serverMetadata().userinfo_endpoint === undefined ? {} : await client.fetchUserInfo(configuration, tokens.access_token, token.sub)
    const all: Readonly<Record<string, unknown>> = { ...more, ...claims }
    const user = this.#userOf(all)
    if (user === '') throw new Error(`the provider names no user in ${this.#options.userClaim === '' ? 'preferred_username, email or sub' : this.#options.userClaim}`)
    return { user, groups: textsOf(all[this.#options.groupsClaim]) }
  }

  #userOf(claims: Readonly<Record<string, unknown>>): string {
    const { userClaim } = this.#options
    const [found] = (userClaim === '' ? ['preferred_username', 'email', 'sub'] : [userClaim]).flatMap(name => textsOf(claims[name]))
    return found ?? ''
  }

  /** Read once; again where it could not be read. */
  #configured(): Promise<client.Configuration> {
    if (this.#configuration !== null) return this.#configuration
    const issuer = new URL(this.#options.issuer)
    const asked = client.discovery(issuer, this.#options.clientId, { [client.clockTolerance]: toleranceSeconds }, secretAs(this.#options.clientSecret), {
      timeout: timeoutSeconds, ...(isLoopback(issuer) ? { execute: [client.allowInsecureRequests] } : {}),
    })
    this.#configuration = asked
    asked.catch(() => (this.#configuration = null))
    return asked
  }
}

/** In the way that the provider takes: in a header, which is what the standard takes for granted, else in the body. */
function secretAs(secret: string): client.ClientAuth {
  const [inHeader, inBody] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)]
  return (server, ...others) => {
    const ways = server.token_endpoint_auth_methods_supported
    const way = ways === undefined || ways.includes('client_secret_basic') ? inHeader : inBody
    way(server, ...others)
  }
}

/** A text alone is a list of one; what is no text is left out. */
function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.filter((item): item is string => typeof item === 'string' && item !== '')
}
