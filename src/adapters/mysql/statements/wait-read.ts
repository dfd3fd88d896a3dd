import { fail, ok, type Result } from '../../../kit/result.ts'
import type { Step } from '../../../model/planning/step.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { StepEffect } from '../../../ports/servers.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection, Statement } from '../driver/driver.ts'
import { timedOut } from '../driver/failures.ts'
import type { Row } from '../driver/rows.ts'

type Wait = Extract<Step, { do: 'wait-position' }>
type Rows = NonNullable<Awaited<ReturnType<Connection['run']>> & { ok: true }>['value']

/** An applier that has not moved for so long has nothing whole to apply. */
const sliceSeconds = 0.5
/** How long the receiver may fetch the rest of what it was stopped in the middle of. */
const fetchSeconds = 0.2

/**
 * Waits until all that a stopped receiver has read is applied. A receiver stops after any event, so that the last transaction it has read may be there
 * in part, and nobody ever applies that: it is let fetch on for a moment, as often as needed.
 */
export async function waitForRead(
  connection: Connection, step: Wait, { dialect, here, quote, deadline }: { readonly dialect: Dialect; readonly here: (statement: Statement) => Statement; readonly quote: (text: string) => string; readonly deadline: Deadline },
): Promise<Result<StepEffect, ServerFailure>> {
  const sent: string[] = []
  const run = async (...statements: readonly Statement[]): Promise<Result<Rows, ServerFailure>> => {
    sent.push(...statements.map(({ sql }) => sql))
    return connection.run(statements, deadline, 'stop')
  }
  const { readFile = '', readPosition = '', executedFile = '', executedPosition = '' } = dialect.statusColumns
  let before = ''
  for (const until = performance.now() + step.timeoutMilliseconds; performance.now() < until;) {
    const asked = await run(dialect.replicaStatus)
    if (!asked.ok) return asked
    const [status] = asked.value
    if (status === undefined || !status.ok) return status ?? fail(timedOut(`${step.on} tells nothing of its replication`))
    const row: Row | undefined = status.value.all().at(-1)
    const [read, executed] = [`${row?.text(readFile) ?? ''}:${row?.text(readPosition) ?? ''}`, `${row?.text(executedFile) ?? ''}:${row?.text(executedPosition) ?? ''}`]
    if (read === executed) return ok({ statements: sent })
    if (executed === before) {
      const fetched = await run(here(dialect.startReceiver), { sql: `SELECT SLEEP(${fetchSeconds})` }, here(dialect.stopReceiver))
      if (!fetched.ok) return fetched
      const refused = fetched.value.find(outcome => !outcome.ok)
      if (refused !== undefined && !refused.ok) return refused
      before = ''
      continue
    }
    before = executed
    const waited = await run(dialect.waitPosition(quote(row?.text(readFile) ?? ''), row?.text(readPosition) ?? '', sliceSeconds))
    if (!waited.ok) return waited
    const [answer] = waited.value
    if (answer === undefined || !answer.ok) return answer ?? fail(timedOut(`${step.on} does not answer`))
    if ((answer.value.first?.number('answer') ?? null) === null) return fail({ kind: 'statement-rejected', number: null, text: `the applier of ${step.on} does not run` })
  }
  return fail(timedOut(`${step.on} did not apply all that it has read within ${step.timeoutMilliseconds} ms`))
}
