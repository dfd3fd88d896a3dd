import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { temporaryFolder } from '../harness/recorded/program.ts'

const root = join(import.meta.dirname, '..', '..')
const facts: { version: string; bin: Readonly<Record<string, string>> } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const folder = temporaryFolder()
after(() => folder[Symbol.dispose]())

const home = join(folder.path, 'installed')
const programs = join(home, 'node_modules', '.bin')
/** A machine that has nothing but a Node.js and what every machine has. */
const path = `${join(folder.path, 'node')}:/usr/bin:/bin`
let packed: readonly string[] = []

/** npm as it is, without our registry settings and with an empty cache: nothing can come from elsewhere. */
function npm(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', [...words, '--offline', '--no-audit', '--no-fund', '--cache', join(folder.path, 'cache')], { encoding: 'utf8', cwd: root, timeout: 120_000 })
  assert.equal(status, 0, stderr)
  return stdout
}

before(() => {
  mkdirSync(join(folder.path, 'node'))
  symlinkSync(process.execPath, join(folder.path, 'node', 'node'))
  // The stage before has built; npm pack by hand builds first.
  const [made]: readonly { filename: string; files: readonly { path: string }[] }[] = JSON.parse(npm('pack', '--ignore-scripts', '--json', '--pack-destination', folder.path))
  assert.ok(made !== undefined)
  packed = made.files.map(file => file.path)
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{}')
  npm('install', '--prefix', home, join(folder.path, made.filename))
})

const run = (program: string, words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  spawnSync(join(programs, program), words, { encoding: 'utf8', cwd: folder.path, env: { PATH: path, ...more }, timeout: 60_000 })

test('the package holds what runs and what is read, and none of the sources, tests and caches', () => {
  for (const needed of ['bin/orchestrator', 'bin/find-node.sh', 'dist/main.js', 'dist/drill.js', 'dist/web/index.html', 'dist/THIRD-PARTY-LICENSES.txt', 'LICENSE', 'README.md', 'man/orchestrator.1', 'packaging/systemd/orchestrator.service', 'packaging/samples/single.conf.json']) {
    assert.ok(packed.includes(needed), needed)
  }
  assert.deepEqual(packed.filter(name => !/^(bin|dist|docs|man|packaging)\/|^(LICENSE|README(\.zh)?\.md|package\.json)$/.test(name) || /node_modules|\.ts$|(^|\/)\.(?!dockerignore)/.test(name)), [])
})

test('installed into an empty folder without a network, each program says its version from any working directory', () => {
  for (const program of Object.keys(facts.bin)) {
    const { stdout, stderr, status } = run(program, ['--version'])
    assert.equal(status, 0, `${program}: ${stderr}`)
    assert.equal(stdout.trim(), facts.version)
  }
})

test('the installed service serves its page and its API, commands reach it, and it ends when told to', async () => {
  const sample = readFileSync(join(home, 'node_modules', 'orchestrator', 'packaging', 'samples', 'single.conf.json'), 'utf8')
  const configuration = join(folder.path, 'orchestrator.conf.json')
  writeFileSync(configuration, sample.replace('":3000"', '"127.0.0.1:0"').replace('/var/lib/orchestrator', folder.path))
  const env = { PATH: path, ORCHESTRATOR_TOPOLOGY_PASSWORD: 'of the servers', ORCHESTRATOR_HTTP_PASSWORD: 'of the page' }
  const service = spawn(join(programs, 'orchestrator'), ['-config', configuration, 'http'], { env, cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const ended = new Promise<number | null>(resolve => service.once('close', resolve))
  try {
    const address = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no address: ${said}`)), 60_000)
      const note = (piece: Buffer): void => {
        said += piece.toString('utf8')
        const found = /listens on (\S+)/.exec(said)?.[1]
        if (found === undefined) return
        clearTimeout(late)
        resolve(found)
      }
      service.stdout.on('data', note)
      service.stderr.on('data', note)
    })
    const ask = (where: string) => fetch(`${address}${where}`, { headers: { authorization: `Basic ${btoa('admin:of the page')}` } })
    assert.equal((await fetch(`${address}/api/clusters`)).status, 401)
    assert.equal((await ask('/api/status')).status, 200)
    const page = await (await ask('/web/clusters')).text()
    const [, script = ''] = /src="\.\/(assets\/[^"]+\.js)"/.exec(page) ?? []
    assert.equal((await ask(`/web/${script}`)).headers.get('content-type'), 'text/javascript; charset=utf-8', page)
    const { stdout, stderr, status } = run('orchestrator', ['-c', 'check-global-recoveries'], { ORCHESTRATOR_API: address, ORCHESTRATOR_AUTH_USER: 'admin', ORCHESTRATOR_AUTH_PASSWORD: 'of the page' })
    assert.equal(status, 0, stderr)
    assert.equal(stdout, 'OK: Global recoveries disabled: false\n')
  } finally {
    service.kill('SIGTERM')
  }
  assert.equal(await ended, 0, said)
})
