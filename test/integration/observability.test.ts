import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { figureList } from '../../src/contract/figures.ts'
import { measureList } from '../../src/contract/measures.ts'
import { temporaryFolder } from '../harness/recorded/program.ts'

/** One service that polls a server which does not exist, with everything switched on that tells of it. */
const folder = temporaryFolder()
const graphite = createServer({ allowHalfOpen: true })
let sent = ''
let program: ChildProcess
let [output, errors, address] = ['', '', '']

before(async () => {
  graphite.on('connection', socket => socket.on('data', chunk => (sent += chunk.toString('utf8'))).on('end', () => socket.end()))
  await once(graphite.listen(0, '127.0.0.1'), 'listening')
  const file = join(folder.path, 'orchestrator.conf.json')
  writeFileSync(file, JSON.stringify({
    ListenAddress: '127.0.0.1:0', BackendDB: 'sqlite', SQLite3DataFile: join(folder.path, 'orchestrator.db'), InstancePollSeconds: 1, DiscoverySeeds: ['127.0.0.1:1'],
    AuditLogFile: join(folder.path, 'audit.log'), AuditToBackendDB: true, GraphiteAddr: `127.0.0.1:${(graphite.address() as AddressInfo).port}`, GraphitePath: 'orc.{hostname}',
    GraphitePollSeconds: 1,
  }))
  program = spawn(process.execPath, [join(import.meta.dirname, '..', '..', 'src', 'main.ts'), '-config', file, 'http'], { stdio: ['ignore', 'pipe', 'pipe'] })
  program.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  program.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')))
  await until('the service listens', () => /listens on \S+/.test(output))
  address = /listens on (\S+)/.exec(output)?.[1] ?? ''
}, { timeout: 120_000 })

after(async () => {
  program.kill('SIGTERM')
  await once(program, 'close')
  graphite.close()
  folder[Symbol.dispose]()
}, { timeout: 60_000 })

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 80_000
  while (!(await isTrue())) {
    if (performance.now() > end) assert.fail(`${what}: waited in vain; ${errors.slice(-2000)}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

const figures = async (): Promise<Record<string, number>> => (await (await fetch(`${address}/debug/metrics`)).json()) as Record<string, number>

test('counters on /debug/metrics move with polls, and all names are there', { timeout: 170_000 }, async () => {
  await until('a poll has failed', async () => ((await figures())['discoveries.fail'] ?? 0) > 0)
  const [first, answer] = [await figures(), await fetch(`${address}/debug/metrics`)]
  assert.equal(answer.headers.get('content-type'), 'application/json; charset=UTF-8')
  for (const [name, { onlyWithDeadQueue }] of figureList) assert.equal(typeof first[name], onlyWithDeadQueue === undefined ? 'number' : 'undefined', name)
  await until('another poll has failed', async () => ((await figures())['discoveries.fail'] ?? 0) > (first['discoveries.fail'] ?? 0))
  const now = await figures()
  for (const name of ['discoveries.attempt', 'instance.read_topology', 'audit.write']) assert.ok((now[name] ?? 0) > 0, name)
  assert.deepEqual([now['elect.is_elected'], now['health.is_healthy'], now['raft.is_healthy'], now['recover.pending'], now['instance.access_denied']], [1, 1, 0, 0, 0])
})

test('/debug/vars has the command line and the memory in the words of Go', { timeout: 100_000 }, async () => {
  const { cmdline, memstats } = (await (await fetch(`${address}/debug/vars`)).json()) as { cmdline: string[]; memstats: Record<string, number> }
  assert.ok(cmdline.includes('http') && cmdline.includes('-config'))
  for (const name of ['Alloc', 'TotalAlloc', 'Sys', 'HeapAlloc', 'HeapSys', 'NumGC']) assert.ok(Number.isFinite(memstats[name]), name)
  assert.ok((memstats['Sys'] ?? 0) > (memstats['HeapAlloc'] ?? 0))
  assert.equal((await fetch(`${address}/debug/pprof`)).status, 404)
})

test('/metrics tells Prometheus every name of both tables, and values that move', { timeout: 100_000 }, async () => {
  const answer = await fetch(`${address}/metrics`)
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  const text = await answer.text()
  for (const [name, { kind }] of figureList) assert.ok(text.includes(`# TYPE orchestrator_${name.replaceAll('.', '_')} ${kind}\n`), name)
  for (const [name, { kind }] of measureList) assert.ok(text.includes(`# TYPE orchestrator_${name} ${kind}\n`), name)
  for (const line of text.split('\n')) assert.match(line, /^$|^# (HELP|TYPE) |^orchestrator_[a-z_]+(\{[^}]*\})? -?[\d.e+-]+$/)
  assert.match(text, /^orchestrator_probe_failures_total\{kind="refused"\} [1-9]/m)
  assert.match(text, /^orchestrator_probe_seconds_count\{outcome="failed"\} [1-9]/m)
  assert.match(text, /^orchestrator_store_write_seconds_count\{outcome="ok"\} [1-9]/m)
  assert.match(text, /^orchestrator_audited_total\{type="inject-seed"\} 1$/m)
  assert.match(text, /^orchestrator_http_requests_total\{method="GET",status="200"\} [1-9]/m)
  assert.match(text, /^orchestrator_group_state\{state="leader"\} 1$/m)
})

test('Graphite gets a line for each figure, every time anew', { timeout: 100_000 }, async () => {
  const count = figureList.filter(([, { onlyWithDeadQueue }]) => onlyWithDeadQueue === undefined).length
  await until('two sendings have come', () => sent.split('\n').length > 2 * count)
  const lines = sent.split('\n').slice(0, 2 * count)
  for (const line of lines) assert.match(line, /^orc\.[^.\s]+\.[a-z_.]+\.(count|value) \d+ \d{10}$/)
  for (const [name, { kind, onlyWithDeadQueue }] of figureList) {
    const suffix = kind === 'counter' ? 'count' : 'value'
    assert.equal(lines.filter(line => line.includes(`.${name}.${suffix} `)).length, onlyWithDeadQueue === undefined ? 2 : 0, name)
  }
})

test('requests are written to standard output, with an id that the answer carries', { timeout: 100_000 }, async () => {
  const answer = await fetch(`${address}/api/clusters?publicToken=hidden&mine=1`, { headers: { 'x-real-ip': '10.9.8.7', 'x-request-id': 'trace-1' } })
  assert.equal(answer.headers.get('x-request-id'), 'trace-1')
  assert.match((await fetch(`${address}/api/clusters`)).headers.get('x-request-id') ?? '', /^[0-9a-f]{6}-[0-9a-z]+$/)
  await until('the request is logged', () => output.includes('[martini] Started GET /api/clusters?publicToken=***&mine=1 for 10.9.8.7\n'))
  await until('its end is logged', () => /^\[martini\] Completed 200 OK in [\d.]+(µs|ms|s)$/m.test(output))
  assert.ok(!output.includes('hidden'))
})

test('without --verbose nothing below ERROR is in the log', () => {
  assert.doesNotMatch(errors, /^\S+ \S+ (DEBUG|INFO|NOTICE|WARNING) /m)
})

test('what is audited is in the file and in the store', { timeout: 100_000 }, async () => {
  await until('the seed is audited', async () => ((await (await fetch(`${address}/api/audit`)).json()) as { AuditType: string }[]).some(({ AuditType }) => AuditType === 'inject-seed'))
  assert.match(readFileSync(join(folder.path, 'audit.log'), 'utf8'), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\tinject-seed\t127\.0\.0\.1\t1\t\[[^\]]*\]\t\t$/m)
})
