import assert from 'node:assert/strict'
import { snapshotMarkAt } from '../../src/model/raft/snapshots.ts'
import { startMember, type RaftState } from '../../src/model/raft/state.ts'
import { step } from '../../src/model/raft/step.ts'
import type { Input, LogIndex, MemberId, Message, Output, RaftPolicy, Save } from '../../src/model/raft/types.ts'
import { Disk, partsOf, type SnapshotFile } from './disk.ts'
import { digestAfter, ensure } from './invariants.ts'

/** What a simulated member asks of its world. */
export interface Surroundings {
  random(): number
  after(delay: number, act: () => void): void
  send(message: Message): void
  stepped(member: SimulatedMember, before: RaftState, output: Output): void
  sent(message: Message, disk: Disk): void
  applied(member: SimulatedMember, index: LogIndex, digest: number): void
  /** How long the disk takes to synchronise; null: it hangs. */
  diskDelay(member: SimulatedMember): number | null
}

const pieceBytes = 16

/** One process around the core, doing what an engine must do in the order it must: persist, then send, then apply. */
export class SimulatedMember {
  state: RaftState
  isAlive = true
  isPaused = false
  ticksMissed = 0
  /** What came while it was paused. */
  readonly mail: Message[] = []
  readonly id: MemberId
  readonly disk: Disk
  readonly #world: Surroundings
  readonly #machineIsDurable: boolean
  #applied: { index: LogIndex; digest: number }
  #saves: Save[] = []
  #held: { readonly message: Message; readonly after: number }[] = []
  #isFlushing = false
  /** Counts starts, so that what an earlier life began does not end in a later one. */
  #life = 0
  #steps = 0

