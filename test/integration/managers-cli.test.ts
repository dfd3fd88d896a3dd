import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const folder = mkdtempSync(join(tmpdir(), 'managers-cli-'))
after(() => rmSync(folder, { recursive: true }))
const store = join(folder, 'orchestrator.sqlite3')
const configuration = join(folder, 'orchestrator.conf.json')
writeFileSync(configuration, JSON.stringify({ BackendDB: 'sqlite', SQLite3DataFile: store, RaftEnabled: true, RaftDataDir: join(folder, 'raft'), RaftNodes: ['127.0.0.1'] }))

interface Ended { readonly status: number; readonly stdout: string; readonly stderr: string }

const run = (...words: readonly string[]): Promise<Ended> =>
  new Promise(resolve => {
    const { ORCHESTRATOR_API: _, ...env } = process.env
    execFile(process.execPath, [join(import.meta.dirname, '..', '..', 'src', 'main.ts'), ...words, '--config', configuration], { env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ status: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }))
  })

test('with Raft every command is refused before anything is opened, also one that is about the program itself or does not exist', async () => {
  for (const command of ['help', 'dump-config', 'continuous', 'no-such-command']) {
    const { status, stdout, stderr } = await run('-c', command)
    assert.deepEqual([command, status, stdout], [command, 1, ''])
    assert.match(stderr, /FATAL Orchestrator configured to run raft \("RaftEnabled": true\)\..*web API.*orchestrator-client.*--ignore-raft-setup\n$/s, command)
  }
  assert.ok(!existsSync(store))
})

test('a manager of a group that would read no server is refused before anything is opened', async () => {
  const { status, stderr } = await run('-discovery=false', '--config', configuration, 'http')
  assert.equal(status, 1)
  assert.match(stderr, /FATAL -discovery=false: a manager of a group \(RaftEnabled\) may come to lead/)
  assert.ok(!existsSync(store))
})

test('with --ignore-raft-setup a command works on the local store alone', async () => {
  const { status, stdout, stderr } = await run('-c', 'active-nodes', '--ignore-raft-setup')
  assert.deepEqual([status, stderr], [0, ''])
  const [host, token, ...rest] = stdout.trimEnd().split(' ')
  assert.equal(host, hostname())
  assert.match(token ?? '', /^[0-9a-f]{64}$/)
  assert.equal(rest.slice(-2).join(' '), '-c active-nodes', 'a command line is a live process of the store too')
  assert.ok(existsSync(store))
})
