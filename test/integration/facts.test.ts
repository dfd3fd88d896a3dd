import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openStore } from '../../src/adapters/store/open-store.ts'
import { storeSettings } from '../../src/adapters/store/settings.ts'
import { defaultValues } from '../../src/kit/setting.ts'
import { Api } from '../harness/recorded/api.ts'
import { differences } from '../harness/recorded/differences.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { golden, recordedTopology } from '../harness/recorded/recorded-topology.ts'

interface Recording {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly contentType: string
}

// The file has this shape.
const index = JSON.parse(golden('facts.json')) as Readonly<Record<string, Recording>>
const folder = temporaryFolder()
let program: RunningProgram
let api: Api

before(async () => {
  // What is remembered is served, and no server is asked: those of the recording are not there.
  const opened = await openStore({ settings: { ...defaultValues(storeSettings), backend: 'sqlite', sqliteFile: join(folder.path, 'orchestrator.sqlite3') }, version: 'test', clock: { now: Date.now } })
  assert.ok(opened.ok)
  await opened.value.instances.save(recordedTopology(Date.now()))
  await opened.value.close()
  const configuration = writeConfiguration(folder.path, { AuditToBackendDB: true, InstancePollSeconds: 60, DiscoveryIgnoreHostnameFilters: ['.*'] })
  const started = await startProgram(['--config', configuration])
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  program = started
  api = new Api(program.address)
})

after(async () => {
  await program?.stop()
  folder[Symbol.dispose]()
})

/** What varies in these recordings, beside what varies in all. */
const varying = ['BeginTimestamp', 'SecondsElapsed', 'MaintenanceId', 'Expiration', 'LastSuggestedString', 'PromotionRuleExpiry', 'LogPos', 'LogFile', 'ExecutedGtidSet']

/** Asks as the recording was asked, and answers where ours differs. */
async function compare(name: string, also: readonly string[] = []): Promise<readonly string[]> {
  const recording = index[name]
  assert.ok(recording, `${name} is not in the index`)
  const response = await fetch(program.address + recording.path, { method: recording.method })
  const body = await response.text()
  return [
    ...(response.status === recording.status ? [] : [`${name}: status ${recording.status} expected, ${response.status} found: ${body.slice(0, 200)}`]),
    ...(response.headers.get('content-type')?.toLowerCase() === recording.contentType.toLowerCase() ? [] : [`${name}: type ${response.headers.get('content-type')}`]),
    ...differences(JSON.parse(golden(name)), JSON.parse(body), '$', new Set([...varying, ...also])).map(difference => `${name} ${difference}`),
  ]
}

/** One after the other: later ones show what earlier ones did. */
async function compareAll(...names: readonly string[]): Promise<void> {
  for (const name of names) assert.deepEqual(await compare(name), [])
}

const auditTypes = async (): Promise<readonly string[]> => (await api.get<{ readonly AuditType: string }[]>('/api/audit')).map(({ AuditType }) => AuditType)

test('tags are set, read, searched and removed as recorded', async () => {
  await compareAll('empty-backend/tagged.json', 'cluster/topology-tags-empty.json', 'tags/tags-none.json')
  await compareAll('tags/tag.json', 'tags/tag-path.json', 'tags/tag-b.json', 'tags/tag-noval.json', 'tags/tags.json', 'cluster/topology-tags.json')
  await compareAll('tags/tag-value.json', 'tags/tag-value-path.json', 'tags/tag-value-empty.json', 'errors/tag-value-none.json', 'errors/tag-bad.json', 'errors/tag-empty.json')
  await compareAll('tags/tagged.json', 'tags/tagged-eq.json', 'tags/tagged-and.json', 'tags/tagged-and-not.json', 'tags/tagged-not.json', 'tags/tagged-none.json', 'errors/tagged-empty.json')
  await compareAll('errors/untag-all-no-value.json', 'errors/untag-all-path.json', 'tags/untag.json', 'tags/untag-nomatch.json', 'tags/untag-path.json')
  await fetch(`${program.address}/api/untag/127.0.0.1/3311?tag=role`)
  await compareAll('tags/untag-all.json', 'edge/tag-value-with-newline.json', 'edge/tags-after-newline.json')
  assert.ok((await auditTypes()).includes('delete-instance-tag'))
})

