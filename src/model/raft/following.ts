import { countVote, stepDown } from './election.ts'
import type { Turn } from './turn.ts'
import type { MemberId, Message } from './types.ts'

/** There is one leader in a term, and this is it. */
export function hearLeader(turn: Turn, leader: MemberId): void {
  const { state } = turn
  if (state.role === 'leader' || (state.leader !== null && state.leader !== leader)) throw new Error(`two leaders in term ${state.term}: ${state.leader} and ${leader}`)
  if (state.role !== 'follower') stepDown(turn, 'leader-heard')
  turn.setLeader(leader)
  turn.resetTimer()
  state.leaderHeardAt = state.now
  state.isMissed = false
}

/** Entries of the leader: accepted where the place before them is the same here, and then in place of whatever was there (thesis, 3.5). */
export function appended(turn: Turn, message: Extract<Message, { readonly kind: 'append' }>): void {
  const { state } = turn
  const { log } = state
  const last = message.previousIndex + message.entries.length
  // What is committed here is the same at the leader, so that only what comes after it has to be looked at.
  if (message.previousIndex < state.commit && last <= state.commit) return accept(turn, message.from, state.commit)
  const isKnown = message.previousIndex < state.commit || log.termAt(message.previousIndex) === message.previousTerm
  if (!isKnown) {
    const hintIndex = log.lastAtMost(message.previousIndex, message.previousTerm)
    turn.send({ kind: 'append-reply', to: message.from, accepted: false, previousIndex: message.previousIndex, hintIndex, hintTerm: log.termAt(hintIndex) ?? 0 })
    return
  }
  const parted = message.entries.find(({ index, term }) => index <= state.commit && index > log.before && log.termAt(index) !== term)
  if (parted !== undefined) throw new Error(`entry ${parted.index} is committed in term ${log.termAt(parted.index)}, and another one came in term ${parted.term}`)
  const fresh = message.entries.findIndex(({ index, term }) => index > state.commit && log.termAt(index) !== term)
  if (fresh >= 0) turn.addEntries(message.entries.slice(fresh))
  state.commit = Math.max(state.commit, Math.min(message.commit, last))
  accept(turn, message.from, last)
}

function accept(turn: Turn, to: MemberId, matched: number): void {
  turn.sendDurable({ kind: 'append-reply', to, accepted: true, matched })
}

/** Tells that its sender leads; how much is committed it says only as far as this member is known to be equal. */
export function heartbeatHeard(turn: Turn, message: Extract<Message, { readonly kind: 'heartbeat' }>): void {
  const { state } = turn
  if (message.commit > state.log.lastIndex) throw new Error(`the leader counts on entry ${message.commit}, but the log ends at ${state.log.lastIndex}`)
  state.commit = Math.max(state.commit, message.commit)
  turn.send({ kind: 'heartbeat-reply', to: message.from, round: message.round })
}

export function saved(turn: Turn, upTo: number): void {
  const { state } = turn
  if (upTo > state.savesAsked) throw new Error(`save ${upTo} was never asked for`)
  if (upTo <= state.savesDone) return
  state.savesDone = upTo
  const done = state.unsaved.findLast(({ number }) => number <= upTo)
  if (done !== undefined) state.durable = Math.max(state.durable, done.lastIndex)
  state.unsaved = state.unsaved.filter(({ number }) => number > upTo)
  if (state.role !== 'candidate' || state.ownVoteSave === null || state.ownVoteSave > upTo) return
  state.ownVoteSave = null
  countVote(turn, state.self, true)
}

/** To the state machine goes what is committed, and durable here: so it never knows more than the log it would be rebuilt from. */
export function handOver(turn: Turn): void {
  const { state } = turn
  if (state.restoring !== null) {
    if (state.restoring.save > state.savesDone) return
    turn.restore(state.restoring.mark)
    state.handedOver = state.restoring.mark.index
    state.restoring = null
  }
  const upTo = Math.min(state.commit, state.durable)
  if (upTo <= state.handedOver) return
  turn.commitEntries(state.log.slice(state.handedOver + 1, upTo - state.handedOver, Infinity))
  state.handedOver = upTo
}
