import type { Result } from '../kit/result.ts'
import type { Instance, ServerFailure } from '../model/topology/instance.ts'

/** Transactions of a server that have written something and are not committed. */
export interface OpenTransactions {
  readonly count: number
  /** Since the oldest of them began. */
  readonly longestSeconds: number
  /** Of them, those that wait for a lock of another one. */
  readonly waiting: number
}

/** What is under way on a server. The failure names the missing privilege where that is the reason. */
export interface Transactions {
  openTransactions(on: Instance, deadlineMilliseconds: number): Promise<Result<OpenTransactions, ServerFailure>>
}
