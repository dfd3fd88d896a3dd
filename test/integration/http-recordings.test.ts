import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openStore } from '../../src/adapters/store/open-store.ts'
import { storeSettings } from '../../src/adapters/store/settings.ts'
import { typedNames } from '../../src/contract/all.ts'
import { defaultValues } from '../../src/kit/setting.ts'
import type { Store } from '../../src/ports/store.ts'
import { differences } from '../harness/recorded/differences.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { golden, goldenFolder, recordedTopology } from '../harness/recorded/recorded-topology.ts'

interface Recording {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly contentType: string
}

// The index has this shape.
const index = JSON.parse(golden('index.json')) as Readonly<Record<string, Recording>>
const folder = temporaryFolder()
let program: RunningProgram

async function storeIn(path: string): Promise<Store> {
  const opened = await openStore({ settings: { ...defaultValues(storeSettings), backend: 'sqlite', sqliteFile: path }, version: 'test', clock: { now: Date.now } })
  assert.ok(opened.ok)
  return opened.value
}

before(async () => {
  // What is remembered is served, and no server is asked: those of the recording are not there.
  const store = await storeIn(join(folder.path, 'orchestrator.sqlite3'))
  await store.instances.save(recordedTopology(Date.now()))
  await store.close()
  const started = await startProgram(['--config', writeConfiguration(folder.path, { AuditToBackendDB: true, InstancePollSeconds: 60, DiscoveryIgnoreHostnameFilters: ['.*'] })])
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  program = started
})

after(async () => {
  await program?.stop()
  folder[Symbol.dispose]()
})

/** The JSON of an answer, for a test that knows its members. */
const jsonOf = async (response: Response | Promise<Response>): Promise<Readonly<Record<string, unknown>>> => (await response).json() as Promise<Record<string, unknown>>

/** Asks as the recording was asked, and answers where ours differs. */
async function compare(name: string, also: readonly string[] = []): Promise<readonly string[]> {
  const recording = index[name]
  assert.ok(recording, `${name} is not in the index`)
  const response = await fetch(program.address + recording.path, { method: recording.method, redirect: 'manual' })
  const body = await response.text()
  const about = [
    ...(response.status === recording.status ? [] : [`status ${recording.status} expected, ${response.status} found: ${body.slice(0, 200)}`]),
    ...(response.headers.get('content-type')?.toLowerCase() === recording.contentType.toLowerCase() ? [] : [`type ${recording.contentType} expected, ${response.headers.get('content-type')} found`]),
  ]
  if (name.endsWith('.txt')) return [...about, ...(body.trim() === golden(name).trim() ? [] : [`body ${JSON.stringify(body)}`])]
  return [...about, ...differences(JSON.parse(golden(name)), JSON.parse(body), '$', new Set(also))]
}

const reading = [
  'instance/instance-3308.json', 'instance/instance-3309.json', 'instance/instance-3311.json', 'instance/instance-replicas.json', 'instance/bulk-instances.json',
  'cluster/all-instances.json', 'cluster/cluster.json', 'cluster/cluster-alias.json', 'cluster/cluster-instance.json', 'cluster/cluster-by-hint-alias.json',
  'cluster/cluster-by-member.json', 'cluster/cluster-info.json', 'cluster/cluster-info-alias.json', 'cluster/clusters.json', 'cluster/clusters-info.json',
  'cluster/master.json', 'cluster/masters.json', 'cluster/topology.json', 'cluster/topology-tabulated.json', 'cluster/topology-by-instance.json',
  'search/search.json', 'search/search-q.json', 'search/search-none.json', 'problems/problems.json', 'downtime/downtimed-empty.json',
  'analysis/replication-analysis.json', 'empty-backend/audit-recovery.json', 'empty-backend/blocked-recoveries.json',
  'status/health.json', 'status/status.json', 'status/lb-check.json', 'status/ping.json', 'status/leader-check.json', 'recovery/check-global-recoveries.json',
  'edge/trailing-slash.json', 'edge/replication-analysis-cluster-unknown.json',
  'errors/cluster-alias-unknown.json', 'errors/cluster-info-unknown.json', 'errors/cluster-info-colon.json', 'errors/cluster-instance-unknown.json',
  'errors/cluster-unknown.json', 'errors/discover-bad-port.json', 'errors/downtimed-unknown-cluster.json', 'errors/instance-bad-port.json', 'errors/instance-port-zero.json',
  'errors/instance-unknown.json', 'errors/instance-unknown-ip.json', 'errors/master-unknown.json', 'errors/not-found.txt', 'errors/double-slash.txt',
  'errors/post-method.txt', 'errors/put-method.txt', 'errors/topology-unknown.json', 'errors/ack-no-comment.json', 'errors/begin-downtime-bad-duration.json',
  'errors/ack-recovery-nan.json',
  'status/routed-leader-check.json', 'status/leader-check-503.json',
  ...['raft-status', 'raft-peers', 'raft-state', 'raft-leader', 'raft-health', 'raft-snapshot', 'raft-follower-health-report', 'raft-add-peer', 'raft-remove-peer', 'raft-yield', 'raft-yield-hint']
    .map(name => `raft-disabled/${name}.json`),
].filter(name => existsSync(join(goldenFolder, name)))

/** What the recording knew and the remembered topology does not: positions that moved between recordings, and what only a live poll tells. */
const moved = ['LogPos', 'LogFile', 'ExecutedGtidSet']