  constructor(id: MemberId, disk: Disk, policy: RaftPolicy, world: Surroundings, machineIsDurable: boolean) {
    this.id = id
    this.disk = disk
    this.#world = world
    this.#machineIsDurable = machineIsDurable
    this.#applied = readSnapshot(disk.snapshot)
    this.state = startMember(id, disk.stored(this.#applied.index), policy, this.#draw())
  }

  get applied(): LogIndex {
    return this.#applied.index
  }

  take(input: Input): void {
    const before = this.state
    const { state, output } = step(before, input)
    // Pure: asked again, the core says the same.
    if ((this.#steps += 1) % 101 === 0) assert.deepStrictEqual(step(before, input).output, output)
    this.state = state
    this.#world.stepped(this, before, output)
    if (output.save !== null) this.#saves.push(output.save)
    for (const { message, after } of output.messages) {
      if (after > state.savesDone) this.#held.push({ message, after })
      else this.#release(message)
    }
    this.#apply(output)
    for (const { to, index, offset } of output.pieces) this.#readPiece(to, index, offset)
    this.flush()
  }

  tick(): void {
    if (this.isPaused) this.ticksMissed += 1
    else this.take({ kind: 'tick', count: 1, random: this.#draw() })
  }

  /** Wakes up: first the time that has passed, then what came meanwhile. */
  resume(): void {
    this.isPaused = false
    const count = this.ticksMissed
    this.ticksMissed = 0
    if (count > 0) this.take({ kind: 'tick', count, random: this.#draw() })
    for (const message of this.mail.splice(0)) if (this.isAlive) this.take({ kind: 'message', message })
  }

  /** All that waits is written and synchronised at once. */
  flush(): void {
    if (this.#isFlushing || this.#saves.length === 0) return
    const delay = this.#world.diskDelay(this)
    if (delay === null) return
    this.#isFlushing = true
    const [life, count, noted] = [this.#life, this.#saves.length, this.state.handedOver]
    this.#world.after(delay, () => {
      if (life !== this.#life) return
      this.#isFlushing = false
      const done = this.#saves.splice(0, count)
      this.disk.handedOver = noted
      for (const save of done) this.disk.write(save)
      const upTo = done.at(-1)?.number ?? 0
      const ready = this.#held.filter(({ after }) => after <= upTo)
      this.#held = this.#held.filter(({ after }) => after > upTo)
      for (const { message } of ready) this.#release(message)
      this.take({ kind: 'saved', upTo })
    })
  }

  /** Everything that was not synchronised may be there or not, up to some point in the middle of a write. */
  crash(): void {
    this.isAlive = false
    this.isPaused = false
    if (this.#saves.length > 0) this.disk.handedOver = this.state.handedOver // the first that a write brings
    this.#life += 1
    this.#isFlushing = false
    let parts = Math.floor(this.#world.random() * (1 + this.#saves.reduce((sum, save) => sum + partsOf(save), 0)))
    for (const save of this.#saves) {
      this.disk.write(save, parts)
      parts = Math.max(0, parts - partsOf(save))
    }
    this.#saves = []
    this.#held = []
    this.mail.length = 0
    this.ticksMissed = 0
  }

  restart(): void {
    this.isAlive = true
    if (!this.#machineIsDurable || this.#applied.index < this.disk.snapshot.mark.index) this.#applied = readSnapshot(this.disk.snapshot)
    this.state = startMember(this.id, this.disk.stored(this.#applied.index), this.state.policy, this.#draw())
  }

  /** A snapshot of what is applied now; its file is on the disk before the core is told. */
  takeSnapshot(keepEntries: number): void {
    const mark = snapshotMarkAt(this.state, this.#applied.index)
    if (mark === null || mark.index <= this.state.snapshot.index || this.state.restoring !== null || this.#saves.some(({ install }) => install !== null)) return
    this.disk.snapshot = { mark, bytes: writeSnapshot(this.#applied) }
    this.take({ kind: 'snapshot-taken', index: mark.index, keepEntries })
  }

  #draw(): number {
    return Math.floor(this.#world.random() * 2 ** 32)
  }

  #release(message: Message): void {
    this.#world.sent(message, this.disk)
    this.#world.send(message)
  }

  #apply({ restore, committed }: Output): void {
    if (restore !== null) {
      ensure(this.disk.snapshot.mark.index === restore.index, () => `${this.id}: told to restore snapshot ${restore.index}, and ${this.disk.snapshot.mark.index} is on its disk`)
      this.#applied = readSnapshot(this.disk.snapshot)
      this.#world.applied(this, this.#applied.index, this.#applied.digest)
    }
    for (const entry of committed) {
      ensure(entry.index === this.#applied.index + 1, () => `${this.id}: entry ${entry.index} handed over after ${this.#applied.index}`)
      ensure(this.disk.holds(entry.index, entry.term), () => `${this.id}: entry ${entry.index} handed over before it was on its disk`)
      this.#applied = { index: entry.index, digest: digestAfter(this.#applied.digest, entry) }
      this.#world.applied(this, this.#applied.index, this.#applied.digest)
    }
  }

  #readPiece(to: MemberId, index: LogIndex, offset: number): void {
    const life = this.#life
    this.#world.after(1, () => {
      if (life !== this.#life || !this.isAlive) return
      const { mark, bytes } = this.disk.snapshot
      const data = mark.index === index ? bytes.subarray(offset, offset + pieceBytes) : null
      this.take({ kind: 'piece-read', to, index, offset, data, isLast: offset + pieceBytes >= bytes.byteLength })
    })
  }
}

/** The bytes of a state: place and digest, and stuffing, so that it needs several pieces; each byte is checked when it is read. */
function writeSnapshot({ index, digest }: { readonly index: LogIndex; readonly digest: number }): Uint8Array {
  const bytes = new Uint8Array(16 + (index % 5) * pieceBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, index)
  view.setUint32(4, digest)
  for (let place = 8; place < bytes.length; place += 1) bytes[place] = (digest + place) & 255
  return bytes
}

function readSnapshot({ mark, bytes }: SnapshotFile): { index: LogIndex; digest: number } {
  if (mark.index === 0) return { index: 0, digest: 0 }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [index, digest] = [view.getUint32(0), view.getUint32(4)]
  ensure(index === mark.index, () => `snapshot ${mark.index} holds the state after ${index}`)
  ensure(bytes.length === 16 + (index % 5) * pieceBytes, () => `snapshot ${index} has ${bytes.length} bytes`)
  for (let place = 8; place < bytes.length; place += 1) ensure(bytes[place] === ((digest + place) & 255), () => `byte ${place} of snapshot ${index} is wrong`)
  return { index, digest }
}
