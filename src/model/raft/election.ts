import { isQuorum, isVoter, membersOf } from './configuration.ts'
import { beginLeading, endLeading } from './leading.ts'
import type { Turn } from './turn.ts'
import type { MemberId, Message, RoleReason, Term } from './types.ts'

type Asked = Extract<Message, { readonly kind: 'vote' | 'pre-vote' }>
type Answered = Extract<Message, { readonly kind: 'vote-reply' | 'pre-vote-reply' }>

/** Whether the leader is served too well to be voted out: a member that was cut off must not depose it (thesis, 4.2.3). */
export function isProtected({ state }: Turn): boolean {
  return state.role === 'leader' || (state.leaderHeardAt !== null && state.now - state.leaderHeardAt < state.policy.electionTicks)
}

/** Follows, in this term or a higher one. The timer runs on for one that followed already, so that it is not put off by questions. */
export function stepDown(turn: Turn, why: RoleReason): void {
  const { state } = turn
  if (state.role === 'leader') endLeading(turn)
  if (state.role !== 'follower') turn.resetTimer()
  turn.setRole('follower', why)
  if (state.leader === state.self) turn.setLeader(null)
  state.votes = new Map()
  state.ownVoteSave = null
}

export function takeTerm(turn: Turn, term: Term): void {
  const { state } = turn
  state.term = term
  state.votedFor = null
  state.leaderHeardAt = null
  stepDown(turn, 'higher-term')
  turn.setLeader(null)
}

/** Pre-vote: would the others vote for this member? Only then the term is raised (thesis, 9.6). Whoever is handed the lead need not ask. */
export function campaign(turn: Turn, how: 'pre-vote' | 'vote', why: RoleReason): void {
  const { state } = turn
  turn.resetTimer()
  if (!mayCampaign(turn)) return
  if (state.role === 'leader') throw new Error('a leader does not campaign')
  turn.setLeader(null)
  if (how === 'pre-vote') {
    turn.setRole('pre-candidate', why)
    state.isElectionByTransfer = false
    state.votes = new Map([[state.self, true]])
    ask(turn)
    return decide(turn)
  }
  state.isElectionByTransfer = why === 'handed-over'
  state.term += 1
  state.votedFor = state.self
  state.leaderHeardAt = null
  turn.setRole('candidate', why)
  state.votes = new Map()
  state.ownVoteSave = turn.lastSave
  ask(turn)
}

/**
 * A voter may; and one that is to be removed by a configuration that is not committed yet, because without it nobody may be able to commit that (thesis, 4.2.2).
 * A learner may when it is missed: a candidate that lacks the learner's last entries may need its vote by a configuration that was never committed. It is
 * elected by voters alone, whose logs must be behind its own, and makes room as soon as they have everything.
 */
function mayCampaign({ state: { commit, isMissed, log, self } }: Turn): boolean {
  const inForce = log.configurations.findLastIndex(({ index }) => index <= commit)
  const mayVote = log.configurations.slice(Math.max(inForce, 0)).some(({ configuration }) => isVoter(configuration, self))
  return mayVote || (isMissed && log.configuration.learners.includes(self))
}

export function campaignNow(turn: Turn): void {
  if (turn.state.role !== 'leader') campaign(turn, 'vote', 'handed-over')
}

function ask(turn: Turn): void {
  const { log, role, self, term, isElectionByTransfer } = turn.state
  for (const to of membersOf(log.configuration)) {
    if (to === self || !isVoter(log.configuration, to)) continue
    const last = { to, lastIndex: log.lastIndex, lastTerm: log.lastTerm }
    if (role === 'pre-candidate') turn.sendDurable({ kind: 'pre-vote', ...last, term: term + 1 })
    else turn.sendDurable({ kind: 'vote', ...last, byTransfer: isElectionByTransfer })
  }
}

/** A log that ends with a later term, or is longer in the same one, may hold what the other lacks (thesis, 3.6.1). */
function isUpToDate({ state: { log } }: Turn, { lastIndex, lastTerm }: Asked): boolean {
  return lastTerm > log.lastTerm || (lastTerm === log.lastTerm && lastIndex >= log.lastIndex)
}

export function preVoteAsked(turn: Turn, message: Extract<Message, { readonly kind: 'pre-vote' }>): void {
  const isSerious = message.term > turn.state.term && !isProtected(turn)
  const granted = isSerious && isUpToDate(turn, message)
  if (isSerious && !granted) turn.state.isMissed = true
  turn.sendDurable({ kind: 'pre-vote-reply', to: message.from, granted, ...(granted ? { term: message.term } : {}) })
}

export function voteAsked(turn: Turn, message: Extract<Message, { readonly kind: 'vote' }>): void {
  const { state } = turn
  const granted = (state.votedFor === null || state.votedFor === message.from) && isUpToDate(turn, message)
  if (granted) {
    state.votedFor = message.from
    if (state.role === 'pre-candidate') stepDown(turn, 'vote-lost')
    turn.resetTimer()
  }
  turn.sendDurable({ kind: 'vote-reply', to: message.from, granted })
}

export function voteAnswered(turn: Turn, message: Answered): void {
  const { state } = turn
  const isForThis = message.kind === 'vote-reply'
    ? state.role === 'candidate' && message.term === state.term
    : state.role === 'pre-candidate' && message.term === state.term + (message.granted ? 1 : 0)
  if (!isForThis || state.votes.has(message.from)) return
  countVote(turn, message.from, message.granted)
}

/** The own vote counts when it is durable, as every other one does. */
export function countVote(turn: Turn, member: MemberId, granted: boolean): void {
  turn.state.votes = new Map(turn.state.votes).set(member, granted)
  decide(turn)
}

function decide(turn: Turn): void {
  const { log, role, votes } = turn.state
  if (isQuorum(log.configuration, member => votes.get(member) === true)) return role === 'pre-candidate' ? campaign(turn, 'vote', 'pre-vote-won') : beginLeading(turn)
  if (!isQuorum(log.configuration, member => votes.get(member) !== false)) stepDown(turn, 'vote-lost')
}
