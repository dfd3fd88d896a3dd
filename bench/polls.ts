/** `npm run bench:polls`: what one poll of our adapter costs a real server, the wire and us. See README.md. */
import { instanceKey } from '../src/model/topology/instance-key.ts'
import type { MysqlServers } from '../src/adapters/mysql/mysql-servers.ts'
import { adapter } from '../test/harness/fleet/probe-statements.ts'
import { Relay } from '../test/harness/fleet/relay.ts'
import { accounts } from '../test/harness/sandbox/accounts.ts'
import type { SandboxServer } from '../test/harness/sandbox/sandbox-server.ts'
import { Sandbox } from '../test/harness/sandbox/sandbox.ts'
import { machine, median, spread, table } from './figures.ts'

const runs = 12
const pollsPerRun = 600
const deadlineMilliseconds = 5_000
const moreGrants = `GRANT SELECT ON performance_schema.* TO '${accounts.orchestrator.user}'@'%'`

interface Wire {
  /** Of the first poll on a connection, which learns what hardly changes, as one poll a minute does; without the login. */
  readonly learning: { readonly statements: number; readonly roundTrips: number }
  readonly statements: number
  readonly roundTrips: number
  readonly bytesToServer: number
  readonly bytesToClient: number
}

interface Cost {
  readonly serverMicros: number
  readonly serverStatements: number
  readonly cpuMillis: number
  readonly wallMillis: number
}

await using sandbox = await Sandbox.fourServers({ say: line => console.log(line) })
await sandbox.server('primary').sql('CREATE DATABASE shop')
const version = sandbox.server('primary').version
console.log(`MySQL ${version}, ${machine()}; per poll, medians of ${runs} runs of ${pollsPerRun} polls (lowest to highest)`)
for (const grants of ['as the original asks', 'with SELECT on performance_schema too']) {
  if (grants.startsWith('with')) await sandbox.server('primary').sql(moreGrants)
  await Promise.all(['replica-1', 'replica-2', 'sub-replica'].map(name => sandbox.untilCaughtUp(name, 'primary')))
  const rows: string[][] = []
  for (const [name, says] of [['primary', 'primary with 2 replicas'], ['replica-2', 'replica with a replica'], ['replica-1', 'replica']] as const) {
    const server = sandbox.server(name)
    const wire = await overTheWire(server)
    const costs: Cost[] = []
    for (let run = 0; run <= runs; run++) {
      const cost = await direct(server)
      if (run > 0) costs.push(cost) // the first one warms the compiler and the server
    }
    rows.push([
      says, `${wire.learning.statements} / ${wire.learning.roundTrips}`, wire.statements.toFixed(2), wire.roundTrips.toFixed(2), `${wire.bytesToServer.toFixed(0)} / ${wire.bytesToClient.toFixed(0)}`,
      spread(costs.map(cost => cost.serverMicros / 1000), 3), spread(costs.map(cost => cost.cpuMillis), 3), median(costs.map(cost => cost.wallMillis)).toFixed(2),
    ])
    const counted = median(costs.map(cost => cost.serverStatements))
    if (Math.abs(counted - wire.statements) > 0.05) throw new Error(`The server counted ${counted} statements per poll, the relay ${wire.statements}`)
  }
  console.log(`\nGrants ${grants}\n\n${table(
    ['', 'learning: statements / round trips', 'statements', 'round trips', 'bytes to / from the server', 'server time, ms', 'our CPU, ms (= s per 1,000 polls)', 'wall, ms'], rows,
  )}`)
}

/** Counts what is sent, through a relay. */
async function overTheWire(server: SandboxServer): Promise<Wire> {
  await using relay = await Relay.start(server)
  const servers = adapter(accounts.orchestrator, { discoverByShowReplicas: true })
  const polls = 120
  await poll(servers, relay.port, 1)
  const learning = { statements: statementsIn(relay), roundTrips: relay.commands }
  await poll(servers, relay.port, 3) // what is asked next depends on what was found
  relay.reset()
  await poll(servers, relay.port, polls)
  await servers.close()
  return {
    learning, statements: statementsIn(relay) / polls, roundTrips: relay.commands / polls,
    bytesToServer: relay.bytesToServer / polls, bytesToClient: relay.bytesToClient / polls,
  }
}

function statementsIn(relay: Relay): number {
  return relay.queries.flatMap(text => text.split(';\n')).length
}

async function direct(server: SandboxServer): Promise<Cost> {
  const servers = adapter(accounts.orchestrator, { discoverByShowReplicas: true })
  await poll(servers, server.port, 4)
  const before = await statementsOf(server)
  const [cpuBegun, wallBegun] = [process.cpuUsage(), performance.now()]
  await poll(servers, server.port, pollsPerRun)
  const wall = performance.now() - wallBegun
  const { user, system } = process.cpuUsage(cpuBegun)
  const after = await statementsOf(server)
  await servers.close()
  return {
    serverMicros: (after.micros - before.micros) / pollsPerRun, serverStatements: (after.count - before.count) / pollsPerRun,
    cpuMillis: (user + system) / 1000 / pollsPerRun, wallMillis: wall / pollsPerRun,
  }
}

async function poll(servers: MysqlServers, port: number, times: number): Promise<void> {
  const key = instanceKey('127.0.0.1', port)
  for (let turn = 0; turn < times; turn++) {
    const answer = await servers.probe(key, { depth: 'full', deadlineMilliseconds })
    if (!answer.ok) throw new Error(answer.failure.failure.text)
  }
}

/** All statements of our account so far, as the server counts and times them. Source: MySQL manual, "Statement Summary Tables". */
async function statementsOf(server: SandboxServer): Promise<{ count: number; micros: number }> {
  const { count, micros } = await server.row<{ count: string; micros: string }>(
    `SELECT SUM(COUNT_STAR) AS count, SUM(SUM_TIMER_WAIT) / 1e6 AS micros FROM performance_schema.events_statements_summary_by_account_by_event_name
      WHERE USER = ? AND EVENT_NAME LIKE 'statement/sql/%'`,
    [accounts.orchestrator.user],
  )
  return { count: Number(count), micros: Number(micros) }
}
