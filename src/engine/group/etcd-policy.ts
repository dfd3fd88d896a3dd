/** Times and bounds of managers that are one by an etcd. */
export interface EtcdGroupPolicy {
  /** What leadership hangs on; etcd may give more, never less than one and a half of its own election times. */
  readonly leaseSeconds: number
  /** The share of a lease in which its owner is sure of it, counted from when it asked: the rest is for clocks that run apart. */
  readonly sureShare: number
  readonly keepMilliseconds: number
  /** What stands there is read so often although a watch tells of changes: its connection may be dead. */
  readonly lookMilliseconds: number
  /** One request, over all members that are tried. */
  readonly requestMilliseconds: number
  /** Before something that failed is tried again. */
  readonly againMilliseconds: number
  readonly answerMilliseconds: number
  readonly confirmMilliseconds: number
  /** Who stepped aside does not stand again for so long, and others than the one it named neither. */
  readonly handOverSeconds: number
  readonly waitingMax: number
  readonly waitingBytesMax: number
  /** One command; etcd takes requests of 1.5 MiB. */
  readonly entryBytesMax: number
  /** Commands of one transaction; etcd takes 128 operations. */
  readonly entriesPerAppendMax: number
  readonly bytesPerAppendMax: number
  readonly entriesPerReadMax: number
  /** Entries that came by the watch and are not applied yet; what is more is read again when its turn comes. */
  readonly bufferedMax: number
  readonly snapshotAfterEntries: number
  readonly snapshotKeepsEntries: number
  readonly chunkBytes: number
}

export const usualEtcdPolicy: EtcdGroupPolicy = {
  leaseSeconds: 2, // the least that etcd gives with its usual election time of 1 s
  sureShare: 0.7,
  keepMilliseconds: 300,
  lookMilliseconds: 500,
  requestMilliseconds: 1500,
  againMilliseconds: 100,
  answerMilliseconds: 5000,
  confirmMilliseconds: 2000,
  handOverSeconds: 2,
  waitingMax: 10_000,
  waitingBytesMax: 16 * 1024 * 1024,
  entryBytesMax: 1024 * 1024,
  entriesPerAppendMax: 100,
  bytesPerAppendMax: 512 * 1024,
  entriesPerReadMax: 100,
  bufferedMax: 2000,
  snapshotAfterEntries: 2000,
  snapshotKeepsEntries: 1000,
  chunkBytes: 512 * 1024,
}
