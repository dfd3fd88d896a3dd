import { membersOf } from '../../model/raft/configuration.ts'
import { snapshotMarkAt } from '../../model/raft/snapshots.ts'
import { type RaftState, startMember } from '../../model/raft/state.ts'
import { step } from '../../model/raft/step.ts'
import type { Configuration, Input, LogIndex, MemberId, Message, Notice, Output, PieceWanted, Role, Term } from '../../model/raft/types.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RaftDisk } from '../../ports/raft-disk.ts'
import type { RaftTransport } from '../../ports/raft-transport.ts'
import type { Random } from '../../ports/random.ts'
import { Answers, type Answered } from './answers.ts'
import { Applier } from './applier.ts'
import type { RaftNodePolicy } from './policy.ts'
import { Saver } from './saver.ts'
import type { StateMachine } from './state-machine.ts'

export interface RaftNodeParts {
  readonly clock: Clock
  readonly random: Random
  readonly disk: RaftDisk
  readonly transport: Pick<RaftTransport, 'send' | 'setPeers'>
  readonly machine: StateMachine
  readonly policy: RaftNodePolicy
  /** Where a member is reached: its address stands in its name, or somebody has told it. */
  readonly addressOf: (member: MemberId) => string | null
  readonly events: RaftNodeEvents
}

export interface RaftNodeEvents {
  notice(notice: Notice): void
  /** The disk, the state machine or an invariant failed: this node does nothing more, and has to be opened anew. */
  failed(part: 'disk' | 'state-machine' | 'core', error: unknown): void
}

export interface RaftStatus {
  readonly member: MemberId
  readonly role: Role
  readonly term: Term
  readonly leader: MemberId | null
  readonly commit: LogIndex
  readonly applied: LogIndex
  readonly lastIndex: LogIndex
  readonly snapshotIndex: LogIndex
  readonly configuration: Configuration
  /** Members that the leader has heard within an election time, itself included; null on others. */
  readonly heard: readonly MemberId[] | null
  /** The last entry that each of the others surely has; null on others than the leader. */
  readonly matched: ReadonlyMap<MemberId, LogIndex> | null
  /** With whom the group began, where the log still goes back so far. */
  readonly founders: readonly MemberId[] | null
  /** Nothing is known here but that the group began: no command, no snapshot, nothing committed. */
  readonly isPristine: boolean
}

/**
 * One member at work: gives the core what happens, and does what it says, in this order: save, then send, then apply (model/raft/types.ts).
 * Time comes from the clock's port alone, so that simulations can drive it.
 */
export class RaftNode {
  readonly #parts: RaftNodeParts
  readonly #saver: Saver
  readonly #applier: Applier
  readonly #answers: Answers
  #state: RaftState
  #savedUpTo = 0
  /** Messages that promise what is not durable yet, in their order. */
  #held: { readonly message: Message; readonly after: number }[] = []
  #proposals: { readonly id: string; readonly data: Uint8Array }[] = []
  #isFlushing = false
  #tickedAt: number
  #cancelTick: () => void = () => undefined
  #isNoting = false
  #cancelNote: () => void = () => undefined
  #peers: Configuration | null = null
  #isOver = false

