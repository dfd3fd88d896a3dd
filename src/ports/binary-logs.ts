import type { Result } from '../kit/result.ts'
import type { Instance, ServerFailure } from '../model/topology/instance.ts'

/** A binary log and all that was executed before it was begun, as text of a GTID set. */
export interface BinlogStart {
  readonly file: string
  readonly previousGtids: string
}

/** The binary logs of a server, oldest first. Nothing of a transaction is read. */
export interface BinaryLogs {
  starts(on: Instance, deadlineMilliseconds: number): Promise<Result<readonly BinlogStart[], ServerFailure>>
}
