import type { Reason } from '../../kit/reason.ts'
import type { MemberId } from '../../model/raft/types.ts'
import type { Introduction } from './raft-introductions.ts'
import { memberOf } from './raft-names.ts'
import { raftReason } from './raft-reasons.ts'

export type BlankDecision =
  | { readonly do: 'found'; readonly voters: readonly MemberId[] }
  | { readonly do: 'join'; readonly leader: string; readonly why: Reason }
  | { readonly do: 'wait'; readonly why: Reason }

/**
 * With how many a group may begin: so many that a majority of them is always a majority of all that RaftNodes names. Each disk begins once, so of two groups
 * that began apart at most one can ever elect a leader.
 */
export const foundersNeeded = (count: number): number => (count > 1 && count % 2 === 1 ? count - 1 : count)

/** What a manager without data does, by what it and the others that it heard a moment ago tell of themselves. */
export function decideBlank(self: Introduction, heard: readonly Introduction[]): BlankDecision {
  const wait = (why: Reason): BlankDecision => ({ do: 'wait', why })
  const grouped = heard.filter(({ group }) => group !== null)
  const led = grouped.filter(({ leader }) => leader !== null)
  const groups = new Set(led.map(({ group }) => group))
  if (groups.size > 1) return wait(raftReason('raft-two-groups', { self: self.name, groups: [...groups].join(', ') }))
  const leader = led[0]?.leader ?? null
  if (leader !== null) return { do: 'join', leader, why: raftReason('raft-joins', { self: self.name, leader }) }
  const [other] = grouped
  if (other !== undefined) return wait(raftReason('raft-awaits-leader', { self: self.name, other: other.name }))
  if (!self.mayFound) return wait(raftReason('raft-was-damaged', { self: self.name }))
  const different = heard.find(({ nodes }) => nodes.join() !== self.nodes.join())
  if (different !== undefined) return wait(raftReason('raft-nodes-differ', { self: self.name, other: different.name }))
  const founders = [self, ...heard.filter(({ mayFound }) => mayFound)].toSorted((one, another) => (one.name < another.name ? -1 : 1))
  const needed = foundersNeeded(self.nodes.length)
  if (founders.length < needed) return wait(raftReason('raft-founds', { self: self.name, needed, count: self.nodes.length, heard: founders.length }))
  const first = founders[0]?.name ?? self.name
  if (first !== self.name) return wait(raftReason('raft-awaits-founder', { self: self.name, founder: first }))
  return { do: 'found', voters: founders.map(({ name, disk }) => memberOf(name, disk)) }
}

/** Whether this blank disk may begin with those: it is one of them, all are known here, and they are enough by this manager's own list. */
export const mayBeginWith = (self: Introduction, voters: readonly MemberId[], namesOf: readonly string[]): boolean =>
  self.mayFound && voters.includes(memberOf(self.name, self.disk)) && namesOf.every(name => self.nodes.includes(name)) && voters.length >= foundersNeeded(self.nodes.length)

/**
 * Whether a disk may be set aside on which nothing stands but that a group began: others began another one meanwhile, which lives. By `foundersNeeded` its own
 * can then never have lived.
 */
export const beganApart = (self: Introduction, heard: readonly Introduction[]): boolean =>
  self.isPristine && self.leader === null && heard.filter(({ group, leader }) => group !== null && group !== self.group && leader !== null).length > self.nodes.length / 2
