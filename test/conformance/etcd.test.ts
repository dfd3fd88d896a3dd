import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { EtcdClient } from '../../src/adapters/etcd/etcd-client.ts'
import { usualEtcdLimits } from '../../src/adapters/etcd/options.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { EtcdFailure } from '../../src/ports/etcd.ts'
import { MemoryEtcd } from '../harness/etcd/memory-etcd.ts'
import { RealEtcd, whyNoEtcd } from '../harness/etcd/real-etcd.ts'
import { Authority } from '../harness/raft/certificates.ts'
import { etcdSuite } from './etcd-suite.ts'

const deadline = 15_000
const skip = (await whyNoEtcd()) ?? false
const patient = { ...usualEtcdLimits, attemptMilliseconds: 5000 }
let real: RealEtcd

before(async () => { if (skip === false) real = await RealEtcd.start() })
after(async () => { if (skip === false) await real[Symbol.asyncDispose]() })

// They wait for leases more than they work.
describe('what every etcd does', { concurrency: true }, () => {
  for (const [number, { name, tries }] of etcdSuite.entries()) {
    test(`a real etcd: ${name}`, { skip }, async () => {
      const client = real.client({ limits: patient })
      await tries(client, `/suite/${number}/`)
      client.close()
    })
    test(`the etcd in memory: ${name}`, () => tries(new MemoryEtcd(systemClock).client('a'), `/suite/${number}/`))
  }
})

const put = (key: string, value: string | Uint8Array = '') => ({ when: [], acts: [{ do: 'put', key, value } as const], otherwise: [] })

test('a request that is too large says so, and so does a past that is no longer kept', { skip }, async () => {
  const client = real.client({ limits: patient })
  const large = await client.transact(put('/large', Buffer.alloc(2 * 1024 * 1024)), deadline)
  assert.equal(large.ok ? null : large.failure.kind, 'too-large')
  const fits = await client.transact(put('/fits', Buffer.alloc(1024 * 1024)), deadline)
  assert.ok(fits.ok)
  await client.transact(put('/fits'), deadline)
  const compacted = await fetch(`${real.endpoints[0]}/v3/kv/compaction`, { method: 'POST', body: JSON.stringify({ revision: String(fits.value.revision) }) })
  assert.equal(compacted.status, 200)
  const failure = await new Promise<EtcdFailure>(resolve => client.watch({ key: '/', upTo: '0', fromRevision: 2 }, { seen: () => {}, ended: resolve }))
  assert.equal(failure.kind, 'compacted')
  client.close()
})

test('members that are dead, deaf or no etcd are passed over, and the failure names the last of them when nobody is left', { skip }, async () => {
  const deaf = createServer(socket => { socket.on('error', () => {}) })
  const stranger = createServer(socket => {
    socket.on('error', () => {})
    socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 4\r\nconnection: close\r\n\r\noops')
  })
  const ports = await Promise.all([deaf, stranger].map(server => new Promise<number>(resolve => server.listen(0, '127.41.10.9', () => {
    const address = server.address()
    resolve(typeof address === 'object' && address !== null ? address.port : 0)
  }))))
  const [dead, first, second] = ['http://127.41.10.9:1', ...ports.map(port => `http://127.41.10.9:${port}`)] as [string, string, string] // three, as written
  const client = real.client({ endpoints: [dead, first, second, real.endpoints[0] ?? ''], limits: { ...patient, attemptMilliseconds: 300 } })
  assert.ok((await client.transact(put('/passed-over'), deadline)).ok)
  client.close()
  const alone = real.client({ endpoints: [dead, first], limits: { ...patient, attemptMilliseconds: 200 } })
  const failed = await alone.transact(put('/nobody'), 1000)
  assert.equal(failed.ok ? null : failed.failure.kind, 'unreachable')
  assert.match(failed.ok ? '' : failed.failure.text, /127\.41\.10\.9:(1:.*ECONNREFUSED|\d+ did not answer)/)
  alone.close()
  deaf.close()
  stranger.close()
})

