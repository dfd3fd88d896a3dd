import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, runProgram, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

type Json = Readonly<Record<string, unknown>>

const folder = temporaryFolder()
let sandbox: Sandbox
let program: RunningProgram
let api: Api
let configuration = ''

const key = (name: string): string => sandbox.server(name).key
const path = (name: string): string => key(name).replace(':', '/')
const instance = (name: string): Promise<Json> => api.get<Json>(`/api/instance/${path(name)}`)

async function start(): Promise<void> {
  const started = await startProgram(['--config', configuration])
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  program = started
  api = new Api(program.address)
}

before(async () => {
  sandbox = await Sandbox.fourServers()
  configuration = writeConfiguration(folder.path, { AuditToBackendDB: true, SnapshotTopologiesIntervalHours: 1, DetectClusterDomainQuery: "select 'shop.example.com'" })
  await start()
  const discovered = await api.former(`discover/${path('primary')}`)
  assert.equal((discovered.Details as Json)['FlavorName'], 'MySQL', 'the direct answer names the flavour too')
  await until(() => api.get<Json[]>('/api/cluster/ci'), cluster => cluster.length === 4)
})

after(async () => {
  await program?.stop()
  await sandbox?.stop()
  folder[Symbol.dispose]()
})

test('every poll is counted with its time, and a server that cannot be read with its failure', async () => {
  await api.former('discover/127.0.0.1/1')
  const polls = await until(() => api.get<Json[]>('/api/discovery-metrics-raw/60'), all => all.length >= 9)
  assert.deepEqual(Object.keys(polls[0] ?? {}), ['Timestamp', 'Hostname', 'Port', 'BackendLatencySeconds', 'InstanceLatencySeconds', 'TotalLatencySeconds', 'Err'])
  assert.ok(polls.some(poll => poll['Err'] === null && Number(poll['InstanceLatencySeconds']) > 0))
  assert.match(JSON.stringify(polls.find(poll => poll['Port'] === 1)?.['Err']), /ECONNREFUSED/)
  const summary = await api.get<Json>('/api/discovery-metrics-aggregated/60')
  assert.ok(Number(summary['SuccessfulDiscoveries']) >= 4 && Number(summary['CountDistinctOkInstanceKeys']) === 4, JSON.stringify(summary))
  assert.ok(Number(summary['FailedDiscoveries']) >= 1 && Number(summary['CountDistinctFailedInstanceKeys']) === 1, JSON.stringify(summary))
  assert.ok(Number(summary['MeanTotalSeconds']) > 0 && Number(summary['MaxTotalSeconds']) >= Number(summary['P95TotalSeconds']))
})

test('maintenance holds off a move until it is ended', async () => {
  await api.former(`begin-maintenance/${path('replica-1')}/ann/disk`)
  await sandbox.server('replica-1').sql('STOP REPLICA')
  const refused = await api.former(`relocate/${path('replica-1')}/${path('replica-2')}`)
  assert.equal(refused.Code, 'ERROR')
  const { Replica_IO_Running: receiver, Replica_SQL_Running: applier } = await sandbox.server('replica-1').row('SHOW REPLICA STATUS')
  assert.deepEqual([receiver, applier], ['No', 'No'], 'what was stopped on purpose is not started by a refused move')
  await sandbox.server('replica-1').sql('START REPLICA')
  assert.match(refused.Message, new RegExp(`Cannot begin maintenance on ${key('replica-1').replaceAll('.', '\\.')}`))
  await api.former(`end-maintenance/${path('replica-1')}`)
  assert.equal((await api.former(`relocate/${path('replica-1')}/${path('replica-2')}`)).Code, 'OK')
  assert.equal((await api.former(`relocate/${path('replica-1')}/${path('primary')}`)).Code, 'OK')
})

