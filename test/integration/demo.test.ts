import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'

const drillMillisMax = 240_000

/** Process ids of everything whose command line names this folder. */
function processesNaming(folder: string): string[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).filter(pid => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
    } catch {
      return false // it ended while we looked
    }
  })
}

test('the demo drill fails over under a writer, loses no acknowledged row, and leaves nothing running', { timeout: drillMillisMax }, async () => {
  const demo = spawn('node', ['scripts/demo.ts', '--drill'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  demo.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  demo.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  const exitCode = await new Promise<number | null>(resolve => demo.once('exit', resolve))
  assert.equal(exitCode, 0, said)
  for (const line of ['detected after', 'writable after', 'all replicas following after', 'acknowledged rows', 'rows missing']) assert.match(said, new RegExp(`${line}\\s+\\d+`), said)
  const rows = Number(/acknowledged rows\s+(\d+)/.exec(said)?.[1])
  const missing = Number(/rows missing\s+(\d+)/.exec(said)?.[1])
  assert.ok(rows > 100, said)
  // Replication is asynchronous here: a row may die with the primary, but never one that a replica had received; more than a few would be our doing.
  assert.ok(missing <= 3, said)
  const folder = /its files are in (\S+)\/orchestrator/.exec(said)?.[1] ?? ''
  assert.notEqual(folder, '', said)
  assert.equal(existsSync(folder), false, 'the folder of the demo is gone')
  assert.deepEqual(processesNaming(folder), [])
})

test('an unknown option of the demo is refused by name', async () => {
  const demo = spawn('node', ['scripts/demo.ts', '--dril'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  demo.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  assert.equal(await new Promise(resolve => demo.once('exit', resolve)), 2)
  assert.match(said, /--dril/)
})
