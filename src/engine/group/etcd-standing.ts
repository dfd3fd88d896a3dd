import type { Reason } from '../../kit/reason.ts'
import type { GroupStanding, MemberState } from '../../ports/group.ts'
import { memberOf } from './etcd-keys.ts'
import { etcdReason } from './etcd-reasons.ts'
import type { EtcdView } from './etcd-view.ts'

export interface StandingFacts {
  readonly self: string
  readonly view: EtcdView | null
  readonly isLeading: boolean
  /** This process was chosen, and has to apply what the leaders before it decided; null: it leads, or was not chosen. */
  readonly needs: number | null
  /** Null: nothing was read yet. */
  readonly applied: number | null
  readonly last: number
  /** etcd answered within the time of a lease. */
  readonly isHeard: boolean
  readonly trouble: string
  readonly ended: string | null
}

/** How it stands, of what this manager knows. Whoever does not hear etcd knows of no leader: the one it saw may be gone. */
export function standingOf(facts: StandingFacts): GroupStanding {
  const { self, view, isLeading, isHeard, ended, applied, last } = facts
  const isPart = isHeard && ended === null
  const seen = isPart && (isLeading || view?.leader?.name !== self) ? view?.leader ?? null : null // an office of our own that we do not hold is none
  return {
    mode: 'etcd',
    self,
    state: stateOf(facts, seen !== null),
    leader: seen === null ? null : { name: seen.name, uri: seen.uri },
    term: view?.leader?.term ?? 0,
    isPartOfQuorum: seen !== null,
    members: [...view?.members.values() ?? []].map(holder => ({ ...memberOf(holder), isHeard: isPart ? true : null })).toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    log: applied === null ? null : { last, committed: last, applied, snapshot: view?.snapshot?.index ?? 0 },
    says: saysOf(facts, seen?.name ?? null),
  }
}

function stateOf({ ended, isLeading }: StandingFacts, isLed: boolean): MemberState {
  if (ended !== null) return 'stopped'
  if (isLeading) return 'leader'
  return isLed ? 'follower' : 'candidate'
}

function saysOf({ self, view, isLeading, needs, applied, isHeard, trouble, ended }: StandingFacts, leader: string | null): Reason {
  if (ended !== null) return etcdReason('etcd-stopped', { self, text: ended })
  if (isLeading) return etcdReason('etcd-leads', { self, count: view?.members.size ?? 0 })
  if (!isHeard) return etcdReason('etcd-silent', { self, text: trouble || 'no answer yet' })
  if (applied === null) return etcdReason('etcd-begins', { self })
  if (needs !== null) return etcdReason('etcd-leads-soon', { self, applied, last: needs })
  return leader === null ? etcdReason('etcd-no-leader', { self }) : etcdReason('etcd-follows', { self, leader, applied })
}
