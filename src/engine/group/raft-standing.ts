import type { Reason } from '../../kit/reason.ts'
import { membersOf } from '../../model/raft/configuration.ts'
import type { GroupMember, GroupStanding, ManagerAbout, MemberState } from '../../ports/group.ts'
import type { RaftStatus } from '../raft/raft-node.ts'
import { nameOf } from './raft-names.ts'
import { raftReason } from './raft-reasons.ts'

export interface StandingFacts {
  readonly self: string
  /** Null: of no group yet, or at rest until its disk works again. */
  readonly status: RaftStatus | null
  readonly isLeader: boolean
  readonly isClosed: boolean
  /** RaftNodes, for as long as no group is known. */
  readonly names: readonly string[]
  /** What it told of itself. */
  readonly told: (name: string) => { readonly uri: string | null; readonly about?: ManagerAbout }
  /** It has answered a question lately; asked only while nobody leads, who hears all others. */
  readonly answers: (name: string) => boolean
  /** Why it is of no group; null where that is not known. */
  readonly why: Reason | null
}

/** What a member knows of the group, in one piece. */
export function standingOf({ self, status, isLeader, isClosed, names, told, answers, why }: StandingFacts): GroupStanding {
  if (status === null || isClosed) {
    const members = names.map((name): GroupMember => ({ name, ...ownWords(told(name)), votes: true, isHeard: null, matched: null }))
    const says = isClosed || why === null ? raftReason('raft-stopped', { self }) : why
    return { mode: 'raft', self, state: isClosed ? 'stopped' : 'candidate', leader: null, term: 0, isPartOfQuorum: false, members, log: null, says }
  }
  const { configuration, role, term, commit, applied, lastIndex, snapshotIndex, heard, matched } = status
  // While one is being made a voter, the former voters alone can still stop everything: it counts when the change is over.
  const isVoter = configuration.outgoing.length === 0 ? configuration.voters.includes(status.member) : configuration.outgoing.includes(status.member)
  const leader = role === 'leader' ? (isLeader ? self : null) : status.leader === null ? null : nameOf(status.leader)
  // One name may stand for two disks while one takes the place of the other: the one that votes is told.
  const members = new Map<string, GroupMember>()
  for (const member of membersOf(configuration)) {
    const name = nameOf(member)
    const votes = configuration.voters.includes(member)
    if (!votes && (members.get(name)?.votes ?? false)) continue
    const isSelf = member === status.member
    members.set(name, { name, ...ownWords(told(name)), votes, isHeard: isSelf ? true : heard !== null ? heard.includes(member) : leader === null ? answers(name) : null, matched: isSelf ? lastIndex : (matched?.get(member) ?? null) })
  }
  const state: MemberState = role === 'leader' ? (isLeader ? 'leader' : 'candidate') : !isVoter ? 'learner' : role === 'follower' ? 'follower' : 'candidate'
  const count = [...members.values()].filter(({ votes }) => votes).length
  const says = leader === null
    ? (why ?? (role === 'leader' ? raftReason('raft-leads-soon', { self, applied, last: lastIndex }) : raftReason('raft-no-leader', { self, count })))
    : state === 'leader' ? raftReason('raft-leads', { self, heard: heard?.length ?? 1, count: members.size })
    : state === 'learner' ? raftReason('raft-learns', { self, leader, applied })
    : raftReason('raft-follows', { self, leader, applied })
  return {
    mode: 'raft', self, state, leader: leader === null ? null : { name: leader, uri: told(leader).uri }, term, isPartOfQuorum: leader !== null && isVoter,
    members: [...members.values()].toSorted((one, another) => (one.name < another.name ? -1 : 1)),
    log: { last: lastIndex, committed: commit, applied, snapshot: snapshotIndex }, says,
  }
}

const ownWords = ({ uri, about }: ReturnType<StandingFacts['told']>): Pick<GroupMember, 'uri' | 'about'> => ({ uri, ...(about === undefined ? {} : { about }) })