test('replicas are pointed at the virtual name of a host, if the server behind it is the one that is meant', async () => {
  const sourceHost = async (): Promise<unknown> => (await sandbox.server('replica-1').row('SHOW REPLICA STATUS'))['Source_Host']
  const own = key('primary').split(':')[0] ?? ''
  assert.equal(await sourceHost(), own)
  await api.former(`register-hostname-unresolve/${path('primary')}/127.1`)
  const plan = await api.plan('relocate', { instance: key('replica-1'), destination: key('replica-2') })
  assert.ok(plan.steps.some(({ statements }) => statements.some(statement => statement.includes("'127.1'"))), 'the plan shows the name')
  assert.equal((await api.former(`relocate/${path('replica-1')}/${path('replica-2')}`)).Code, 'OK')
  assert.equal(await sourceHost(), '127.1')
  assert.deepEqual((await instance('replica-1'))['MasterKey'], (await instance('replica-2'))['Key'])
  assert.deepEqual([(await instance('replica-2'))['UnresolvedHostname'], (await api.get<Json[]>('/api/all-instances')).length], ['127.1', 4])
  // Nobody is behind this one: nothing is changed.
  await api.former(`register-hostname-unresolve/${path('primary')}/127.0.0.77`)
  const refused = await api.former(`relocate/${path('replica-1')}/${path('primary')}`)
  assert.equal(refused.Code, 'ERROR', JSON.stringify(refused))
  assert.equal(await sourceHost(), '127.1')
  await api.former(`deregister-hostname-unresolve/${path('primary')}`)
  assert.equal((await api.former(`relocate/${path('replica-1')}/${path('primary')}`)).Code, 'OK')
  assert.equal(await sourceHost(), own)
  const { Replica_IO_Running: io, Replica_SQL_Running: sql } = await until(() => sandbox.server('replica-1').row('SHOW REPLICA STATUS'), row => row['Replica_IO_Running'] === 'Yes')
  assert.deepEqual([io, sql], ['Yes', 'Yes'])
})

