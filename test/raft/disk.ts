import type { Entry, HardState, LogIndex, Save, SnapshotMark, Stored } from '../../src/model/raft/types.ts'

export interface SnapshotFile {
  readonly mark: SnapshotMark
  readonly bytes: Uint8Array
}

/** What one member has on its disk in a simulated world; everything here survives a crash. */
export class Disk {
  hardState: HardState = { term: 0, votedFor: null }
  /** As noted with the newest save. */
  handedOver: LogIndex = 0
  snapshot: SnapshotFile
  /** Without gaps; may begin before the end of the snapshot. */
  entries: Entry[] = []
  #received: { readonly index: LogIndex; readonly pieces: Uint8Array[] } | null = null

  constructor(mark: SnapshotMark) {
    this.snapshot = { mark, bytes: new Uint8Array(0) }
  }

  /** Another disk with the same on it. */
  copy(): Disk {
    const copy = new Disk(this.snapshot.mark)
    copy.hardState = this.hardState
    copy.handedOver = this.handedOver
    copy.snapshot = this.snapshot
    copy.entries = [...this.entries]
    if (this.#received !== null) throw new Error('a snapshot that is being received is not copied')
    return copy
  }

  get lastIndex(): LogIndex {
    return Math.max(this.entries.at(-1)?.index ?? 0, this.snapshot.mark.index)
  }

  holds(index: LogIndex, term: number): boolean {
    const [first] = this.entries
    const entry = first === undefined ? undefined : this.entries[index - first.index]
    return entry === undefined ? index <= this.snapshot.mark.index : entry.term === term
  }

  /** Writes a save; with `parts` only so many of its parts, in their order: what a crash may leave. */
  write(save: Save, parts = Infinity): void {
    let left = parts
    const isWritten = (): boolean => (left -= 1) >= 0
    if (save.hardState !== null && isWritten()) this.hardState = save.hardState
    if (save.piece !== null && isWritten()) this.#keepPiece(save.piece)
    if (save.install !== null && isWritten()) this.#install(save.install.mark, save.install.keepsLaterEntries)
    for (const entry of save.entries) if (isWritten()) this.#put(entry)
    if (save.dropUpTo !== null && isWritten()) this.entries = this.entries.filter(({ index }) => index > (save.dropUpTo ?? 0))
  }

  stored(applied: LogIndex): Stored {
    return { hardState: this.hardState, snapshot: this.snapshot.mark, entries: this.entries, applied: Math.max(applied, this.snapshot.mark.index), handedOver: this.handedOver }
  }

  #keepPiece({ mark, offset, data }: NonNullable<Save['piece']>): void {
    if (offset === 0) this.#received = { index: mark.index, pieces: [] }
    const size = this.#received?.pieces.reduce((sum, { byteLength }) => sum + byteLength, 0) ?? -1
    if (this.#received?.index !== mark.index || size !== offset) throw new Error(`piece at ${offset} of snapshot ${mark.index} does not follow ${size} of ${this.#received?.index}`)
    this.#received.pieces.push(data)
  }

  #install(mark: SnapshotMark, keepsLaterEntries: boolean): void {
    if (this.#received?.index !== mark.index) throw new Error(`snapshot ${mark.index} was never received`)
    this.snapshot = { mark, bytes: Buffer.concat(this.#received.pieces) }
    this.#received = null
    this.entries = keepsLaterEntries ? this.entries.filter(({ index }) => index > mark.index) : []
  }

  #put(entry: Entry): void {
    const [first] = this.entries
    if (first === undefined) {
      if (entry.index > this.snapshot.mark.index + 1) throw new Error(`entry ${entry.index} leaves a gap after the snapshot of ${this.snapshot.mark.index}`)
      this.entries = [entry]
      return
    }
    const place = entry.index - first.index
    if (place < 0 || place > this.entries.length) throw new Error(`entry ${entry.index} leaves a gap`)
    this.entries.length = place
    this.entries.push(entry)
  }
}

export const partsOf = (save: Save): number =>
  [save.hardState, save.piece, save.install, save.dropUpTo].filter(part => part !== null).length + save.entries.length
