import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandResult, Processes } from '../../ports/processes.ts'
import { BoundedText } from './bounded-text.ts'

type Command = Parameters<Processes['run']>[0]

/** Output kept of one command; what comes after is read and dropped, so that a talkative command never blocks on a full pipe. */
const outputBytesMax = 256 * 1024
/** Commands at a time, asynchronous ones included: a hook that never ends must not take the whole machine, one per failover. */
const runningMax = 64
/** Between asking a process group to end and ending it. */
const graceMilliseconds = 1000
/** How long output that is still in the pipe is waited for after the command itself has ended; its background children may hold the pipe open. */
const drainMilliseconds = 100

/**
 * Runs hooks as contract hooks.md section 2 says: the text in a private temporary file, `<shell> <file> args…`, stdout and stderr together.
 * The command leads its own process group, which is ended whole when the time limit passes or the program stops. A limit of 0 means none.
 */
export class ShellProcesses implements Processes {
  readonly #environment: Readonly<Record<string, string | undefined>>
  readonly #running = new Set<ChildProcess>()

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment
  }

  async run(command: Command): Promise<CommandResult> {
    const startedAt = performance.now()
    const notStarted = (startFailure: string): CommandResult =>
      ({ exitCode: null, signal: null, timedOut: false, output: '', startFailure, durationMilliseconds: performance.now() - startedAt })
    if (this.#running.size >= runningMax) return notStarted(`${runningMax} commands are running already`)
    let folder: string
    try {
      folder = await mkdtemp(join(tmpdir(), 'orchestrator-process-cmd-'))
    } catch (error) {
      return notStarted(`no temporary file: ${messageOf(error)}`)
    }
    try {
      const file = join(folder, 'command')
      await writeFile(file, command.text, { mode: 0o600 })
      return await this.#runFile(command, file, startedAt)
    } catch (error) {
      return notStarted(messageOf(error))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** Ends every command that still runs, with its children. */
  close(): void {
    for (const child of this.#running) endGroup(child, 'SIGKILL')
  }

  #runFile(command: Command, file: string, startedAt: number): Promise<CommandResult> {
    return new Promise(resolve => {
      const output = new BoundedText(outputBytesMax)
      const child = spawn(command.shell, [file, ...command.args], {
        env: { ...this.#environment, ...command.environment },
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true, // its own process group, so that children of the hook can be ended with it
      })
      this.#running.add(child)
      let timedOut = false
      let settled = false
      let grace: NodeJS.Timeout | undefined
      const limit = command.timeoutMilliseconds <= 0 ? undefined : setTimeout(() => {
        timedOut = true
        endGroup(child, 'SIGTERM')
        grace = setTimeout(() => endGroup(child, 'SIGKILL'), graceMilliseconds)
      }, command.timeoutMilliseconds)
      const settle = (result: Pick<CommandResult, 'exitCode' | 'signal' | 'startFailure'>): void => {
        if (settled) return
        settled = true
        clearTimeout(limit)
        this.#running.delete(child)
        resolve({ ...result, timedOut, output: output.text(), durationMilliseconds: performance.now() - startedAt })
      }
      child.stdout.on('data', (chunk: Buffer) => output.add(chunk))
      child.stderr.on('data', (chunk: Buffer) => output.add(chunk))
      child.on('error', error => settle({ exitCode: null, signal: null, startFailure: messageOf(error) }))
      child.on('exit', (exitCode, signal) => {
        const ended = { exitCode, signal, startFailure: null }
        // A group that ran out of time is ended to the last child, also when its leader went at the first word.
        if (timedOut) endGroup(child, 'SIGKILL')
        clearTimeout(grace)
        child.once('close', () => settle(ended))
        setTimeout(() => settle(ended), drainMilliseconds)
      })
      // A command that does not read its input closes it; that is its good right.
      child.stdin.on('error', () => undefined)
      child.stdin.end(command.stdin)
    })
  }
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // ESRCH: nobody of the group is left, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