test('a snapshot shows who replicated from whom then, also after a move', async () => {
  const before = Math.floor(Date.now() / 1000)
  assert.equal((await api.former('snapshot-topologies')).Code, 'OK')
  await new Promise(resolve => setTimeout(resolve, 2100))
  assert.equal((await api.former(`relocate/${path('replica-1')}/${path('replica-2')}`)).Code, 'OK')
  await api.former('snapshot-topologies')
  const treeOf = (details: unknown): readonly string[] => String(details).split('\n').map(line => line.replace(/\s*\[.*$/, ''))
  const times = [before, before + 1].join('|')
  const past = treeOf((await api.former(`topology/ci?pattern=${encodeURIComponent(`^(${times})$`)}`)).Details)
  const newest = treeOf((await api.former('topology/ci?pattern=.')).Details)
  const depth = (tree: readonly string[], name: string): number => (tree.find(line => line.includes(key(name))) ?? '').search(/\+|-/)
  assert.equal(depth(past, 'replica-1'), 0)
  assert.equal(depth(newest, 'replica-1'), 2)
  assert.equal((await api.former('topology/ci?pattern=nosuch')).Details, '')
  const printed = runProgram(['--config', configuration, '-c', 'topology', '-alias', 'ci', '-pattern', `^(${times})$`])
  assert.deepEqual(treeOf(printed.stdout.trimEnd()), past)
  await new Promise(resolve => setTimeout(resolve, 100))
  await api.former(`relocate/${path('replica-1')}/${path('primary')}`)
})

test('what an analysis comes to is noted when it changes, and when it is mended', async () => {
  for (const name of ['replica-1', 'replica-2']) await sandbox.server(name).sql('STOP REPLICA')
  const codes = (all: readonly Json[] | null): readonly string[] => (all ?? []).filter(entry => JSON.stringify(entry['AnalyzedInstanceKey']).includes(`:${key('primary').split(':')[1]}}`)).flatMap(entry => entry['Changelog'] as string[])
  const broken = await until(() => api.get<Json[] | null>('/api/replication-analysis-changelog'), all => codes(all).some(line => line.includes('AllMasterReplicasNotReplicating')), 20_000)
  assert.match(codes(broken)[0] ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ;\w+,$/)
  for (const name of ['replica-1', 'replica-2']) await sandbox.server(name).sql('START REPLICA')
  await until(() => api.get<Json[] | null>('/api/replication-analysis-changelog'), all => codes(all).at(-1)?.includes(';NoProblem,') === true, 20_000)
})

test('what people said of servers outlasts the program', async () => {
  await api.former(`tag/${path('replica-1')}?tag=role=backup`)
  await api.former(`register-candidate/${path('replica-1')}/prefer`)
  await api.former(`begin-maintenance/${path('replica-2')}/ann/disk`)
  await api.former(`register-hostname-unresolve/${path('replica-2')}/vip.example.com`)
  await api.former(`submit-pool-instances/readers?instances=${key('replica-1')},${key('replica-2')}`)
  await api.former('register-candidate/later.example.com/3306/must_not')
  await program.stop()
  await start()
  assert.deepEqual(await api.get('/api/tagged?tag=role'), [(await instance('replica-1'))['Key']])
  assert.deepEqual([(await instance('replica-1'))['PromotionRule'], (await instance('replica-2'))['UnresolvedHostname']], ['prefer', 'vip.example.com'])
  assert.equal((await api.former(`in-maintenance/${path('replica-2')}`)).Message, 'true')
  assert.equal((await api.former('heuristic-cluster-pool-lag/ci/readers')).Details, 0)
  assert.equal((await api.get<Json[]>('/api/bulk-promotion-rules')).length, 2)
  await until(() => instance('replica-1'), record => record['IsUpToDate'] === true && record['IsLastCheckValid'] === true)
  assert.deepEqual([(await instance('replica-1'))['PromotionRule'], (await instance('replica-2'))['UnresolvedHostname']], ['prefer', 'vip.example.com'], 'a poll keeps them')
  await api.former(`deregister-hostname-unresolve/${path('replica-2')}`)
  await api.former(`end-maintenance/${path('replica-2')}`)
})

test('the domain of a cluster is detected, and its primary noted for it', async () => {
  const info = await until(() => api.get<Json>('/api/cluster-info/ci'), ({ ClusterDomain: domain }) => domain === 'shop.example.com')
  assert.ok(Number(info['HeuristicLag']) <= 1, String(info['HeuristicLag']))
  const run = (command: string): string => runProgram(['--config', configuration, '-c', command, '-alias', 'ci']).stdout.trim()
  assert.equal(run('set-heuristic-domain-instance'), key('primary'))
  assert.equal(run('which-heuristic-domain-instance'), key('primary'))
  // Commands were waited for without a turn for anything else: connections that ended meanwhile are noticed now.
  await new Promise(resolve => setTimeout(resolve, 100))
})

test('a forgotten server is absent for three intervals, then its neighbours bring it back with what was said of it', async () => {
  assert.equal((await api.former(`forget/${path('replica-1')}`)).Message, `Instance forgotten: ${key('replica-1')}`)
  const forgottenAt = Date.now()
  assert.equal((await api.former(`instance/${path('replica-1')}`)).Code, 'ERROR')
  const back = await until(() => instance('replica-1'), record => record['ServerID'] !== undefined && Number(record['ServerID']) > 0, 20_000)
  assert.ok(Date.now() - forgottenAt >= 2900, `${Date.now() - forgottenAt} ms`)
  assert.equal(back['PromotionRule'], 'prefer')
  assert.equal((await api.former(`forget/${path('replica-1')}`)).Code, 'OK')
  assert.equal((await api.former('forget-cluster/ci')).Message, `Cluster forgotten: ${key('primary')}`)
  assert.deepEqual(await api.get('/api/all-instances'), [])
})