test('who may only read may tag, as with the original, and another site may not make them do it', async () => {
  const response = await fetch(`${program.address}/api/tag/127.0.0.1/3309?tag=x`, { headers: { origin: 'http://evil.example' } })
  assert.equal(response.status, 500)
  assert.deepEqual(await api.get('/api/tagged?tag=x'), [])
})

test('pools are submitted and read as recorded', async () => {
  await compareAll('pools/submit-pool-instances.json', 'pools/submit-pool-instances-unknown.json', 'pools/cluster-pool-instances-name.json', 'pools/cluster-pool-instances-pool.json')
  await compareAll('pools/cluster-pool-instances-nopool.json', 'pools/cluster-pool-instances.json', 'pools/heuristic-cluster-pool-instances-nopool.json')
  assert.deepEqual(await compare('pools/heuristic-cluster-pool-instances.json', ['IsCandidate', 'PromotionRule']), [])
  assert.deepEqual(await compare('pools/heuristic-cluster-pool-instances-pool.json', ['IsCandidate', 'PromotionRule']), [])
  await compareAll('pools/heuristic-cluster-pool-lag.json', 'pools/heuristic-cluster-pool-lag-pool.json', 'pools/heuristic-cluster-pool-lag-nopool.json', 'errors/heuristic-cluster-pool-lag-unknown.json')
  await compareAll('pools/submit-pool-instances-empty.json', 'pools/cluster-pool-instances-after-empty.json')
})

test('promotion rules are registered, shown and listed as recorded', async () => {
  await compareAll('instance/register-candidate.json', 'instance/bulk-promotion-rules.json', 'errors/register-candidate-bad-rule.json')
  const instance = await api.get<Record<string, unknown>>('/api/instance/127.0.0.1/3310')
  assert.deepEqual([instance['PromotionRule'], instance['IsCandidate']], ['prefer', true])
  assert.equal((await api.former('register-candidate/127.0.0.1/3310/must')).Message, 'CandidatePromotionRule: must not supported yet')
  await compareAll('instance/register-candidate-neutral.json')
  assert.equal((await api.get<Record<string, unknown>>('/api/instance/127.0.0.1/3310'))['PromotionRule'], 'neutral')
  assert.ok((await auditTypes()).includes('register-candidate'))
})

test('maintenance is begun, refused twice, seen and ended as recorded', async () => {
  await compareAll('maintenance/maintenance-empty.json', 'maintenance/in-maintenance-not.json', 'maintenance/begin-maintenance.json', 'errors/begin-maintenance-again.json')
  await compareAll('maintenance/maintenance.json', 'maintenance/in-maintenance.json')
  const [lock] = await api.get<{ readonly MaintenanceId: number }[]>('/api/maintenance')
  assert.ok(lock)
  assert.deepEqual(await api.former(`end-maintenance/${lock.MaintenanceId}`), { Code: 'OK', Message: `Maintenance ended: ${lock.MaintenanceId}`, Details: lock.MaintenanceId })
  await compareAll('maintenance/in-maintenance-not.json', 'edge/end-maintenance-id-unknown.json', 'edge/end-maintenance-not-in.json', 'errors/end-maintenance-id-nan.json')
  await compareAll('maintenance/begin-maintenance.json', 'maintenance/end-maintenance.json', 'maintenance/maintenance-empty.json')
  const types = await auditTypes()
  for (const type of ['begin-maintenance', 'end-maintenance']) assert.ok(types.includes(type), type)
})

