import type { Reason } from '../../kit/reason.ts'
import type { Result } from '../../kit/result.ts'
import { membersOf } from '../../model/raft/configuration.ts'
import type { MemberId } from '../../model/raft/types.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Json } from '../../ports/group.ts'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { Acquaintances } from './raft-acquaintances.ts'
import { beganApart, decideBlank, mayBeginWith } from './raft-founding.ts'
import { type Introduction, type RaftQuestion, readJoinAnswer } from './raft-introductions.ts'
import type { RaftMember } from './raft-member.ts'
import { memberOf, nameOf } from './raft-names.ts'
import { raftReason } from './raft-reasons.ts'

/** What was told longer ago is not decided upon. */
const freshMilliseconds = 1500
/** A member without a leader for so long looks whether the others have one, and whether it still belongs to them. */
const leaderlessMilliseconds = 2000
const joinEveryMilliseconds = 500
/** Enough others are there to begin a group: the rest are waited for so long, since a group that begins with fewer bears fewer failures until they are in. */
const waitForAllMilliseconds = 3000

export interface RaftEntranceParts {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly member: RaftMember
  readonly others: Acquaintances
  readonly introduction: () => Introduction
  readonly ask: (name: string, question: RaftQuestion) => Promise<Result<Json, string>>
}

/** How a manager comes into a group: begins one with others that have no data either, or is taken in by one that lives. */
export class RaftEntrance {
  readonly #parts: RaftEntranceParts
  #leaderAt: number
  #joinedAt = -Infinity
  #isBeginning = false
  #enoughAt: number | null = null
  /** A person took this one out; it asks no more until one adds it, or it is started anew. */
  isTakenOut = false
  /** Why this manager is of no group yet, or not any more. */
  why: Reason | null = null

  constructor(parts: RaftEntranceParts) {
    this.#parts = parts
    this.#leaderAt = parts.clock.monotonic()
  }

  /** Whether others are to be asked often. */
  get isOutside(): boolean {
    const { member, clock } = this.#parts
    return member.node === null || clock.monotonic() - this.#leaderAt > leaderlessMilliseconds || !this.#isVoter
  }

  get #isVoter(): boolean {
    const { node } = this.#parts.member
    return node !== null && node.status.configuration.voters.includes(node.status.member)
  }

  /** One look; called again and again. */
  async step(): Promise<void> {
    const { member, clock } = this.#parts
    if (member.isBlank) return this.#asBlank()
    const { node } = member
    if (node === null) {
      this.why = raftReason('raft-disk-failed', { self: this.#parts.introduction().name, text: member.failure ?? '' })
      return undefined
    }
    this.#invite()
    if (node.status.leader !== null) this.#leaderAt = clock.monotonic()
    if (!this.isOutside) {
      this.why = null
      return undefined
    }
    return this.#asOutsider()
  }

  /** Asked by one that begins a group with this one. */
  async begin(group: string, voters: readonly string[]): Promise<boolean> {
    const { member, introduction } = this.#parts
    const ids = voters.map(voter => voter as MemberId) // as they were made by `memberOf` there
    if (!member.isBlank || this.#isBeginning || !mayBeginWith(introduction(), ids, ids.map(nameOf))) return false
    return this.#begin(group, ids)
  }

  async #asBlank(): Promise<void> {
    const { introduction, others, random, log, clock } = this.#parts
    if (this.#isBeginning) return
    const self = introduction()
    const decision = decideBlank(self, others.heardWithin(freshMilliseconds))
    if (decision.do === 'found') {
      this.#enoughAt ??= clock.monotonic()
      if (decision.voters.length < self.nodes.length && clock.monotonic() - this.#enoughAt < waitForAllMilliseconds) return undefined
      const group = random.hex(8)
      if (await this.#begin(group, decision.voters)) log.info('a group of managers begins', { group, voters: decision.voters.join(' ') })
      return this.#invite()
    }
    this.#enoughAt = null
    this.why = decision.why
    if (decision.do === 'join') await this.#join(self, decision.leader)
  }

  async #begin(group: string, voters: readonly MemberId[]): Promise<boolean> {
    this.#isBeginning = true
    try {
      return await this.#parts.member.begin(group, voters)
    } finally {
      this.#isBeginning = false
    }
  }

  /** Others that are still blank, though this group began with them. */
  #invite(): void {
    const { member, others, introduction, ask } = this.#parts
    const founders = member.node?.status.founders ?? []
    const group = member.identity?.group
    if (group === undefined) return
    for (const { name, disk, group: theirs } of others.heardWithin(freshMilliseconds))
      if (theirs === null && founders.includes(memberOf(name, disk))) void ask(name, { ask: 'begin', who: introduction(), group, voters: founders })
  }

  async #asOutsider(): Promise<void> {
    const { introduction, others, member } = this.#parts
    const self = introduction()
    const heard = others.heardWithin(freshMilliseconds)
    if (beganApart(self, heard)) return member.leave('the group that this disk began with never lived, and the others belong to another one')
    const leader = heard.find(({ group, leader: theirs }) => group === self.group && theirs !== null)?.leader ?? null
    if (this.isTakenOut) this.why = raftReason('raft-left-out', { self: self.name, text: 'it was taken out' })
    else if (leader !== null && leader !== self.name) return this.#join(self, leader)
    else if (leader === null) {
      const strange = heard.find(({ group, leader: theirs }) => group !== null && group !== self.group && theirs !== null)
      this.why = strange === undefined ? null : raftReason('raft-left-out', { self: self.name, text: `${strange.name} belongs to another group, which has a leader; the data of this one is in its RaftDataDir` })
    }
    return undefined
  }

  async #join(self: Introduction, leader: string): Promise<void> {
    const { clock, ask, member, log } = this.#parts
    if (clock.monotonic() - this.#joinedAt < joinEveryMilliseconds) return
    this.#joinedAt = clock.monotonic()
    const answered = await ask(leader, { ask: 'join', who: self })
    if (!answered.ok) return
    const answer = readJoinAnswer(answered.value)
    if (!answer.taken) {
      if (answer.why === 'not-leader') return // another leads by now, and is asked next
      if (answer.why === 'removed') this.isTakenOut = true
      const why = raftReason('raft-left-out', { self: self.name, text: answer.why })
      if (this.why?.text !== why.text) log.warning(why.text, { leader })
      this.why = why
      return
    }
    if (!member.isBlank) return
    const founding = answer.founding.map(voter => voter as MemberId) // as the leader names them
    if (await this.#begin(answer.group, founding)) log.info('taken in by the group', { leader, group: answer.group, members: membersOf({ voters: founding, outgoing: [], learners: [] }).length })
  }
}
