import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Api, until } from '../harness/recorded/api.ts'
import { golden, recordedTopology } from '../harness/recorded/recorded-topology.ts'
import { type TriedService, triedService } from '../harness/service/service.ts'
import { recordings } from '../harness/walk/recordings.ts'
import { askOver, compared, wrongOf } from '../harness/walk/walker.ts'
import { configured, nothingYet, remembered } from '../harness/walk/walks.ts'

/** No server is asked: those of the recording are not there. */
const quiet = { InstancePollSeconds: 60, DiscoveryIgnoreHostnameFilters: ['.*'] }

let service: TriedService
let api: Api

before(async () => {
  service = await triedService(quiet, { remembered: recordedTopology(Date.now()) })
  api = new Api(service.address)
})

after(() => service?.[Symbol.asyncDispose]())

async function walked(address: string, names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (const name of names) {
    if (name.startsWith('/')) {
      assert.equal((await askOver(address, { method: 'GET', path: name })).status, 200, name)
      continue
    }
    const recording = recordings[name]
    assert.ok(recording, name)
    found.set(name, compared(name, await askOver(address, recording)))
  }
  return found
}

for (const [subject, names] of Object.entries(remembered)) {
  test(`as recorded: ${subject}`, async () => assert.deepEqual(wrongOf(await walked(service.address, names)), []))
}

test('as recorded: nothing was discovered yet, and how the service is', async () => {
  await using empty = await triedService({ ...quiet, AuditToBackendDB: false }, { polls: true })
  await until(async () => (await fetch(`${empty.address}/api/leader-check`)).status, status => status === 200, 30_000)
  assert.deepEqual(wrongOf(await walked(empty.address, nothingYet)), [])
})

test('as recorded: other settings', async () => {
  const found: string[] = []
  for (const [name, settings] of Object.entries(configured)) {
    await using other = await triedService({ ...quiet, ...settings }, { remembered: name.startsWith('cluster/') ? recordedTopology(Date.now()) : [] })
    // A recorded path has the prefix already.
    found.push(...wrongOf(await walked(new URL(other.address).origin, [name])))
  }
  assert.deepEqual(found, [])
})

// The file has this shape: every route of the original.
const originals = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'former-routes.json'), 'utf8')) as Readonly<Record<string, { readonly response: 'envelope' | 'raw' }>>

/** What stands in the place of a parameter: nothing listens there, and nobody is called so. */
const valueOf = (parameter: string): string => (/port$/i.test(parameter) ? '2' : /host$/i.test(parameter) ? '127.0.0.1' : /^(id|page|seconds|recoveryId|seedId|logPos|maintenanceKey)$/.test(parameter) ? '3' : 'nosuch')

const isEnvelope = (value: unknown): value is { readonly Code: unknown } => typeof value === 'object' && value !== null && Object.keys(value).join() === 'Code,Message,Details'

test('every route of the original, under every spelling, answers in its form: an envelope or the bare value, an error always as an envelope', async () => {
  const wrong: string[] = []
  const left = Object.entries(originals).values()
  const walk = async (): Promise<void> => {
    for (const [route, { response }] of left) await look(route, response)
  }
  const look = async (route: string, response: 'envelope' | 'raw'): Promise<void> => {
    const path = route.replaceAll(/:(\w+)/g, (_all, parameter: string) => valueOf(parameter))
    const { status, contentType, body } = await askOver(service.address, { method: 'GET', path })
    const say = (what: string): void => void wrong.push(`${path}: ${what}: ${status} ${body.slice(0, 200)}`)
    if (contentType !== 'application/json; charset=UTF-8') {
      say(`type ${contentType}`)
      return
    }
    const answer: unknown = JSON.parse(body)
    if (isEnvelope(answer)) {
      if (answer.Code !== (status === 200 ? 'OK' : 'ERROR')) say('code and status are of different minds')
      if (response === 'raw' && status === 200) say('bare in the original')
    } else if (response === 'envelope') say('an envelope in the original')
    else if (status !== 200 && !route.includes('leader-check')) say('an error without an envelope')
  }
  // Some try for a while to reach what is not there.
  await Promise.all(Array.from({ length: 12 }, walk))
  assert.deepEqual(wrong, [])
  assert.equal(Object.keys(originals).length, 250)
})

test('a POST of a changing route is answered like its GET, and a reading route is not', async () => {
  const begun = await fetch(`${service.address}/api/begin-downtime/127.0.0.1/3310/me/why/1m`, { method: 'POST' })
  assert.equal(begun.status, 200)
  assert.equal((await fetch(`${service.address}/api/clusters`, { method: 'POST' })).status, 404)
  await api.former('end-downtime/127.0.0.1/3310')
})

