import { fail, ok, type Result } from '../../../kit/result.ts'
import type { WriteWait } from '../../../model/analysis/memory.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection } from '../driver/driver.ts'

/** Null: nothing that keeps all writes waiting is waited for. */
export async function readWriteWaits(connection: Connection, { writeWaits }: Dialect, deadline: Deadline): Promise<Result<WriteWait | null, ServerFailure>> {
  const sent = await connection.run([writeWaits], deadline, 'stop')
  if (!sent.ok) return sent
  const [rows] = sent.value
  if (rows !== undefined && !rows.ok) return fail(rows.failure)
  const row = rows?.value.first ?? null
  const statements = row?.number('waiting') ?? 0
  if (row === null || statements === 0) return ok(null)
  return ok({ statements, seconds: row.number('seconds') ?? 0, waitsFor: row.text('state'), isForDisk: (row.number('on_disk') ?? 0) > 0 })
}
