import type { RaftLog } from './raft-log.ts'
import { timeoutOf, type Leading, type Progress, type RaftState } from './state.ts'
import type { Entry, MemberId, Message, Notice, Output, Role, RoleReason, Save, SnapshotMark } from './types.ts'

type Changeable<Value> = { -readonly [Key in keyof Value]: Value[Key] }

type WithoutHeader<Letter> = Letter extends Message ? Omit<Letter, 'from' | 'term'> & { readonly term?: number } : never

/** One step while it is being made: a working copy of the state, and what it tells the world. Nobody outside the step sees it change. */
export class Turn {
  readonly state: Changeable<RaftState>
  readonly #before: RaftState
  readonly #output: { -readonly [Key in keyof Output]: Output[Key] extends readonly (infer Item)[] ? Item[] : Output[Key] } = {
    save: null, messages: [], restore: null, committed: [], proposals: [], reads: [], members: [], pieces: [], notices: [],
  }
  #save: Omit<Save, 'number' | 'hardState'> = { piece: null, install: null, entries: [], dropUpTo: null }
  #mustSave = false

  constructor(state: RaftState) {
    this.state = { ...state }
    this.#before = state
  }

  /** The number of the save that makes everything durable that was decided so far; the current step's own save counts. */
  get lastSave(): number {
    return this.#needsSave ? this.#before.savesAsked + 1 : this.#before.savesAsked
  }

  get #needsSave(): boolean {
    return this.#mustSave || this.state.term !== this.#before.term || this.state.votedFor !== this.#before.votedFor
  }

  /** A message that promises something: it leaves once all that was decided is durable. */
  sendDurable(message: WithoutHeader<Message>): void {
    this.#send(message, true)
  }

  /** A message that promises nothing that is not durable already. */
  send(message: WithoutHeader<Message>): void {
    this.#send(message, false)
  }

  readonly #durable: number[] = []

  #send(message: WithoutHeader<Message>, isDurable: boolean): void {
    if (message.to === this.state.self) throw new Error('a member does not write to itself')
    // A union without its header is joined again with the header that every one of its members has.
    const whole = { ...message, from: this.state.self, term: message.term ?? this.state.term } as Message
    if (isDurable) this.#durable.push(this.#output.messages.length)
    this.#output.messages.push({ message: whole, after: 0 })
  }

  addEntries(entries: readonly Entry[]): void {
    const [first] = entries
    if (first === undefined) return
    this.#cutDurable(first.index - 1)
    this.state.log = this.state.log.append(entries)
    this.#save = { ...this.#save, entries: [...this.#save.entries, ...entries] }
    this.#mustSave = true
  }

  savePiece(piece: NonNullable<Save['piece']>): void {
    this.#save = { ...this.#save, piece }
    this.#mustSave = true
  }

  /** The received snapshot takes the place of what it covers, and of the whole log where that parts from it. */
  install(mark: SnapshotMark, log: RaftLog, keepsLaterEntries: boolean): void {
    if (!keepsLaterEntries) this.#cutDurable(this.state.commit)
    this.state.log = log
    this.state.snapshot = mark
    this.state.commit = Math.max(this.state.commit, mark.index)
    this.#save = { ...this.#save, install: { mark, keepsLaterEntries } }
    this.#mustSave = true
    this.state.restoring = { mark, save: this.lastSave }
  }

  dropUpTo(index: number): void {
    this.#save = { ...this.#save, dropUpTo: index }
    this.#mustSave = true
  }

  /** What is thrown away is not durable any more, whatever saves are on their way. */
  #cutDurable(keep: number): void {
    const { state } = this
    if (keep >= state.durable && state.unsaved.every(({ lastIndex }) => lastIndex <= keep)) return
    state.durable = Math.min(state.durable, keep)
    state.unsaved = state.unsaved.map(save => ({ ...save, lastIndex: Math.min(save.lastIndex, keep) }))
  }

  restore(mark: SnapshotMark): void {
    this.#output.restore = mark
  }

  commitEntries(entries: readonly Entry[]): void {
    // Not spread into one call: a member that starts anew may have more entries than a call takes arguments.
    for (const entry of entries) this.#output.committed.push(entry)
  }

  answerProposal(answer: Output['proposals'][number]): void {
    this.#output.proposals.push(answer)
  }

  answerRead(answer: Output['reads'][number]): void {
    this.#output.reads.push(answer)
  }

  answerMembers(answer: Output['members'][number]): void {
    this.#output.members.push(answer)
  }

  wantPiece(to: MemberId, index: number, offset: number): void {
    this.#output.pieces.push({ to, index, offset })
  }

  notice(notice: Notice): void {
    this.#output.notices.push(notice)
  }

  setRole(role: Role, why: RoleReason): void {
    if (this.state.role !== role) this.notice({ kind: 'role', role, term: this.state.term, why })
    this.state.role = role
  }

  setLeader(leader: MemberId | null): void {
    if (this.state.leader !== leader) this.notice({ kind: 'leader', leader, term: this.state.term })
    this.state.leader = leader
  }

  get leading(): Leading {
    const { leading } = this.state
    if (leading === null) throw new Error('only a leader does this')
    return leading
  }

  lead(change: Partial<Leading>): void {
    this.state.leading = { ...this.leading, ...change }
  }

  progress(member: MemberId): Progress {
    const progress = this.leading.progress.get(member)
    if (progress === undefined) throw new Error(`${member} is not a member`)
    return progress
  }

  setProgress(member: MemberId, change: Partial<Progress>): void {
    this.lead({ progress: new Map(this.leading.progress).set(member, { ...this.progress(member), ...change }) })
  }

  /** The election timer begins anew, for a new random time. */
  resetTimer(): void {
    this.state.elapsed = 0
    this.state.timeout = timeoutOf(this.state.policy, this.state.random)
  }

  finish(): { readonly state: RaftState; readonly output: Output } {
    const { state } = this
    if (this.#needsSave) {
      const number = this.#before.savesAsked + 1
      const hardState = state.term !== this.#before.term || state.votedFor !== this.#before.votedFor ? { term: state.term, votedFor: state.votedFor } : null
      this.#output.save = { number, hardState, ...this.#save }
      state.savesAsked = number
      state.unsaved = [...state.unsaved, { number, lastIndex: state.log.lastIndex, askedAt: state.now }]
    }
    const after = state.savesAsked > state.savesDone ? state.savesAsked : 0
    const durable = new Set(this.#durable)
    this.#output.messages = this.#output.messages.map((outgoing, place) => (durable.has(place) ? { ...outgoing, after } : outgoing))
    return { state, output: this.#output }
  }
}
