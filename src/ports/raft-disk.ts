import type { Result } from '../kit/result.ts'
import type { LogIndex, MemberId, Save, SnapshotMark, Stored } from '../model/raft/types.ts'

/** Whose disk this is; written once, when the member begins, and never changed. */
export interface RaftIdentity {
  readonly member: MemberId
  /** Of the group: members of another one are strangers, however their names read. */
  readonly group: string
}

/** What a member finds on its disk when it starts; null when it never was of a group. */
export interface RaftFound {
  readonly identity: RaftIdentity
  readonly stored: Omit<Stored, 'applied'>
  /** The last write had not reached the disk whole: it had not been acknowledged, and is gone. */
  readonly tornTail: boolean
}

/**
 * Why the disk cannot be used. `damaged`: something that may have been acknowledged cannot be read, so this member does not know what it promised: it has to
 * come back as a new one. `in-use`: another process works on the folder.
 */
export type RaftDiskFailure =
  | { readonly kind: 'damaged'; readonly folder: string; readonly file: string; readonly what: string }
  | { readonly kind: 'in-use'; readonly folder: string }
  | { readonly kind: 'not-usable'; readonly folder: string; readonly text: string }

/**
 * The durable memory of one member: term, vote, log and snapshots. Calls are carried out one after the other. One that rejects has left the disk in doubt:
 * every later call rejects too, and the folder has to be opened anew.
 */
export interface RaftDisk {
  readonly found: RaftFound | null
  /** Damaged files were set aside here and nobody has taken them away since: what this member had promised is not known any more. */
  readonly wasSetAside: boolean
  /** Makes this disk that of a member. Only on one that never was. */
  begin(identity: RaftIdentity, snapshot: SnapshotMark, state: Uint8Array): Promise<RaftFound>
  /** Resolves when all of them are durable: one synchronisation for many. `handedOver`: how far what is committed was handed over when they were asked for, durable before them. */
  save(saves: readonly Save[], handedOver?: LogIndex): Promise<void>
  /** The state machine as it was after `mark.index`; becomes the snapshot of this member. */
  keepSnapshot(mark: SnapshotMark, state: Uint8Array): Promise<void>
  /** The newest snapshot, whole; it may be newer than the one that was asked about. */
  newestSnapshot(): Promise<{ readonly mark: SnapshotMark; readonly state: Uint8Array }>
  /** Some bytes of the snapshot `index`, at most `bytes`; null when it is not here any more. */
  readPiece(index: number, offset: number, bytes: number): Promise<{ readonly data: Uint8Array; readonly isLast: boolean } | null>
  close(): Promise<void>
}

export interface RaftDisks {
  open(folder: string): Promise<Result<RaftDisk, RaftDiskFailure>>
  /** Moves what is there into a folder of its own beside the rest, for a person to look at; the disk is empty afterwards. The new folder's path. */
  setAside(folder: string): Promise<string>
}
