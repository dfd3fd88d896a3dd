import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { BinlogStart } from '../../../ports/binary-logs.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection } from '../driver/driver.ts'

/** Files asked in one round trip. */
const filesAtOnce = 50
/** The set stands in the second event, right behind the description of the format. */
const eventsMax = 5

/** Which binary logs there are, and with which set each begins (MySQL manual, "SHOW BINLOG EVENTS"). */
export async function readBinlogStarts(connection: Connection, quote: (text: string) => string, deadline: Deadline): Promise<Result<readonly BinlogStart[], ServerFailure>> {
  const listed = await connection.run([{ sql: 'SHOW BINARY LOGS', needs: 'REPLICATION CLIENT ON *.*' }], deadline, 'stop')
  if (!listed.ok) return listed
  const [rows] = listed.value
  if (rows === undefined || !rows.ok) return fail(rows?.failure ?? { kind: 'statement-rejected', number: null, text: 'the server does not list its binary logs' })
  const files = rows.value.all().map(row => row.text('log_name'))
  const starts: BinlogStart[] = []
  for (let from = 0; from < files.length; from += filesAtOnce) {
    const some = files.slice(from, from + filesAtOnce)
    const asked = await connection.run(some.map(file => ({ sql: `SHOW BINLOG EVENTS IN ${quote(file)} LIMIT ${eventsMax}`, needs: 'REPLICATION SLAVE ON *.*' })), deadline, 'stop')
    if (!asked.ok) return asked
    for (const [index, answer] of asked.value.entries()) {
      if (!answer.ok) return answer
      const previous = answer.value.all().find(row => row.text('event_type') === 'Previous_gtids')
      starts.push({ file: some[index] ?? '', previousGtids: previous?.text('info') ?? '' })
    }
  }
  return ok(starts)
}