test('an encoded slash splits a segment, and an encoded colon is a colon', async () => {
  assert.equal((await fetch(`${service.address}/api/begin-downtime/127.0.0.1/3310/me/a%2Fb/1m/x`)).status, 404)
  assert.equal((await fetch(`${service.address}/api/cluster-info/127.0.0.1%3A3308`)).status, 200)
})

test('a change that a page of another site asks for is refused, and reading is not', async () => {
  const asked = (path: string, headers: Record<string, string>): Promise<Response> => fetch(service.address + path, { headers })
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'http://evil.example' }]) {
    for (const path of ['/api/disable-global-recoveries', '/api/tag/127.0.0.1/3309?tag=x']) {
      const refused = await asked(path, headers)
      assert.equal(refused.status, 500)
      assert.deepEqual(await refused.json(), JSON.parse(golden('auth/unauthorized.json')))
    }
    assert.equal((await asked('/api/clusters', headers)).status, 200)
  }
  const posted = await fetch(`${service.address}/api/v2/operations/disable-global-recoveries`, { method: 'POST', body: '{}', headers: { origin: 'http://evil.example' } })
  assert.equal(posted.status, 403)
  assert.equal((await api.former('check-global-recoveries')).Details, 'enabled')
  assert.deepEqual(await api.get('/api/tagged?tag=x'), [])
})

test('every answer carries the security headers', async () => {
  const { headers } = await fetch(`${service.address}/api/clusters`)
  assert.match(headers.get('content-security-policy') ?? '', /script-src 'self';/)
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
  assert.equal(headers.get('x-frame-options'), 'DENY')
})

test('a body beyond the limit is refused, and one that is no JSON is explained', async () => {
  const post = (body: string): Promise<Response> => fetch(`${service.address}/api/v2/operations/refresh`, { method: 'POST', body })
  assert.equal((await post(`{"input":{"instance":"${'x'.repeat(2 << 20)}"}}`).catch(() => ({ status: 413 }))).status, 413)
  const broken = await post('{"input":')
  assert.equal(broken.status, 400)
  assert.equal(((await broken.json()) as { readonly code: string }).code, 'bad-body')
})

test('the list of all servers is compressed for clients that accept it', async () => {
  const response = await fetch(`${service.address}/api/all-instances`, { headers: { 'accept-encoding': 'gzip' } })
  assert.equal(response.headers.get('content-encoding'), 'gzip')
  assert.equal(((await response.json()) as unknown[]).length, 4)
})

test('what was noted is in the audit under the original’s names', async () => {
  const kinds = await until(() => Promise.resolve(service.audit().map(line => line.split(':')[0])), all => all.includes('end-downtime'))
  for (const kind of ['delete-instance-tag', 'register-candidate', 'begin-maintenance', 'end-maintenance', 'begin-downtime', 'end-downtime', 'disable-global-recoveries']) assert.ok(kinds.includes(kind), kind)
})

test('where the original has a flaw, this has not: a rule that is no rule, a lock by its number, how long it took, a name that leads somewhere', async () => {
  assert.equal((await api.former('register-candidate/127.0.0.1/3310/must')).Message, 'CandidatePromotionRule: must not supported yet')
  await api.former('begin-maintenance/127.0.0.1/3309/alice/why')
  const [lock] = await api.get<{ readonly MaintenanceId: number }[]>('/api/maintenance')
  assert.ok(lock)
  assert.deepEqual(await api.former(`end-maintenance/${lock.MaintenanceId}`), { Code: 'OK', Message: `Maintenance ended: ${lock.MaintenanceId}`, Details: lock.MaintenanceId })
  assert.match(String((await api.former('snapshot-topologies')).Details), /^Took [\d.]+ms$/)
  const { hostname: host, port } = new URL(service.address)
  assert.deepEqual(await api.former(`resolve/${host}/${port}`), { Code: 'OK', Message: 'Instance resolved', Details: { Hostname: host, Port: Number(port) } })
  const writes = await api.get<{ readonly WaitLatency: number; readonly ExecuteLatency: number; readonly Err: null }[]>('/api/backend-query-metrics-raw/60')
  assert.ok(writes.length > 0 && writes.every(write => Number.isInteger(write.ExecuteLatency) && write.ExecuteLatency > 0 && write.WaitLatency >= 0 && write.Err === null))
})
