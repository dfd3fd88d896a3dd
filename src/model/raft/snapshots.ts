import { RaftLog } from './raft-log.ts'
import { sendAppend } from './leading.ts'
import type { RaftState } from './state.ts'
import type { Turn } from './turn.ts'
import type { Input, LogIndex, MemberId, Message, SnapshotMark } from './types.ts'

/** What a snapshot taken after applying `index` has to say of itself; null where that is not applied, or forgotten already. */
export function snapshotMarkAt({ handedOver, log, snapshot }: RaftState, index: LogIndex): SnapshotMark | null {
  const term = log.termAt(index)
  return term === undefined || index < snapshot.index || index > handedOver ? null : { index, term, configuration: log.configurationAt(index) }
}

export function snapshotTaken(turn: Turn, index: LogIndex, keepEntries: number): void {
  const { state } = turn
  const mark = snapshotMarkAt(state, index)
  if (mark === null || index <= state.snapshot.index) return
  state.snapshot = mark
  const upTo = Math.max(state.log.before, index - keepEntries)
  state.log = state.log.dropUpTo(upTo, mark)
  turn.dropUpTo(upTo)
}

/** The member lacks what is forgotten here: it is sent the snapshot in pieces, one at a time. */
export function beginSending(turn: Turn, to: MemberId): void {
  const { now, snapshot } = turn.state
  turn.setProgress(to, { mode: 'snapshot', inFlight: [], sending: { mark: snapshot, offset: 0, since: now, isReading: true } })
  turn.wantPiece(to, snapshot.index, 0)
}

export function pieceRead(turn: Turn, { to, index, offset, data, isLast }: Extract<Input, { readonly kind: 'piece-read' }>): void {
  const sending = turn.state.leading?.progress.get(to)?.sending
  if (!sending || !sending.isReading || sending.mark.index !== index || sending.offset !== offset) return
  // It was replaced by a newer one meanwhile, which is begun; if there is none, the next retry asks again.
  if (data === null && turn.state.snapshot.index !== index) return beginSending(turn, to)
  turn.setProgress(to, { sending: { ...sending, isReading: false, since: turn.state.now } })
  if (data !== null) turn.send({ kind: 'snapshot-piece', to, mark: sending.mark, offset, data, isLast })
}

export function snapshotReplied(turn: Turn, { from, index, nextOffset, isInstalled }: Extract<Message, { readonly kind: 'snapshot-reply' }>): void {
  const { now } = turn.state
  if (!turn.leading.progress.has(from)) return
  turn.setProgress(from, { heardAt: now })
  const { matched, sending } = turn.progress(from)
  if (sending?.mark.index !== index) return
  if (isInstalled) {
    const reached = Math.max(matched, index)
    turn.setProgress(from, { mode: 'probing', matched: reached, next: reached + 1, awaitsAnswer: false, sending: null })
    return sendAppend(turn, from, true)
  }
  if (nextOffset === sending.offset) return
  turn.setProgress(from, { sending: { ...sending, offset: nextOffset, since: now, isReading: true } })
  turn.wantPiece(from, index, nextOffset)
}

/** A piece, or its answer, was lost: it is read again once the member is heard. */
export function retrySending(turn: Turn): void {
  const { now, policy } = turn.state
  for (const [to, { sending, heardAt }] of turn.leading.progress) {
    if (sending === null || now - sending.since < policy.electionTicks || now - heardAt >= policy.electionTicks) continue
    turn.setProgress(to, { sending: { ...sending, since: now, isReading: true } })
    turn.wantPiece(to, sending.mark.index, sending.offset)
  }
}

export function pieceReceived(turn: Turn, { from, mark, offset, data, isLast }: Extract<Message, { readonly kind: 'snapshot-piece' }>): void {
  const { state } = turn
  const reply = (nextOffset: number, isInstalled: boolean): void => turn.sendDurable({ kind: 'snapshot-reply', to: from, index: mark.index, nextOffset, isInstalled })
  if (mark.index <= state.commit) return reply(0, true)
  const isContinued = state.receiving !== null && state.receiving.term === state.term && state.receiving.mark.index === mark.index
  const wanted = isContinued && state.receiving !== null ? state.receiving.nextOffset : 0
  if (offset !== wanted) return reply(wanted, false)
  turn.savePiece({ mark, offset, data })
  const nextOffset = offset + data.byteLength
  state.receiving = isLast ? null : { term: state.term, mark, nextOffset }
  if (isLast) {
    const keepsLaterEntries = state.log.termAt(mark.index) === mark.term
    turn.install(mark, keepsLaterEntries ? state.log.dropUpTo(mark.index, mark) : RaftLog.after(mark), keepsLaterEntries)
  }
  reply(nextOffset, isLast)
}
