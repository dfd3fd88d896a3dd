import type { Result } from '../../kit/result.ts'
import type { BinlogCoordinates } from '../topology/binlog-coordinates.ts'
import type { ServerFailure } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'

export type LogKind = 'binary' | 'relay'

/** One event of a log, as SHOW BINLOG EVENTS and SHOW RELAYLOG EVENTS tell it. */
export interface LogEvent {
  readonly file: string
  readonly position: bigint
  /** Where the next one begins: in this log, or for a relay log in the log of the source. 0: the server does not say. */
  readonly endPosition: bigint
  readonly type: string
  readonly text: string
}

export const placeOf = ({ file, position }: LogEvent): BinlogCoordinates => ({ file, position })

/** Some events of one file, beginning at a place where an event begins. */
export interface ChunkAsked {
  readonly ask: 'chunk'
  readonly of: InstanceKey
  readonly log: LogKind
  readonly file: string
  readonly from: bigint
  /** Events to leave out from there. */
  readonly skip: number
  readonly count: number
}

export type Ask =
  | ChunkAsked
  /** Wait until a server that replicates keeps up, as well as it can within bounds. */
  | { readonly ask: 'keep-up'; readonly of: InstanceKey }
  /** Wait a moment for more events. */
  | { readonly ask: 'pause' }

/** A chunk; nothing for the waits. */
export type Reply = Result<readonly LogEvent[], ServerFailure>

/** Decides purely, and asks for what it has to read. */
export type Walk<Answer> = Generator<Ask, Answer, Reply>
