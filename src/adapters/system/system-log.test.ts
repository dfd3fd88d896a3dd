import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from './clock.ts'
import { SystemLog } from './system-log.ts'

test('lines reach the log of the system through the program logger, with tag and priority', { timeout: 60_000 }, async context => {
  const folder = await mkdtemp(join(tmpdir(), 'system-log-'))
  context.after(() => rm(folder, { recursive: true }))
  let received = ''
  const server = createServer(socket => socket.on('data', chunk => (received += chunk.toString('utf8'))))
  await new Promise<void>(resolve => server.listen(join(folder, 'log'), resolve))
  context.after(() => server.close())
  const troubles: string[] = []
  const log = new SystemLog({ program: ['logger', '-u', join(folder, 'log')], trouble: text => void troubles.push(text) })
  log.write('info', 'auditType:recover instance:db1:3306 cluster:c message:ok')
  log.write('error', "a 'quoted' $(text)")
  log.write('info', 'second')
  await log.close()
  for (let tries = 0; !received.includes('quoted') && tries < 500; tries++) await systemClock.sleep(20)
  assert.deepEqual(troubles, [])
  const [daemon, info, error] = [3, 6, 3]
  assert.match(received, new RegExp(`<${daemon * 8 + info}>[^<]*orchestrator: auditType:recover instance:db1:3306 cluster:c message:ok`))
  assert.match(received, new RegExp(`<${daemon * 8 + info}>[^<]*orchestrator: second`))
  assert.match(received, new RegExp(`<${daemon * 8 + error}>[^<]*orchestrator: a 'quoted' \\$\\(text\\)`))
})

test('a system without it is told of once, and lines for it are dropped', { timeout: 60_000 }, async () => {
  const troubles: string[] = []
  const log = new SystemLog({ program: ['no-such-program-as-logger'], trouble: text => void troubles.push(text) })
  log.write('info', 'one')
  for (let tries = 0; troubles.length === 0 && tries < 500; tries++) await systemClock.sleep(20)
  for (let n = 0; n < 10; n++) log.write('info', 'more')
  await log.close()
  assert.equal(troubles.length, 1)
  assert.match(troubles[0] ?? '', /^the system's log cannot be written to, .*no-such-program-as-logger/)
  assert.ok(log.dropped >= 10)
})

test('a program that does not read makes nobody wait', { timeout: 60_000 }, async () => {
  const log = new SystemLog({ program: ['sh', '-c', 'exec sleep 60', 'sh'], trouble: () => undefined })
  for (let n = 0; n < 20_000; n++) log.write('info', 'x'.repeat(100))
  assert.ok(log.dropped > 10_000)
  await log.close()
})
