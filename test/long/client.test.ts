import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { ClusterView } from '../../src/contract/views.ts'
import { Api, until } from '../harness/recorded/api.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import { type Asked, askAsScript } from '../harness/script/ask-as-script.ts'

const bin = join(import.meta.dirname, '..', '..', 'bin')
const folder = temporaryFolder()
let sandbox: Sandbox
let program: RunningProgram
let api: Api

before(async () => {
  sandbox = await Sandbox.fourServers()
  const started = await startProgram(['--config', writeConfiguration(folder.path, { AuditToBackendDB: true, AuthenticationMethod: 'basic', HTTPAuthUser: 'ann', HTTPAuthPassword: 'a b:c' })], true)
  assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
  program = started
  api = new Api(program.address, { authorization: `Basic ${Buffer.from('ann:a b:c').toString('base64')}` })
  await api.former(`discover/${key('sub-replica').replace(':', '/')}`)
  await whole()
})

after(async () => {
  await program?.stop()
  await sandbox?.stop()
  folder[Symbol.dispose]()
})

const key = (name: string): string => sandbox.server(name).key
const whole = (): Promise<ClusterView> => until(() => api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(key('primary'))}`), ({ members }) => members?.length === 4, 60_000)

/** Runs a program to its end. */
const ended = (command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}, input = ''): Promise<Asked> => new Promise(resolve => {
  const child = execFile(command, args, { env: { ...process.env, ...environment }, timeout: 120_000, cwd: tmpdir() }, (error, stdout, stderr) =>
    resolve({ stdout, stderr, status: error === null ? 0 : typeof error.code === 'number' ? error.code : -1 }))
  child.stdin?.end(input)
})

const credentials = { ORCHESTRATOR_AUTH_USER: 'ann', ORCHESTRATOR_AUTH_PASSWORD: 'a b:c' }
const client = (args: readonly string[], input = ''): Promise<Asked> => ended(join(bin, 'orchestrator-client'), args, { ORCHESTRATOR_API: program.address, ...credentials }, input)
/** As the script reads an address. */
const curl = async (url: string): Promise<string> => (await ended('curl', ['-s', '--user', 'ann:a b:c', url])).stdout

/** What acts on servers, in an order that ends as it began; names in the place of servers. */
const acts: readonly (readonly string[])[] = [
  ['-c', 'discover', '-i', 'replica-2'], ['-c', 'relocate', '-i', 'sub-replica', '-d', 'replica-1'], ['-c', 'relocate', '-i', 'sub-replica', '-d', 'replica-2'],
  ['-c', 'relocate', '-i', 'replica-2', '-d', 'sub-replica'], ['-c', 'relocate-replicas', '-i', 'replica-2', '-d', 'replica-1'], ['-c', 'move-up', '-i', 'sub-replica'],
  ['-c', 'move-below', '-i', 'sub-replica', '-d', 'replica-2'], ['-c', 'repoint-replicas', '-i', 'replica-2'], ['-c', 'take-siblings', '-i', 'replica-2'], ['-c', 'move-up', '-i', 'replica-1'],
  ['-c', 'stop-slave', '-i', 'replica-1'], ['-c', 'is-replicating', '-i', 'replica-1'], ['-c', 'start-replica', '-i', 'replica-1'], ['-c', 'restart-replica', '-i', 'replica-1'],
  ['-c', 'stop-replica-nice', '-i', 'replica-1'], ['-c', 'start-slave', '-i', 'replica-1'], ['-c', 'set-read-only', '-i', 'replica-1'], ['-c', 'set-writeable', '-i', 'replica-1'],
  ['-c', 'flush-binary-logs', '-i', 'replica-1'], ['-c', 'detach-replica', '-i', 'replica-1'], ['-c', 'reattach-replica', '-i', 'replica-1'], ['-c', 'skip-query', '-i', 'replica-1'],
  ['-c', 'delay-replication', '-i', 'replica-1', '-S', '0'], ['-c', 'restart-replica-statements', '-i', 'replica-1', '-q', 'set global foo=1'], ['-c', 'can-replicate-from', '-i', 'replica-1', '-d', 'replica-2'],
  ['-c', 'which-gtid-errant', '-i', 'replica-1'], ['-c', 'locate-gtid-errant', '-i', 'replica-1'], ['-c', 'gtid-errant-reset-master', '-i', 'replica-1'],
  ['-c', 'graceful-master-takeover', '-a', 'ci'], ['-c', 'which-cluster-instances', '-a', 'ci'], ['-c', 'all-clusters-masters'],
]

test('what acts on servers does and prints the same by the calls of the original script, with curl, as by our client', async t => {
  const withKeys = (args: readonly string[]): readonly string[] => args.map(word => (/^(primary|replica-\d|sub-replica)$/.test(word) ? key(word) : word))
  const byScript: Asked[] = []
  // One by one: each begins where the one before ended.
  for (const args of acts) byScript.push(...await askAsScript(program.address, [withKeys(args)], curl))
  const differs: string[] = []
  for (const [at, args] of acts.entries()) {
    const [ours, theirs] = [await client(withKeys(args)), byScript[at]]
    assert.ok(theirs)
    const same = (text: string): string => text.replaceAll(/['"]/g, '').replaceAll(/\s*,\s*|\[\s+|\s+\]/g, found => found.trim()).trim()
    t.diagnostic(`${args.join(' ')}: ${ours.status} ${same(ours.stdout).replaceAll('\n', ' ')}${same(ours.stderr)}`)
    if (ours.status !== theirs.status || same(ours.stdout) !== same(theirs.stdout) || same(ours.stderr) !== same(theirs.stderr)) differs.push(`${args.join(' ')}: ${JSON.stringify(ours)} for ${JSON.stringify(theirs)}`)
  }
  assert.deepEqual(differs, [])
  assert.ok(byScript.filter(({ status }) => status === 0).length >= acts.length - 6, 'most of it was done')
})

test('a plan is shown as text and as JSON, does nothing, and exactly it is run by its fingerprint', async () => {
  const args = ['relocate', '-i', key('sub-replica'), '-d', key('replica-1')]
  const shown = await client([...args, '--dry-run', '--json'])
  assert.equal(shown.status, 0, shown.stderr)
  // A dry run of the contract.
  const { plan } = JSON.parse(shown.stdout) as { readonly plan: { readonly fingerprint: string } }
  assert.match((await client([...args, '--dry-run'])).stdout, new RegExp(`Run exactly this: orchestrator-client -c relocate .* --fingerprint ${plan.fingerprint}\n$`))
  assert.equal((await client(['which-master', '-i', key('sub-replica')])).stdout, `${key('replica-2')}\n`)
  assert.equal((await client([...args, '--fingerprint', plan.fingerprint])).stdout, `${key('sub-replica')}<${key('replica-1')}\n`)
  assert.equal((await client(['relocate', '-i', '-', '-d', key('replica-2')], `${key('sub-replica')}\n`)).stdout, `${key('sub-replica')}<${key('replica-2')}\n`)
})

test('without the right password nothing is asked, and it is said', async () => {
  const refused = await ended(join(bin, 'orchestrator-client'), ['-c', 'clusters', '-b', 'ann:wrong'], { ORCHESTRATOR_API: program.address })
  assert.deepEqual([refused.status, refused.stdout], [1, ''])
  assert.match(refused.stderr, /^Cannot access orchestrator at .*: 401 Unauthorized\n$/)
})

test('continuous recovers a primary that dies, and listens to nobody', async () => {
  await program.stop()
  const configuration = join(folder.path, 'orchestrator.conf.json')
  const silent = spawn(join(bin, 'orchestrator'), ['-config', configuration, '-verbose', '-c', 'continuous'], { stdio: ['ignore', 'pipe', 'pipe'], cwd: tmpdir() })
  const exit = new Promise<number | null>(resolve => silent.once('close', resolve))
  let [stdout, stderr] = ['', '']
  silent.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
  silent.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  try {
    await until(() => Promise.resolve(stderr), text => text.includes('listens to nobody'), 60_000)
    assert.equal((await ended('ss', ['-ltnp'])).stdout.includes(`pid=${silent.pid},`), false)
    const command = (...args: readonly string[]): Promise<Asked> => ended(join(bin, 'orchestrator'), ['-config', configuration, ...args])
    // Not before everything was read once.
    await until(async () => (await command('-c', 'is-replicating', '-i', key('replica-2'))).stdout, text => text.includes(key('replica-2')), 60_000)
    await sandbox.server('primary').kill()
    const successors = [key('replica-1'), key('replica-2')]
    await until(async () => (await command('-c', 'all-clusters-masters')).stdout.trim(), primaries => primaries.split('\n').some(primary => successors.includes(primary)), 90_000).catch((error: unknown) => assert.fail(`${String(error)}: ${stderr.slice(-2000)}`))
    assert.equal((await command('-c', 'which-lost-in-recovery')).stdout.includes(key('primary')), true, stderr.slice(-2000))
  } finally {
    silent.kill('SIGTERM')
  }
  assert.deepEqual([await exit, stdout], [0, ''])
})
