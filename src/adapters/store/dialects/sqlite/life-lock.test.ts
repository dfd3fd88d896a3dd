import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { takeLifeLock } from './life-lock.ts'

test('the lock of a living process is held; after its kill -9 the next one learns who it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-test-'))
  const file = join(folder, 'store.sqlite3')
  const source = `import { takeLifeLock } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'life-lock.ts')).href)}
    globalThis.kept = takeLifeLock(${JSON.stringify(file)}, { hostname: 'h', token: 'first' }); console.log('taken'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await new Promise(resolve => child.stdout.once('data', resolve))
    assert.equal(takeLifeLock(file, { hostname: 'h', token: 'second' }), 'held')
    const ended = new Promise(resolve => child.once('close', resolve))
    child.kill('SIGKILL')
    await ended
    const lock = takeLifeLock(file, { hostname: 'h', token: 'second' })
    assert.ok(lock !== 'held' && !('failure' in lock))
    assert.deepEqual(lock.former, { hostname: 'h', token: 'first' })
    assert.equal(takeLifeLock(file, { hostname: 'h', token: 'third' }), 'held', 'in the same process too')
    lock.release()
    const after = takeLifeLock(file, { hostname: 'h', token: 'third' })
    assert.ok(after !== 'held' && !('failure' in after))
    assert.equal(after.former?.token, 'second')
    after.release()
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a place where no lock can be kept is told, not taken for a held one', () => {
  const lock = takeLifeLock(join(tmpdir(), 'no', 'such', 'folder', 'store.sqlite3'), { hostname: 'h', token: 't' })
  assert.ok(lock !== 'held' && 'failure' in lock)
})
