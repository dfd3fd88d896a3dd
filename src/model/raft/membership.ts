import { isJoint, leaveJoint, nextConfiguration } from './configuration.ts'
import { stepDown } from './election.ts'
import { appendConfiguration } from './leading.ts'
import type { Turn } from './turn.ts'
import type { Configuration, Input, MemberId, MemberRefusal } from './types.ts'

/** One change at a time, each committed before the next begins; the configuration counts as soon as it stands in the log (thesis, 4.1 to 4.3). */
export function changeMembers(turn: Turn, { id, voters, learners }: Extract<Input, { readonly kind: 'change-members' }>): void {
  const refusal = refusalNow(turn)
  if (refusal !== null) return turn.answerMembers({ id, refusal })
  const next = nextConfiguration(turn.state.log.configuration, { voters, learners }, turn.state.policy.votersMax)
  if ('refusal' in next) return turn.answerMembers({ id, refusal: next.refusal })
  if (next.configuration.voters.some(member => !isReadyToVote(turn, member))) return turn.answerMembers({ id, refusal: 'not-caught-up' })
  turn.answerMembers({ id, index: appendConfiguration(turn, next.configuration), term: turn.state.term })
}

function refusalNow({ state: { commit, leading, log } }: Turn): MemberRefusal | null {
  if (leading === null) return 'not-leader'
  if (leading.transfer !== null) return 'transferring'
  // Before that the leader does not know whether the configuration in its log is the last one (the flaw of single-server changes, found after the thesis).
  if (commit < leading.firstIndex) return 'not-yet-committed'
  return isJoint(log.configuration) || log.configurationIndex > commit ? 'change-in-progress' : null
}

function isReadyToVote(turn: Turn, member: MemberId): boolean {
  const { log, policy, self } = turn.state
  if (member === self || log.configuration.voters.includes(member)) return true
  const progress = turn.leading.progress.get(member)
  return progress !== undefined && progress.matched > 0 && progress.matched + policy.learnerLagMax >= log.lastIndex
}

/** A joint configuration that is committed has done its work. A leader that is not among the voters has led the others there, and ends: a learner that was missed, too. */
export function leaveWhenDecided(turn: Turn): void {
  const { state } = turn
  const { commit, log, self } = state
  const { configuration } = log
  if (log.configurationIndex > commit || commit < turn.leading.firstIndex) return
  if (isJoint(configuration)) appendConfiguration(turn, leaveJoint(configuration))
  else if (!configuration.voters.includes(self)) {
    nominate(turn, configuration)
    stepDown(turn, configuration.learners.includes(self) ? 'makes-room' : 'removed')
  }
}

/** Whoever has everything may begin at once. */
function nominate(turn: Turn, { voters }: Configuration): void {
  const matched = (member: MemberId): number => turn.leading.progress.get(member)?.matched ?? 0
  const best = voters.toSorted((left, right) => matched(right) - matched(left))[0]
  if (best !== undefined && matched(best) === turn.state.log.lastIndex) turn.send({ kind: 'campaign-now', to: best })
}
