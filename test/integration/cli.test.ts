import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openStore } from '../../src/adapters/store/open-store.ts'
import { storeSettings } from '../../src/adapters/store/settings.ts'
import { buildEngine, type Engine } from '../../src/app/engine.ts'
import { localCaller } from '../../src/app/local-caller.ts'
import { newLog } from '../../src/app/logs.ts'
import { parseArguments } from '../../src/cli/flags.ts'
import { type ClientResult, runClient } from '../../src/cli/client/run-client.ts'
import { topicHelp } from '../../src/cli/help.ts'
import { remoteCaller } from '../../src/cli/remote-caller.ts'
import { mistakeIn, runCommand } from '../../src/cli/run-command.ts'
import { loadSettings } from '../../src/config/load-settings.ts'
import { defaultValues } from '../../src/kit/setting.ts'
import { runProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { golden, recordedTopology } from '../harness/recorded/recorded-topology.ts'
import { askAsScript } from '../harness/script/ask-as-script.ts'
import { compare, different, ofClient, scriptRecordings, withoutServers } from '../harness/script/script-recordings.ts'
import { triedService } from '../harness/service/service.ts'
import { commandRecordings, ofStore } from '../harness/walk/command-walks.ts'

const index = commandRecordings
const folder = temporaryFolder()
let configuration = ''
let engine: Engine

before(async () => {
  configuration = writeConfiguration(folder.path, { InstancePollSeconds: 60 })
  const opened = await openStore({ settings: { ...defaultValues(storeSettings), backend: 'sqlite', sqliteFile: join(folder.path, 'orchestrator.sqlite3') }, version: 'test', clock: { now: Date.now } })
  assert.ok(opened.ok)
  await opened.value.instances.save(recordedTopology(Date.now()))
  await opened.value.close()
  const loaded = loadSettings({ path: configuration })
  assert.ok(loaded.ok)
  const built = await buildEngine({ settings: loaded.value.settings, log: newLog(() => 'error'), command: '-c test' })
  assert.ok(built.ok)
  engine = built.value
})

after(async () => {
  await engine?.close()
  folder[Symbol.dispose]()
})

/** The last sentence of what was logged, without time and level; the original nests some (contract cli.md 1.3). */
const sentence = (stderr: string): string => (stderr.trim().split('\n').at(-1) ?? '').replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]+ )+/, '')

/** A command in this process, as main.ts runs it; starting a process for each would take a minute. */
async function inProcess(args: readonly string[]): Promise<{ readonly stdout: string; readonly last: string; readonly status: number }> {
  const parsed = parseArguments(args)
  assert.ok(parsed.ok && parsed.value !== 'help')
  const { flags, words } = parsed.value
  if (words[0] === 'help') return { stdout: `${words[1]}:\n${topicHelp(words[1] ?? '')}\n`, last: '', status: 0 }
  const mistake = mistakeIn(flags)
  if (mistake !== null) return { stdout: '', last: mistake, status: 1 }
  const { lines, errors, fatal } = await runCommand(flags.c, flags, localCaller(engine, 'tester'), { hostname: 'orc-host', user: 'tester' })
  return { stdout: lines.length === 0 ? '' : `${lines.join('\n')}\n`, last: fatal ?? errors.at(-1) ?? '', status: fatal === null ? 0 : 1 }
}

test('commands print what the recordings print, byte for byte, and end with the same status', async () => {
  const different: Record<string, string> = {}
  for (const name of ofStore) {
    if (typeof name !== 'string') {
      const done = await inProcess(name)
      assert.equal(done.status, 0, `${name.join(' ')}: ${done.last}`)
      continue
    }
    const recording = index[name]
    assert.ok(recording, name)
    const { stdout, last, status } = await inProcess(recording.args)
    const said = recording.stderr === undefined ? '' : sentence(golden(`cli/${recording.stderr}`))
    if (stdout !== golden(`cli/${recording.stdout}`)) different[name] = `stdout ${JSON.stringify(stdout)} for ${JSON.stringify(golden(`cli/${recording.stdout}`))}; ${last}`
    else if (status !== recording.exit) different[name] = `status ${status} for ${recording.exit}; ${last}`
    else if (said !== '' && sentence(last) !== said) different[name] = `${last} for ${said}`
  }
  assert.deepEqual(different, {})
})

test('as a process a command prints on stdout, tells why it failed on stderr, and ends with the status', () => {
  for (const name of ['topology', 'clusters-alias', 'topology-unknown', 'forget-unknown', 'relocate-nodest'] as const) {
    const recording = index[name]
    assert.ok(recording, name)
    const { stdout, stderr, status } = runProgram(['--config', configuration, ...recording.args])
    assert.deepEqual([stdout, status], [golden(`cli/${recording.stdout}`), recording.exit], stderr)
    if (recording.exit === 1) assert.equal(sentence(stderr), sentence(golden(`cli/${recording.stderr}`)))
  }
})

test('mistakes on the command line end with the status of the original', () => {
  for (const [args, status, words] of [
    [['--nosuchflag'], 2, /^flag provided but not defined: -nosuchflag\nUsage of /],
    [['-c'], 2, /^flag needs an argument: -c\nUsage of /],
    [['-c', 'nosuch'], 1, /FATAL Unknown command: "nosuch"\. Available commands \(-c\):\n/],
    [['foo'], 1, /^Usage:/],
    [['-h'], 0, /^Usage of /],
    [['-c', 'help'], 0, /^Available commands \(-c\):\n/],
  ] as const) {
    const ended = runProgram(['--config', configuration, ...args])
    assert.equal(ended.status, status, args.join(' '))
    assert.match(ended.stderr, words, args.join(' '))
    assert.equal(ended.stdout, '')
  }
})

