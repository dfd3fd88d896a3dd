import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Api, type Envelope, until } from '../harness/recorded/api.ts'
import { temporaryFolder } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

/** A user of the original who puts this program in its place: two files where the original looks for them, keys of old samples, credentials in a file, and a password in the environment. */
const bin = join(import.meta.dirname, '..', '..', 'bin', 'orchestrator')
const folder = temporaryFolder()
const environment = { ...process.env, ORCHESTRATOR_API: '', TOPOLOGY_PASSWORD: 'Aa123456' }
const later = join(folder.path, 'orchestrator.conf.json')
let sandbox: Sandbox
let api: Api
let said = ''
let service: ReturnType<typeof spawn>

const write = (path: string, values: Readonly<Record<string, unknown>>): void => writeFileSync(path, JSON.stringify(values), { mode: 0o600 })
const own = { HTTPAuthUser: 'wallace', HTTPAuthPassword: 'grommit', RecoverMasterClusterFilters: ['*'], ClusterNameToAlias: { second: 'two' }, mysqltopologycredentialsconfigfile: join(folder.path, 'topology.cnf') }

before(async () => {
  sandbox = await Sandbox.fourServers()
  mkdirSync(join(folder.path, 'conf'))
  // Overridden key by key by the file that is read after it; maps are merged.
  write(join(folder.path, 'conf', 'orchestrator.conf.json'), {
    ListenAddress: '127.0.0.1:0', BackendDB: 'sqlite', SQLite3DataFile: join(folder.path, 'orchestrator.sqlite3'), MySQLTopologyUser: 'nobody', InstancePollSeconds: 1, AuthenticationMethod: 'basic',
    DiscoverByShowSlaveHosts: true, HostnameResolveMethod: 'none', MySQLHostnameResolveMethod: '@@report_host', DetectClusterAliasQuery: "select 'ci'", ClusterNameToAlias: { first: 'one' },
    RecoverMasterClusterFilters: ['nobody'], SlaveStartPostWaitMilliseconds: 1000, MaxOutdatedKeysToShow: 60, NobodyKnowsThis: [1], DetachLostSlavesAfterMasterFailover: true, AuditLogFile: join(folder.path, 'audit.log'),
  })
  write(later, own)
  writeFileSync(join(folder.path, 'topology.cnf'), '# read by mysql, too\n[client]\nuser = orchestrator ; its account\npassword = "${TOPOLOGY_PASSWORD}"\n', { mode: 0o600 })
  service = spawn(bin, ['http'], { env: environment, cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [service.stdout, service.stderr]) stream?.on('data', (piece: Buffer) => (said += piece.toString('utf8')))
  const address = await until(() => Promise.resolve(/listens on (\S+)/.exec(said)?.[1]), found => found !== undefined, 60_000)
  api = new Api(address ?? '', { authorization: `Basic ${btoa('wallace:grommit')}` })
}, { timeout: 200_000 })

after(async () => {
  service?.kill('SIGTERM')
  await sandbox?.stop()
  folder[Symbol.dispose]()
})

const command = (...args: readonly string[]): Promise<string> => given('', ...args)
/** With a text on standard input. */
const given = (input: string, ...args: readonly string[]): Promise<string> => new Promise((resolve, reject) => {
  const child = execFile(bin, args, { env: environment, cwd: folder.path, timeout: 60_000 }, (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(`${args.join(' ')}: ${stderr}`))))
  child.stdin?.end(input)
})

test('with the files of the original the service finds its servers, and commands say the same of its database', { timeout: 200_000 }, async () => {
  const { host, port } = sandbox.server('sub-replica')
  assert.equal((await api.former(`discover/${host}/${port}`)).Code, 'OK')
  const drawn = await until(() => api.former('topology/ci'), ({ Details }) => String(Details).split('\n').filter(line => line.includes('[0s,ok,')).length === 4, 60_000)
  await until(() => command('-c', 'topology', '-alias', 'ci').catch(() => ''), text => text === `${String(drawn.Details)}\n`, 60_000)
  assert.equal(await command('--c=which-cluster-master', '--alias=ci'), `${sandbox.server('primary').key}\n`)
  const keys = ['primary', 'replica-2'].map(name => sandbox.server(name).key)
  assert.equal(await given(`${keys.join('\n')}\n`, '-c', 'which-instance', '-i', '-'), `${keys.join('\n')}\n`)
  assert.equal(await command('-c', 'which-instance', '-i', keys.join(', ')), `${keys.join('\n')}\n`)
  await until(() => command('-c', 'clusters-alias'), text => text === `${sandbox.server('primary').key}\tci\n`, 30_000)
})

test('keys that mean nothing any more are told by name, and what is in force came from both files, the credentials and the environment', { timeout: 100_000 }, async () => {
  for (const key of ['SlaveStartPostWaitMilliseconds', 'MaxOutdatedKeysToShow', 'NobodyKnowsThis']) assert.match(said, new RegExp(key))
  const shown = JSON.parse(await command('-c', 'dump-config')) as Readonly<Record<string, unknown>> // one object
  assert.deepEqual([shown['MySQLTopologyUser'], shown['ClusterNameToAlias'], shown['RecoverMasterClusterFilters'], shown['DetachLostReplicasAfterMasterFailover']],
    ['orchestrator', { first: 'one', second: 'two' }, ['*'], true])
  assert.ok(!JSON.stringify(shown).includes('Aa123456') && !JSON.stringify(shown).includes('grommit') && !said.includes('Aa123456'), 'no secret is shown')
})

test('a signal lets the files be read again, and a file that is wrong changes nothing and ends nothing', { timeout: 100_000 }, async () => {
  const filters = async (): Promise<unknown> => ((await api.get<Envelope>('/api/automated-recovery-filters')).Details as { readonly RecoverMasterClusterFilters: unknown }).RecoverMasterClusterFilters // as recorded
  assert.deepEqual(await filters(), ['*'])
  write(later, { ...own, RecoverMasterClusterFilters: ['alias=ci'] })
  service.kill('SIGHUP')
  await until(filters, found => JSON.stringify(found) === '["alias=ci"]', 30_000)
  writeFileSync(later, '{"RecoverMasterClusterFilters": [}')
  const before = said.length
  service.kill('SIGHUP')
  await until(() => Promise.resolve(said.slice(before)), text => text.includes(later), 30_000)
  assert.deepEqual(await filters(), ['alias=ci'])
  write(later, own)
})

test('its primary dies: the replacement is in the audit file, in the database and in what commands print', { timeout: 200_000 }, async () => {
  await sandbox.server('primary').kill()
  const successor = await until(() => command('-c', 'which-cluster-master', '-alias', 'ci').catch(() => ''), text => text !== '' && text !== `${sandbox.server('primary').key}\n`, 100_000)
  assert.ok(['replica-1', 'replica-2'].some(name => successor === `${sandbox.server(name).key}\n`), successor)
  assert.match(await command('-c', 'ack-cluster-recoveries', '-alias', 'ci', '-reason', 'seen'), /^1 recoveries acknowledged\n$/)
  assert.equal(await command('-c', 'which-lost-in-recovery'), `${sandbox.server('primary').key}\n`)
  const audited = await until(() => Promise.resolve(readFileSync(join(folder.path, 'audit.log'), 'utf8')), text => text.includes('recover-dead-master'), 30_000)
  assert.match(audited, new RegExp(`\\trecover-dead-master\\t${sandbox.server('primary').host}\\t${sandbox.server('primary').port}\\t`))
})
