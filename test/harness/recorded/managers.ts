import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Api } from './api.ts'
import { LeaderWatch } from './leader-watch.ts'
import { isRunning, type RunningProgram, startProgram, writeConfiguration } from './program.ts'

export const managerNames = ['one', 'two', 'three'] as const
export type ManagerName = (typeof managerNames)[number]

/** Settings of a process whose database is a MySQL server (user `store`). */
export const onMysql = ({ host, port }: { readonly host: string; readonly port: number }): Readonly<Record<string, unknown>> => ({
  BackendDB: 'mysql', MySQLOrchestratorHost: host, MySQLOrchestratorPort: port, MySQLOrchestratorDatabase: 'orchestrator', MySQLOrchestratorUser: 'store',
  MySQLOrchestratorPassword: 'store-pass',
})

/** What the database needs to be one. */
export const databaseStatements = ["create user 'store'@'%' identified by 'store-pass'", 'grant all on `orchestrator`.* to \'store\'@\'%\''] as const

export const otherManagers = (name: string): readonly ManagerName[] => managerNames.filter(each => each !== name)

/** Processes of the program that share a database, each with a port of its own. */
export class Managers {
  readonly running = new Map<string, RunningProgram>()
  readonly #configurations = new Map<string, string>()

  constructor(folder: string, configuration: Readonly<Record<string, unknown>>) {
    for (const name of managerNames) {
      mkdirSync(join(folder, name))
      this.#configurations.set(name, writeConfiguration(join(folder, name), configuration))
    }
  }

  /** The first one makes the tables. */
  async startAll(): Promise<void> {
    const [first, ...rest] = managerNames
    await this.start(first)
    await Promise.all(rest.map(name => this.start(name)))
  }

  async start(name: string): Promise<void> {
    const started = await startProgram(['--config', this.#configurations.get(name) ?? ''])
    assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
    this.running.set(name, started)
  }

  program(name: string): RunningProgram {
    const program = this.running.get(name)
    if (program === undefined) throw new Error(`${name} does not run`)
    return program
  }

  api(name: string): Api {
    return new Api(this.program(name).address)
  }

  async end(name: string, act: 'kill' | 'stop'): Promise<void> {
    const program = this.program(name)
    this.running.delete(name)
    await program[act]()
  }

  watch(): LeaderWatch {
    return new LeaderWatch(new Map(managerNames.map(name => [name, () => this.running.get(name)?.address ?? null])))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One that a failed test left frozen hears nothing.
    for (const program of this.running.values()) program.resume()
    if (process.env['LAB_VERBOSE']) for (const [name, program] of this.running) console.log(name, program.log().slice(-4000))
    await Promise.all([...this.running.values()].map(program => program[Symbol.asyncDispose]()))
  }
}
