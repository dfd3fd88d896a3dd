import { setTimeout as sleep } from 'node:timers/promises'
import type { Sandbox } from '../../test/harness/sandbox/sandbox.ts'
import type { SandboxServer } from '../../test/harness/sandbox/sandbox-server.ts'
import type { Service } from './service.ts'
import { Writer } from './writer.ts'

const warmMillis = 3000
const recoveredMillisMax = 60_000
const lookMillis = 5

interface Outcome {
  readonly detectedMillis: number | null
  readonly writableMillis: number
  readonly followingMillis: number
  readonly successor: SandboxServer
}

/** Kills the primary under a writer, watches from the servers' own answers, and prints what happened. True when all went as it should. */
export async function runDrill(sandbox: Sandbox, service: Service, say: (line: string) => void, signal: AbortSignal): Promise<boolean> {
  const writer = new Writer(sandbox.servers)
  await writer.begin()
  say(`a writer inserts rows into db140; killing it in ${warmMillis / 1000} s …`)
  await sleep(warmMillis, undefined, { signal }).catch(() => {})
  if (signal.aborted) return false
  const written = writer.acknowledged.length
  const primary = sandbox.server('db140')
  const killedAt = performance.now()
  const killedClock = Date.now()
  await primary.kill()
  say(`kill -9 of db140 after ${written} acknowledged rows`)
  const outcome = await watch(sandbox, primary, service, killedAt, killedClock, signal)
  await sleep(500)
  await writer.stop()
  if (!outcome) {
    say(`no successor became writable with all others following within ${recoveredMillisMax / 1000} s. The log of Orchestrator ends with:`)
    console.log(service.logTail())
    return false
  }
  const survivors = sandbox.servers.filter(server => server.isRunning)
  await Promise.all(survivors.filter(server => server !== outcome.successor).map(server => sandbox.untilCaughtUp(server.name, outcome.successor.name)))
  const missing = await writer.missingOn(outcome.successor)
  const gap = writer.longestGap()
  const ms = (value: number | null): string => (value === null ? 'unknown' : `${Math.round(value)} ms`)
  say('')
  say(`detected after                 ${ms(outcome.detectedMillis)}`)
  say(`writable after                 ${ms(outcome.writableMillis)}   (${outcome.successor.name} is the primary now)`)
  say(`all replicas following after   ${ms(outcome.followingMillis)}   (${survivors.length - 1} of ${survivors.length - 1})`)
  say(`longest gap between two rows   ${ms(gap.milliseconds)}`)
  say(`acknowledged rows              ${writer.acknowledged.length}`)
  say(`rows missing                   ${missing.length}${missing.length > 0 ? `: ${missing.slice(0, 10).join(', ')} — acknowledged by db140 alone before any replica had received them (asynchronous replication)` : ''}`)
  say('')
  say(`the recovery's story: ${service.address}/web/audit-recovery`)
  return true
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
        const [rows] = await connection.query(
          `SELECT @@global.read_only AS readOnly, c.PORT AS sourcePort, s.SERVICE_STATE AS receiver, a.SERVICE_STATE AS applier
             FROM (SELECT 1) AS one
             LEFT JOIN performance_schema.replication_connection_configuration c ON TRUE
             LEFT JOIN performance_schema.replication_connection_status s ON TRUE
             LEFT JOIN performance_schema.replication_applier_status a ON TRUE`,
        )
        return (rows as { readOnly: number; sourcePort: number | null; receiver: string | null; applier: string | null }[])[0]
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
