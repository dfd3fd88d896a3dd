import { advanceCommit, appendReplied, heartbeatReplied, leaderTick, propose } from './leading.ts'
import { campaign, campaignNow, isProtected, preVoteAsked, takeTerm, voteAnswered, voteAsked } from './election.ts'
import { appended, handOver, heartbeatHeard, hearLeader, saved } from './following.ts'
import { changeMembers, leaveWhenDecided } from './membership.ts'
import { readAnswered, readAsked, readHere } from './reads.ts'
import { pieceRead, pieceReceived, snapshotReplied, snapshotTaken } from './snapshots.ts'
import type { RaftState } from './state.ts'
import { beginTransfer } from './transfer.ts'
import { Turn } from './turn.ts'
import type { Input, Message, Output } from './types.ts'
import { unreachable } from '../../kit/unreachable.ts'

/** One input, and everything that follows from it. Pure: the same state and input give the same answer. Throws only when an invariant of Raft is broken. */
export function step(state: RaftState, input: Input): { readonly state: RaftState; readonly output: Output } {
  const turn = new Turn(state)
  take(turn, input)
  if (turn.state.role === 'leader') {
    advanceCommit(turn)
    leaveWhenDecided(turn)
  }
  handOver(turn)
  return turn.finish()
}

function take(turn: Turn, input: Input): void {
  switch (input.kind) {
    case 'tick': return tick(turn, input.count, input.random)
    case 'message': return receive(turn, input.message)
    case 'saved': return saved(turn, input.upTo)
    case 'propose': return propose(turn, input.proposals)
    case 'change-members': return changeMembers(turn, input)
    case 'read': return readHere(turn, input.ids)
    case 'transfer': return beginTransfer(turn, input.to)
    case 'campaign': return turn.state.role === 'leader' ? undefined : campaign(turn, 'pre-vote', 'asked')
    case 'snapshot-taken': return snapshotTaken(turn, input.index, input.keepEntries)
    case 'piece-read': return pieceRead(turn, input)
    default: return unreachable(input)
  }
}

function tick(turn: Turn, count: number, random: number): void {
  const { state } = turn
  state.now += count
  state.elapsed += count
  state.random = random
  if (state.role === 'leader') return leaderTick(turn, count)
  if (state.elapsed < state.timeout) return
  turn.setLeader(null)
  campaign(turn, 'pre-vote', 'timer')
}

/** Terms first: a higher one is taken on, a lower one is told ours (thesis, 3.3), but nobody unseats a leader that is heard (4.2.3) or raises a term by asking (9.6). */
function receive(turn: Turn, message: Message): void {
  const { state } = turn
  if (message.to !== state.self) return turn.notice({ kind: 'not-for-me', from: message.from, to: message.to })
  if (message.kind === 'pre-vote') return preVoteAsked(turn, message)
  if (message.kind === 'read-index') return readAsked(turn, message)
  if (message.kind === 'pre-vote-reply' && message.granted) return voteAnswered(turn, message)
  if (message.kind === 'vote' && !message.byTransfer && isProtected(turn)) return
  if (message.term < state.term) return answerLate(turn, message)
  if (message.term > state.term) takeTerm(turn, message.term)
  dispatch(turn, message)
}

function answerLate(turn: Turn, message: Message): void {
  switch (message.kind) {
    case 'vote': return turn.sendDurable({ kind: 'vote-reply', to: message.from, granted: false })
    case 'append': case 'heartbeat': case 'snapshot-piece': return turn.sendDurable({ kind: 'heartbeat-reply', to: message.from, round: 0 })
    default: // An old answer is of no use to anybody.
  }
}

function dispatch(turn: Turn, message: Exclude<Message, { readonly kind: 'pre-vote' | 'read-index' }>): void {
  const isLeader = turn.state.role === 'leader'
  switch (message.kind) {
    case 'vote': return voteAsked(turn, message)
    case 'vote-reply': case 'pre-vote-reply': return voteAnswered(turn, message)
    case 'append': hearLeader(turn, message.from); return appended(turn, message)
    case 'heartbeat': hearLeader(turn, message.from); return heartbeatHeard(turn, message)
    case 'snapshot-piece': hearLeader(turn, message.from); return pieceReceived(turn, message)
    case 'append-reply': return isLeader ? appendReplied(turn, message) : undefined
    case 'heartbeat-reply': return isLeader ? heartbeatReplied(turn, message) : undefined
    case 'snapshot-reply': return isLeader ? snapshotReplied(turn, message) : undefined
    case 'campaign-now': return campaignNow(turn)
    case 'read-index-reply': return readAnswered(turn, message)
    default: return unreachable(message)
  }
}