test('virtual names, the cache of names and snapshots answer as recorded', async () => {
  await compareAll('meta/register-hostname-unresolve.json')
  const unresolved = await api.get<Record<string, unknown>>('/api/instance/127.0.0.1/3310')
  assert.equal(unresolved['UnresolvedHostname'], 'vip.example.com')
  await compareAll('meta/deregister-hostname-unresolve.json', 'meta/reset-hostname-resolve-cache.json')
  assert.equal((await api.get<Record<string, unknown>>('/api/instance/127.0.0.1/3310'))['UnresolvedHostname'], '')
  assert.deepEqual(await api.former('hostname-resolve-cache'), { Code: 'OK', Message: 'Cache retrieved', Details: {} })
  assert.deepEqual(await compare('meta/snapshot-topologies.json', ['Details']), [])
  assert.match(String((await api.former('snapshot-topologies')).Details), /^Took [\d.]+ms$/)
  await compareAll('errors/resolve-refused.json')
  const own = program.address.replace('http://', '').replace('localhost', '127.0.0.1').split(':')
  const resolved = await api.former(`resolve/${own[0]}/${own[1]}`)
  assert.deepEqual(resolved, { Code: 'OK', Message: 'Instance resolved', Details: { Hostname: own[0], Port: Number(own[1]) } })
})

test('questions about replication answer as recorded', async () => {
  await compareAll('cluster/cluster-osc-replicas.json', 'cluster/cluster-osc-slaves.json', 'instance/instance-replicas-leaf.json', 'empty-backend/replication-analysis-changelog.json')
  await compareAll('replication/can-replicate-from.json', 'replication/can-replicate-from-child.json', 'replication/can-replicate-from-gtid.json')
  await compareAll('errors/can-replicate-from-self.json', 'errors/can-replicate-from-unknown.json')
})

test('an alias set by hand is shown in the record of the cluster', async () => {
  assert.equal((await api.former('set-cluster-alias/127.0.0.1:3308?alias=myalias')).Message, "Cluster 127.0.0.1:3308 now has alias 'myalias'")
  await compareAll('cluster/cluster-info-override.json', 'cluster/set-cluster-alias-back.json')
  assert.equal((await api.get<Record<string, unknown>>('/api/cluster-info/alias/ci'))['ClusterName'], '127.0.0.1:3308')
})

test('figures of polls and of the queue have the shape of the recordings', async () => {
  const numbers = (name: string): readonly string[] => Object.keys(JSON.parse(golden(name)) as object)
  assert.deepEqual(await compare('metrics/discovery-metrics-aggregated.json', numbers('metrics/discovery-metrics-aggregated.json')), [])
  for (const name of ['discovery-queue-metrics-aggregated', 'discovery-queue-metrics-aggregated-queue']) {
    assert.deepEqual(await compare(`metrics/${name}.json`, numbers(`metrics/${name}.json`)), [])
  }
  for (const name of ['backend-query-metrics-aggregated', 'write-buffer-metrics-aggregated']) {
    assert.deepEqual(await compare(`metrics/${name}.json`, numbers(`metrics/${name}.json`).filter(key => !key.startsWith('Instance'))), [])
  }
  await compareAll('errors/backend-nan.json')
  await api.former('begin-downtime/127.0.0.1/3309/ann/figures/1m')
  const writes = await api.get<{ readonly Timestamp: string; readonly WaitLatency: number; readonly ExecuteLatency: number; readonly Err: null }[]>('/api/backend-query-metrics-raw/60')
  assert.ok(writes.length > 0 && writes.every(write => Number.isInteger(write.ExecuteLatency) && write.ExecuteLatency > 0 && write.WaitLatency >= 0 && write.Err === null))
  assert.equal((await api.get<{ readonly Count: number }>('/api/backend-query-metrics-aggregated/60')).Count >= writes.length, true)
  await api.former('end-downtime/127.0.0.1/3309')
  const samples = await api.get<{ readonly Active: number; readonly Queued: number }[]>('/api/discovery-queue-metrics-raw/DEFAULT/3')
  assert.ok(samples.length >= 1 && samples.length <= 3)
  assert.deepEqual(samples[0], { Active: 0, Queued: 0 })
  assert.deepEqual(await api.get('/api/discovery-metrics-raw/10'), [])
  await compareAll('errors/discovery-metrics-raw-0.json', 'errors/discovery-metrics-raw-nan.json', 'errors/discovery-queue-unknown.json', 'errors/queue-nan.json')
})
