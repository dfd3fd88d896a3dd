import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { reservePorts } from './free-ports.ts'

const run = promisify(execFile)
const module = JSON.stringify(import.meta.resolve('./free-ports.ts'))

test('processes that ask at the same time are given different ports', async () => {
  const script = `const { reservePorts } = await import(${module}); const { ports } = await reservePorts(20); console.log(ports.join(' ')); process.stdin.resume()`
  const environment = { ...process.env, ORCHESTRATOR_TEST_PORTS: '21300-21399' } // narrow, so that they must meet
  const children = [1, 2, 3].map(() => spawn(process.execPath, ['--input-type=module', '-e', script], { env: environment, stdio: ['pipe', 'pipe', 'inherit'] }))
  const answers = await Promise.all(children.map(async child => {
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`a process ended with ${String(code)} before it had ports`)))
    return String((await Promise.race([once(createInterface(child.stdout), 'line'), ended]))[0])
  }))
  // Each holds its ports until all have told theirs.
  for (const { stdin } of children) stdin.end()
  const ports = answers.flatMap(answer => answer.split(' '))
  assert.equal(ports.length, 60)
  assert.equal(new Set(ports).size, 60)
})

test('a port that another program listens on is not given, and the ports of a process that has ended are given again', async () => {
  const busy = createServer().listen(21451, '127.0.0.1')
  const environment = { ...process.env, ORCHESTRATOR_TEST_PORTS: '21450-21452' }
  const script = `const { reservePorts } = await import(${module}); console.log((await reservePorts(2)).ports.toSorted().join(' ')); process.kill(process.pid, 'SIGKILL')`
  try {
    for (const turn of [1, 2]) {
      const killed = await run(process.execPath, ['--input-type=module', '-e', script], { env: environment }).catch(error => error)
      assert.equal(killed.stdout.trim(), '21450 21452', `turn ${turn}`)
    }
  } finally {
    busy.close()
  }
})

test('a range that is exhausted says so and gives back what it had taken', async () => {
  const before = process.env['ORCHESTRATOR_TEST_PORTS']
  process.env['ORCHESTRATOR_TEST_PORTS'] = '21460-21462'
  try {
    await assert.rejects(reservePorts(4), /Fewer than 4 free ports between 21460 and 21462/)
    const { ports, release } = await reservePorts(3)
    assert.equal(ports.length, 3)
    await release()
  } finally {
    if (before === undefined) delete process.env['ORCHESTRATOR_TEST_PORTS']
    else process.env['ORCHESTRATOR_TEST_PORTS'] = before
  }
})
