import { setTimeout as sleep } from 'node:timers/promises'
import { Writer } from '../../test/harness/lab/writer.ts'
import type { Sandbox } from '../../test/harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../../test/harness/sandbox/sandbox-server.ts'
import type { Service } from './service.ts'

const warmMillis = 3000
const recoveredMillisMax = 60_000
const lookMillis = 5
const caughtUpMillisMax = 30_000

/** How a drill ended. */
export interface DrillOutcome extends Outcome {
  readonly missing: number
  /** What is missing died with the primary: no replica had received it. */
  readonly isExcused: boolean
}

interface Outcome {
  readonly detectedMillis: number | null
  readonly writableMillis: number
  readonly followingMillis: number
  readonly successor: SandboxServer
}

/** Kills the primary under a writer, watches from the servers' own answers, and prints what happened. Null when nobody took its place in time. */
export async function carryOutDrill(sandbox: Sandbox, service: Service, say: (line: string) => void, signal: AbortSignal, primaryName = 'db140'): Promise<DrillOutcome | null> {
  await using writer = await Writer.start(sandbox.server(primaryName), () => sandbox.servers, 0)
  say(`a writer inserts rows into ${primaryName}; killing it in ${warmMillis / 1000} s …`)
  await sleep(warmMillis, undefined, { signal }).catch(() => {})
  if (signal.aborted) return null
  const written = writer.acknowledged.length
  const primary = sandbox.server(primaryName)
  const killedAt = performance.now()
  const killedClock = Date.now()
  await primary.kill()
  say(`kill -9 of ${primaryName} after ${written} acknowledged rows`)
  const outcome = await watch(sandbox, primary, service, killedAt, killedClock, signal)
  await sleep(500)
  await writer.stop()
  if (!outcome) {
    say(`no successor became writable with all others following within ${recoveredMillisMax / 1000} s. The log of Orchestrator ends with:`)
    console.log(service.logTail())
    return null
  }
  const survivors = sandbox.servers.filter(server => server.isRunning)
  await Promise.all(survivors.filter(server => server !== outcome.successor).map(server => untilAllRowsAreThere(server, outcome.successor)))
  const missing = await writer.missingOn(outcome.successor)
  // Whoever had received more than the successor has it now, and would have more rows than that one.
  const counts = await Promise.all(survivors.map(rowsOn))
  const isExcused = (await writer.lacksOnlyTheEndOf(primary, outcome.successor)) && new Set(counts).size === 1
  const why = isExcused ? `acknowledged by ${primaryName} alone before any replica had received them (asynchronous replication)` : 'not only the last ones that died with the primary: this must not happen'
  const ms = (value: number | null): string => (value === null ? 'unknown' : `${Math.round(value)} ms`)
  say('')
  say(`detected after                 ${ms(outcome.detectedMillis)}`)
  say(`writable after                 ${ms(outcome.writableMillis)}   (${outcome.successor.name} is the primary now)`)
  say(`all replicas following after   ${ms(outcome.followingMillis)}   (${survivors.length - 1} of ${survivors.length - 1})`)
  say(`longest gap between two rows   ${ms(writer.gap(0))}`)
  say(`acknowledged rows              ${writer.acknowledged.length}`)
  say(`rows missing                   ${missing}${missing > 0 || !isExcused ? ` — ${why}` : ''}`)
  say('')
  say(`the recovery's story: ${service.address}/web/audit-recovery`)
  return { ...outcome, missing, isExcused }
}

const rowsOn = async (server: SandboxServer): Promise<number> => Number((await server.row<{ rows: number }>('SELECT COUNT(*) AS `rows` FROM drill.rows_written')).rows)

/** Waits until a server has as many of the writer's rows as the new primary; the writer has stopped. */
async function untilAllRowsAreThere(server: SandboxServer, primary: SandboxServer): Promise<void> {
  const wanted = await rowsOn(primary)
  for (const until = performance.now() + caughtUpMillisMax; performance.now() < until; await sleep(50)) if ((await rowsOn(server)) >= wanted) return
  throw new Error(`${server.name} has not received all rows of ${primary.name} within ${caughtUpMillisMax / 1000} s`)
}

/** Asks the servers themselves until one is writable and every other survivor replicates from it. */
async function watch(sandbox: Sandbox, dead: SandboxServer, service: Service, killedAt: number, killedClock: number, signal: AbortSignal): Promise<Outcome | null> {
  const others = sandbox.servers.filter(server => server !== dead)
  const connections = await Promise.all(others.map(server => server.connect()))
  let writableMillis: number | null = null
  let successor: SandboxServer | undefined
  try {
    while (performance.now() - killedAt < recoveredMillisMax && !signal.aborted) {
      const seen = await Promise.all(connections.map(async connection => {
        const [settings] = await connection.query('SELECT @@global.read_only AS readOnly')
        const [links] = await connection.query('SHOW REPLICA STATUS')
        // The driver's rows are plain objects; the columns are named by the flavour.
        const readOnly = (settings as { readOnly: number }[])[0]?.readOnly
        const link = (links as Record<string, unknown>[])[0] ?? {}
        const of = (mysql: string, mariadb: string): unknown => link[mysql] ?? link[mariadb]
        const isOn = (mysql: string, mariadb: string): string => (of(mysql, mariadb) === 'Yes' ? 'ON' : 'OFF')
        return {
          readOnly, sourcePort: of('Source_Port', 'Master_Port') ?? null,
          receiver: isOn('Replica_IO_Running', 'Slave_IO_Running'), applier: isOn('Replica_SQL_Running', 'Slave_SQL_Running'),
        }
      }))
      const at = performance.now() - killedAt
      const index = seen.findIndex(answer => answer?.readOnly === 0)
      if (index >= 0) {
        successor ??= others[index]
        writableMillis ??= at
        const port = successor?.port
        const following = seen.filter(answer => answer?.sourcePort === port && answer?.receiver === 'ON' && answer.applier === 'ON').length
        const below = seen.filter(answer => answer?.receiver === 'ON' && answer.applier === 'ON').length
        if (successor && below === others.length - 1 && following >= 1) {
          return { detectedMillis: await detectedAfter(service, killedClock), writableMillis, followingMillis: at, successor }
        }
      }
      await sleep(lookMillis)
    }
    return null
  } finally {
    for (const connection of connections) connection.destroy()
  }
}

/** When the recovery began by its own record, after the kill. */
async function detectedAfter(service: Service, killedClock: number): Promise<number | null> {
  for (let tries = 0; tries < 40; tries += 1) {
    const recoveries = await service.get('/api/v2/recoveries').catch(() => null)
    const list = Array.isArray(recoveries) ? recoveries : ((recoveries as { recoveries?: unknown[] } | null)?.recoveries ?? [])
    const newest = list[0] as { startedAt?: number } | undefined
    if (newest?.startedAt !== undefined) return newest.startedAt - killedClock
    await sleep(50)
  }
  return null
}
