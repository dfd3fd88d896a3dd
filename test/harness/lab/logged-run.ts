import type { PlanOutcome } from '../../../src/engine/execution/plan-outcome.ts'
import { isRefusal, type Plan, type Planned } from '../../../src/model/planning/plan.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import type { SandboxServer } from '../sandbox/sandbox-server.ts'
import type { Lab } from './lab.ts'

export interface LoggedRun {
  readonly plan: Plan
  readonly outcome: PlanOutcome
  /** Per server by name: what the plan showed, and what the server's general log has of it. Readings are left out of both. */
  readonly shown: Readonly<Record<string, readonly string[]>>
  readonly sent: Readonly<Record<string, readonly string[]>>
}

/** Statements that change or wait; what only reads is not part of the comparison, because polls read all the time. */
export const acts = /^(?:STOP|START|CHANGE|RESET|SET GLOBAL|SET GTID_NEXT|COMMIT|FLUSH|PURGE|KILL|SELECT (?:SLEEP|WAIT_FOR_EXECUTED_GTID_SET|SOURCE_POS_WAIT|MASTER_POS_WAIT|MASTER_GTID_WAIT))\b/

/** How often is waited for what a stopped receiver has read is found out on the way. */
export const waitsForRead = /_POS_WAIT\((\{known when it runs\}|.*, (0\.5|60)\))/

/** A receiver that was stopped in the middle of a transaction fetches the rest of it, in threes that no plan can know. */
export const withoutFetching = (heard: readonly string[]): readonly string[] => {
  const middle = heard.indexOf('SELECT SLEEP(0.2)')
  return middle < 0 ? heard : withoutFetching([...heard.slice(0, middle - 1), ...heard.slice(middle + 2)])
}

/** Makes a plan on a fresh topology, runs it while every server logs what it is told, and answers both. Throws where the plan is refused. */
export async function loggedRun(lab: Lab, planned: (topology: Topology) => Planned): Promise<LoggedRun> {
  await refresh(lab)
  const plan = planned(lab.inventory.topology)
  if (isRefusal(plan)) throw new Error(`refused: ${plan.refused.code}: ${plan.refused.text}`)
  const shown: Record<string, string[]> = {}
  for (const { step } of plan.steps) {
    const on = lab.inventory.get(step.on)
    if (on === undefined) throw new Error(`${step.on} is not known`)
    ;(shown[lab.nameOf(step.on)] ??= []).push(...lab.servers.statements(step, on).filter(statement => acts.test(statement)))
  }
  const running = lab.sandbox.servers.filter(server => server.isRunning)
  const logging = await Promise.all(running.map(async server => ({ server, since: await beginLog(server) })))
  const outcome = await lab.execution.run(plan, { by: 'test' })
  const logs = await Promise.all(logging.map(async ({ server, since }) => [server.name, await endLog(server, since)] as const))
  return { plan, outcome, shown, sent: Object.fromEntries(logs.filter(([, sent]) => sent.length > 0)) }
}

/** Reads every running server again, sources after their replicas, so that nothing on its way looks errant. */
export async function refresh(lab: Lab): Promise<void> {
  const keys = lab.sandbox.servers.filter(server => server.isRunning).map(({ name }) => lab.key(name))
  await lab.discovery.readAgain(keys)
  await lab.discovery.readAgain(keys)
}

/** Where the plan could not know a value, what was sent stands for it. */
export function sameStatements(shown: readonly string[], sent: readonly string[]): boolean {
  const [wanted = [], told = []] = [shown, sent].map(statements => withoutFetching(statements).filter(statement => !waitsForRead.test(statement)))
  return wanted.length === told.length && wanted.every((statement, index) => pattern(statement).test(told[index] ?? ''))
}

const pattern = (statement: string): RegExp =>
  new RegExp(`^${statement.replace(/ \/\*.*\*\/$/, '').split(/\{[^}]*\}|'\*+'|…/).map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`)

/** From when on the log counts. A read-only server does not let its log table be emptied. */
async function beginLog(server: SandboxServer): Promise<string> {
  await server.sql("SET GLOBAL log_output = 'TABLE'")
  const { now } = await server.row<{ now: string }>('SELECT CAST(NOW(6) AS CHAR) AS now')
  await server.sql('SET GLOBAL general_log = ON')
  return now
}

async function endLog(server: SandboxServer, since: string): Promise<readonly string[]> {
  await server.sql('SET GLOBAL general_log = OFF')
  const rows = await server.sql<{ argument: string }>(
    "SELECT CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log WHERE user_host LIKE 'orchestrator[%' AND command_type = 'Query' AND event_time > ? ORDER BY event_time",
    [since])
  // MariaDB logs all statements of a packet as one, MySQL each.
  return rows.flatMap(({ argument }) => argument.split(/;\s*(?:\n|$)/)).map(statement => statement.trim()).filter(statement => acts.test(statement))
}
