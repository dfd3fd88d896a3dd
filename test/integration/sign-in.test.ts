import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { Provider } from 'oidc-provider'
import { OpenIdProvider } from '../../src/adapters/identity/openid-provider.ts'
import { CookieBrowser } from '../harness/service/cookie-browser.ts'
import { triedService, type TriedService } from '../harness/service/service.ts'

const clientSecret = 'a secret of the client, long enough'
let issuer = ''
let server: Server
let service: TriedService

/** A real provider: whoever names themselves is signed in; gromit is in the group dba. */
function provider(redirects: readonly string[]): Provider {
  return new Provider(issuer, {
    clients: [{ client_id: 'orchestrator', client_secret: clientSecret, redirect_uris: [...redirects], grant_types: ['authorization_code'], response_types: ['code'] }],
    scopes: ['openid', 'profile', 'groups'], claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] }, cookies: { keys: ['a key of the test'] },
    pkce: { required: () => true }, ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id, groups: id === 'gromit' ? ['dba', 'inventors'] : ['sheep'] }) }),
  })
}

before(async () => {
  let answer: ReturnType<Provider['callback']> | null = null
  server = createServer((incoming, response) => void answer?.(incoming, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port
  service = await triedService({
    AuthenticationMethod: 'oauth', OAuthIssuer: issuer, OAuthClientId: 'orchestrator', OAuthClientSecret: clientSecret, OAuthScopes: ['profile', 'groups'], PowerAuthUsers: ['wallace'], PowerAuthGroups: ['dba'],
  })
  answer = provider([`${service.address}/web/signed-in`]).callback()
})

after(async () => {
  await service?.[Symbol.asyncDispose]()
  server?.closeAllConnections()
  server?.close()
})

const isBack = (address: string): boolean => address.startsWith(`${service.address}/web/signed-in`)

/** Fills in the pages of the provider, up to the address that it sends the browser back to. */
async function atProvider(browser: CookieBrowser, address: string, login: string): Promise<string> {
  let at = await browser.follow(address, isBack)
  for (const form of [{ prompt: 'login', login, password: 'any' }, { prompt: 'consent' }]) {
    if (isBack(at.address)) return at.address
    const sent = await browser.ask(at.address, { form })
    at = await browser.follow(new URL(sent.headers.get('location') ?? '', at.address).href, isBack)
  }
  assert.ok(isBack(at.address), `${at.address} ${await at.response?.text()}`)
  return at.address
}

async function signedIn(login: string, to = '/web/clusters'): Promise<{ readonly browser: CookieBrowser; readonly last: Response }> {
  const browser = new CookieBrowser()
  const back = await atProvider(browser, `${service.address}/web/sign-in?to=${encodeURIComponent(to)}`, login)
  return { browser, last: await browser.ask(back) }
}

const me = async (browser: CookieBrowser): Promise<unknown> => {
  const { user, mayWrite } = await (await browser.ask(`${service.address}/api/v2/me`)).json() as { user: string; mayWrite: boolean } // its own shape
  return { user, mayWrite }
}

test('without signing in pages lead to the provider, the API says so, and load balancers are answered', async () => {
  const browser = new CookieBrowser()
  const page = await browser.ask(`${service.address}/web/clusters`)
  assert.equal(page.status, 302)
  assert.equal(page.headers.get('location'), '/web/sign-in?to=%2Fweb%2Fclusters')
  const begun = await browser.ask(`${service.address}/web/sign-in`)
  const asked = new URL(begun.headers.get('location') ?? '')
  assert.equal(asked.origin, issuer)
  assert.deepEqual(['code_challenge_method', 'response_type', 'scope'].map(name => asked.searchParams.get(name)), ['S256', 'code', 'openid profile groups'])
  const cookie = begun.headers.getSetCookie().join()
  assert.match(cookie, /; HttpOnly; SameSite=Lax$/)
  for (const hidden of [asked.searchParams.get('state'), asked.searchParams.get('nonce')]) assert.ok(hidden !== null && hidden.length > 20 && !cookie.includes(hidden))
  assert.equal((await browser.ask(`${service.address}/api/clusters`)).status, 401)
  assert.equal((await browser.ask(`${service.address}/api/disable-global-recoveries`)).status, 401)
  assert.deepEqual(await Promise.all(['lb-check', 'status', 'leader-check/503'].map(async path => (await browser.ask(`${service.address}/api/${path}`)).status !== 401)), [true, true, true])
})

test('whoever signs in reads, changes what their groups let them, and is named in the audit', async () => {
  const { browser, last } = await signedIn('gromit', '/web/audit')
  assert.deepEqual([last.status, last.headers.get('location')], [302, '/web/audit'])
  assert.deepEqual(await me(browser), { user: 'gromit', mayWrite: true })
  assert.match(await (await browser.ask(`${service.address}/api/disable-global-recoveries`)).text(), /"Code":"OK"/)
  const waited = Date.now() + 15_000
  while (!service.audit().some(line => line.startsWith('asked: disable-global-recoveries by gromit from '))) {
    assert.ok(Date.now() < waited, service.audit().join('\n'))
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  const { browser: other } = await signedIn('shaun')
  assert.deepEqual(await me(other), { user: 'shaun', mayWrite: false })
  assert.match(await (await other.ask(`${service.address}/api/enable-global-recoveries`)).text(), /Unauthorized/)
  assert.deepEqual(await me((await signedIn('wallace')).browser), { user: 'wallace', mayWrite: true })
  await browser.ask(`${service.address}/web/sign-out`)
  assert.equal((await browser.ask(`${service.address}/api/v2/me`)).status, 401)
})

test('nobody is sent to another site after signing in', async () => {
  for (const to of ['//evil.example/', 'https://evil.example/', '/\\evil.example', '\t//evil.example', 'javascript:alert(1)']) {
    assert.equal((await signedIn('shaun', to)).last.headers.get('location'), '/', to)
  }
})

test('a sign-in counts once, in the browser that began it, and with what it was begun with', async () => {
  const browser = new CookieBrowser()
  const back = await atProvider(browser, `${service.address}/web/sign-in`, 'gromit')
  assert.equal((await new CookieBrowser().ask(back)).status, 403, 'another browser')
  const forged = new URL(back)
  forged.searchParams.set('state', 'x'.repeat(43))
  assert.equal((await browser.ask(forged.href)).status, 403, 'another state')
  assert.equal((await browser.ask(back)).status, 403, 'what was begun has ended with the attempt')
  const again = new CookieBrowser()
  const first = await atProvider(again, `${service.address}/web/sign-in`, 'gromit')
  await again.ask(`${service.address}/web/sign-in`)
  assert.equal((await again.ask(first)).status, 403, 'begun anew since')
  assert.equal((await again.ask(`${service.address}/web/signed-in?error=access_denied`)).status, 403)
  assert.equal((await again.ask(`${service.address}/api/v2/me`)).status, 401)
})

test('a wrong nonce, verifier or secret, a used code and a provider that is away are refused', async () => {
  const options = { issuer, clientId: 'orchestrator', clientSecret, scopes: [], userClaim: 'sub', groupsClaim: 'groups' }
  const ours = new OpenIdProvider(options)
  const begin = async () => {
    const { address, memory } = await ours.begin(`${service.address}/web/signed-in`)
    return { memory, back: await atProvider(new CookieBrowser(), address, 'gromit') }
  }
  const [one, two, three, four] = [await begin(), await begin(), await begin(), await begin()]
  await assert.rejects(ours.finish(one.back, { ...one.memory, nonce: 'another' }), (error: Error) => /nonce/.test(String(error.cause)))
  await assert.rejects(ours.finish(two.back, { ...two.memory, verifier: 'x'.repeat(43) }))
  await assert.rejects(new OpenIdProvider({ ...options, clientSecret: 'another secret of the client' }).finish(three.back, three.memory))
  assert.deepEqual(await ours.finish(four.back, four.memory), { user: 'gromit', groups: [] }, 'the scope groups was not asked for')
  await assert.rejects(ours.finish(four.back, four.memory))
  await assert.rejects(new OpenIdProvider({ ...options, issuer: 'http://127.0.0.1:1' }).begin(`${service.address}/web/signed-in`))
  const unknown = await new OpenIdProvider({ ...options, clientId: 'somebody' }).begin(`${service.address}/web/signed-in`)
  assert.equal((await new CookieBrowser().ask(unknown.address)).status, 400)
})
