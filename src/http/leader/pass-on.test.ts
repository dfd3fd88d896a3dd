import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { systemClock } from '../../adapters/system/clock.ts'
import { groupReason } from '../../engine/operations/views/group-view.ts'
import { defaultValues } from '../../kit/setting.ts'
import type { GroupStanding } from '../../ports/group.ts'
import { authentication } from '../authentication/authentication.ts'
import { json, type Request } from '../exchange.ts'
import type { PageFiles } from '../page-files.ts'
import { here, Router, type Route } from '../router.ts'
import { serve } from '../server.ts'
import { httpSettings } from '../settings.ts'
import { PassOn, type PassOnParts } from './pass-on.ts'

const quiet = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined }

interface Manager {
  readonly uri: string
  readonly passOn: PassOn
  /** What it was asked, and answered itself. */
  readonly asked: Request[]
  follows(leader: { readonly name: string; readonly uri: string | null } | null): void
}

const standing = (self: string, leader: GroupStanding['leader']): GroupStanding => ({
  mode: 'raft', self, state: leader?.name === self ? 'leader' : 'follower', leader, term: 3, isPartOfQuorum: leader !== null, members: [], log: null, says: groupReason('no-manager-acts', {}),
})

const gate = { ...defaultValues(httpSettings), user: 'dba', password: 'secret', userHeader: '', powerUsers: [] }

/** A real HTTP server with two routes; the group is told to it. */
async function manager(t: TestContext, name: string, method = '', limits: Exclude<PassOnParts['limits'], undefined> = {}): Promise<Manager> {
  const asked: Request[] = []
  let leader: GroupStanding['leader'] = null
  const route = (pattern: string, more: Partial<Route> = {}): Route => ({
    method: 'GET', pattern, ...more,
    answer: async request => {
      asked.push(request)
      return json({ by: name, body: await request.body(), mayChange: request.mayChange, through: request.askedThrough, filler: 'x'.repeat(2000) }, request.query.get('status') === '409' ? 409 : 200)
    },
  })
  const passOn = new PassOn({ self: name, log: quiet, tls: {}, limits })
  const listening = await serve({
    router: new Router([route('/api/clusters'), route('/api/v2/clusters'), route('/api/v2/operations/:name', { method: 'POST' }), route('/api/lb-check', { isHere: here })]),
    authentication: authentication({ settings: { ...gate, method }, groupsOf: () => Promise.resolve([]), tokens: { holder: () => Promise.resolve(null) }, signIn: null, clock: systemClock }), certificates: null, rate: null, prefix: '', outsidePrefix: new Set(), log: quiet, requestId: () => 'r1',
    // Only asked for paths that no route has.
    pageFiles: { answer: () => null } as unknown as PageFiles, group: { standing: () => standing(name, leader) }, passOn,
  }, { host: '127.0.0.1', port: 0 })
  t.after(() => listening.close())
  const uri = `http://127.0.0.1:${listening.port}`
  return { uri, passOn, asked, follows: now => (leader = now) }
}

/** Leader and follower that know of each other. */
async function pair(t: TestContext, method = '') {
  const [leads, follows] = [await manager(t, 'one:10008', method), await manager(t, 'two:10008', method)]
  const leader = { name: 'one:10008', uri: leads.uri }
  leads.follows(leader)
  follows.follows(leader)
  return { leads, follows }
}

