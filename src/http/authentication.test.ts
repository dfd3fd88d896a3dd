import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authentication, type AuthenticationSettings } from './authentication.ts'
import { isCrossSite } from './cross-site.ts'

const settings: AuthenticationSettings = {
  AuthenticationMethod: '', HTTPAuthUser: 'alice', HTTPAuthPassword: 'secret', AuthUserHeader: 'X-Forwarded-User',
  PowerAuthUsers: ['*'], PowerAuthGroups: [], ReadOnly: false,
}
const basicHeader = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`
const ask = (changes: Partial<AuthenticationSettings>, headers: Record<string, string> = {}, groups: readonly string[] = []) =>
  authentication({ ...settings, ...changes }, () => groups).identify(headers)

test('without a method everybody may write, unless the service is read-only', () => {
  assert.deepEqual(ask({}), { user: '', mayWrite: true, whyNot: null })
  assert.deepEqual(ask({ AuthenticationMethod: 'something else' }), { user: '', mayWrite: true, whyNot: null })
  assert.deepEqual(ask({ ReadOnly: true }), { user: '', mayWrite: false, whyNot: 'read-only-service' })
})

test('basic authentication asks for exactly the configured pair', () => {
  assert.deepEqual(ask({ AuthenticationMethod: 'Basic' }, { authorization: basicHeader('alice:secret') }), { user: 'alice', mayWrite: true, whyNot: null })
  for (const headers of [{}, { authorization: basicHeader('alice:wrong') }, { authorization: basicHeader('readonly:') }, { authorization: 'Basic ***' }]) {
    const answer = ask({ AuthenticationMethod: 'basic' }, headers as Record<string, string>)
    assert.ok('body' in answer && answer.status === 401 && answer.body === 'Not Authorized\n')
    assert.equal(answer.headers['WWW-Authenticate'], 'Basic realm="Authorization Required"')
  }
})

test('with multi the user readonly gets in with any password and may not write', () => {
  assert.deepEqual(ask({ AuthenticationMethod: 'multi' }, { authorization: basicHeader('readonly:whatever') }), { user: 'readonly', mayWrite: false, whyNot: 'read-only-user' })
  assert.deepEqual(ask({ AuthenticationMethod: 'multi' }, { authorization: basicHeader('alice:secret') }), { user: 'alice', mayWrite: true, whyNot: null })
})

test('behind a proxy the header names the user, in any case, and power users may write', () => {
  const power = { AuthenticationMethod: 'proxy', AuthUserHeader: 'x-forwarded-USER', PowerAuthUsers: ['wallace', 'gromit'] }
  assert.deepEqual(ask(power, { 'x-forwarded-user': 'gromit' }), { user: 'gromit', mayWrite: true, whyNot: null })
  assert.deepEqual(ask(power, { 'x-forwarded-user': 'shaun' }), { user: 'shaun', mayWrite: false, whyNot: 'not-in-power-users' })
  assert.deepEqual(ask({ ...power, PowerAuthGroups: ['dba'] }, { 'x-forwarded-user': 'shaun' }, ['dba']), { user: 'shaun', mayWrite: true, whyNot: null })
  assert.deepEqual(ask({ AuthenticationMethod: 'proxy' }), { user: '', mayWrite: true, whyNot: null }, 'the list holds *')
  assert.deepEqual(ask({ ...power, PowerAuthUsers: [''] }), { user: '', mayWrite: false, whyNot: 'not-in-power-users' }, 'an empty name is nobody')
})

test('a request that another site made the browser send is recognised', () => {
  assert.equal(isCrossSite({ host: 'orc:3000' }), false, 'a script')
  assert.equal(isCrossSite({ host: 'orc:3000', 'sec-fetch-site': 'same-origin', origin: 'http://orc:3000' }), false, 'our page')
  assert.equal(isCrossSite({ host: 'orc:3000', 'sec-fetch-site': 'none' }), false, 'typed by a person')
  assert.equal(isCrossSite({ host: 'orc:3000', 'sec-fetch-site': 'cross-site' }), true)
  assert.equal(isCrossSite({ host: 'orc:3000', origin: 'http://evil.example' }), true)
  assert.equal(isCrossSite({ host: 'orc:3000', origin: 'null' }), true)
})
