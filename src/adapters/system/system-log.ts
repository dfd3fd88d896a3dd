import { type ChildProcess, spawn } from 'node:child_process'
import type { LogLevel } from '../../ports/log.ts'

/** Node has no datagram sockets of Unix: lines go to the program `logger`, one for each priority, which stays and reads. */
const priorities: Readonly<Record<LogLevel, string>> = { debug: 'daemon.debug', info: 'daemon.info', warning: 'daemon.warning', error: 'daemon.err', fatal: 'daemon.crit' }

const tag = 'orchestrator'
/** Text that waits for a `logger` that does not read; what comes beyond is dropped and counted. */
const waitingBytesMax = 256 * 1024
/** A `logger` that ended is not started anew more often. */
const restartMilliseconds = 10_000

export interface SystemLogOptions {
  /** The program and its first arguments. */
  readonly program?: readonly [string, ...string[]]
  /** Told once when the system's log cannot be reached, and once when it can again. */
  readonly trouble: (text: string) => void
}

/** The log of the operating system. It never waits and never fails: what cannot be written is dropped, and said once. */
export class SystemLog {
  readonly #options: SystemLogOptions
  readonly #writers = new Map<LogLevel, { readonly child: ChildProcess; readonly startedAt: number; isOver: boolean }>()
  #dropped = 0
  #isInTrouble = false
  #isClosed = false

  constructor(options: SystemLogOptions) {
    this.#options = options
  }

  /** Lines dropped since the start. */
  get dropped(): number {
    return this.#dropped
  }

  write(level: LogLevel, text: string): void {
    const stdin = this.#writer(level)?.stdin
    if (stdin === undefined || stdin === null || !stdin.writable || stdin.writableLength > waitingBytesMax) {
      this.#dropped++
      return
    }
    stdin.write(`${text}\n`)
  }

  /** Lets every `logger` read what was written, and end. */
  async close(): Promise<void> {
    this.#isClosed = true
    const ended = [...this.#writers.values()].filter(({ isOver }) => !isOver).map(({ child }) => new Promise<void>(resolve => {
      const late = setTimeout(() => child.kill('SIGKILL'), 1000)
      child.once('close', () => {
        clearTimeout(late)
        resolve()
      })
      child.stdin?.end()
    }))
    await Promise.all(ended)
  }

  #writer(level: LogLevel): ChildProcess | null {
    const present = this.#writers.get(level)
    if (present !== undefined && !present.isOver) return present.child
    if (this.#isClosed || (present !== undefined && performance.now() - present.startedAt < restartMilliseconds)) return null
    const [program, ...first] = this.#options.program ?? ['logger']
    const child = spawn(program, [...first, '-t', tag, '-p', priorities[level]], { stdio: ['pipe', 'ignore', 'pipe'] })
    const writer = { child, startedAt: performance.now(), isOver: false }
    this.#writers.set(level, writer)
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => { said = `${said}${chunk.toString('utf8')}`.slice(0, 500) })
    child.stdin?.on('error', () => undefined) // it ended while it was written to: `close` tells
    child.once('error', error => { said = error.message })
    child.once('close', code => {
      writer.isOver = true
      if (this.#isClosed || this.#isInTrouble) return
      this.#isInTrouble = true
      this.#options.trouble(`the system's log cannot be written to, lines for it are dropped: ${program} ended${code === null || code < 0 ? '' : ` with ${code}`}${said === '' ? '' : `: ${said.trim()}`}`)
    })
    // One that stays for a while can be written to.
    setTimeout(() => {
      if (writer.isOver || !this.#isInTrouble) return
      this.#isInTrouble = false
      this.#options.trouble("the system's log can be written to again")
    }, restartMilliseconds).unref()
    child.unref()
    return child
  }
}
