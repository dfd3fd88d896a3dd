import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openStore } from '../../src/adapters/store/open-store.ts'
import { storeSettings } from '../../src/adapters/store/settings.ts'
import { buildEngine, type Engine } from '../../src/app/engine.ts'
import { localCaller } from '../../src/app/local-caller.ts'
import { newLog } from '../../src/app/logs.ts'
import { parseArguments } from '../../src/cli/flags.ts'
import { mistakeIn, runCommand } from '../../src/cli/run-command.ts'
import { loadSettings } from '../../src/config/load-settings.ts'
import { defaultValues } from '../../src/kit/setting.ts'
import { temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { golden, recordedTopology } from '../harness/recorded/recorded-topology.ts'

interface Recorded {
  readonly args: readonly string[]
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

// The file has this shape.
const recorded = JSON.parse(golden('facts-cli.json')) as Readonly<Record<string, Recorded>>
const folder = temporaryFolder()
let engine: Engine

before(async () => {
  const configuration = writeConfiguration(folder.path, { InstancePollSeconds: 60 })
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

/** Later ones show what earlier ones did. */
const inOrder = [
  'tag', 'tags', 'tag-value', 'tag-value-none', 'tagged', 'tag-bad', 'untag', 'untag-all-novalue',
  'submit-pool-nopool', 'submit-pool-instances', 'cluster-pool-instances', 'which-heuristic-cluster-pool-instances',
  'begin-maintenance-noreason', 'in-maintenance-not', 'begin-maintenance', 'begin-maintenance-again', 'in-maintenance', 'end-maintenance',
  'register-candidate', 'bulk-promotion-rules', 'register-candidate-neutral', 'register-candidate-must',
  'register-hostname-unresolve', 'show-unresolve-hosts', 'deregister-hostname-unresolve', 'show-resolve-hosts', 'reset-hostname-resolve-cache', 'snapshot-topologies',
  'which-heuristic-domain-instance', 'set-heuristic-domain-instance', 'can-replicate-from', 'can-replicate-from-no', 'get-candidate-replica', 'get-candidate-slave',
  'get-cluster-heuristic-lag', 'which-cluster-osc-replicas', 'which-cluster-osc-slaves', 'which-cluster-gh-ost-replicas', 'resolve-refused',
]

async function run(args: readonly string[]): Promise<{ readonly lines: readonly string[]; readonly fatal: string | null }> {
  const parsed = parseArguments(args)
  assert.ok(parsed.ok && parsed.value !== 'help')
  const { flags } = parsed.value
  const mistake = mistakeIn(flags)
  if (mistake !== null) return { lines: [], fatal: mistake }
  return runCommand(flags.c, flags, localCaller(engine, 'me'), { hostname: 'nohost', user: 'me' })
}

test('every command prints what the recording prints', async () => {
  const wrong: string[] = []
  for (const port of [3309, 3311]) await run(['-c', 'tag', '-i', `127.0.0.1:${port}`, '-tag', 'role=backup'])
  for (const name of inOrder) {
    const recording = recorded[name]
    assert.ok(recording, name)
    const { lines, fatal } = await run(recording.args)
    if ((fatal === null ? 0 : 1) !== recording.exit) wrong.push(`${name}: ${fatal}`)
    else if (fatal !== null && fatal !== sentence(recording.stderr)) wrong.push(`${name}: ${fatal} for ${sentence(recording.stderr)}`)
    if (lines.join('\n').trimEnd() !== recording.stdout.trimEnd()) wrong.push(`${name}: ${JSON.stringify(lines)} for ${JSON.stringify(recording.stdout)}`)
  }
  assert.deepEqual(wrong, [])
})

test('the tree of a cluster shows the tags of each server', async () => {
  await run(['-c', 'untag-all', '-tag', 'role=backup'])
  await run(['-c', 'tag', '-i', '127.0.0.1:3309', '-tag', 'dc=ny'])
  await run(['-c', 'tag', '-i', '127.0.0.1:3309', '-tag', 'canary'])
  const { lines } = await run(['-c', 'topology-tags', '-alias', 'ci'])
  assert.deepEqual(lines.join('\n').split('\n').map(line => (/ \[([^[]*)\]$/.exec(line) ?? [])[1]), ['', 'canary,dc=ny', '', ''])
})

test('the primary is noted for the domain of its cluster, and found by it', async () => {
  await engine.store.domains.set('127.0.0.1:3308', 'shop.example.com')
  await engine.inventory.load()
  assert.deepEqual((await run(['-c', 'which-heuristic-domain-instance', '-alias', 'ci'])).fatal, 'No instance is noted for domain shop.example.com')
  assert.deepEqual((await run(['-c', 'set-heuristic-domain-instance', '-alias', 'ci'])).lines, ['127.0.0.1:3308'])
  assert.deepEqual((await run(['-c', 'which-heuristic-domain-instance', '-alias', 'ci'])).lines, ['127.0.0.1:3308'])
})