  private constructor(parts: RaftNodeParts, state: RaftState) {
    const { clock, disk, machine, policy, events } = parts
    this.#parts = parts
    this.#state = state
    this.#saver = new Saver(disk, () => this.#state.handedOver, upTo => this.#saved(upTo), error => this.#fail('disk', error))
    this.#answers = new Answers(clock, policy.answerMilliseconds)
    this.#applier = new Applier(machine, disk, state.handedOver, {
      applied: (entry, result) => this.#answers.applied(entry.index, entry.term, result),
      restored: ({ index }) => this.#answers.skippedTo(index),
      pause: index => this.#snapshotWhenDue(index),
      failed: error => this.#fail('state-machine', error),
    })
    this.#tickedAt = clock.monotonic()
    this.#keepPeers()
    this.#scheduleTick()
    events.notice({ kind: 'role', role: state.role, term: state.term, why: 'started' })
  }

  /** The state machine is brought to the snapshot; what is after it comes again once it is known to be committed. */
  static async start(parts: RaftNodeParts): Promise<RaftNode> {
    const { disk, machine, random, policy } = parts
    if (disk.found === null) throw new Error('this disk is not that of a member')
    const { identity, stored } = disk.found
    const { mark, state } = await disk.newestSnapshot()
    await machine.restore(state)
    return new RaftNode(parts, startMember(identity.member, { ...stored, snapshot: mark, applied: mark.index }, policy, wholeNumber(random)))
  }

  get status(): RaftStatus {
    const { self, role, term, leader, commit, log, snapshot, leading, now, policy } = this.#state
    const heard = leading === null ? null : [self, ...[...leading.progress].filter(([, { heardAt }]) => now - heardAt < policy.electionTicks).map(([member]) => member)]
    const matched = leading === null ? null : new Map([...leading.progress].map(([member, progress]) => [member, progress.matched]))
    const isPristine = commit === 0 && log.slice(1, pristineEntriesMax + 1, Infinity).every(({ kind }) => kind !== 'command') && log.lastIndex <= pristineEntriesMax
    return {
      matched, founders: snapshot.index === 0 ? snapshot.configuration.voters : null, isPristine,
      member: self, role, term, leader, commit, applied: this.#applier.index, lastIndex: log.lastIndex, snapshotIndex: snapshot.index, configuration: log.configuration, heard,
    }
  }

  /**
   * Is this member the leader, as far as it can know by itself? It has committed and applied something of its own term, has heard a quorum within an election
   * time but for a heartbeat, and has not been asleep for that long. What must not be wrong asks with `read` or proposes.
   */
  get isLeader(): boolean {
    const { role, leading, commit, policy } = this.#state
    const isAwake = this.#parts.clock.monotonic() - this.#tickedAt < (policy.electionTicks - policy.heartbeatTicks) * this.#parts.policy.tickMilliseconds
    // What the leaders before it decided must be known here too: a downtime or a block that is not applied yet would not be respected.
    return !this.#isOver && role === 'leader' && leading !== null && commit >= leading.firstIndex && this.#applier.index >= leading.firstIndex && isAwake
  }

  /** Resolves when it is applied here, to what it came to; or to the reason why not. Only on the leader. */
  propose(data: Uint8Array): Promise<Answered> {
    return this.#answers.ask(id => {
      if (this.#isOver) return this.#answers.refuse(id, 'stopped', null)
      if (this.#applier.waiting > this.#parts.policy.unappliedMax) return this.#answers.refuse(id, 'too-much-unapplied', this.#state.leader)
      this.#proposals.push({ id, data })
      return this.#flushSoon()
    })
  }

  /** Resolves when everything that was committed before the call is applied here: what is read then is not stale. On any member. */
  read(): Promise<Answered> {
    return this.#answers.ask(id => (this.#isOver ? this.#answers.refuse(id, 'stopped', null) : this.#take({ kind: 'read', ids: [id] })))
  }

  changeMembers(voters: readonly MemberId[], learners: readonly MemberId[]): Promise<Answered> {
    return this.#answers.ask(id => (this.#isOver ? this.#answers.refuse(id, 'stopped', null) : this.#take({ kind: 'change-members', id, voters, learners })))
  }

  /** Hands leadership to the voter that has most of the log; nothing happens on others or alone. Whether it went well shows in the role. */
  stepAside(): void {
    const { leading, log } = this.#state
    const voters = [...leading?.progress ?? []].filter(([member]) => log.configuration.voters.includes(member))
    const best = voters.toSorted(([, one], [, other]) => other.heardAt - one.heardAt || other.matched - one.matched)[0]
    if (best !== undefined) this.#take({ kind: 'transfer', to: best[0] })
  }

  transfer(to: MemberId): void {
    this.#take({ kind: 'transfer', to })
  }

  /** Resolves when everything applied so far is in a snapshot on the disk. */
  snapshotNow(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) return reject(new Error('this member has stopped'))
      return this.#applier.between(() => this.#snapshot(this.#applier.index).then(resolve, (error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)))
        throw error
      }))
    })
  }

  receive(message: Message): void {
    this.#take({ kind: 'message', message })
  }

  /** Disk and transport are the caller's to close. */
  stop(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelTick()
    this.#cancelNote()
    this.#saver.stop()
    this.#applier.stop()
    this.#answers.stop()
    this.#held = []
  }

  #take(input: Input): void {
    if (this.#isOver) return
    let output: Output
    try {
      const next = step(this.#state, input)
      this.#state = next.state
      output = next.output
    } catch (error) {
      this.#fail('core', error)
      return
    }
    this.#do(output)
    if (output.committed.length > 0) this.#noteSoon()
    if (this.#state.role !== 'leader') this.#flush() // whoever waits for a disk that writes for a leader no more is told so
  }

  #do({ save, messages, restore, committed, proposals, reads, members, pieces, notices }: Output): void {
    if (save !== null) this.#saver.add(save)
    for (const { message, after } of messages) {
      if (after <= this.#savedUpTo) this.#parts.transport.send(message)
      else this.#held.push({ message, after })
    }
    if (save !== null) this.#keepPeers()
    const { leader } = this.#state
    this.#answers.placed(proposals, leader)
    this.#answers.placed(members, leader)
    if (restore !== null) this.#applier.restore()
    this.#applier.add(committed)
    this.#answers.reads(reads, leader, this.#applier.index)
    for (const piece of pieces) void this.#readPiece(piece)
    for (const notice of notices) this.#parts.events.notice(notice)
  }

  #saved(upTo: number): void {
    this.#savedUpTo = upTo
    const ready = this.#held.filter(({ after }) => after <= upTo)
    this.#held = this.#held.filter(({ after }) => after > upTo)
    for (const { message } of ready) this.#parts.transport.send(message)
    this.#take({ kind: 'saved', upTo })
    this.#flush()
  }

  /** Proposals made in one go, and those made while the disk of the leader is writing, share one append and one save. */
  #flushSoon(): void {
    const waits = this.#state.role === 'leader' && this.#saver.isSaving && this.#proposals.length < this.#parts.policy.entriesPerAppendMax
    if (this.#isFlushing || waits) return
    this.#isFlushing = true
    queueMicrotask(() => {
      this.#isFlushing = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#proposals.length === 0) return
    const proposals = this.#proposals
    this.#proposals = []
    this.#take({ kind: 'propose', proposals })
  }

  async #readPiece({ to, index, offset }: PieceWanted): Promise<void> {
    try {
      const piece = await this.#parts.disk.readPiece(index, offset, this.#parts.policy.pieceBytes)
      this.#take({ kind: 'piece-read', to, index, offset, data: piece?.data ?? null, isLast: piece?.isLast ?? false })
    } catch (error) {
      this.#fail('disk', error)
    }
  }

  /** Everybody in the configuration in force is connected to. */
  #keepPeers(): void {
    const { log, self } = this.#state
    if (this.#peers === log.configuration) return
    this.#peers = log.configuration
    const peers = new Map<MemberId, string>()
    for (const member of membersOf(log.configuration)) {
      const address = member === self ? null : this.#parts.addressOf(member)
      if (address !== null) peers.set(member, address)
    }
    this.#parts.transport.setPeers(peers)
  }

  async #snapshotWhenDue(index: LogIndex): Promise<void> {
    if (index - this.#state.snapshot.index >= this.#parts.policy.snapshotAfterEntries) await this.#snapshot(index)
  }

  async #snapshot(index: LogIndex): Promise<void> {
    const { policy, machine, disk } = this.#parts
    const mark = index > this.#state.snapshot.index ? snapshotMarkAt(this.#state, index) : null
    if (mark === null) return
    await disk.keepSnapshot(mark, await machine.snapshot())
    this.#take({ kind: 'snapshot-taken', index, keepEntries: policy.snapshotKeepsEntries })
  }

  /** Whoever is left alone one day knows how far its log had been committed: its memory is then not that of its last snapshot. */
  #noteSoon(): void {
    if (this.#isNoting) return
    this.#isNoting = true
    this.#cancelNote = this.#parts.clock.after(noteMilliseconds, () => {
      this.#isNoting = false
      this.#saver.note()
    })
  }

  #scheduleTick(): void {
    this.#cancelTick = this.#parts.clock.after(this.#parts.policy.tickMilliseconds, () => this.#tick())
  }

  /**
   * All time that passed counts for a leader, before any message that waited meanwhile: one that slept has to know that it may have been replaced.
   * On others it does not: while this process slept nobody was silent, and what was sent to it has yet to be read.
   */
  #tick(): void {
    if (this.#isOver) return
    const { tickMilliseconds } = this.#parts.policy
    const passed = Math.floor((this.#parts.clock.monotonic() - this.#tickedAt) / tickMilliseconds)
    this.#tickedAt += passed * tickMilliseconds
    const count = this.#state.role === 'leader' ? passed : Math.min(passed, ticksOfASleeperMax)
    if (count > 0) this.#take({ kind: 'tick', count, random: wholeNumber(this.#parts.random) })
    if (!this.#isOver) this.#scheduleTick()
  }

  #fail(part: 'disk' | 'state-machine' | 'core', error: unknown): void {
    if (this.#isOver) return
    this.stop()
    this.#parts.events.failed(part, error)
  }
}

/** Before anything was ever committed a log holds a first entry for each leader that tried. */
const pristineEntriesMax = 100

/** What was committed is noted with the next save, and else after so long. */
const noteMilliseconds = 250

/** A timer that is late by a tick or two is usual; more is sleep. */
const ticksOfASleeperMax = 3

const wholeNumber = (random: Random): number => Math.floor(random.fraction() * 2 ** 32)

