import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeConfiguration } from '../../test/harness/recorded/program.ts'

const program = join(import.meta.dirname, '..', '..', 'bin', 'orchestrator')
const readyMilliseconds = 120_000

export interface MemberPlace {
  readonly name: string
  readonly folder: string
  /** Of the HTTP API, as the benchmark reaches it. */
  readonly address: string
  /** The words before the command that start it where it lives. */
  readonly inside: readonly string[]
  readonly settings: Readonly<Record<string, unknown>>
}

/** One manager: the built program as a process that is killed, frozen and started again. */
export class Member {
  readonly place: MemberPlace
  readonly #configuration: string
  #child: ChildProcess | null = null
  #log = ''

  constructor(place: MemberPlace) {
    this.place = place
    mkdirSync(place.folder, { recursive: true })
    this.#configuration = writeConfiguration(place.folder, { ListenAddress: place.address.replace('http://', ''), ...place.settings })
  }

  get name(): string {
    return this.place.name
  }

  get address(): string {
    return this.place.address
  }

  get runs(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** `nsenter` and the shell of bin/orchestrator give way to the program, and the process keeps its number. */
  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** Comes back once it listens. */
  async start(): Promise<void> {
    const [first = program, ...words] = [...this.place.inside, program]
    const child = spawn(first, [...words, '--config', this.#configuration, 'http'], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    let said = ''
    child.stderr.on('data', (text: Buffer) => { this.#log = (this.#log + text.toString()).slice(-20_000) })
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${this.name} did not listen within ${readyMilliseconds} ms: ${this.#log}`)), readyMilliseconds)
      const settle = (act: () => void): void => {
        clearTimeout(late)
        act()
      }
      child.stdout.on('data', (text: Buffer) => {
        said += text.toString()
        if (said.includes('listens on ')) settle(resolve)
      })
      child.once('error', error => settle(() => reject(error)))
      child.once('exit', status => settle(() => reject(new Error(`${this.name} ended with ${status} before it listened: ${this.#log}`))))
    })
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void {
    this.#child?.kill(signal)
  }

  /** Waits until it has ended. */
  async ended(): Promise<void> {
    const child = this.#child
    if (child !== null && this.runs) await new Promise(resolve => child.once('exit', resolve))
  }

  /** Null: no answer within the time, or not the one that was hoped for. */
  async get<Answer>(path: string, milliseconds = 1000): Promise<Answer | null> {
    try {
      const response = await fetch(this.address + path, { headers: { connection: 'close' }, signal: AbortSignal.timeout(milliseconds) })
      return await response.json() as Answer // the shapes of the contract
    } catch {
      return null // it is dead, frozen or cut off: what the benchmark is about
    }
  }

  /** One change of what the managers remember together. */
  async write(tag: string, milliseconds = 1000): Promise<boolean> {
    return (await this.get<{ readonly Code: string }>(`/api/tag/10.9.9.9/3306?tag=${tag}`, milliseconds))?.Code === 'OK'
  }

  get log(): string {
    return this.#log
  }

  assertRuns(): void {
    assert.ok(this.runs, `${this.name} has ended: ${this.#log}`)
  }
}
