import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { addressInUse, readAddress, remoteCaller, type RemoteSettings } from './remote-caller.ts'

interface Asked {
  readonly path: string
  readonly authorization: string | undefined
  readonly user: string | undefined
}

type Answer = (path: string) => { readonly status: number; readonly body?: string }

const servers: Server[] = []
after(() => {
  for (const server of servers) server.close()
})

/** A manager that answers as it is told. */
async function manager(answer: Answer): Promise<{ readonly address: string; readonly asked: readonly Asked[] }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    // One value each.
    asked.push({ path, authorization: request.headers.authorization, user: request.headers['x-forwarded-user'] as string | undefined })
    const { status, body = '"OK"' } = answer(path)
    response.writeHead(status, { 'content-type': 'application/json', 'connection': 'close' }).end(body)
  })
  servers.push(server)
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked } // it listens on a port
}

const leads: Answer = () => ({ status: 200 })
const follows: Answer = () => ({ status: 404, body: '"Not leader"' })
const anybody = { user: '', password: '', header: '' }
/** A machine with much else to do may be late with its first answer. */
const patient = { leaderWaitMilliseconds: 60_000 }
const among = (addresses: readonly string[], more: Partial<RemoteSettings> = {}): RemoteSettings => ({ ...anybody, addresses, ...more })

test('one address is taken as it is, and nothing is asked', async () => {
  const { address, asked } = await manager(follows)
  assert.deepEqual(await addressInUse(among([`${address}/`])), { ok: true, value: `${address}/api` })
  assert.deepEqual(await addressInUse(among([`${address}/prefix/api`])), { ok: true, value: `${address}/prefix/api` })
  assert.deepEqual(asked, [])
})

test('of several addresses the one that leads is taken; a dead one is passed over', async () => {
  const [follower, leader] = [await manager(follows), await manager(leads)]
  assert.deepEqual(await addressInUse(among(['http://127.0.0.1:1', follower.address, `${leader.address}/api`], patient)), { ok: true, value: `${leader.address}/api` })
  for (const { asked } of [follower, leader]) assert.equal(asked[0]?.path, '/api/leader-check')
})

test('where none says that it leads, one is taken that passes on to the one that does', async () => {
  const [first, second] = [await manager(follows), await manager(path => ({ status: path === '/api/routed-leader-check' ? 200 : 404 }))]
  assert.deepEqual(await addressInUse(among([first.address, second.address], patient)), { ok: true, value: `${second.address}/api` })
})

test('where none leads that is said at once, or after a while in which one may come to lead', async () => {
  const alone = await manager(follows)
  const none = await addressInUse(among([alone.address, 'http://127.0.0.1:1']))
  assert.equal(none.ok ? '' : none.failure.text, `Cannot determine leader from ${alone.address}/api http://127.0.0.1:1/api`)
  let times = 0
  const elected = await manager(path => ({ status: path === '/api/leader-check' && ++times > 2 ? 200 : 404 }))
  assert.deepEqual(await addressInUse(among([alone.address, elected.address], patient)), { ok: true, value: `${elected.address}/api` })
})

test('whoever may not ask is told so at once, by the search and by the answer', async () => {
  const closed = await manager(() => ({ status: 401, body: 'Not Authorized' }))
  const refused = async (settings: RemoteSettings): Promise<string> => {
    const outcome = await remoteCaller(settings, Date.now).run('clusters', {}, '')
    return outcome.ok ? '' : outcome.failure.text
  }
  assert.equal(await refused(among([closed.address, closed.address], patient)), `Cannot access orchestrator at ${closed.address}/api: 401 Unauthorized`)
  assert.equal(await refused(among([closed.address])), `Cannot access orchestrator at ${closed.address}/api/v2/operations/clusters: 401 Unauthorized`)
})

test('credentials and the header go with the search and with every request', async () => {
  const { address, asked } = await manager(path => ({ status: 200, body: path.includes('/v2/') ? '{"state":"done","output":["db1:3306"]}' : '"OK"' }))
  const settings = among([address, address], { user: 'ann', password: 'x:y', header: 'X-Forwarded-User: bob', ...patient })
  assert.deepEqual(await remoteCaller(settings, Date.now).run('clusters', {}, ''), { ok: true, value: ['db1:3306'] })
  assert.deepEqual(await readAddress(settings, '/clusters'), { ok: true, value: { text: '"OK"', status: 200 } })
  assert.ok(asked.length >= 4)
  for (const { authorization, user } of asked) assert.deepEqual([authorization, user], [`Basic ${Buffer.from('ann:x:y').toString('base64')}`, 'bob'])
})

test('an answer of another program is told as it came, a service that is not there with the reason', async () => {
  const other = await manager(() => ({ status: 200, body: '{"hello":"world"}' }))
  const outcome = await remoteCaller(among([other.address]), Date.now).run('clusters', {}, '')
  assert.equal(outcome.ok ? '' : outcome.failure.text, `${other.address}/api/v2/operations/clusters answered status 200: {"hello":"world"}`)
  const gone = await remoteCaller(among(['http://127.0.0.1:1']), Date.now).run('clusters', {}, '')
  assert.match(gone.ok ? '' : gone.failure.text, /^Cannot access orchestrator at http:\/\/127\.0\.0\.1:1\/api\/v2\/operations\/clusters: /)
})
