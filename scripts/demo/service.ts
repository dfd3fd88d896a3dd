import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { accounts } from '../../test/harness/sandbox/accounts.ts'
import type { OperationAnswer } from '../../src/contract/views.ts'
import type { Sandbox } from '../../test/harness/sandbox/sandbox.ts'

const readyMillisMax = 30_000
const stopMillisMax = 10_000
const portsTried = 50
const operationMillisMax = 60_000

export interface Service {
  readonly address: string
  readonly isRunning: boolean
  logTail(): string
  get(path: string): Promise<unknown>
  /** Does an operation of API version 2, and waits for its answer. */
  operation(name: string, input: Readonly<Record<string, string | boolean>>): Promise<OperationAnswer>
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts the built program on SQLite beside the sandbox, with one seed, and waits until it knows every server. */
export async function startService(sandbox: Sandbox, say: (line: string) => void, extra: Readonly<Record<string, unknown>> = {}): Promise<Service> {
  const folder = join(sandbox.folder, 'orchestrator')
  mkdirSync(folder, { recursive: true })
  const port = await freePort(3000)
  const address = `http://127.0.0.1:${port}`
  const configuration = join(folder, 'orchestrator.conf.json')
  writeFileSync(configuration, JSON.stringify({
    ListenAddress: `127.0.0.1:${port}`,
    BackendDB: 'sqlite',
    SQLite3DataFile: join(folder, 'orchestrator.sqlite3'),
    MySQLTopologyUser: accounts.orchestrator.user,
    MySQLTopologyPassword: accounts.orchestrator.password,
    DiscoverByShowSlaveHosts: true,
    DiscoverySeeds: [sandbox.servers[0]?.key],
    HostnameResolveMethod: 'none',
    MySQLHostnameResolveMethod: '@@report_host',
    DetectInstanceAliasQuery: "select concat('db', @@server_id)",
    DetectClusterAliasQuery: "select 'shop'",
    RecoverMasterClusterFilters: ['*'],
    RecoverIntermediateMasterClusterFilters: ['*'],
    RecoveryPeriodBlockSeconds: 60,
    InstancePollSeconds: 1,
    AuditToBackendDB: true,
    ...extra,
  }, null, 2), { mode: 0o600 })
  const log = join(folder, 'orchestrator.log')
  const child = spawn(program(), ['--config', configuration, 'http'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const keep = (chunk: Buffer): void => {
    lines.push(chunk.toString('utf8'))
    if (lines.length > 2000) lines.splice(0, 1000)
    writeFileSync(log, chunk, { flag: 'a' })
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const running = (): boolean => child.exitCode === null && child.signalCode === null
  const logTail = (): string => readFileSync(log, 'utf8').slice(-3000)
  const get = async (path: string): Promise<unknown> => (await fetch(address + path, { signal: AbortSignal.timeout(5000) })).json()
  const operation: Service['operation'] = async (name, input) => {
    const response = await fetch(`${address}/api/v2/operations/${name}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input, wait: true }), signal: AbortSignal.timeout(operationMillisMax),
    })
    // The edge: the contract's types say what the service answers.
    return (await response.json()) as OperationAnswer
  }
  const service: Service = {
    address,
    operation,
    get isRunning() {
      return running()
    },
    logTail,
    get,
    [Symbol.asyncDispose]: () => end(child, running),
  }
  const deadline = performance.now() + readyMillisMax
  while (performance.now() < deadline && running()) {
    const known = await get('/api/all-instances').catch(() => [])
    if (Array.isArray(known) && known.filter(instance => instance.IsLastCheckValid === true).length === sandbox.servers.length) {
      say(`Orchestrator runs (process ${child.pid}); its files are in ${folder}`)
      return service
    }
    await sleep(50)
  }
  const tail = lines.join('').slice(-3000)
  await end(child, running)
  throw new Error(`Orchestrator did not discover all ${sandbox.servers.length} servers within ${readyMillisMax / 1000} s. Its log ends with:\n${tail}`)
}

/** From the checkout, or from the one file that this is built into. */
function program(): string {
  const found = ['../../bin/orchestrator', '../bin/orchestrator'].map(path => join(import.meta.dirname, path)).find(path => existsSync(path))
  if (found === undefined) throw new Error(`bin/orchestrator is missing beside ${import.meta.dirname}`)
  return found
}

async function end(child: ChildProcess, running: () => boolean): Promise<void> {
  if (!running()) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), stopMillisMax)
  await ended
  clearTimeout(late)
}

/** The first free port from `first` on. */
async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + portsTried; port += 1) {
    const isFree = await new Promise<boolean>(resolve => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
  throw new Error(`no free port between ${first} and ${first + portsTried - 1}`)
}
