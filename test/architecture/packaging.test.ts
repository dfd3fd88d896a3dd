import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadSettings } from '../../src/config/load-settings.ts'
import { problemText } from '../../src/config/problem.ts'
import { projectRoot } from './sources.ts'

const samples = join(projectRoot, 'packaging', 'samples')
const names = readdirSync(samples).toSorted()
const read = (...path: readonly string[]): string => readFileSync(join(projectRoot, ...path), 'utf8')

const environment = {
  ORCHESTRATOR_TOPOLOGY_PASSWORD: 'of the servers', ORCHESTRATOR_HTTP_PASSWORD: 'of the page', ORCHESTRATOR_BACKEND_PASSWORD: 'of the database',
  ORCHESTRATOR_RAFT_SECRET: 'of the three managers',
}

for (const name of names) {
  test(`the sample ${name} loads as it stands, without a warning, once the environment gives the passwords`, () => {
    const loaded = loadSettings({ path: join(samples, name), environment })
    assert.ok(loaded.ok, loaded.ok ? '' : loaded.failure.problems.map(problemText).join('\n'))
    assert.deepEqual(loaded.value.warnings.map(problemText), [])
    const { settings } = loaded.value
    assert.equal(settings.MySQLTopologyPassword, environment.ORCHESTRATOR_TOPOLOGY_PASSWORD)
    assert.equal(settings.HTTPAuthPassword, environment.ORCHESTRATOR_HTTP_PASSWORD)
    assert.equal(settings.RaftEnabled, name === 'raft.conf.json')
    assert.equal(settings.BackendDB, name === 'shared-backend.conf.json' ? 'mysql' : 'sqlite')
  })
}

test('there is a sample for one manager, for three by Raft and for several on one database', () => {
  assert.deepEqual(names, ['raft.conf.json', 'shared-backend.conf.json', 'single.conf.json'])
})

test('the unit runs a program of the package as a user of its own, with SIGHUP to read the configuration again', () => {
  const unit = new Map(read('packaging', 'systemd', 'orchestrator.service').split('\n').filter(line => /^\w+=/.test(line)).map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  const { bin }: { bin: Readonly<Record<string, string>> } = JSON.parse(read('package.json'))
  const program = /^\/opt\/orchestrator\/node_modules\/\.bin\/(\S+) --verbose http$/.exec(unit.get('ExecStart') ?? '')?.[1] ?? ''
  assert.ok(program in bin, program)
  assert.equal(unit.get('User'), 'orchestrator')
  assert.equal(unit.get('ExecReload'), '/bin/kill -HUP $MAINPID')
  assert.equal(unit.get('NoNewPrivileges'), 'yes')
  // Node.js compiles as it runs: with this the service would not start.
  assert.equal(unit.has('MemoryDenyWriteExecute'), false)
})

test('the image installs what npm pack makes, and runs it as a normal user with a health check', () => {
  const lines = read('packaging', 'docker', 'Dockerfile').split('\n')
  const last = lines.slice(lines.findLastIndex(line => line.startsWith('FROM ')))
  const { name, bin }: { name: string; bin: Readonly<Record<string, string>> } = JSON.parse(read('package.json'))
  assert.ok(last.some(line => line === `COPY --from=build /${name}-*.tgz /tmp/`))
  assert.ok(last.indexOf('USER node') > 0)
  const entry: readonly string[] = JSON.parse(last.find(line => line.startsWith('ENTRYPOINT '))?.slice('ENTRYPOINT '.length) ?? '[]')
  assert.ok((entry[0] ?? '') in bin)
  assert.ok(last.some(line => line.startsWith('HEALTHCHECK ')))
})

test('everything that package.json names is there, and nothing that runs is fetched when it is installed', () => {
  const facts: { bin: Readonly<Record<string, string>>; man: readonly string[]; dependencies?: unknown; files: readonly string[] } = JSON.parse(read('package.json'))
  for (const path of [...Object.values(facts.bin), ...facts.man]) {
    assert.ok(read(path).length > 0, path)
    assert.ok(facts.files.some(kept => path === kept || path.startsWith(`${kept}/`)), `${path} is not packed`)
  }
  // The build puts them into the program; one that stood here would be fetched in vain.
  assert.equal(facts.dependencies, undefined)
})

test('a machine whose Node.js is too old, or that has none, is told so by the program', t => {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-package-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['bin', 'path']) mkdirSync(join(folder, name))
  for (const name of ['orchestrator', 'find-node.sh']) copyFileSync(join(projectRoot, 'bin', name), join(folder, 'bin', name))
  for (const [name, script] of [['node', 'echo v20.20.2'], ['dirname', 'exec /usr/bin/dirname "$@"']] as const) writeFileSync(join(folder, 'path', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  const run = () => spawnSync(join(folder, 'bin', 'orchestrator'), ['--version'], { encoding: 'utf8', env: { PATH: join(folder, 'path') } })
  const old = run()
  assert.deepEqual([old.status, old.stderr], [1, `orchestrator: Node.js 24 or later is needed, and ${join(folder, 'path', 'node')} is v20.20.2\n`])
  rmSync(join(folder, 'path', 'node'))
  const none = run()
  assert.equal(none.status, 1)
  assert.match(none.stderr, /^orchestrator: Node\.js 24 or later is needed, and there is none on the PATH/)
})
