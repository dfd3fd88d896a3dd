import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const answerMillisMax = 30_000
const stopMillisMax = 15_000

export interface ProgramWish {
  readonly port: number
  /** Keys of the configuration file beside the address and the store. */
  readonly configuration: Readonly<Record<string, unknown>>
  /** The sources as they are, not what was built last. */
  readonly fromSource?: boolean
  /** Where a CPU profile is written to when the program ends. */
  readonly profileFolder?: string | undefined
}

const file = (path: string): string => new URL(`../${path}`, import.meta.url).pathname

/** The program under test: `bin/orchestrator http` on an empty SQLite file. */
export class Program {
  readonly folder: string
  readonly address: string
  /** From the start to the first answer over HTTP. */
  firstAnswerMillis = Number.NaN
  readonly #child: ChildProcess
  readonly #log: string

  private constructor(folder: string, address: string, child: ChildProcess) {
    this.folder = folder
    this.address = address
    this.#child = child
    this.#log = join(folder, 'log')
    const keep = (chunk: Buffer): void => appendFileSync(this.#log, chunk)
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
  }

  static async start({ port, configuration, profileFolder, fromSource = false }: ProgramWish): Promise<Program> {
    const folder = mkdtempSync(join(tmpdir(), 'orc-bench-'))
    const settings = join(folder, 'orchestrator.conf.json')
    const own = { ListenAddress: `127.0.0.1:${port}`, BackendDB: 'sqlite', SQLite3DataFile: join(folder, 'orchestrator.sqlite3') }
    writeFileSync(settings, JSON.stringify({ ...own, ...configuration }), { mode: 0o600 })
    const profile = profileFolder === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileFolder}` }
    const began = performance.now()
    const [command, ...words] = fromSource ? [process.execPath, '--disable-warning=ExperimentalWarning', file('src/main.ts')] : [file('bin/orchestrator')]
    const child = spawn(command, [...words, '--config', settings, 'http'], {
      stdio: ['ignore', 'pipe', 'pipe'], cwd: folder, env: { ...process.env, ...profile },
    })
    const program = new Program(folder, `http://127.0.0.1:${port}`, child)
    child.once('error', error => appendFileSync(join(folder, 'log'), String(error)))
    while (performance.now() - began < answerMillisMax && program.isRunning) {
      const answered = await fetch(`${program.address}/api/clusters`, { signal: AbortSignal.timeout(5_000) }).then(answer => answer.text(), () => null)
      if (answered !== null) {
        program.firstAnswerMillis = performance.now() - began
        return program
      }
      await sleep(10)
    }
    const tail = program.logTail()
    await program[Symbol.asyncDispose]()
    throw new Error(`The program did not answer; its log ends with:\n${tail}`)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  logTail(): string {
    try {
      return readFileSync(this.#log, 'utf8').slice(-3000)
    } catch {
      return 'nothing was logged'
    }
  }

  /** Milliseconds until the whole body had come, and its length. Throws for any answer but 200. */
  async timed(path: string): Promise<{ readonly millis: number; readonly bytes: number; readonly body: string }> {
    const began = performance.now()
    const answer = await fetch(this.address + path, { signal: AbortSignal.timeout(answerMillisMax) })
    const body = await answer.text()
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${body.slice(0, 200)}`)
    return { millis: performance.now() - began, bytes: body.length, body }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning && this.#child.pid !== undefined) {
      const ended = new Promise(resolve => this.#child.once('exit', resolve))
      this.#child.kill('SIGTERM')
      const late = setTimeout(() => this.#child.kill('SIGKILL'), stopMillisMax)
      await ended
      clearTimeout(late)
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}
