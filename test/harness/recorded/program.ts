import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const main = join(import.meta.dirname, '..', '..', '..', 'src', 'main.ts')
/** The built program, as users start it. */
const built = join(import.meta.dirname, '..', '..', '..', 'bin', 'orchestrator')
/** With the tables of a new database to make, on a machine that has much else to do. */
const readyMilliseconds = 120_000

/** A folder of its own that is removed with the scope. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'orchestrator-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Environment without what would change the program's ways. */
function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { ORCHESTRATOR_API: _api, NODE_OPTIONS: _options, ...rest } = process.env
  return { ...rest, ...extra }
}

export interface Finished {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
}

/** Runs the program to its end. */
export function runProgram(args: readonly string[], extra: Readonly<Record<string, string>> = {}): Finished {
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', env: environment(extra), timeout: 60_000, cwd: tmpdir() })
  return { stdout, stderr, status }
}

export interface RunningProgram {
  readonly address: string
  /** Settles when it has ended, by itself or not. */
  readonly ended: Promise<number | null>
  log(): string
  /** Asks it to end and answers its exit status. */
  stop(): Promise<number | null>
  /** Ends it as a crash of the machine would: nothing of it runs any more when this comes back. */
  kill(): Promise<void>
  /** It stands still, as a machine that swaps or a virtual one that is moved does. */
  freeze(): void
  resume(): void
  /** Tells it to read its configuration again. */
  hangUp(): void
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts the service and waits until it prints its address; with its exit status and output when it ends instead. `inside`: words that start a program
 * elsewhere, as on a host of a network, and leave it its process id.
 */
export async function startProgram(args: readonly string[], isBuilt = false, inside: readonly string[] = []): Promise<RunningProgram | Finished> {
  const [command = built, ...words] = [...inside, ...(isBuilt ? [built] : [process.execPath, main]), '--verbose', ...args, 'http']
  const child = spawn(command, words, { env: environment({}), stdio: ['ignore', 'pipe', 'pipe'], cwd: tmpdir() })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString('utf8')).slice(-200_000)))
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  const address = await Promise.race([listening(child, () => stdout), ended])
  if (typeof address !== 'string') return { stdout, stderr, status: address }
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
    const status = await ended
    clearTimeout(late)
    return status
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  const freeze = (): void => void child.kill('SIGSTOP')
  const hangUp = (): void => void child.kill('SIGHUP')
  const resume = (): void => void child.kill('SIGCONT')
  return { address, ended, log: () => stderr, stop, kill, freeze, resume, hangUp, [Symbol.asyncDispose]: async () => void (await stop()) }
}

function listening(child: ChildProcess, stdout: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error('the program did not print its address in time'))
    }, readyMilliseconds)
    child.stdout?.on('data', () => {
      const address = /listens on (\S+)/.exec(stdout())?.[1]
      if (address === undefined) return
      clearTimeout(late)
      resolve(address)
    })
    child.once('close', () => clearTimeout(late))
  })
}

export const isRunning = (program: RunningProgram | Finished): program is RunningProgram => 'address' in program

/** Writes a configuration file beside the store; `more` is put in as it stands. */
export function writeConfiguration(folder: string, more: Readonly<Record<string, unknown>> = {}): string {
  const path = join(folder, 'orchestrator.conf.json')
  const configuration = {
    ListenAddress: '127.0.0.1:0', BackendDB: 'sqlite', SQLite3DataFile: join(folder, 'orchestrator.sqlite3'), MySQLTopologyUser: 'orchestrator',
    MySQLTopologyPassword: 'Aa123456', DiscoverByShowSlaveHosts: true, InstancePollSeconds: 1, HostnameResolveMethod: 'none', MySQLHostnameResolveMethod: '@@report_host',
    RecoverMasterClusterFilters: ['*'], RecoverIntermediateMasterClusterFilters: ['*'], DetectClusterAliasQuery: "select 'ci'", ...more,
  }
  writeFileSync(path, JSON.stringify(configuration), { mode: 0o600 })
  return path
}
