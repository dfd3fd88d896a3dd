import { isQuorum } from '../../src/model/raft/configuration.ts'
import type { RaftState } from '../../src/model/raft/state.ts'
import type { Entry, LogIndex, MemberId, Message, Output, Term } from '../../src/model/raft/types.ts'
import type { Disk } from './disk.ts'

/** What a state machine makes of the entries: any difference in what, or in which order, shows. */
export function digestAfter(digest: number, entry: Entry): number {
  let mixed = Math.imul(digest ^ entry.index, 0x9e3779b1) ^ Math.imul(entry.term, 0x85ebca6b) ^ entry.kind.length
  if (entry.kind === 'command') for (const byte of entry.data) mixed = Math.imul(mixed ^ byte, 0x01000193)
  return mixed >>> 0
}

/** Sees every step of every member of one world, remembers what may never change, and throws where it does. */
export class Invariants {
  readonly #leaders = new Map<Term, MemberId>()
  readonly #votes = new Map<string, { readonly voter: MemberId; readonly term: Term; readonly candidate: MemberId }>()
  readonly #entries = new Map<number, { readonly before: Term; readonly digest: number }>()
  /** Everything that anybody ever took as committed; `in`: the term of whoever did so first. */
  readonly committed: { readonly term: Term; readonly in: Term; readonly digest: number; readonly command: number | null }[] = []

