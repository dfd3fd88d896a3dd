import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { Notice } from '../../model/raft/types.ts'
import type { Group, GroupRefusal, GroupStanding, Json, ManagerAbout } from '../../ports/group.ts'
import type { RaftTransport, RaftTransportEvents } from '../../ports/raft-transport.ts'
import type { AnswerFailure } from '../raft/answers.ts'
import type { Proposal } from '../raft/command-machine.ts'
import { Acquaintances } from './raft-acquaintances.ts'
import { RaftEntrance } from './raft-entrance.ts'
import { type Introduction, type RaftQuestion, readIntroduction, readQuestion } from './raft-introductions.ts'
import { RaftMember, type RaftMemberParts } from './raft-member.ts'
import { RaftMembers } from './raft-members.ts'
import { memberName, nameOf } from './raft-names.ts'
import { raftReason } from './raft-reasons.ts'
import { standingOf } from './raft-standing.ts'

const roundMilliseconds = 100
const askOutsideMilliseconds = 200
const askInsideMilliseconds = 10_000
/** While nobody leads, who answers is told to people, and so is asked oftener. */
const askLeaderlessMilliseconds = 1500
const answersMilliseconds = 3 * askLeaderlessMilliseconds
const answerMilliseconds = 1000
const handOver = { milliseconds: 1500, lookMilliseconds: 10 }
const snapshotMilliseconds = 60_000

export interface RaftGroupParts<Command> extends Omit<RaftMemberParts, 'notice'> {
  readonly openTransport: (events: RaftTransportEvents) => Promise<RaftTransport>
  readonly encode: (proposal: Proposal<Command>) => Uint8Array
  /** RaftNodes as members are named, this one among them. */
  readonly names: readonly string[]
  /** Where the HTTP API of this manager is reached. */
  readonly uri: string | null
  /** What it tells others of itself, for people. */
  readonly about?: ManagerAbout
  readonly defaultPort: number
}

/** Something of the program above that one member asks another. */
export type Answering = (from: string, body: Json) => Promise<Json>

/** The managers as one by Raft: each has its own disk and its own memory, and whoever a majority hears leads. */
export class RaftGroup<Command> implements Group<Command> {
  readonly mode = 'raft'
  readonly #parts: RaftGroupParts<Command>
  readonly #transport: RaftTransport
  readonly #member: RaftMember
  readonly #members: RaftMembers
  readonly #others: Acquaintances
  readonly #entrance: RaftEntrance
  readonly #answering = new Map<string, Answering>()
  readonly #listeners = new Set<(standing: GroupStanding) => void>()
  #lastTold = ''
  #isLooking = false
  #isClosed = false
  #cancelRound: () => void = () => undefined

