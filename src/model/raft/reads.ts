import { isQuorum } from './configuration.ts'
import { heartbeat } from './leading.ts'
import type { PendingRead } from './state.ts'
import type { Turn } from './turn.ts'
import type { Message, ReadRefusal } from './types.ts'

/** Reads that see everything committed before they were asked: the leader notes what is committed and lets a quorum confirm that it still leads (thesis, 6.4). */
export function readHere(turn: Turn, ids: readonly string[]): void {
  const { leader, self } = turn.state
  if (turn.state.role === 'leader') return take(turn, ids.map(id => ({ id, from: null, confirming: null })))
  for (const id of ids) {
    if (leader === null || leader === self) turn.answerRead({ id, refusal: 'no-leader' })
    else turn.send({ kind: 'read-index', to: leader, id })
  }
}

export function readAsked(turn: Turn, { id, from }: Extract<Message, { readonly kind: 'read-index' }>): void {
  const read: PendingRead = { id, from, confirming: null }
  if (turn.state.role === 'leader') take(turn, [read])
  else answer(turn, read, { refusal: 'no-leader' })
}

/** The answer of the leader to one that was asked here and passed on. Of this term, because an older one is dropped before. */
export function readAnswered(turn: Turn, { id, index, refusal }: Extract<Message, { readonly kind: 'read-index-reply' }>): void {
  turn.answerRead(index === null ? { id, refusal: refusal ?? 'no-leader' } : { id, index })
}

function take(turn: Turn, reads: readonly PendingRead[]): void {
  const room = turn.state.policy.readsPendingMax - turn.leading.reads.length
  for (const read of reads.slice(Math.max(room, 0))) answer(turn, read, { refusal: 'too-many-reads' })
  if (room <= 0) return
  turn.lead({ reads: [...turn.leading.reads, ...reads.slice(0, room)] })
  beginWaitingReads(turn)
}

/** Only once it has committed something of its own term a leader knows what is committed. */
export function beginWaitingReads(turn: Turn): void {
  const { commit } = turn.state
  const { firstIndex, reads } = turn.leading
  if (commit < firstIndex || reads.every(({ confirming }) => confirming !== null)) return
  heartbeat(turn)
  const confirming = { index: commit, round: turn.leading.round }
  turn.lead({ reads: reads.map(read => (read.confirming === null ? { ...read, confirming } : read)) })
  confirmReads(turn)
}

export function confirmReads(turn: Turn): void {
  const { log, self } = turn.state
  const { progress, reads } = turn.leading
  const isConfirmed = ({ confirming }: PendingRead): boolean => confirming !== null
    && isQuorum(log.configuration, member => member === self || (progress.get(member)?.round ?? 0) >= confirming.round)
  const confirmed = reads.filter(isConfirmed)
  if (confirmed.length === 0) return
  turn.lead({ reads: reads.filter(read => !confirmed.includes(read)) })
  for (const read of confirmed) if (read.confirming !== null) answer(turn, read, { index: read.confirming.index })
}

export function refuseReads(turn: Turn, refusal: ReadRefusal): void {
  for (const read of turn.leading.reads) answer(turn, read, { refusal })
}

function answer(turn: Turn, { id, from }: PendingRead, what: { readonly index: number } | { readonly refusal: ReadRefusal }): void {
  if (from === null) turn.answerRead({ id, ...what })
  else turn.send({ kind: 'read-index-reply', to: from, id, index: null, refusal: null, ...what })
}