test('every reading route answers in the shape, the order and with the values of the recordings', async () => {
  const found: Record<string, readonly string[]> = {}
  for (const name of reading) {
    const different = await compare(name, name.startsWith('status/') ? ['Hostname'] : moved)
    if (different.length > 0) found[name] = different.slice(0, 6)
  }
  assert.deepEqual(found, {})
})

test('downtime is begun, seen and ended as recorded', async () => {
  assert.deepEqual(await compare('downtime/begin-downtime.json'), [])
  assert.deepEqual(await compare('downtime/begin-downtime-default.json'), [])
  assert.deepEqual(await compare('downtime/downtimed.json', moved), [])
  assert.deepEqual(await compare('downtime/instance-downtimed.json', moved), [])
  assert.deepEqual(await compare('downtime/end-downtime.json'), [])
  assert.deepEqual(await compare('downtime/end-downtime-b.json'), [])
  assert.deepEqual(await compare('downtime/downtimed-empty.json'), [])
})

test('the switch of automatic recovery is turned as recorded', async () => {
  assert.deepEqual(await compare('recovery/disable-global-recoveries.json'), [])
  assert.deepEqual(await compare('recovery/check-global-recoveries-disabled.json'), [])
  assert.deepEqual(await compare('recovery/enable-global-recoveries.json'), [])
  assert.deepEqual(await compare('recovery/check-global-recoveries.json'), [])
})

test('acknowledging answers what was acknowledged', async () => {
  for (const name of ['ack-recovery-id', 'ack-recovery-uid', 'ack-all-recoveries', 'ack-recovery-instance', 'ack-recovery-cluster']) {
    assert.deepEqual(await compare(`recovery/${name}.json`, ['Details']), [], name)
  }
})

test('the office is taken, and made free, as recorded; a process that is alone soon has it again', async () => {
  assert.deepEqual(await compare('meta/grab-election.json'), [])
  assert.deepEqual(await compare('meta/reelect.json'), [])
  const leads = async (): Promise<boolean> => (await fetch(`${program.address}/api/leader-check`)).status === 200
  for (const until = Date.now() + 30_000; !(await leads()); await setTimeout(100)) assert.ok(Date.now() < until, 'nobody acts')
})

test('a POST of a changing route is answered like its GET, and a reading route is not', async () => {
  const begun = await fetch(`${program.address}/api/begin-downtime/127.0.0.1/3310/me/why/1m`, { method: 'POST' })
  assert.equal(begun.status, 200)
  assert.equal((await fetch(`${program.address}/api/clusters`, { method: 'POST' })).status, 404)
  await fetch(`${program.address}/api/end-downtime/127.0.0.1/3310`)
})

test('an encoded slash splits a segment, and an encoded colon is a colon', async () => {
  assert.equal((await fetch(`${program.address}/api/begin-downtime/127.0.0.1/3310/me/a%2Fb/1m/x`)).status, 404)
  const info = await fetch(`${program.address}/api/cluster-info/127.0.0.1%3A3308`)
  assert.equal(info.status, 200)
})

test('a change that a page of another site asks for is refused, and reading is not', async () => {
  const asked = (path: string, headers: Record<string, string>): Promise<Response> => fetch(program.address + path, { headers })
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'http://evil.example' }]) {
    const refused = await asked('/api/disable-global-recoveries', headers)
    assert.equal(refused.status, 500)
    assert.deepEqual(await refused.json(), JSON.parse(golden('auth/unauthorized.json')))
    assert.equal((await asked('/api/clusters', headers)).status, 200)
  }
  const posted = await fetch(`${program.address}/api/v2/operations/disable-global-recoveries`, { method: 'POST', body: '{}', headers: { origin: 'http://evil.example' } })
  assert.equal(posted.status, 403)
  assert.equal((await jsonOf(asked('/api/check-global-recoveries', {})))['Details'], 'enabled')
})

test('every answer carries the security headers', async () => {
  const { headers } = await fetch(`${program.address}/api/clusters`)
  assert.match(headers.get('content-security-policy') ?? '', /script-src 'self';/)
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
  assert.equal(headers.get('x-frame-options'), 'DENY')
})

test('a body beyond the limit is refused, and one that is no JSON is explained', async () => {
  const post = (body: string): Promise<Response> => fetch(`${program.address}/api/v2/operations/refresh`, { method: 'POST', body })
  assert.equal((await post(`{"input":{"instance":"${'x'.repeat(2 << 20)}"}}`).catch(() => ({ status: 413 }))).status, 413)
  const broken = await post('{"input":')
  assert.equal(broken.status, 400)
  assert.equal((await jsonOf(broken))['code'], 'bad-body')
})

test('the document of the API names every operation', async () => {
  const { openapi, paths } = await jsonOf(fetch(`${program.address}/api/v2/openapi.json`))
  assert.equal(openapi, '3.1.0')
  for (const name of typedNames()) assert.ok(Object.hasOwn(Object(paths), `/api/v2/operations/${name}`), name)
})

test('the list of all servers is compressed for clients that accept it', async () => {
  const response = await fetch(`${program.address}/api/all-instances`, { headers: { 'accept-encoding': 'gzip' } })
  assert.equal(response.headers.get('content-encoding'), 'gzip')
  assert.equal(((await response.json()) as unknown[]).length, 4)
})