test('an act on a server on which nothing listens says so', () => {
  const dead = runProgram(['--config', configuration, '-c', 'stop-replica', '-i', '127.0.0.1:3308'])
  assert.equal(dead.status, 1)
  assert.match(dead.stderr, /FATAL dial tcp 127\.0\.0\.1:3308: connect: connection refused\n$/)
})

test('a configuration that cannot be used names the file, the key and the rule', () => {
  using other = temporaryFolder()
  const file = join(other.path, 'broken.conf.json')
  const ended = (text: string) => {
    writeFileSync(file, text)
    return runProgram(['--config', file, '-c', 'clusters'])
  }
  const type = ended('{"InstancePollSeconds": "5"}')
  assert.equal(type.status, 1)
  assert.match(type.stderr, /FATAL .*broken\.conf\.json.*InstancePollSeconds/s)
  assert.match(ended('{"BackendDB": ').stderr, /FATAL .*Cannot read config file/)
  assert.match(ended('{"BackendDB": "sqlite"}').stderr, /FATAL .*SQLite3DataFile must be set/)
  assert.match(runProgram(['--config', join(other.path, 'none.conf.json'), '-c', 'clusters']).stderr, /FATAL .*Cannot read config file: .*none\.conf\.json.*no such file/)
})

test('a database of another program is refused and left as it is', () => {
  using other = temporaryFolder()
  const file = join(other.path, 'orchestrator.sqlite3')
  const foreign = new DatabaseSync(file)
  foreign.exec('CREATE TABLE invoices (id INTEGER PRIMARY KEY); INSERT INTO invoices VALUES (1)')
  foreign.close()
  const path = writeConfiguration(other.path)
  for (const args of [['-c', 'clusters'], ['http']]) {
    const ended = runProgram(['--config', path, ...args])
    assert.equal(ended.status, 1)
    assert.match(ended.stderr, /FATAL .*orchestrator\.sqlite3/)
  }
  const after = new DatabaseSync(file)
  assert.deepEqual(after.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all().map(({ name }) => name), ['invoices'])
  after.close()
})

test('the launcher finds its folder through a symbolic link and runs from any directory', () => {
  const launcher = join(import.meta.dirname, '..', '..', 'bin', 'orchestrator')
  const links = join(folder.path, 'links')
  mkdirSync(links)
  symlinkSync(launcher, join(links, 'orc'))
  const { stdout, status, stderr } = spawnSync(join(links, 'orc'), ['--config', configuration, '-c', 'clusters'], { encoding: 'utf8', cwd: '/' })
  assert.deepEqual([stdout, status], ['127.0.0.1:3308\n', 0], stderr)
})

/** The client of a service that remembers the servers of the recordings. */
const client = (address: string, args: readonly string[]): Promise<ClientResult> => runClient(args, {
  environment: { ORCHESTRATOR_API: address }, user: 'me', processId: 42, isTerminal: false, version: () => Promise.resolve('test'), standardInput: () => Promise.resolve(''),
  callerFor: settings => remoteCaller(settings, Date.now),
})

test('the calls of the original client script give, by its paths for jq, what its recordings have; and so does our client', async () => {
  await using service = await triedService({ InstancePollSeconds: 60, DiscoveryIgnoreHostnameFilters: ['.*'] }, { remembered: recordedTopology(Date.now()) })
  const argsOf = (name: string): readonly string[] => scriptRecordings[name]?.args ?? []
  const answers = await askAsScript(service.address, withoutServers.map(argsOf), async url => (await fetch(url)).text())
  assert.deepEqual(withoutServers.flatMap((name, at) => compare(name, answers[at])), [])
  const found: string[] = []
  for (const name of [...withoutServers, ...ofClient]) {
    const differs = compare(name, await client(service.address, argsOf(name)))
    if (name in different) assert.ok(differs.length > 0, `${name} is as recorded: it need not be listed`)
    else found.push(...differs)
  }
  assert.deepEqual(found, [])
})

test('with -api a command runs in that service whatever the environment names, and says so where nobody answers', async () => {
  await using service = await triedService({ InstancePollSeconds: 60, DiscoveryIgnoreHostnameFilters: ['.*'] }, { remembered: recordedTopology(Date.now()) })
  const run = (...args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string; readonly status: number }> => new Promise(resolve => {
    const environment = { ...process.env, ORCHESTRATOR_API: 'http://127.0.0.1:1' }
    execFile(process.execPath, [join(import.meta.dirname, '..', '..', 'src', 'main.ts'), ...args], { env: environment, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ stdout, stderr, status: error === null ? 0 : Number(error.code) }))
  })
  const [asked, nobody] = await Promise.all([run('-api', service.address, '-c', 'clusters'), run('-c', 'clusters')])
  assert.deepEqual([asked.stdout, asked.status], ['127.0.0.1:3308\n', 0], asked.stderr)
  assert.equal(nobody.status, 1)
  assert.match(nobody.stderr, /127\.0\.0\.1:1/)
})
