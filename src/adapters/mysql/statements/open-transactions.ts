import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { OpenTransactions } from '../../../ports/transactions.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection, Statement } from '../driver/driver.ts'

const statement: Statement = {
  sql: "SELECT COUNT(*) AS open, COALESCE(MAX(TIMESTAMPDIFF(SECOND, trx_started, NOW())), 0) AS longest, COALESCE(SUM(trx_state = 'LOCK WAIT'), 0) AS waiting"
    + ' FROM information_schema.innodb_trx WHERE trx_rows_modified > 0',
  needs: 'PROCESS ON *.*',
}

/** Transactions of InnoDB that have written; every other engine commits with each statement. */
export async function readOpenTransactions(connection: Connection, deadline: Deadline): Promise<Result<OpenTransactions, ServerFailure>> {
  const sent = await connection.run([statement], deadline, 'stop')
  if (!sent.ok) return sent
  const [answer] = sent.value
  if (answer?.ok !== true) return fail(answer?.failure ?? { kind: 'not-mysql', number: null, text: 'the server does not tell its transactions' })
  const { first } = answer.value
  return ok({ count: first?.number('open') ?? 0, longestSeconds: first?.number('longest') ?? 0, waiting: first?.number('waiting') ?? 0 })
}