  private constructor(parts: RaftGroupParts<Command>, transport: RaftTransport) {
    const { clock, random, log, names } = parts
    this.#parts = parts
    this.#transport = transport
    this.#member = new RaftMember({ ...parts, notice: notice => this.#notice(notice) }, transport)
    const ask = (name: string, question: RaftQuestion): Promise<Result<Json, string>> => this.#transport.ask(parts.name, name, question as unknown as Json, answerMilliseconds) // plain JSON, field by field
    this.#others = new Acquaintances({ clock, ask: async name => introductionIn(await ask(name, { ask: 'who', who: this.#introduction() })) })
    this.#members = new RaftMembers({
      clock, log, names, node: () => this.#member.node,
      tell: (all, what, name) => { for (const other of new Set([...all, name])) if (other !== parts.name) void this.ask(other, what, name, answerMilliseconds) },
    })
    this.#entrance = new RaftEntrance({ clock, random, log, member: this.#member, others: this.#others, introduction: () => this.#introduction(), ask })
    for (const what of ['added', 'removed'] as const) this.answer(what, async (_, name) => this.#changed(what, name))
  }

  /** Listens, opens the disk, and begins to look for the others. The failure is a sentence for the operator. */
  static async open<Command>(parts: RaftGroupParts<Command>): Promise<Result<RaftGroup<Command>, string>> {
    let group: RaftGroup<Command> | null = null
    const { log } = parts
    let transport: RaftTransport
    try {
      transport = await parts.openTransport({
        message: message => { if (group !== null) group.#member.node?.receive(message) },
        link: (member, state) => log.debug('the way to another member', { member, state: state.state, ...(state.state === 'open' ? {} : { why: state.why }) }),
        turnedAway: (from, why) => log.debug('somebody was not let in on the port of the members', { from, why }),
        asked: async (from, question) => group === null ? Promise.reject(new Error('this member has not started yet')) : group.#asked(from, readQuestion(question)),
      })
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error))
    }
    group = new RaftGroup(parts, transport)
    const failure = await group.#member.open().catch((error: unknown) => ({ kind: 'not-usable' as const, folder: parts.folder, text: error instanceof Error ? error.message : String(error) }))
    if (failure !== null) {
      await group.close()
      const what = failure.kind === 'in-use' ? 'is in use by another process' : `cannot be used: ${failure.kind === 'damaged' ? `${failure.file} ${failure.what}` : failure.text}`
      return fail(`RaftDataDir ${parts.folder} ${what}`)
    }
    group.#round()
    return ok(group)
  }

  isLeader(): boolean {
    return !this.#isClosed && this.#member.node?.isLeader === true
  }

  standing(): GroupStanding {
    const { name, names } = this.#parts
    return standingOf({
      self: name, names, status: this.#member.node?.status ?? null, isLeader: this.isLeader(), isClosed: this.#isClosed, why: this.#entrance.why,
      answers: other => this.#others.heardWithin(answersMilliseconds).some(({ name: heard }) => heard === other),
      told: other => (other === name ? this.#parts : this.#others.of(other)),
    })
  }

  onStanding(listener: (standing: GroupStanding) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async propose(command: Command, id: string): Promise<Result<Json, GroupRefusal>> {
    const { node } = this.#member
    const { name, clock, encode } = this.#parts
    if (node === null || this.#isClosed) return fail(this.#refusal(this.#isClosed ? 'stopped' : 'no-leader'))
    const answered = await node.propose(encode({ id, by: name, at: clock.now(), command }))
    return answered.ok ? ok(answered.value as Json) : fail(this.#refused(answered.failure)) // what the state machine answers is JSON
  }

  async confirm(): Promise<Reason | null> {
    const { node } = this.#member
    if (node === null || !this.isLeader()) return this.#notLeader()
    const { term } = node.status
    const answered = await node.read()
    if (!answered.ok) return raftReason('raft-not-confirmed', { self: this.#parts.name, text: this.#refused(answered.failure).text })
    return this.#member.node === node && this.isLeader() && node.status.term === term ? null : this.#notLeader()
  }

  async stepAside(to: string | null): Promise<Reason | null> {
    const { node } = this.#member
    if (node === null || !this.isLeader()) return this.#notLeader()
    const { configuration: { voters }, member } = node.status
    if (voters.length < 2) return raftReason('raft-alone', { self: this.#parts.name })
    if (to === null) node.stepAside()
    else {
      const wanted = voters.find(voter => nameOf(voter) === to)
      if (wanted === undefined) return raftReason('raft-unknown-member', { member: to, members: voters.map(nameOf).join(', ') })
      if (wanted !== member) node.transfer(wanted)
    }
    return null
  }

  /** As members are named. */
  address(text: string): string {
    return memberName(text, this.#parts.defaultPort)
  }

  async add(address: string): Promise<Reason | null> {
    return this.isLeader() ? this.#members.add(this.address(address)) : this.#notLeader()
  }

  async remove(address: string): Promise<Reason | null> {
    return this.isLeader() ? this.#members.remove(this.address(address)) : this.#notLeader()
  }

  async snapshot(): Promise<Reason | null> {
    const no = (text: string): Reason => raftReason('raft-no-snapshot', { text })
    const done = this.#member.node?.snapshotNow().then(() => null, (error: unknown) => no(error instanceof Error ? error.message : String(error)))
    if (done === undefined) return no('this member is of no group yet')
    const waiting = new AbortController()
    const late = this.#parts.clock.sleep(snapshotMilliseconds, waiting.signal).then(() => no(`it took more than ${snapshotMilliseconds / 1000} s`))
    return Promise.race([done, late]).finally(() => waiting.abort())
  }

  /** Asks another member something of the program above. */
  ask(name: string, topic: string, body: Json, milliseconds: number): Promise<Result<Json, string>> {
    const question: RaftQuestion = { ask: 'other', who: this.#introduction(), topic, body }
    return this.#transport.ask(this.#parts.name, name, question as unknown as Json, milliseconds) // plain JSON, field by field
  }

  answer(topic: string, answering: Answering): void {
    this.#answering.set(topic, answering)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    await this.#handOver()
    this.#isClosed = true
    this.#cancelRound()
    this.#tell()
    await this.#member.close()
    await this.#transport.close()
  }

  /** Whoever leads lets another lead before it ends: nobody has to wait for an election. */
  async #handOver(): Promise<void> {
    const { clock } = this.#parts
    if ((await this.stepAside(null)) !== null) return
    const end = clock.monotonic() + handOver.milliseconds
    const hasFollowed = (): boolean => {
      const status = this.#member.node?.status
      return status === undefined || (status.role !== 'leader' && status.leader !== null)
    }
    while (!hasFollowed() && clock.monotonic() < end) await clock.sleep(handOver.lookMilliseconds)
  }

  #round(): void {
    if (this.#isClosed) return
    const { name } = this.#parts
    const { leader } = this.standing()
    const knowsWhere = leader === null || leader.uri !== null
    this.#others.askEvery(this.#entrance.isOutside || !knowsWhere ? askOutsideMilliseconds : leader === null ? askLeaderlessMilliseconds : askInsideMilliseconds, this.#members.names.filter(other => other !== name))
    void this.#look()
    this.#tell()
    this.#cancelRound = this.#parts.clock.after(roundMilliseconds, () => this.#round())
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      await this.#entrance.step()
      await this.#members.step()
    } catch (error) {
      this.#parts.log.error('the group could not be looked after', { text: error instanceof Error ? error.message : String(error) })
    }
    this.#isLooking = false
  }

  async #asked(from: string, question: RaftQuestion): Promise<Json> {
    const { who } = question
    if (who.name === from && from !== this.#parts.name && this.#members.names.includes(from)) this.#others.note(who)
    switch (question.ask) {
      case 'who': return this.#introduction() as unknown as Json // plain JSON, field by field
      case 'begin': return this.#entrance.begin(question.group, question.voters)
      case 'join': {
        const answer = this.#members.join(who)
        return answer.taken ? { ...answer, group: this.#member.identity?.group ?? '' } : { ...answer }
      }
      default: {
        const answering = this.#answering.get(question.topic)
        if (answering === undefined) throw new Error(`nobody here answers ${question.topic}`)
        return answering(from, question.body)
      }
    }
  }

  #changed(what: 'added' | 'removed', name: Json): Json {
    if (typeof name !== 'string') return null
    this.#members.note(what, name)
    if (name === this.#parts.name) this.#entrance.isTakenOut = what === 'removed'
    return null
  }

  #introduction(): Introduction {
    const { name, uri, about, names } = this.#parts
    const status = this.#member.node?.status
    const leader = this.isLeader() ? name : status === undefined || status.role === 'leader' || status.leader === null ? null : nameOf(status.leader)
    return {
      name, uri, leader, disk: this.#member.disk, group: this.#member.isBlank ? null : (this.#member.identity?.group ?? '?'), isPristine: status?.isPristine ?? false,
      mayFound: this.#member.isBlank && this.#member.mayFound, nodes: names.toSorted(),
      ...(about === undefined ? {} : { about }),
    }
  }

  #notice(notice: Notice): void {
    const { log } = this.#parts
    if (notice.kind === 'role') log.debug('the role of this member', { role: notice.role, term: notice.term, why: notice.why })
    if (notice.kind === 'leader') log.info('the leader of the group', { leader: notice.leader === null ? null : nameOf(notice.leader), term: notice.term })
    queueMicrotask(() => this.#tell())
    // It counts as leader once something of its own term is applied: then at once, and not with the next round.
    if (notice.kind === 'role' && notice.role === 'leader') queueMicrotask(() => void this.#member.node?.read().then(() => this.#tell()))
  }

  #tell(): void {
    const standing = this.standing()
    const { log: _, says: __, ...told } = standing
    const text = JSON.stringify({ ...told, says: standing.says.code, members: told.members.map(({ matched: ___, ...member }) => member) })
    if (text === this.#lastTold) return
    this.#lastTold = text
    for (const listener of this.#listeners) listener(standing)
  }

  #notLeader(): Reason {
    const { leader, self } = this.standing()
    return leader === null ? raftReason('raft-nobody-leads', { self }) : raftReason('raft-not-leader', { self, leader: leader.name })
  }

  #refusal(kind: GroupRefusal['kind'], text = this.#notLeader().text): GroupRefusal {
    return { kind, leader: this.standing().leader, text }
  }

  #refused(failure: AnswerFailure): GroupRefusal {
    if (failure.kind === 'lost') return this.#refusal('lost', 'another member leads now, and the change was not made')
    if (failure.kind === 'unknown') return this.#refusal('unknown', `nobody can say whether the change was made (${failure.why})`)
    switch (failure.why) {
      case 'not-leader': case 'no-leader': case 'leader-changed': case 'transferring': return this.#refusal(this.standing().leader === null ? 'no-leader' : 'not-leader')
      case 'too-much-uncommitted': case 'too-much-unapplied': case 'too-many-reads': return this.#refusal('too-much', `too much is under way (${failure.why}): try again`)
      case 'stopped': return this.#refusal('stopped')
      default: return this.#refusal('failed', `the change was refused: ${failure.why}`)
    }
  }
}

function introductionIn(answered: Result<Json, string>): Introduction | null {
  if (!answered.ok) return null
  try {
    return readIntroduction(answered.value)
  } catch {
    return null // of another version, or no manager: as if it had not answered
  }
}
