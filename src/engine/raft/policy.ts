import type { RaftPolicy } from '../../model/raft/types.ts'

/** The core's bounds and times, and the driver's. */
export interface RaftNodePolicy extends RaftPolicy {
  readonly tickMilliseconds: number
  /** Bytes of a snapshot that are read and sent at once. */
  readonly pieceBytes: number
  /** A snapshot is taken after so many entries, and so many stay behind it for members that were away for a short while. */
  readonly snapshotAfterEntries: number
  readonly snapshotKeepsEntries: number
  /** Committed, and not yet applied here: beyond this nothing more is proposed. */
  readonly unappliedMax: number
  /** Proposals and reads without an answer for so long are told as unknown. */
  readonly answerMilliseconds: number
}

/**
 * Members answer within milliseconds, but a loaded machine pauses a process for 200 ms now and then: that must not cost the leader its office. So a follower
 * waits 400 to 800 ms, eight heartbeats, and a leader that is cut off knows it after 350 ms: before another can lead, so that never two say that they do.
 */
export const usualPolicy: RaftNodePolicy = {
  tickMilliseconds: 25,
  electionTicks: 16,
  heartbeatTicks: 2,
  storageStallTicks: 80, // 2 s: slow disks do take one, and another leads within 3 s
  entriesPerAppendMax: 256,
  bytesPerAppendMax: 1024 * 1024,
  appendsInFlightMax: 16,
  uncommittedBytesMax: 16 * 1024 * 1024,
  readsPendingMax: 1000,
  learnerLagMax: 1000,
  votersMax: 7,
  pieceBytes: 256 * 1024,
  snapshotAfterEntries: 10_000,
  snapshotKeepsEntries: 5000,
  unappliedMax: 20_000,
  answerMilliseconds: 5000,
}
