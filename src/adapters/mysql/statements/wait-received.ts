import { setTimeout as sleep } from 'node:timers/promises'
import { fail, ok, type Result } from '../../../kit/result.ts'
import { compareCoordinates } from '../../../model/topology/binlog-coordinates.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { StepEffect } from '../../../ports/servers.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection, Statement } from '../driver/driver.ts'
import { timedOut } from '../driver/failures.ts'
import type { Learnt } from '../probe/knowledge.ts'
import { readLinks } from '../probe/replication-status.ts'

const lookMilliseconds = 50
/** Looks in a row at which every thread of the applier rested: longer than parallel workers take to tell how far they have come (300 ms). */
const restsMin = 10

/** What threads that apply say while they have nothing to do; all others work (MySQL manual, "Replication SQL Thread States"; MariaDB, "Slave SQL Thread States"). */
const rests = /read all relay log|Waiting for an event from Coordinator|Waiting for work from SQL thread|Waiting for work from main SQL threads/i

/**
 * Until the applier has executed all that was read; or, when the last transaction came only in part, until every thread of it rests: what broke off
 * half way is never executed, so the place that was read is never reached.
 */
export async function waitReceived(connection: Connection, server: string, { dialect }: Learnt, deadline: Deadline): Promise<Result<StepEffect, ServerFailure>> {
  const threads: Statement = {
    sql: `SELECT state FROM ${dialect.connectedReplicas.sql.includes('performance_schema.processlist') ? 'performance_schema' : 'information_schema'}.processlist`
      + " WHERE user = 'system user' AND command <> 'Daemon'",
    needs: 'PROCESS ON *.*',
  }
  const statements = [dialect.replicaStatus.sql]
  for (let rested = 0; ;) {
    const sent = await connection.run([dialect.replicaStatus, threads], deadline, 'go on')
    if (!sent.ok) return sent
    const [status, states] = sent.value
    if (status === undefined || !status.ok) return fail(status?.failure ?? { kind: 'statement-rejected', number: null, text: `${server} does not tell how far it has come` })
    const link = readLinks(status.value, { dialect, utcOffsetMinutes: null, storedOptions: new Map(), lastHeardAt: new Map() }).at(-1)
    if (link === undefined) return fail({ kind: 'statement-rejected', number: null, text: `${server} is not a replica` })
    const { readCoordinates: read, executedCoordinates: executed, applier, applierError } = link
    if (read !== null && executed !== null && compareCoordinates(executed, read) >= 0) return ok({ statements })
    if (applier !== 'running') {
      return fail({ kind: 'statement-rejected', number: applierError.number === 0 ? null : applierError.number, text: applierError.text || `the applier of ${server} does not run` })
    }
    const working = states?.ok === true ? states.value.rows.filter(([state]) => !rests.test(String(state ?? ''))) : null
    rested = working?.length === 0 && (states?.ok === true && states.value.rows.length > 0) ? rested + 1 : 0
    if (rested >= restsMin) return ok({ statements: [...statements, threads.sql] })
    if (deadline.left <= lookMilliseconds) return fail(timedOut(`${server} did not apply in time all that it has received`))
    await sleep(lookMilliseconds)
  }
}
