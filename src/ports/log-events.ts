import type { Result } from '../kit/result.ts'
import type { ChunkAsked, Reply } from '../model/pseudo-gtid/asks.ts'
import type { Instance, ServerFailure } from '../model/topology/instance.ts'

/** What binary and relay logs say, event by event, and the statements that make them comparable. */
export interface LogEvents {
  /** The events that were asked for; fewer where the file ends, as far as it is written. */
  events(on: Instance, asked: ChunkAsked, deadlineMilliseconds: number): Promise<Reply>
  /** Does the binary log of a server that replicates have the order of its source's? */
  keepsOrder(on: Instance, deadlineMilliseconds: number): Promise<Result<boolean, ServerFailure>>
  /** What our account may do there, as the server tells it. */
  grants(on: Instance, deadlineMilliseconds: number): Promise<Result<readonly string[], ServerFailure>>
  /** Writes a unique statement into the binary log. */
  inject(on: Instance, statement: string, deadlineMilliseconds: number): Promise<Result<void, ServerFailure>>
}
