import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { copyOf, rehearsed, settingsOf } from '../../scripts/drill/copy-of.ts'
import type { ClusterView, ServerView } from '../../src/contract/views.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const root = join(import.meta.dirname, '../..')

/** The program as a package has it: what is built, and nothing of the checkout beside it. */
function installedIn(folder: string): string {
  for (const part of ['bin', 'dist']) cpSync(join(root, part), join(folder, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return join(folder, 'bin/orchestrator')
}

/** Runs `orchestrator drill` to its end, beside the service that it asks. */
function drill(binary: string, words: readonly string[], cwd: string): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(binary, ['drill', ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  return new Promise(resolve => child.once('exit', status => resolve({ status, stdout, stderr })))
}

test('a drill of the installed program rehearses on a copy with the roles and rules of the cluster, each act ends as was foreseen, and the cluster itself is left alone', async context => {
  const folder = temporaryFolder()
  const sandbox = await Sandbox.fourServers()
  context.after(async () => {
    await sandbox.stop()
    folder[Symbol.dispose]()
  })
  const configuration = writeConfiguration(folder.path, { DetectClusterAliasQuery: "select 'shop'", PreFailoverProcesses: ['exit 7'] })
  const program = await startProgram(['--config', configuration])
  assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
  context.after(() => program.stop())
  const api = new Api(program.address)
  const key = (name: string): string => sandbox.server(name).key
  await api.former(`discover/${key('primary').replace(':', '/')}`)
  await api.former(`register-candidate/${key('replica-2').replace(':', '/')}/must_not`)
  await until(() => api.get<ClusterView>('/api/v2/clusters/shop'), view => view.members?.length === 4 && view.members.some(({ promotionRule }) => promotionRule === 'must_not'))
  const executed = (): Promise<readonly unknown[]> => Promise.all(sandbox.servers.map(server => server.row('SELECT @@global.gtid_executed AS executed, @@global.read_only AS locked')))
  const before = await executed()

  const { status, stdout, stderr } = await drill(installedIn(folder.path), ['--cluster', 'shop', '--api', program.address, '--config', configuration], folder.path)
  assert.equal(status, 0, `${stdout}\n${stderr}`)
  assert.match(stdout, /rehearsing on a copy of shop: 4 servers; the cluster itself is not touched/)
  assert.match(stdout, /kill -9 of s2[^]*its replicas following after +\d+ ms +\(s4 ← s\d\)/, 'the source between the primary and others')
  assert.match(stdout, /takeover to s3?2?: longest gap between two rows \d+ ms/)
  assert.match(stdout, /takeover back to s1: longest gap between two rows \d+ ms[^]*rows missing +0/)
  assert.match(stdout, /differs in versions: the cluster has 9\./)
  for (const name of ['primary', 'replica-1', 'replica-2', 'sub-replica']) assert.match(stdout, new RegExp(`${key(name)} is 127\\.0\\.0\\.1:\\d+ here`))
  assert.match(stdout, /writable after +\d+ ms/)
  assert.match(stdout, new RegExp(`promoted: ${key('replica-1')}, as foreseen`), 'the one that may not be promoted is not, in the copy either')
  assert.deepEqual(await executed(), before, 'the cluster itself is as it was')
  assert.equal(sandbox.server('primary').isRunning, true)

  for (const [words, told] of [
    [[], /usage:/], [['--cluster', 'nosuch', '--api', program.address], /404/], [['--cluster', 'shop', '--api', 'http://127.0.0.1:1'], /does not answer/],
    [['--cluster', 'shop', '--api', program.address, '--servers-max', '99'], /99: a whole number from 2 to 16/],
    [['--cluster', 'shop', '--api', program.address, '--acts', 'primary,nap'], /--acts nap: one or more of intermediate, takeover, primary/],
  ] as const) {
    const refused = await drill(join(root, 'bin/orchestrator'), words, folder.path)
    assert.equal(refused.status, 2, refused.stdout)
    assert.match(refused.stderr, told)
  }
})

/** A cluster as the API shows it, answered by nobody but the name: only its shape is asked for. */
async function shown(cluster: ClusterView): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(cluster)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  return { address: `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`, close: () => server.close() }
}

for (const [what, more] of [
  ['MariaDB', { flavour: 'MariaDB', version: '11.8.3-MariaDB', gtid: 'mariadb', gtidMode: '' }], ['MySQL without GTID', { gtid: 'none', gtidMode: 'OFF' }],
] as const) {
  test(`a copy of a cluster of ${what} is of such servers, and the death of its primary ends as was foreseen there`, async () => {
    using folder = temporaryFolder()
    const members = [serverView('one', null, { replicas: ['two:3306', 'three:3306'], ...more }), serverView('two', 'one', { superReadOnly: more.gtid === 'none', ...more }), serverView('three', 'one', more)]
    const api = await shown({ name: 'one:3306', alias: 'shop', primary: { key: 'one:3306' }, members } as unknown as ClusterView) // as far as a copy asks
    try {
      const { status, stdout, stderr } = await drill(join(root, 'bin/orchestrator'), ['--cluster', 'shop', '--api', api.address, '--acts', 'primary'], folder.path)
      assert.equal(status, 0, `${stdout}\n${stderr}`)
      assert.match(stdout, what === 'MariaDB' ? /two:3306 is 127\.0\.0\.1:\d+ here, \d+\.\d+\.\d+-MariaDB/ : /two:3306 is 127\.0\.0\.1:\d+ here, \d+\.\d+\.\d+,/)
      assert.match(stdout, /promoted: (two|three):3306, as foreseen/)
    } finally {
      api.close()
    }
  })
}

test('what is copied: the primary first, sources before leaves, no more than asked for; what the copy is not is said', () => {
  const members = [
    serverView('leaf', 'primary'), serverView('middle', 'primary', { replicas: ['below:3306'], logReplicaUpdates: false }), serverView('below', 'middle'),
    serverView('primary', null, { semiSync: { sourceEnabled: true, replicaEnabled: false, clients: 1, waitFor: 2 } }),
  ]
  const cluster = { name: 'primary:3306', alias: "o'brien", primary: { key: 'primary:3306' }, members } as unknown as ClusterView
  const copy = copyOf(cluster, 3)
  assert.ok('servers' in copy)
  assert.deepEqual(copy.servers.map(({ of, below }) => [of.key, below]), [['primary:3306', null], ['middle:3306', 's1'], ['leaf:3306', 's1']])
  assert.deepEqual(copy.servers[1]?.options, ['--log-replica-updates=OFF'])
  assert.ok(copy.servers[0]?.options.includes('--loose-rpl-semi-sync-source-wait-for-replica-count=2'))
  assert.ok(copy.differs.some(text => text.includes('3 of 4 servers')) && copy.differs.some(text => text.includes('8.0.36')))
  const settings = settingsOf(cluster, copy.servers)
  assert.equal(settings['DetectClusterAliasQuery'], "select 'o''brien'")
  assert.match(String(settings['DetectInstanceAliasQuery']), /when 102 then 'middle:3306'/)
  assert.deepEqual(copyOf({ ...cluster, members: [serverView('primary', null)] }, 3), { refused: 'primary:3306 has no replica: nobody could take its place' })
  assert.ok('refused' in copyOf({ ...cluster, primary: null }, 3))
  assert.deepEqual(rehearsed({ PreFailoverProcesses: ['rm -rf /'], MySQLTopologyPassword: 'x', PreventCrossDataCenterMasterFailover: true }), { PreventCrossDataCenterMasterFailover: true })
})

/** A server as far as a copy asks. */
const serverView = (name: string, source: string | null, more: Partial<ServerView> = {}): ServerView => ({
  key: `${name}:3306`, alias: '', source: source === null ? null : `${source}:3306`, replicas: [], flavour: 'MySQL', version: '8.0.36', gtid: 'mysql', gtidMode: 'ON', logReplicaUpdates: true,
  binlogRowImage: 'FULL', readOnly: source !== null, superReadOnly: false, semiSync: null, dataCenter: 'east', region: '', promotionRule: 'neutral',
  replication: source === null ? null : { receiver: 'running', applier: 'running' }, ...more,
}) as unknown as ServerView
