import type { Reason } from '../../kit/reason.ts'
import type { ElectionStanding } from '../../ports/election.ts'
import type { GroupStanding, ManagerAbout, MemberState } from '../../ports/group.ts'
import { sharedStoreReason } from './shared-store-reasons.ts'

export interface StandingFacts {
  readonly self: string
  /** It may hold the row; a command line, or a service that does not poll, never does. */
  readonly stands: boolean
  /** What the database said last; null: nothing yet. */
  readonly seen: ElectionStanding | null
  /** The database answered a moment ago. */
  readonly isHeard: boolean
  readonly trouble: string
  readonly isLeader: boolean
  readonly isPreparing: boolean
  readonly isClosed: boolean
  /** Processes that live and could act. */
  readonly others: readonly { readonly hostname: string; readonly about?: ManagerAbout }[]
  readonly about?: ManagerAbout
}

/** A holder that has not renewed for longer than this is gone, and whoever stands will take its place. */
const goneMilliseconds = 5000

/** How it stands, of what this process knows. Whoever does not hear the database knows of nobody that acts. */
export function sharedStoreStanding(facts: StandingFacts): GroupStanding {
  const { self, seen, isHeard, isLeader, others } = facts
  const leader = leaderOf(facts)
  return {
    mode: 'shared-store', self, state: stateOf(facts, leader), leader: leader === null ? null : { name: leader, uri: null }, term: seen?.term ?? 0,
    isPartOfQuorum: isHeard && leader !== null,
    members: [{ hostname: self, ...(facts.about === undefined ? {} : { about: facts.about }) }, ...others].toSorted((one, other) => (one.hostname < other.hostname ? -1 : 1)).map(({ hostname: name, about }) => ({
      name, uri: null, votes: name !== self || facts.stands, isHeard: isHeard ? true : null, matched: null, ...(about === undefined ? {} : { about }),
    })),
    log: null, says: saysOf(facts, leader, isLeader),
  }
}

function leaderOf({ self, seen, isHeard, isLeader, isPreparing, isClosed }: StandingFacts): string | null {
  if (isLeader) return self
  if (isClosed || !isHeard || seen === null || seen.active === null || seen.isActive || seen.isWaiting || isPreparing) return null
  return seen.active.silentMilliseconds > goneMilliseconds ? null : seen.active.hostname
}

function stateOf({ isLeader, isClosed, stands }: StandingFacts, leader: string | null): MemberState {
  if (isClosed) return 'stopped'
  if (isLeader) return 'leader'
  return leader === null && stands ? 'candidate' : 'follower'
}

function saysOf({ self, stands, seen, isHeard, trouble, isPreparing, isClosed, others }: StandingFacts, leader: string | null, isLeader: boolean): Reason {
  if (isClosed) return sharedStoreReason('store-stopped', { self })
  if (isLeader) return sharedStoreReason('store-leads', { self, others: others.length })
  if (!isHeard) return sharedStoreReason('store-silent', { self, text: trouble || 'no answer yet' })
  if (isPreparing) return sharedStoreReason('store-takes-up', { self })
  if (seen?.isWaiting === true) return sharedStoreReason('store-leads-soon', { self })
  if (leader === null) return sharedStoreReason('store-no-leader', {})
  return stands ? sharedStoreReason('store-follows', { self, leader }) : sharedStoreReason('store-only-serves', { self, leader })
}