/** A program at the leader's place that answers as told. */
async function strange(t: TestContext, answer: (incoming: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => { server.closeAllConnections(); server.close() })
  // It listens on a port, so this is what it is.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const jsonOf = async (response: Response): Promise<Readonly<Record<string, unknown>>> => (await response.json()) as Record<string, unknown>

/** A connection's end is noticed a moment after the answer's. */
async function nothingUnderWay({ passOn }: Manager): Promise<void> {
  for (const until = Date.now() + 15_000; passOn.underWay > 0; await setTimeout(10)) assert.ok(Date.now() < until, `${passOn.underWay} are under way`)
}

async function waits({ passOn }: Manager): Promise<void> {
  for (const until = Date.now() + 15_000; passOn.waiting === 0; await setTimeout(5)) assert.ok(Date.now() < until, 'nobody waits for another leader')
}

test('a follower passes on what the leader answers: query, body, headers, status', async t => {
  const { leads, follows } = await pair(t)
  const read = await fetch(`${follows.uri}/api/clusters?status=409&a=%2F`, { headers: { 'x-forwarded-user': 'alice', cookie: 'access-token=a:b' } })
  assert.equal(read.status, 409)
  assert.equal(read.headers.get('content-type'), 'application/json; charset=UTF-8')
  assert.deepEqual([read.headers.get('content-encoding'), (await jsonOf(read))['by']], ['gzip', 'one:10008'])
  const [first] = leads.asked
  assert.deepEqual([first?.query.get('a'), first?.headers['x-forwarded-user'], first?.headers.cookie], ['/', 'alice', 'access-token=a:b'])
  assert.equal(first?.headers.host, new URL(follows.uri).host, 'the leader sees the host that was asked, to tell foreign pages from its own')
  const written = await jsonOf(await fetch(`${follows.uri}/api/v2/operations/tag`, { method: 'POST', body: '{"input":{}}' }))
  assert.deepEqual([written['by'], written['body'], written['mayChange'], written['through']], ['one:10008', '{"input":{}}', true, 'two:10008'])
  assert.equal(follows.asked.length, 0)
  await nothingUnderWay(follows)
})

test('what concerns the manager that is asked, and what nobody knows, is answered there', async t => {
  const { leads, follows } = await pair(t)
  assert.equal((await jsonOf(await fetch(`${follows.uri}/api/lb-check`)))['by'], 'two:10008')
  assert.equal((await fetch(`${follows.uri}/api/no-such-route`)).status, 404)
  assert.equal((await fetch(`${follows.uri}/api/clusters`, { method: 'PUT' })).status, 404)
  assert.equal(leads.asked.length, 0)
})

test('without a leader, or without its address, reads show what is remembered here, and nothing may be changed', async t => {
  const { follows } = await pair(t)
  for (const leader of [null, { name: 'one:10008', uri: null }]) {
    follows.follows(leader)
    const answer = await jsonOf(await fetch(`${follows.uri}/api/clusters`))
    assert.deepEqual([answer['by'], answer['mayChange']], ['two:10008', false])
  }
})

test('two managers that each take the other for the leader do not send a request round', async t => {
  const { leads, follows } = await pair(t)
  leads.follows({ name: 'two:10008', uri: follows.uri })
  const answer = await jsonOf(await fetch(`${follows.uri}/api/clusters`))
  assert.deepEqual([answer['by'], answer['mayChange'], leads.asked.length, follows.asked.length], ['one:10008', false, 1, 0])
})

test('the password is asked for before anything is passed on, and is passed on', async t => {
  const { leads, follows } = await pair(t, 'basic')
  assert.equal((await fetch(`${follows.uri}/api/clusters`)).status, 401)
  assert.equal(leads.asked.length, 0)
  const authorization = `Basic ${Buffer.from('dba:secret').toString('base64')}`
  assert.equal((await jsonOf(await fetch(`${follows.uri}/api/clusters`, { headers: { authorization } })))['by'], 'one:10008')
  assert.equal(leads.asked[0]?.person.user, 'dba')
})

test('a leader that cannot be reached is told of, with what is known of the request', async t => {
  const follows = await manager(t, 'two:10008', '', { otherLeaderMilliseconds: 50 })
  follows.follows({ name: 'one:10008', uri: 'http://127.0.0.1:1' })
  const former = await fetch(`${follows.uri}/api/clusters`)
  assert.deepEqual([former.status, former.headers.get('content-type')], [502, 'text/plain; charset=utf-8'])
  assert.match(await former.text(), /^502 The leader http:\/\/127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED.*Nothing was asked of it/)
  assert.equal((await jsonOf(await fetch(`${follows.uri}/api/v2/clusters`)))['code'], 'leader-unreachable')
  follows.follows({ name: 'one:10008', uri: await strange(t, incoming => incoming.socket.destroy()) })
  const ended = await fetch(`${follows.uri}/api/v2/operations/tag`, { method: 'POST', body: '{}' })
  assert.deepEqual([ended.status, (await jsonOf(ended))['code']], [502, 'leader-ended'])
  await nothingUnderWay(follows)
})

test('events come through as they happen, and end when somebody else leads', async t => {
  const { follows } = await pair(t)
  let tell: (text: string) => void = () => undefined
  const uri = await strange(t, (_incoming, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: hello\n\n')
    tell = text => void response.write(text)
  })
  follows.follows({ name: 'one:10008', uri })
  const response = await fetch(`${follows.uri}/api/v2/clusters`)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.equal((await reader?.read())?.value, 'event: hello\n\n')
  tell('event: cluster\n\n')
  assert.equal((await reader?.read())?.value, 'event: cluster\n\n')
  follows.passOn.leaderIs(uri)
  tell('event: audit\n\n')
  assert.equal((await reader?.read())?.value, 'event: audit\n\n', 'the same leader goes on')
  follows.passOn.leaderIs('http://127.0.0.9:1')
  await assert.rejects(async () => reader?.read(), 'a stream that is cut is not a stream that ended well')
  await nothingUnderWay(follows)
})

test('what a leader was asked before another one led it may still answer, for a while', async t => {
  const follows = await manager(t, 'two:10008', '', { formerLeaderMilliseconds: 300 })
  const waiting: ServerResponse[] = []
  const uri = await strange(t, (incoming, response) => {
    if (incoming.url === '/api/lb-check') response.end('it lives')
    else waiting.push(response)
  })
  follows.follows({ name: 'one:10008', uri })
  const [answered, late] = [fetch(`${follows.uri}/api/clusters`), fetch(`${follows.uri}/api/clusters`)]
  for (const until = Date.now() + 15_000; waiting.length < 2; await setTimeout(10)) assert.ok(Date.now() < until)
  follows.passOn.leaderIs(null)
  for (const response of waiting.slice(0, 1)) response.end('done')
  const texts = await Promise.all([answered, late].map(async response => (await response).text()))
  assert.equal(texts.filter(text => text === 'done').length, 1)
  assert.equal(texts.filter(text => /^502 The leader .* did not answer: it does not lead any more\. Whether it did what was asked is not known/.test(text)).length, 1)
})

test('a former leader that gives no sign of life is not waited for: whoever asked for a change is told that nobody knows what came of it', async t => {
  // Were it waited for, the test would not end.
  const follows = await manager(t, 'two:10008', '', { formerLeaderMilliseconds: 3_600_000, lifeMilliseconds: 100 })
  let isAsked: () => void = () => undefined
  const asked = new Promise<void>(resolve => (isAsked = resolve))
  follows.follows({ name: 'one:10008', uri: await strange(t, () => isAsked()) })
  const change = fetch(`${follows.uri}/api/v2/operations/tag`, { method: 'POST', body: '{}' })
  await asked
  follows.passOn.leaderIs(null)
  const answer = await change
  assert.deepEqual([answer.status, (await jsonOf(answer))['code']], [502, 'leader-ended'])
  await nothingUnderWay(follows)
})

test('what changes nothing is asked of the next leader as soon as there is one; so is a change that was not sent, once', async t => {
  const [one, two, follows] = [await manager(t, 'one:10008'), await manager(t, 'two:10008'), await manager(t, 'three:10008', '', { otherLeaderMilliseconds: 3_600_000 })]
  two.follows({ name: 'two:10008', uri: two.uri })
  let isAsked: () => void = () => undefined
  const asked = new Promise<void>(resolve => (isAsked = resolve))
  const hanging = await strange(t, () => isAsked())
  const nextLeads = (): void => {
    follows.follows({ name: 'two:10008', uri: two.uri })
    follows.passOn.leaderIs(two.uri)
  }
  follows.follows({ name: 'one:10008', uri: hanging })
  follows.passOn.leaderIs(hanging)
  const read = fetch(`${follows.uri}/api/v2/clusters`)
  await asked
  follows.passOn.leaderIs(null)
  nextLeads()
  assert.equal((await jsonOf(await read))['by'], 'two:10008')
  const gone = 'http://127.0.0.1:1'
  follows.follows({ name: 'one:10008', uri: gone })
  follows.passOn.leaderIs(gone)
  const change = fetch(`${follows.uri}/api/v2/operations/tag`, { method: 'POST', body: '{"input":{}}' })
  await waits(follows)
  nextLeads()
  const written = await jsonOf(await change)
  assert.deepEqual([written['by'], written['body'], written['mayChange']], ['two:10008', '{"input":{}}', true])
  assert.deepEqual([two.asked.map(({ method }) => method), one.asked.length, follows.asked.length], [['GET', 'POST'], 0, 0])
})

test('where this manager itself leads next it answers, and may change; where nobody does for long, it says what it remembers', async t => {
  const follows = await manager(t, 'two:10008', '', { otherLeaderMilliseconds: 300 })
  const gone = 'http://127.0.0.1:1'
  follows.follows({ name: 'one:10008', uri: gone })
  follows.passOn.leaderIs(gone)
  const asked = fetch(`${follows.uri}/api/v2/operations/tag`, { method: 'POST', body: '{"input":{}}' })
  await waits(follows)
  follows.follows({ name: 'two:10008', uri: follows.uri })
  follows.passOn.leaderIs(follows.uri)
  const answer = await jsonOf(await asked)
  assert.deepEqual([answer['by'], answer['body'], answer['mayChange']], ['two:10008', '{"input":{}}', true])
  follows.follows({ name: 'one:10008', uri: gone })
  follows.passOn.leaderIs(gone)
  const read = fetch(`${follows.uri}/api/v2/clusters`)
  await waits(follows)
  follows.follows(null)
  follows.passOn.leaderIs(null)
  const remembered = await jsonOf(await read)
  assert.deepEqual([remembered['by'], remembered['mayChange']], ['two:10008', false])
})

test('an answer without end, and more requests than may wait at once, are cut off', async t => {
  const follows = await manager(t, 'two:10008', '', { atOnce: 1, answerBytes: 100_000 })
  let pieces = 0
  const uri = await strange(t, (_incoming, response) => {
    const more = (): void => void (response.destroyed || response.write('x'.repeat(10_000), () => { pieces += 1; setImmediate(more) }))
    more()
  })
  follows.follows({ name: 'one:10008', uri })
  const endless = await fetch(`${follows.uri}/api/clusters`)
  await assert.rejects(endless.text())
  assert.ok(pieces < 2000, `${pieces} pieces were taken`)
  await nothingUnderWay(follows)
  follows.follows({ name: 'one:10008', uri: await strange(t, () => undefined) })
  const leaving = new AbortController()
  const gone = assert.rejects(fetch(`${follows.uri}/api/clusters`, { signal: leaving.signal }))
  for (const until = Date.now() + 15_000; follows.passOn.underWay < 1; await setTimeout(10)) assert.ok(Date.now() < until)
  const refused = await fetch(`${follows.uri}/api/v2/clusters`)
  assert.deepEqual([refused.status, (await jsonOf(refused))['code']], [503, 'leader-busy'])
  leaving.abort()
  await gone
})

test('who goes before the answer is not waited for', async t => {
  const { follows } = await pair(t)
  let isAsked: () => void = () => undefined
  const asked = new Promise<void>(resolve => (isAsked = resolve))
  let isCut: () => void = () => undefined
  const cut = new Promise<void>(resolve => (isCut = resolve))
  follows.follows({ name: 'one:10008', uri: await strange(t, incoming => { incoming.socket.on('close', isCut); isAsked() }) })
  const leaving = new AbortController()
  const gone = assert.rejects(fetch(`${follows.uri}/api/clusters`, { signal: leaving.signal }))
  await asked
  leaving.abort()
  await Promise.all([gone, cut])
  await nothingUnderWay(follows)
})

test('more than fits is refused before it is passed on', async t => {
  const { leads, follows } = await pair(t)
  assert.equal((await fetch(`${follows.uri}/api/v2/operations/tag`, { method: 'POST', body: 'x'.repeat((1 << 20) + 1) })).status, 413)
  assert.equal(leads.asked.length, 0)
})