test('a user and a password are needed where etcd asks for them; a token that etcd has forgotten is asked for anew', { skip }, async () => {
  await using own = await RealEtcd.start()
  const ask = async (path: string, body: object): Promise<void> => {
    const answer = await fetch(`${own.endpoints[0]}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) })
    assert.equal(answer.status, 200, `${path}: ${await answer.text()}`)
  }
  await ask('auth/role/add', { name: 'root' })
  await ask('auth/user/add', { name: 'root', password: 'not easily guessed' })
  await ask('auth/user/grant', { user: 'root', role: 'root' })
  await ask('auth/enable', {})
  const kinds = await Promise.all([null, { user: 'root', password: 'guessed' }, { user: 'root', password: 'not easily guessed' }].map(async login => {
    const client = own.client({ login, limits: patient })
    const answer = await client.transact(put('/who'), deadline)
    client.close()
    return answer.ok ? 'done' : answer.failure.kind
  }))
  assert.deepEqual(kinds, ['denied', 'denied', 'done'])
  const client = own.client({ login: { user: 'root', password: 'not easily guessed' }, limits: patient })
  assert.ok((await client.transact(put('/who'), deadline)).ok)
  await own.kill('e0') // simple tokens live in its memory
  own.begin('e0')
  assert.ok((await client.transact(put('/who'), deadline)).ok)
  const seen: string[] = []
  const stop = client.watch({ key: '/', upTo: '0', fromRevision: 1 }, { seen: events => seen.push(...events.map(({ kind }) => kind)), ended: failure => seen.push(failure.text) })
  const end = performance.now() + deadline
  while (seen.length < 3 && performance.now() < end) await sleep(20)
  assert.deepEqual(seen.filter(each => each !== 'put'), [])
  assert.ok(seen.length >= 3)
  stop()
  client.close()
})

test('over TLS both sides show certificates, and a stranger gets nothing', { skip }, async () => {
  const [authority, other] = [new Authority(), new Authority('somebody else')]
  const folder = await mkdtemp(join(tmpdir(), 'orc-etcd-tls-'))
  const [server, ours, strange] = [authority.issue('127.41.10.1'), authority.issue('a'), other.issue('a')]
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  await using etcd = await RealEtcd.start({ tls: { certificate: await file('server.pem', server.certificate), key: await file('server.key', server.key), authority: await file('ca.pem', authority.certificate) } })
  const client = (tls: { ca: string; cert?: string; key?: string }): EtcdClient => etcd.client({ tls, limits: patient })
  await etcd.ready(client({ ca: authority.certificate, cert: ours.certificate, key: ours.key }))
  for (const tls of [{ ca: authority.certificate }, { ca: authority.certificate, cert: strange.certificate, key: strange.key }, { ca: other.certificate, cert: ours.certificate, key: ours.key }]) {
    const stranger = client(tls)
    const answer = await stranger.transact(put('/tls'), 500)
    assert.equal(answer.ok ? null : answer.failure.kind, 'unreachable')
    assert.match(answer.ok ? '' : answer.failure.text, /certificate|alert|reset|EPROTO|hang up/i)
    stranger.close()
  }
  const known = client({ ca: authority.certificate, cert: ours.certificate, key: ours.key })
  const seen: string[] = []
  const stop = known.watch({ key: '/', upTo: '0', fromRevision: 1 }, { seen: events => seen.push(...events.map(({ kind }) => kind)), ended: failure => seen.push(failure.text) })
  assert.ok((await known.transact(put('/tls'), deadline)).ok)
  const end = performance.now() + deadline
  while (seen.length === 0 && performance.now() < end) await sleep(20)
  assert.deepEqual(seen, ['put'])
  stop()
  known.close()
  await rm(folder, { recursive: true, force: true })
})