  /** One that has seen the same, and sees something else from now on. */
  copy(): Invariants {
    const copy = new Invariants()
    for (const [term, leader] of this.#leaders) copy.#leaders.set(term, leader)
    for (const [vote, candidate] of this.#votes) copy.#votes.set(vote, candidate)
    for (const [place, entry] of this.#entries) copy.#entries.set(place, entry)
    copy.committed.push(...this.committed)
    return copy
  }

  /** What must never change, as a text that calls members so. */
  summary(called: (member: MemberId) => string): string {
    const leaders = [...this.#leaders].map(([term, leader]) => `${term}${called(leader)}`).toSorted()
    const votes = [...this.#votes.values()].map(({ voter, term, candidate }) => `${term}${called(voter)}${called(candidate)}`).toSorted()
    return `${leaders.join()} ${votes.join()} ${this.committed.map(entry => `${entry.term}:${entry.in}:${entry.digest}`).join()}`
  }

  get commit(): LogIndex {
    return this.committed.length
  }

  /** What the state machine must be after applying `index`. */
  digestAt(index: LogIndex): number {
    return index === 0 ? 0 : this.committed[index - 1]?.digest ?? NaN
  }

  afterStep(before: RaftState, after: RaftState, output: Output, disks: ReadonlyMap<MemberId, Disk>): void {
    const who = `${after.self} in term ${after.term}`
    ensure(after.term >= before.term, () => `${who}: the term went back from ${before.term}`)
    ensure(after.term > before.term || before.votedFor === null || after.votedFor === before.votedFor, () => `${who}: the vote was changed from ${before.votedFor} to ${after.votedFor}`)
    ensure(after.commit >= before.commit, () => `${who}: commit went back from ${before.commit} to ${after.commit}`)
    ensure(after.handedOver <= after.commit, () => `${who}: entry ${after.handedOver} handed over, but only ${after.commit} committed`)
    this.#appended(before, after, output)
    if (after.commit > before.commit) this.#committedBy(before, after, disks)
    if (after.role === 'leader') this.#leads(before, after, output)
  }

  /** Log matching: an entry of one place and term always has the same content, and the same before it. */
  #appended(before: RaftState, after: RaftState, output: Output): void {
    for (const entry of output.save?.entries ?? []) {
      if (after.log.termAt(entry.index) !== entry.term) continue
      const known = { before: after.log.termAt(entry.index - 1) ?? -1, digest: digestAfter(0, entry) }
      const place = entry.index * 100_000 + entry.term
      const first = this.#entries.get(place)
      if (first === undefined) this.#entries.set(place, known)
      else ensure(first.digest === known.digest && first.before === known.before, () => `${after.self}: another entry ${entry.index} of term ${entry.term} than elsewhere`)
      ensure(entry.index > before.commit, () => `${after.self}: the committed entry ${entry.index} was written again`)
    }
  }

  #committedBy(before: RaftState, after: RaftState, disks: ReadonlyMap<MemberId, Disk>): void {
    const { configuration } = after.log
    for (let index = before.commit + 1; index <= after.commit; index += 1) {
      if (index <= after.log.before) continue // came as a snapshot: its bytes are compared when it is restored
      const entry = after.log.entry(index)
      const known = this.committed[index - 1]
      if (known === undefined) {
        ensure(index === this.commit + 1, () => `${after.self}: committed ${index} before ${this.commit + 1}`)
        this.committed.push({ term: entry.term, in: after.term, digest: digestAfter(this.digestAt(index - 1), entry), command: commandOf(entry) })
      } else {
        ensure(known.term === entry.term && known.digest === digestAfter(this.digestAt(index - 1), entry), () => `${after.self}: committed another entry ${index} (term ${entry.term}) than was committed in term ${known.term}`)
      }
    }
    if (after.role !== 'leader') return
    const term = after.log.termAt(after.commit) ?? -1
    const isDurable = (member: MemberId): boolean => disks.get(member)?.holds(after.commit, term) ?? false
    // The configuration in force may be one that this very step has begun: what was committed may stand under the one before it.
    ensure(isQuorum(configuration, isDurable) || isQuorum(before.log.configuration, isDurable), () => `${after.self}: entry ${after.commit} is committed, but not on the disks of a quorum`)
    ensure(term === after.term, () => `${after.self}: counted replicas of entry ${after.commit} of the older term ${term}`)
  }

  #leads(before: RaftState, after: RaftState, output: Output): void {
    const isNew = before.role !== 'leader'
    const other = this.#leaders.get(after.term)
    ensure(other === undefined || other === after.self, () => `two leaders in term ${after.term}: ${other} and ${after.self}`)
    this.#leaders.set(after.term, after.self)
    const [first] = output.save?.entries ?? []
    ensure(first === undefined || first.index === before.log.lastIndex + 1, () => `${after.self}: as leader it wrote over entry ${first?.index}`)
    if (!isNew) return
    this.#vote(after.self, after.term, after.self)
    // One that slept since it asked for votes may find itself elected when a later term has a leader already: it owes nothing to that one, and can commit nothing.
    const index = this.committed.findLastIndex(entry => entry.in < after.term) + 1
    if (index === 0 || index < after.log.before) return
    ensure(after.log.termAt(index) === this.committed[index - 1]?.term, () => `${after.self}: leads term ${after.term} without the committed entry ${index}`)
  }

  /** A message as it leaves: what it promises must be on the disk by now. */
  sent(message: Message, disk: Disk): void {
    if (message.kind === 'vote-reply' && message.granted) {
      this.#vote(message.from, message.term, message.to)
      ensure(disk.hardState.term > message.term || disk.hardState.votedFor === message.to, () => `${message.from} told ${message.to} of a vote that is not on its disk`)
    }
    if (message.kind === 'vote') ensure(disk.hardState.term >= message.term, () => `${message.from} asks for votes in term ${message.term}, which is not on its disk`)
    // One that waited while a later term took its entries away says what was true, to a leader that is none any more.
    if (disk.hardState.term > message.term) return
    if (message.kind === 'append-reply' && message.accepted) ensure(disk.lastIndex >= message.matched, () => `${message.from} acknowledged entry ${message.matched}, and has ${disk.lastIndex} on its disk`)
    if (message.kind === 'snapshot-reply' && message.isInstalled) ensure(disk.lastIndex >= message.index, () => `${message.from} acknowledged snapshot ${message.index}, and has ${disk.lastIndex} on its disk`)
  }

  /** A crash may leave less than was decided, but never less than was promised; `promised` is read off the disk and the messages. */
  #vote(voter: MemberId, term: Term, candidate: MemberId): void {
    const first = this.#votes.get(`${voter} ${term}`)?.candidate
    ensure(first === undefined || first === candidate, () => `${voter} voted in term ${term} for ${first} and for ${candidate}`)
    this.#votes.set(`${voter} ${term}`, { voter, term, candidate })
  }

  /** Entries as a state machine takes them. */
  applied(who: MemberId, index: LogIndex, digest: number): void {
    ensure(this.digestAt(index) === digest, () => `${who}: its state after entry ${index} is not what everybody else has there`)
  }

  read(id: string, askedAt: LogIndex, index: LogIndex): void {
    ensure(index >= askedAt, () => `stale read ${id}: ${index} was answered, and ${askedAt} was committed when it was asked`)
  }
}

export const commandOf = (entry: Entry): number | null => (entry.kind === 'command' ? new DataView(entry.data.buffer, entry.data.byteOffset).getUint32(0) : null)

export function ensure(holds: boolean, text: () => string): void {
  if (!holds) throw new Error(text())
}
