import type { BinlogCoordinates } from '../topology/binlog-coordinates.ts'
import type { InstanceKey } from '../topology/instance-key.ts'

/** What the analysis must know of the past; the engine keeps it. Times in ms since 1970. */
export interface AnalysisMemory {
  /** Semi-sync primaries suspected to be locked: where their binary log stood, and since when. */
  readonly suspectedLocks: ReadonlyMap<InstanceKey, SuspectedLock>
  /** When we last restarted the receivers of a server's replicas. */
  readonly receiversRestartedAt: ReadonlyMap<InstanceKey, number>
  /** Of these, the restarts after which it decides at once that nobody was let in. */
  readonly believedRestarts?: ReadonlyMap<InstanceKey, number>
  /** Writable servers whose binary log stands still while writes wait. */
  readonly writeWaits?: ReadonlyMap<InstanceKey, WriteWait>
  /** Former primaries, each with the server that took its place. */
  readonly deposed?: ReadonlyMap<InstanceKey, InstanceKey>
}

/** Statements that wait for something that keeps all writes waiting. */
export interface WriteWait {
  readonly statements: number
  /** How long the oldest has waited. */
  readonly seconds: number
  /** What the server says it waits for. */
  readonly waitsFor: string
  readonly isForDisk: boolean
}

/** That replicas acknowledge: the words of the server (MySQL manual, "General Thread States"). */
export const isForAcknowledgement = ({ waitsFor }: WriteWait): boolean => /semi-sync ACK/i.test(waitsFor)

export interface SuspectedLock {
  readonly coordinates: BinlogCoordinates
  readonly since: number
}

export const noMemory: AnalysisMemory = { suspectedLocks: new Map(), receiversRestartedAt: new Map() }

/** A suspicion to remember: the oldest time stays while the coordinates do; coordinates that moved begin anew. */
export function suspectLock(before: SuspectedLock | undefined, coordinates: BinlogCoordinates, now: number): SuspectedLock {
  const same = before !== undefined && before.coordinates.file === coordinates.file && before.coordinates.position === coordinates.position
  return same ? before : { coordinates, since: now }
}
