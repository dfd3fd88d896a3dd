import { ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { StepEffect } from '../../../ports/servers.ts'
import type { Connection, Statement } from '../driver/driver.ts'
import type { Row } from '../driver/rows.ts'
import type { PerformContext } from './perform.ts'

/** How often it is looked for a read-only statement that waits; it is sent at the same time as this step. */
const looksMax = 20
/** The statement that is to become true, and its states while it waits: from then on no commit begins. */
const isFence = (row: Row): boolean => /^set global (super_)?read_only/i.test(row.text('info')) && /^waiting for/i.test(row.text('state'))
const commandsOfClients: ReadonlySet<string> = new Set(['Query', 'Execute', 'Sleep'])

/**
 * While `SET GLOBAL super_read_only` waits for commits no other one begins. Every client is ended first, idle ones too: they could commit what they have begun.
 * Only then are acknowledgements switched off, so that what is blocked is committed with nobody there to be told of it.
 */
export async function endBlockedCommits(connection: Connection, worded: readonly Statement[], { deadline }: PerformContext): Promise<Result<StepEffect, ServerFailure>> {
  const [list, withoutAcknowledgements] = worded
  if (list === undefined || withoutAcknowledgements === undefined) return ok({ statements: [] })
  for (let look = 0; look < looksMax && deadline.left > 0; look += 1) {
    const pause: Statement = { sql: 'SELECT SLEEP(0.05)' }
    const listed = await connection.run(look === 0 ? [list] : [pause, list], deadline, 'stop')
    if (!listed.ok) return listed
    const last = listed.value.at(-1)
    if (last === undefined || !last.ok) return last ?? ok({ statements: [] })
    const rows = last.value.all()
    if (!rows.some(isFence)) continue
    const ends = rows.filter(isClient).map((row): Statement => ({ sql: `KILL ${row.number('id') ?? 0}`, needs: 'SUPER ON *.*' }))
    // One that ended meanwhile is no failure.
    const ended = await connection.run([...ends, withoutAcknowledgements], deadline, 'go on')
    if (!ended.ok) return ended
    const set = ended.value.at(-1)
    return set !== undefined && !set.ok ? set : ok({ statements: [list.sql, ...ends.map(({ sql }) => sql), withoutAcknowledgements.sql] })
  }
  return ok({ statements: [list.sql] })
}

/** A session of an application: not ours, not the server's own, not a replica's. The fence and the list are ours. */
const isClient = (row: Row): boolean =>
  commandsOfClients.has(row.text('command')) && row.text('user') !== 'system user' && row.text('user') !== 'event_scheduler' && !isFence(row) && !/^show full processlist/i.test(row.text('info'))
