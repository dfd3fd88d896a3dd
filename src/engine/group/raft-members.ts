import type { Reason } from '../../kit/reason.ts'
import { membersOf } from '../../model/raft/configuration.ts'
import type { MemberId } from '../../model/raft/types.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { RaftNode } from '../raft/raft-node.ts'
import type { Introduction, JoinAnswer } from './raft-introductions.ts'
import { nextMembers } from './raft-membership.ts'
import { isMemberName, memberOf, nameOf } from './raft-names.ts'
import { raftReason } from './raft-reasons.ts'

/** Who asked so long ago, and not again, does not join any more. */
const joiningMilliseconds = 10_000
const personWaitsMilliseconds = 10_000
const lookMilliseconds = 20

export interface RaftMembersParts {
  readonly clock: Clock
  readonly log: Log
  readonly names: readonly string[]
  readonly node: () => RaftNode | null
  /** Tells all other members, as far as they can be reached. */
  readonly tell: (names: readonly string[], what: 'added' | 'removed', name: string) => void
}

/** Who belongs to the group: whoever RaftNodes names, and whom people add and take out while the program runs. The leader does what is to be done. */
export class RaftMembers {
  readonly #parts: RaftMembersParts
  readonly #added = new Set<string>()
  readonly #removed = new Set<string>()
  readonly #joining = new Map<string, { readonly member: MemberId; readonly at: number }>()
  #isChanging = false

  constructor(parts: RaftMembersParts) {
    this.#parts = parts
  }

  /** Everybody that this manager has to do with. */
  get names(): readonly string[] {
    const node = this.#parts.node()
    const present = node === null ? [] : membersOf(node.status.configuration).map(nameOf)
    return [...new Set([...this.#parts.names, ...present, ...this.#added])]
  }

  note(what: 'added' | 'removed', name: string): void {
    const [to, from] = what === 'added' ? [this.#added, this.#removed] : [this.#removed, this.#added]
    to.add(name)
    from.delete(name)
  }

  wasRemoved(name: string): boolean {
    return this.#removed.has(name)
  }

  /** Somebody wants to be taken in; asked of the leader. */
  join(who: Introduction): JoinAnswer {
    const node = this.#parts.node()
    const no = (why: string): JoinAnswer => ({ taken: false, why })
    if (node === null || !node.isLeader) return no('not-leader')
    const { configuration, heard, founders, member: self } = node.status
    const member = memberOf(who.name, who.disk)
    if (this.#removed.has(who.name)) return no('removed')
    if (!this.names.includes(who.name)) return no(`${who.name} is neither in RaftNodes of the leader nor was it added`)
    const present = membersOf(configuration)
    const former = present.find(other => nameOf(other) === who.name && other !== member && (other === self || (heard ?? []).includes(other)))
    if (former !== undefined) return no(`another one that is called ${who.name} is a member and answers`)
    if (!configuration.voters.includes(member)) this.#joining.set(who.name, { member, at: this.#parts.clock.monotonic() })
    return { taken: true, group: '', founding: founders ?? [] }
  }

  /** The leader's next change of the members, where one is due. */
  async step(): Promise<void> {
    const node = this.#parts.node()
    if (node === null || !node.isLeader || this.#isChanging) return
    const now = this.#parts.clock.monotonic()
    for (const [name, { at }] of this.#joining) if (now - at > joiningMilliseconds) this.#joining.delete(name)
    const next = nextMembers(node.status.configuration, { joining: [...this.#joining.values()].map(({ member }) => member), removed: this.#removed })
    if (next === null) return
    this.#isChanging = true
    try {
      const answered = await node.changeMembers(next.voters, next.learners)
      if (answered.ok) this.#parts.log.info('the members of the group were changed', { voters: next.voters.join(' '), learners: next.learners.join(' ') })
    } finally {
      this.#isChanging = false
    }
  }

  async add(name: string): Promise<Reason | null> {
    if (!isMemberName(name)) return raftReason('raft-bad-address', { address: name })
    this.note('added', name)
    this.#parts.tell(this.names, 'added', name)
    const isIn = await this.#until(() => this.#parts.node()?.status.configuration.voters.some(member => nameOf(member) === name) === true)
    return isIn ? null : raftReason('raft-change-late', { member: name, seconds: personWaitsMilliseconds / 1000 })
  }

  async remove(name: string): Promise<Reason | null> {
    const voters = this.#parts.node()?.status.configuration.voters ?? []
    const isMember = membersOf(this.#parts.node()?.status.configuration ?? { voters: [], outgoing: [], learners: [] }).some(member => nameOf(member) === name)
    if (!isMember) return raftReason('raft-unknown-member', { member: name, members: this.names.join(', ') })
    if (voters.every(member => nameOf(member) === name)) return raftReason('raft-last-member', { member: name })
    const all = this.names
    this.note('removed', name)
    this.#parts.tell(all, 'removed', name)
    const isOut = await this.#until(() => {
      const configuration = this.#parts.node()?.status.configuration
      return configuration !== undefined && configuration.outgoing.length === 0 && !membersOf(configuration).some(member => nameOf(member) === name)
    })
    return isOut ? null : raftReason('raft-change-failed', { text: `${name} is still a member after ${personWaitsMilliseconds / 1000} s` })
  }

  async #until(holds: () => boolean): Promise<boolean> {
    const { clock } = this.#parts
    const end = clock.monotonic() + personWaitsMilliseconds
    while (!holds()) {
      if (clock.monotonic() > end) return false
      await this.step()
      await clock.sleep(lookMilliseconds)
    }
    return true
  }
}
