import assert from 'node:assert/strict'
import type { ClusterView, PlanView } from '../../src/contract/views.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Api, type Envelope, until } from '../harness/recorded/api.ts'
import { acts, waitsForRead, withoutFetching } from '../harness/lab/logged-run.ts'
import { isRunning, runProgram, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import type { ReplicateOptions } from '../harness/sandbox/replication.ts'
import { Sandbox, type ServerWish } from '../harness/sandbox/sandbox.ts'

/** Statements that change a server or wait on it; polls are none of them. */
const acting = /^(CHANGE |START |STOP |RESET |SET GLOBAL |SELECT (WAIT_FOR_EXECUTED_GTID_SET|SOURCE_POS_WAIT|MASTER_POS_WAIT|MASTER_GTID_WAIT))/i

export interface Tree {
  readonly [replica: string]: string
}

/** Real servers in a tree under a writer, the program that knows them, and the general log of each. */
export class MovesRig {
  readonly sandbox: Sandbox
  readonly api: Api
  readonly writer: Writer
  readonly #program: RunningProgram
  readonly #configuration: string
  readonly #folder: ReturnType<typeof temporaryFolder>

  private constructor(sandbox: Sandbox, program: RunningProgram, writer: Writer, folder: ReturnType<typeof temporaryFolder>, configuration: string) {
    this.sandbox = sandbox
    this.#program = program
    this.writer = writer
    this.#folder = folder
    this.#configuration = configuration
    this.api = new Api(program.address)
  }

  /** `tree` says who follows whom, sources first; whoever is nobody's replica is the primary. Recoveries are off, so that only what is asked happens. */
  static async start(tree: Tree, ports: number, wish: Omit<ServerWish, 'name' | 'port'> = {}, replicate: ReplicateOptions = {}, settings: Readonly<Record<string, unknown>> = {}): Promise<MovesRig> {
    const names = [...new Set(Object.entries(tree).flatMap(([replica, source]) => [source, replica]))]
    const sandbox = await Sandbox.start({ servers: names.map((name, index) => ({ ...wish, name, port: ports + index })) })
    const folder = temporaryFolder()
    try {
      for (const [replica, source] of Object.entries(tree)) await sandbox.replicate(replica, source, replicate)
      const [primary = ''] = names
      for (const replica of Object.keys(tree)) await sandbox.server(replica).sql(wish.flavour === 'mariadb' ? 'SET GLOBAL read_only = ON' : 'SET GLOBAL super_read_only = ON')
      for (const server of sandbox.servers) await server.sql("SET GLOBAL log_output = 'TABLE'")
      const configuration = writeConfiguration(folder.path, { AuditToBackendDB: true, RecoverMasterClusterFilters: [], RecoverIntermediateMasterClusterFilters: [], ...settings })
      const program = await startProgram(['--config', configuration])
      assert.ok(isRunning(program), 'stderr' in program ? program.stderr : '')
      const writer = await Writer.start(sandbox.server(primary), () => sandbox.servers)
      const rig = new MovesRig(sandbox, program, writer, folder, configuration)
      for (const name of names) await rig.api.former(`discover/${rig.path(name)}`)
      await until(() => rig.api.get<ClusterView>(`/api/v2/clusters/${encodeURIComponent(rig.key(primary))}`), view => view.members?.length === names.length)
      return rig
    } catch (error) {
      await sandbox.stop()
      folder[Symbol.dispose]()
      throw error
    }
  }

  key(name: string): string {
    return this.sandbox.server(name).key
  }

  path(name: string): string {
    return this.key(name).replace(':', '/')
  }

  /** Whom it follows, by name; 'nobody' for a primary. */
  async sourceOf(name: string): Promise<string> {
    const [status] = await this.sandbox.server(name).sql(this.sandbox.server(name).flavour === 'mariadb' ? 'SHOW ALL SLAVES STATUS' : 'SHOW REPLICA STATUS')
    if (status === undefined) return 'nobody'
    const key = `${String(status['Source_Host'] ?? status['Master_Host'])}:${String(status['Source_Port'] ?? status['Master_Port'])}`
    return this.sandbox.servers.find(server => server.key === key)?.name ?? key
  }

  async tree(): Promise<Tree> {
    return Object.fromEntries(await Promise.all(this.sandbox.servers.filter(server => server.isRunning).map(async ({ name }) => [name, await this.sourceOf(name)] as const)))
  }

  /** Shows the plan of an operation, does it over its former route, and compares what each server was told with what the plan had said. */
  async act(name: string, input: Readonly<Record<string, string>>, route: string): Promise<{ readonly answer: Envelope; readonly plan: PlanView }> {
    const plan = await this.api.plan(name, input)
    const running = this.sandbox.servers.filter(server => server.isRunning)
    const since = new Map<string, string>()
    for (const server of running) {
      await server.sql('SET GLOBAL general_log = ON')
      since.set(server.name, String((await server.row('SELECT CAST(SYSDATE(6) AS CHAR) AS now'))['now']))
    }
    const answer = await this.api.former(route)
    for (const server of running) await server.sql('SET GLOBAL general_log = OFF')
    for (const server of running) {
      const said = plan.steps.filter(step => step.server === server.key).flatMap(({ statements }) => statements).filter(statement => acting.test(statement) && !waitsForRead.test(statement))
      const heard = withoutFetching((await server.sql<{ argument: string }>(
        "SELECT CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log WHERE user_host LIKE 'orchestrator[%' AND command_type = 'Query' AND event_time >= ? ORDER BY event_time",
        [since.get(server.name) ?? ''],
      )).map(({ argument }) => (String(argument).split(';\n')[0] ?? '').replace(/;$/, '')).filter(statement => acts.test(statement))).filter(statement => acting.test(statement) && !waitsForRead.test(statement))
      assert.deepEqual(heard.map((statement, index) => asSaid(statement, said[index] ?? '')), said, `${name}: what ${server.name} was told`)
    }
    return { answer, plan }
  }

  /** Runs a command of the program, in the running service. */
  command(args: readonly string[]): string {
    const { stdout, stderr, status } = runProgram(['--config', this.#configuration, ...args], { ORCHESTRATOR_API: `${this.#program.address}/api` })
    assert.equal(status, 0, stderr)
    return stdout
  }

  /** All rows that the writer had acknowledged are on every server that runs. */
  async nothingIsMissing(): Promise<void> {
    const count = this.writer.acknowledged.length
    await until(async () => Promise.all(this.sandbox.servers.filter(server => server.isRunning).map(server => this.writer.missingOn(server))), missing => missing.every(each => each <= this.writer.acknowledged.length - count), 20_000)
    await this.writer.stop()
    for (const server of this.sandbox.servers.filter(one => one.isRunning)) {
      await until(() => this.writer.missingOn(server), missing => missing === 0, 20_000)
    }
    assert.ok(this.writer.acknowledged.length > 0, 'rows were written')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.writer.stop()
    await this.#program.stop()
    await this.sandbox.stop()
    this.#folder[Symbol.dispose]()
  }
}

/** A plan cannot know what will be read on the way, and shows no secret: there it has `{name}` or `…`, and whatever stands there is as said. */
function asSaid(heard: string, said: string): string {
  const open = said.search(/[{…]/)
  if (open < 0) return heard
  const rest = said.includes('…') ? '' : said.slice(said.lastIndexOf('}') + 1)
  return heard.startsWith(said.slice(0, open)) && heard.endsWith(rest) ? said : heard
}
