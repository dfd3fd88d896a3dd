import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fileRaftDisks } from '../../../src/adapters/raft/disk/file-raft-disk.ts'
import { seededRandom } from '../../../src/kit/seeded-random.ts'
import { textOf } from './written-entries.ts'

/** Any number by hand: KILLS=500 node --test test/harness/raft/killed-writer.test.ts */
const kills = Number(process.env['KILLS'] ?? 4)

/** Runs the writer until it has acknowledged something and then some time more; its last acknowledged place and term. */
async function writeUntilKilled(folder: string, milliseconds: number): Promise<{ readonly index: number; readonly term: number }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('disk-writer.ts', import.meta.url)), folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => { complaint += text.toString() })
  const ended = new Promise<void>(resolve => child.on('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => {
      if (told === '') setTimeout(() => child.kill('SIGKILL'), milliseconds)
      told += text.toString()
    })
    child.on('close', (_, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`the writer ended by itself: ${complaint}`))))
  })
  await ended
  const last = told.slice(0, told.lastIndexOf('\n')).split('\n').at(-1) ?? ''
  const [index, term] = last.split(' ').map(Number)
  assert.ok(index && term, `the writer said ${JSON.stringify(last)}`)
  return { index, term }
}

test(`a writer that is killed ${kills} times never loses an entry or a term that it was told is durable, and always starts again`, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'orchestrator-raft-killed-'))
  const random = seededRandom(5)
  let written = 0
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const acknowledged = await writeUntilKilled(folder, random() * 120)
      const opened = await fileRaftDisks().open(folder)
      assert.ok(opened.ok, opened.ok ? '' : JSON.stringify(opened.failure))
      const stored = opened.value.found?.stored
      const state = Buffer.from((await opened.value.newestSnapshot()).state).toString()
      await opened.value.close()
      assert.ok(stored)
      assert.ok(stored.hardState.term >= acknowledged.term)
      assert.equal(state, stored.snapshot.index === 0 ? '' : `state at ${stored.snapshot.index}`)
      const last = stored.entries.at(-1)?.index ?? stored.snapshot.index
      assert.ok(last >= acknowledged.index, `entry ${acknowledged.index} was acknowledged, the log ends with ${last}`)
      assert.ok((stored.entries[0]?.index ?? last) <= stored.snapshot.index + 1)
      for (const entry of stored.entries) {
        assert.equal(entry.kind === 'command' ? Buffer.from(entry.data).toString() : '', textOf(entry.index, entry.term))
        written += 1
      }
    }
    t.diagnostic(`${written} entries read again after ${kills} kills`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
