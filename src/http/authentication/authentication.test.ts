import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultValues } from '../../kit/setting.ts'
import { type Answer, type Person } from '../exchange.ts'
import { isCrossSite } from '../cross-site.ts'
import { type HttpSettings, httpSettings } from '../settings.ts'
import { authentication } from './authentication.ts'
import { guessLimits } from './guesses.ts'
import { isTrustedProxy, wrongProxy } from './proxies.ts'

const settings: HttpSettings = { ...defaultValues(httpSettings), user: 'alice', password: 'secret' }
const basicHeader = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`

function gate(changes: Partial<HttpSettings>, groups: readonly string[] = []) {
  const clock = { at: 0, monotonic: () => clock.at }
  const asked = authentication({
    settings: { ...settings, ...changes }, groupsOf: () => Promise.resolve(groups), signIn: null, clock,
    tokens: { holder: headers => Promise.resolve(headers.cookie === 'good' ? { owner: 'tina' } : null) },
  })
  return { clock, ask: (headers: Record<string, string> = {}, remoteAddress = '10.0.0.1') => asked.identify({ method: 'GET', path: '/api/clusters', headers, remoteAddress }) }
}
const ask = (changes: Partial<HttpSettings>, headers: Record<string, string> = {}, groups: readonly string[] = [], address = '10.0.0.1'): Promise<Person | Answer> =>
  gate(changes, groups).ask(headers, address)

test('without a method everybody may write, unless the service is read-only', async () => {
  assert.deepEqual(await ask({}), { user: '', mayWrite: true, whyNot: null })
  for (const method of ['something else', 'constructor', '__proto__']) assert.deepEqual(await ask({ method }), { user: '', mayWrite: true, whyNot: null })
  assert.deepEqual(await ask({ isReadOnly: true }), { user: '', mayWrite: false, whyNot: 'read-only-service' })
})

test('basic authentication asks for exactly the configured pair', async () => {
  assert.deepEqual(await ask({ method: 'Basic' }, { authorization: basicHeader('alice:secret') }), { user: 'alice', mayWrite: true, whyNot: null })
  const wrong: readonly Record<string, string>[] = [{}, { authorization: basicHeader('alice:wrong') }, { authorization: basicHeader('readonly:') }, { authorization: 'Basic ***' }, { authorization: 'Bearer alice:secret' }]
  for (const headers of wrong) {
    const answer = await ask({ method: 'basic' }, headers)
    assert.ok('body' in answer && answer.status === 401 && answer.body === 'Not Authorized\n')
    assert.equal(answer.headers['WWW-Authenticate'], 'Basic realm="Authorization Required"')
  }
})

test('with multi the user readonly gets in with any password, or with the one that is set, and may not write', async () => {
  const reader = { user: 'readonly', mayWrite: false, whyNot: 'read-only-user' }
  assert.deepEqual(await ask({ method: 'multi' }, { authorization: basicHeader('readonly:whatever') }), reader)
  assert.deepEqual(await ask({ method: 'multi' }, { authorization: basicHeader('alice:secret') }), { user: 'alice', mayWrite: true, whyNot: null })
  assert.deepEqual(await ask({ method: 'multi', readOnlyPassword: 'look' }, { authorization: basicHeader('readonly:look') }), reader)
  const refused = await ask({ method: 'multi', readOnlyPassword: 'look' }, { authorization: basicHeader('readonly:whatever') })
  assert.ok('status' in refused && refused.status === 401)
})

test('whoever guesses passwords is told to wait, right or wrong, and a password that was right before is not', async () => {
  const { ask: guess, clock } = gate({ method: 'basic' })
  const status = async (pair: string, address: string): Promise<number> => {
    const answer = await guess({ authorization: basicHeader(pair) }, address)
    return 'status' in answer ? answer.status : 200
  }
  assert.equal(await status('alice:secret', '10.0.0.7'), 200)
  const [again] = [guessLimits.failures]
  for (let time = 1; time < again; time++) assert.equal(await status(`alice:${time}`, '10.0.0.6'), 401)
  assert.equal(await status('alice:last', '10.0.0.6'), 429)
  assert.equal(await status('alice:secret', '10.0.0.6'), 200, 'known to be right')
  assert.equal(await status('alice:wrong', '10.0.0.7'), 401, 'another address')
  assert.equal(await status('alice:wrong', '10.0.0.6'), 429)
  clock.at += guessLimits.windowMilliseconds
  assert.equal(await status('alice:wrong', '10.0.0.6'), 401)
})

test('behind a proxy the header names the user, in any case, and power users may write', async () => {
  const power = { method: 'proxy', userHeader: 'x-forwarded-USER', powerUsers: ['wallace', 'gromit'] }
  assert.deepEqual(await ask(power, { 'x-forwarded-user': 'gromit' }), { user: 'gromit', mayWrite: true, whyNot: null })
  assert.deepEqual(await ask(power, { 'x-forwarded-user': 'shaun' }), { user: 'shaun', mayWrite: false, whyNot: 'not-in-power-users' })
  assert.deepEqual(await ask(power, { 'x-forwarded-user': 'gromit, shaun' }), { user: 'gromit, shaun', mayWrite: false, whyNot: 'not-in-power-users' }, 'sent twice')
  assert.deepEqual(await ask({ ...power, powerGroups: ['dba'] }, { 'x-forwarded-user': 'shaun' }, ['dba']), { user: 'shaun', mayWrite: true, whyNot: null })
  assert.deepEqual(await ask({ method: 'proxy' }), { user: '', mayWrite: true, whyNot: null }, 'the list holds *')
  assert.deepEqual(await ask({ ...power, powerUsers: [''] }), { user: '', mayWrite: false, whyNot: 'not-in-power-users' }, 'an empty name is nobody')
  assert.deepEqual(await ask({ ...power, powerGroups: ['dba'] }, {}, ['dba']), { user: '', mayWrite: false, whyNot: 'not-in-power-users' }, 'nobody is in no group')
})

test('where proxies are named, the header counts from them alone', async () => {
  const power = { method: 'proxy', powerUsers: ['gromit'], trustedProxies: ['10.1.0.0/16', '::1'] }
  assert.deepEqual(await ask(power, { 'x-forwarded-user': 'gromit' }, [], '::ffff:10.1.2.3'), { user: 'gromit', mayWrite: true, whyNot: null })
  for (const address of ['10.2.0.1', '', '::2', 'nonsense']) {
    assert.deepEqual(await ask(power, { 'x-forwarded-user': 'gromit' }, [], address), { user: '', mayWrite: false, whyNot: 'not-through-proxy' }, address)
    assert.deepEqual(await ask({ ...power, powerUsers: ['*'] }, { 'x-forwarded-user': 'gromit' }, [], address), { user: '', mayWrite: false, whyNot: 'not-through-proxy' }, address)
  }
  assert.equal(isTrustedProxy(['::1'], '::1'), true)
  assert.equal(wrongProxy(['10.0.0.1', '10.0.0.0/33']), '10.0.0.0/33')
  assert.equal(wrongProxy(['proxy.example']), 'proxy.example')
  assert.equal(wrongProxy(['10.0.0.1', 'fe80::/10']), null)
})

test('a token says who changes things, and without one everybody reads', async () => {
  assert.deepEqual(await ask({ method: 'token' }, { cookie: 'good' }), { user: 'tina', mayWrite: true, whyNot: null })
  assert.deepEqual(await ask({ method: 'token' }, { cookie: 'bad' }), { user: '', mayWrite: false, whyNot: 'no-token' })
  assert.deepEqual(await ask({ method: 'token', isReadOnly: true }, { cookie: 'good' }), { user: 'tina', mayWrite: false, whyNot: 'read-only-service' })
  assert.deepEqual(await ask({ method: 'oauth' }, { cookie: 'good' }), { user: '', mayWrite: false, whyNot: 'never' }, 'oauth without a provider')
})

test('a request that another site made the browser send is recognised', () => {
  const browser = { 'host': 'orc:3000', 'user-agent': 'Mozilla/5.0 (X11; Linux)', 'accept-language': 'en', 'accept': 'image/avif,image/webp,*/*' }
  assert.equal(isCrossSite({ host: 'orc:3000' }), false, 'a script')
  assert.equal(isCrossSite({ 'host': 'orc:3000', 'user-agent': 'Mozilla/5.0 PowerShell' }), false, 'a script that calls itself a browser')
  assert.equal(isCrossSite({ host: 'orc:3000', 'sec-fetch-site': 'same-origin', origin: 'http://orc:3000' }), false, 'our page')
  assert.equal(isCrossSite({ host: 'orc:3000', 'sec-fetch-site': 'none' }), false, 'typed by a person')
  assert.equal(isCrossSite({ ...browser, accept: 'text/html,*/*' }), false, 'typed by a person, without TLS')
  assert.equal(isCrossSite({ ...browser, referer: 'http://orc:3000/web/clusters' }), false, 'a link of our page')
  assert.equal(isCrossSite({ host: 'orc:3000', 'sec-fetch-site': 'cross-site' }), true)
  assert.equal(isCrossSite({ host: 'orc:3000', 'sec-fetch-site': 'same-site' }), true)
  assert.equal(isCrossSite({ host: 'orc:3000', origin: 'http://evil.example' }), true)
  assert.equal(isCrossSite({ host: 'orc:3000', origin: 'null' }), true)
  assert.equal(isCrossSite({ host: 'orc:3000', referer: 'http://evil.example/page' }), true)
  assert.equal(isCrossSite(browser), true, 'a picture on a page that hides where it is')
})
