import { fail, ok, type Result } from '../../../kit/result.ts'
import type { Step } from '../../../model/planning/step.ts'
import type { CloneProgress } from '../../../model/recovery/clone-progress.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import { hostOf, portOf } from '../../../model/topology/instance-key.ts'
import type { StepEffect } from '../../../ports/servers.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection, Statement } from '../driver/driver.ts'
import { maskedSecret } from './quote.ts'

/** Whom the donor is asked as; null where it is only shown. */
export type CloneAccount = { readonly user: string; readonly password: string } | null

/** The server restarts at the end of its clone; where nobody watches over it, it says so and ends (MySQL manual, "Cloning Remote Data"). */
const restartFailed = 3707

/**
 * A clone is not written under super_read_only; read_only stays until the server restarts. Persisting it does not help: a server that comes up on
 * cloned data leaves it out (measured on 9.7). The plugin and the privileges (CLONE_ADMIN here, BACKUP_ADMIN at the donor) must be there: the server checks them before it drops anything.
 */
export function cloneStatements(step: Extract<Step, { do: 'clone-from' }>, account: CloneAccount, quote: (text: string) => string): readonly Statement[] {
  const [host, port] = [hostOf(step.donor), portOf(step.donor)]
  const [user, password] = account === null ? ['…', maskedSecret] : [quote(account.user), quote(account.password)]
  return [
    { sql: 'SET GLOBAL super_read_only = 0', needs: 'SYSTEM_VARIABLES_ADMIN ON *.*' },
    { sql: `SET GLOBAL clone_valid_donor_list = ${quote(`${host}:${port}`)}`, needs: 'SYSTEM_VARIABLES_ADMIN ON *.*' },
    { sql: `CLONE INSTANCE FROM ${user}@${quote(host)}:${port} IDENTIFIED BY ${password}`, needs: 'CLONE_ADMIN ON *.*' },
  ]
}

/** Whether the clone is whole is found out when the server is back; a connection that ends is how a restart looks from outside. */
export async function cloneInstance(
  connection: Connection, step: Extract<Step, { do: 'clone-from' }>, account: CloneAccount, quote: (text: string) => string, deadline: Deadline,
): Promise<Result<StepEffect, ServerFailure>> {
  const statements = cloneStatements(step, null, quote).map(({ sql }) => sql)
  // The last one alone may end the connection; what comes before must be done.
  const all = cloneStatements(step, account, quote)
  const prepared = await connection.run(all.slice(0, -1), deadline, 'stop')
  if (!prepared.ok) return prepared
  for (const answer of prepared.value) if (!answer.ok) return answer
  const cloned = await connection.run(all.slice(-1), deadline, 'stop')
  if (!cloned.ok) return cloned.failure.kind === 'connection-lost' ? ok({ statements }) : cloned
  const [answer] = cloned.value
  if (answer !== undefined && !answer.ok && answer.failure.number !== restartFailed && answer.failure.kind !== 'connection-lost') return fail(answer.failure)
  return ok({ statements })
}

export const cloneProgressStatement: Statement = {
  sql: 'SELECT p.stage AS stage, p.state AS state, p.estimate AS estimate, p.data AS data, s.state AS overall, s.source AS source, s.error_message AS error'
    + ' FROM performance_schema.clone_progress p JOIN performance_schema.clone_status s ORDER BY p.id',
  needs: 'SELECT ON performance_schema.*',
}

/** Stage by stage, with bytes done and to do, as the server itself counts them. */
export async function readCloneProgress(connection: Connection, deadline: Deadline): Promise<Result<CloneProgress, ServerFailure>> {
  const sent = await connection.run([cloneProgressStatement], deadline, 'stop')
  if (!sent.ok) return sent
  const [rows] = sent.value
  if (rows === undefined || !rows.ok) return fail(rows?.failure ?? { kind: 'statement-rejected', number: null, text: 'the server does not tell of clones' })
  const all = rows.value.all()
  const stages = all.map(row => ({ stage: row.text('stage'), state: row.text('state'), bytesEstimated: row.number('estimate') ?? 0, bytesDone: row.number('data') ?? 0 }))
  return ok({ state: all[0]?.text('overall') ?? 'None', donor: all[0]?.text('source') ?? '', error: all[0]?.text('error') ?? '', stages })
}
