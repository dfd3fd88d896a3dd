import type { GroupView } from '../../../contract/raft.ts'
import { reasonsOf } from '../../../kit/reason-table.ts'
import type { Reason } from '../../../kit/reason.ts'
import type { GroupStanding } from '../../../ports/group.ts'

export const groupReason = reasonsOf({
  'one-manager-is-enough': '{count} managers: one of them is enough while what they share answers',
  'no-manager-acts': 'No manager leads: nothing is recovered until one does',
  'quorum-holds': '{heard} of {voters} voting managers answer, {needed} are needed: {spare} more may fail',
  'quorum-at-its-end': '{heard} of {voters} voting managers answer, and {needed} are needed: one more loss stops automatic recovery',
  'quorum-of-one': 'This manager is the only one: nothing is recovered without it',
  'quorum-by-the-leader': 'A majority of the {voters} voting managers hears {leader}; how many more may fail is known to it alone',
  'quorum-missing-of': 'No leader: {heard} of {voters} managers answer, {needed} are needed. Failures are seen but not recovered, and nothing can be changed',
  'quorum-missing': 'No leader is known: {needed} of {voters} voting managers have to hear one another. Failures are seen but not recovered, and nothing can be changed',
} as const)

/** The managers as one for the page: who is there, how far each is, and in words how much may still fail. */
export function groupView(standing: GroupStanding): GroupView {
  const { mode, self, state, leader, term, isPartOfQuorum, log, says } = standing
  const isLeading = state === 'leader'
  return {
    mode, self, state, leader, term, isPartOfQuorum, log, says, quorum: quorumSays(standing),
    members: standing.members.map(({ name, uri, votes, isHeard, matched: sure, about }) => {
      // A new leader is sure of nothing that a member has before it has heard it: that is not the same as having nothing.
      const matched = sure === 0 && isHeard !== true ? null : sure
      return {
        name, uri, votes, isHeard: name === self ? true : isHeard, matched, isLeader: name === leader?.name, isSelf: name === self,
        version: about?.version ?? null, backend: about?.backend ?? null,
        behind: isLeading && matched !== null && log !== null ? Math.max(0, log.last - matched) : null,
      }
    }),
  }
}

export function quorumSays({ mode, self, state, leader, members, isPartOfQuorum }: GroupStanding): Reason {
  if (mode !== 'raft') return leader === null ? groupReason('no-manager-acts', {}) : groupReason('one-manager-is-enough', { count: members.length })
  const voting = members.filter(({ votes }) => votes)
  const [voters, needed] = [voting.length, Math.floor(voting.length / 2) + 1]
  const heard = voting.filter(({ name, isHeard }) => name === self || isHeard === true).length
  if (leader === null && heard < needed && voting.every(({ name, isHeard }) => name === self || isHeard !== null)) return groupReason('quorum-missing-of', { heard, voters, needed })
  if (leader === null || !isPartOfQuorum) return groupReason('quorum-missing', { needed, voters })
  if (state !== 'leader') return groupReason('quorum-by-the-leader', { voters, leader: leader.name })
  if (voters === 1) return groupReason('quorum-of-one', {})
  return heard > needed ? groupReason('quorum-holds', { heard, voters, needed, spare: heard - needed }) : groupReason('quorum-at-its-end', { heard, voters, needed })
}
