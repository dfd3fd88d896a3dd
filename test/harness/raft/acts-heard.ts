import { acts } from '../lab/logged-run.ts'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'

/** What servers were told by whom, as they themselves write it down: statements that change something, and whence they came. */
export class ActsHeard {
  readonly #servers: readonly SandboxServer[]

  private constructor(servers: readonly SandboxServer[]) {
    this.#servers = servers
  }

  static async begin(servers: readonly SandboxServer[]): Promise<ActsHeard> {
    for (const server of servers) {
      await server.sql("SET GLOBAL log_output = 'TABLE'")
      await server.sql('SET GLOBAL general_log = ON')
    }
    return new ActsHeard(servers)
  }

  /** Told since some moment (of the servers' clock, which is ours) by the manager at that address; servers that do not run any more are left out. */
  async from(address: string, since: number): Promise<readonly string[]> {
    const found: string[] = []
    for (const server of this.#servers.filter(({ isRunning }) => isRunning)) {
      const rows = await server.sql<{ argument: string }>(
        `SELECT CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log WHERE user_host LIKE ? AND command_type = 'Query' AND event_time >= FROM_UNIXTIME(?)`,
        [`orchestrator[%[${address}]%`, since / 1000])
      found.push(...rows.map(({ argument }) => argument.trim()).filter(statement => acts.test(statement)).map(statement => `${server.name}: ${statement}`))
    }
    return found
  }
}
