import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultValues } from '../../kit/setting.ts'
import type { AccessToken } from '../../ports/access-tokens.ts'
import { type HttpSettings, httpSettings } from '../settings.ts'
import { cookieText, readCookies } from './cookies.ts'
import { seal, sealKey, unseal } from './sealed.ts'
import { Tokens } from './tokens.ts'

const publicToken = 'p'.repeat(64)

/** Tokens over a store in memory, which can be away. */
function tokens(token: Partial<AccessToken> = {}, settings: Partial<HttpSettings> = {}) {
  const rows = new Map([[publicToken, { publicToken, secret: 'plain', generatedAt: 1_000_000, owner: 'ann', isAcquired: false, isReentrant: false, ...token }]])
  const world = { now: 1_000_000, at: 0, isAway: false, warnings: 0 }
  const log = { debug: () => undefined, info: () => undefined, error: () => undefined, warning: () => void world.warnings++ }
  const subject = new Tokens({
    settings: { ...defaultValues(httpSettings), ...settings }, clock: { now: () => world.now, monotonic: () => world.at }, log,
    store: {
      find: name => (world.isAway ? Promise.reject(new Error('away')) : Promise.resolve(rows.get(name) ?? null)),
      take: ({ token: taken, keptSecret }) => {
        const row = rows.get(taken.publicToken)
        if (row === undefined || (row.isAcquired && !row.isReentrant)) return Promise.resolve(false)
        rows.set(row.publicToken, { ...row, isAcquired: true, secret: keptSecret })
        return Promise.resolve(true)
      },
    },
  })
  return { subject, rows, world, holder: (value: string) => subject.holder({ cookie: `other=1; access-token=${value}` }) }
}

test('a token is taken once, in time, and from then on its digest alone is kept', async () => {
  const { subject, rows, holder } = tokens()
  const value = await subject.take(publicToken) ?? ''
  assert.match(value, /^p{64}:[0-9a-f]{64}$/)
  assert.equal(await subject.take(publicToken), null, 'used before')
  assert.ok(rows.get(publicToken)?.secret.startsWith('sha256:') === true && !JSON.stringify([...rows]).includes(value.slice(65)))
  assert.deepEqual(await holder(value), { owner: 'ann' })
  assert.deepEqual(await subject.holder({ authorization: `Bearer ${value}` }), { owner: 'ann' })
  assert.equal(await subject.take('q'.repeat(64)), null, 'unknown')
  const late = tokens()
  late.world.now += 60_001
  assert.equal(await late.subject.take(publicToken), null, 'too late')
})

test('a token lapses, counted from when it was issued, unless it may be taken again', async () => {
  const { subject, world, holder } = tokens()
  const value = await subject.take(publicToken) ?? ''
  world.now += 1440 * 60_000 - 1
  assert.deepEqual(await holder(value), { owner: 'ann' })
  world.now += 1
  assert.equal(await holder(value), null)
  const again = tokens({ isReentrant: true })
  assert.equal(await again.subject.take(publicToken), `${publicToken}:plain`)
  again.world.now += 1e12
  assert.equal(await again.subject.take(publicToken), `${publicToken}:plain`, 'by as many as hold it')
  assert.deepEqual(await again.holder(`${publicToken}:plain`), { owner: 'ann' })
})

test('a token that the original handed out counts, and nothing that is not exactly a token does', async () => {
  const { holder, subject } = tokens({ isAcquired: true, secret: 'b'.repeat(64) })
  assert.deepEqual(await holder(`${publicToken}:${'b'.repeat(64)}`), { owner: 'ann' })
  const bad = ['', ':', 'abc', publicToken, `${publicToken}:`, `${publicToken}:c`, `:${'b'.repeat(64)}`, `${publicToken}:${'b'.repeat(63)}`, `${publicToken.toUpperCase()}:${'b'.repeat(64)}`, `${publicToken}:sha256:x`, `${'é'.repeat(20)}:x`, `${publicToken}:${'b'.repeat(9999)}`]
  for (const value of bad) assert.equal(await holder(value), null, value.slice(0, 90))
  for (const headers of [{}, { cookie: '=;;=;access-token' }, { authorization: 'Bearer' }, { authorization: `Basic ${publicToken}` }]) assert.equal(await subject.holder(headers), null)
  const digest = `sha256:${'0'.repeat(64)}`
  const kept = tokens({ isAcquired: true, secret: digest })
  assert.equal(await kept.holder(`${publicToken}:${digest}`), null, 'the digest is not the secret')
  const notTaken = tokens({ secret: 'b'.repeat(64) })
  assert.equal(await notTaken.holder(`${publicToken}:${'b'.repeat(64)}`), null, 'not taken yet')
})

test('while the store is away the tokens that were seen still hold, and no others', async () => {
  const { subject, world, holder } = tokens()
  const value = await subject.take(publicToken) ?? ''
  assert.deepEqual(await holder(value), { owner: 'ann' })
  world.isAway = true
  world.at += 60_000
  assert.deepEqual(await holder(value), { owner: 'ann' })
  assert.equal(await holder(`${'q'.repeat(64)}:x`), null)
  assert.equal(world.warnings, 2)
})

test('what is sealed is opened by its key alone, unchanged, for its purpose, and in time', () => {
  const key = sealKey('secret', 'session')
  const text = seal(key, { user: 'ann' }, 1000)
  assert.deepEqual(unseal(key, text, 999), { user: 'ann' })
  assert.equal(unseal(key, text, 1000), null)
  assert.equal(unseal(sealKey('secret', 'sign-in'), text, 1), null)
  assert.equal(unseal(sealKey('other', 'session'), text, 1), null)
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === 'A' ? 'B' : 'A'
    const changed = text.slice(0, at) + other + text.slice(at + 1)
    // The last sign may hold bits that are no part of the bytes.
    if (!Buffer.from(changed, 'base64url').equals(Buffer.from(text, 'base64url'))) assert.equal(unseal(key, changed, 1), null, String(at))
  }
  for (const bad of [undefined, '', 'AAAA', '%%%', 'A'.repeat(5000)]) assert.equal(unseal(key, bad, 1), null)
})

test('cookies are read whatever they are, and written so that no script and no other site has them', () => {
  assert.deepEqual([...readCookies('a=1; b="two"; =x; c; d==; a=3; __proto__=y')], [['a', '1'], ['b', 'two'], ['d', '='], ['__proto__', 'y']])
  assert.deepEqual([...readCookies(undefined)], [])
  assert.equal(cookieText('a', 'b', { isSecure: true, seconds: 60 }), 'a=b; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure')
  assert.equal(cookieText('a', 'b', { isSecure: false, seconds: null }), 'a=b; Path=/; HttpOnly; SameSite=Lax')
})
