import { isQuorum, membersOf, quorumIndex } from './configuration.ts'
import { stepDown } from './election.ts'
import { entrySize } from './raft-log.ts'
import { beginWaitingReads, confirmReads, refuseReads } from './reads.ts'
import { beginSending, retrySending } from './snapshots.ts'
import type { Progress } from './state.ts'
import { handOverWhenReady } from './transfer.ts'
import type { Turn } from './turn.ts'
import type { Configuration, Entry, Input, LogIndex, MemberId, Message, ProposalRefusal } from './types.ts'

export function beginLeading(turn: Turn): void {
  const { state } = turn
  const { log } = state
  turn.setRole('leader', 'elected')
  turn.setLeader(state.self)
  state.ownVoteSave = null
  const waiting = log.slice(state.commit + 1, Infinity, Infinity)
  state.leading = {
    progress: new Map(), round: 0, sinceHeartbeat: 0, reads: [], transfer: null, firstIndex: log.lastIndex + 1,
    uncommittedBytes: waiting.reduce((sum, entry) => sum + entrySize(entry), 0),
  }
  keepProgress(turn)
  appendOwn(turn, [{ kind: 'nothing', index: log.lastIndex + 1, term: state.term }])
}

export function endLeading(turn: Turn): void {
  refuseReads(turn, 'leader-changed')
  turn.state.leading = null
}

/** One for each other member of the configuration in force. A new one is taken to have been heard, and to have nothing for sure. */
function keepProgress(turn: Turn): void {
  const { state } = turn
  const progress = new Map<MemberId, Progress>()
  for (const member of membersOf(state.log.configuration)) {
    if (member === state.self) continue
    progress.set(member, turn.leading.progress.get(member) ?? {
      matched: 0, next: state.log.lastIndex + 1, mode: 'probing', inFlight: [], awaitsAnswer: false, heardAt: state.now, round: 0, sending: null,
    })
  }
  turn.lead({ progress })
}

export function appendOwn(turn: Turn, entries: readonly Entry[]): void {
  turn.addEntries(entries)
  turn.lead({ uncommittedBytes: turn.leading.uncommittedBytes + entries.reduce((sum, entry) => sum + entrySize(entry), 0) })
  keepProgress(turn)
  // One of whom nothing is known is asked, even where there is nothing new for it.
  for (const [member, { mode }] of turn.leading.progress) sendAppend(turn, member, mode === 'probing')
}

export function appendConfiguration(turn: Turn, configuration: Configuration): LogIndex {
  const { log, term } = turn.state
  const index = log.lastIndex + 1
  const leaving = new Map(turn.leading.progress)
  appendOwn(turn, [{ kind: 'configuration', index, term, configuration }])
  for (const [member, { matched, next }] of leaving) {
    if (!turn.leading.progress.has(member) && matched > 0) sayGoodbye(turn, member, next)
  }
  return index
}

/** The last entries go to one that leaves, once and without waiting for an answer: so it learns that it is not a member any more, and does not campaign. */
function sayGoodbye(turn: Turn, member: MemberId, next: LogIndex): void {
  const { commit, log, policy } = turn.state
  const previousTerm = log.termAt(next - 1)
  if (previousTerm === undefined) return
  turn.send({ kind: 'append', to: member, previousIndex: next - 1, previousTerm, entries: log.slice(next, policy.entriesPerAppendMax, policy.bytesPerAppendMax), commit })
}

export function propose(turn: Turn, proposals: Extract<Input, { readonly kind: 'propose' }>['proposals']): void {
  const { state } = turn
  const entries: Entry[] = []
  let bytes = state.leading?.uncommittedBytes ?? 0
  for (const { id, data } of proposals) {
    const entry: Entry = { kind: 'command', index: state.log.lastIndex + entries.length + 1, term: state.term, data }
    const refusal = refusalOf(turn, entrySize(entry), bytes)
    turn.answerProposal(refusal === null ? { id, index: entry.index, term: entry.term } : { id, refusal })
    if (refusal !== null) continue
    bytes += entrySize(entry)
    entries.push(entry)
  }
  if (entries.length > 0) appendOwn(turn, entries)
}

function refusalOf({ state: { leading, policy } }: Turn, size: number, waitingBytes: number): ProposalRefusal | null {
  if (leading === null) return 'not-leader'
  if (leading.transfer !== null) return 'transferring'
  if (size > policy.bytesPerAppendMax) return 'too-large'
  return waitingBytes > 0 && waitingBytes + size > policy.uncommittedBytesMax ? 'too-much-uncommitted' : null
}

/** Sends what a member lacks, as far as the window goes; `evenIfEmpty` to learn where it stands, or to tell what is committed. */
export function sendAppend(turn: Turn, to: MemberId, evenIfEmpty: boolean): void {
  const { commit, log, policy } = turn.state
  for (let isFirst = true; ; isFirst = false) {
    const { mode, next, awaitsAnswer, inFlight } = turn.progress(to)
    if (mode === 'snapshot' || (mode === 'probing' && awaitsAnswer)) return
    const previousTerm = log.termAt(next - 1)
    if (previousTerm === undefined) return beginSending(turn, to)
    const isFull = mode === 'streaming' && inFlight.length >= policy.appendsInFlightMax
    const entries = isFull ? [] : log.slice(next, policy.entriesPerAppendMax, policy.bytesPerAppendMax)
    const last = entries.at(-1)
    if (last === undefined && !(evenIfEmpty && isFirst)) return
    turn.send({ kind: 'append', to, previousIndex: next - 1, previousTerm, entries, commit })
    if (mode === 'probing') return turn.setProgress(to, { awaitsAnswer: true })
    if (last === undefined) return
    turn.setProgress(to, { next: last.index + 1, inFlight: [...inFlight, last.index] })
  }
}

export function appendReplied(turn: Turn, message: Extract<Message, { readonly kind: 'append-reply' }>): void {
  const { state } = turn
  if (!turn.leading.progress.has(message.from)) return
  turn.setProgress(message.from, { heardAt: state.now })
  const progress = turn.progress(message.from)
  if (!message.accepted) return rejected(turn, progress, message)
  const { matched } = message
  if (matched > state.log.lastIndex) throw new Error(`${message.from} claims entry ${matched}, but the leader's log ends at ${state.log.lastIndex}`)
  const isCaughtUp = progress.mode !== 'snapshot' || matched >= state.log.before
  turn.setProgress(message.from, {
    matched: Math.max(progress.matched, matched), next: Math.max(progress.next, matched + 1), inFlight: progress.inFlight.filter(last => last > matched),
    ...(isCaughtUp ? { mode: 'streaming', awaitsAnswer: false, sending: null } : {}),
  })
  // The first that is accepted is answered, so that the member learns at once what is committed.
  sendAppend(turn, message.from, progress.mode === 'probing')
  handOverWhenReady(turn)
}

function rejected(turn: Turn, progress: Progress, message: Extract<Message, { readonly kind: 'append-reply'; readonly accepted: false }>): void {
  const { log } = turn.state
  const { previousIndex, hintIndex, hintTerm, from } = message
  const isStale = progress.mode === 'snapshot' || previousIndex <= progress.matched || (progress.mode === 'probing' && previousIndex !== progress.next - 1)
  if (isStale) return
  const next = Math.max(progress.matched + 1, Math.min(previousIndex, log.lastAtMost(hintIndex, hintTerm) + 1))
  turn.setProgress(from, { mode: 'probing', next, inFlight: [], awaitsAnswer: false })
  sendAppend(turn, from, true)
}

export function heartbeat(turn: Turn): void {
  const { commit } = turn.state
  turn.lead({ round: turn.leading.round + 1, sinceHeartbeat: 0 })
  for (const [to, { matched }] of turn.leading.progress) turn.send({ kind: 'heartbeat', to, commit: Math.min(commit, matched), round: turn.leading.round })
}

/** An answer proves that the member can hear again: what may have been lost on the way is asked for. */
export function heartbeatReplied(turn: Turn, message: Extract<Message, { readonly kind: 'heartbeat-reply' }>): void {
  const { state } = turn
  const progress = turn.leading.progress.get(message.from)
  if (progress === undefined) return
  turn.setProgress(message.from, { heardAt: state.now, round: Math.max(progress.round, message.round), awaitsAnswer: false })
  if (progress.matched < state.log.lastIndex) sendAppend(turn, message.from, true)
  confirmReads(turn)
}

/** Only an entry of the own term is counted; with it everything before is committed (thesis, 3.6.2). */
export function advanceCommit(turn: Turn): void {
  const { state } = turn
  const { log } = state
  const index = quorumIndex(log.configuration, member => (member === state.self ? state.durable : turn.leading.progress.get(member)?.matched ?? 0))
  if (index <= state.commit || log.termAt(index) !== state.term) return
  let bytes = turn.leading.uncommittedBytes
  for (let place = state.commit + 1; place <= index; place += 1) bytes -= entrySize(log.entry(place))
  turn.lead({ uncommittedBytes: bytes })
  state.commit = index
  for (const [member, { mode }] of turn.leading.progress) if (mode === 'streaming') sendAppend(turn, member, true)
  beginWaitingReads(turn)
}

export function leaderTick(turn: Turn, count: number): void {
  const { state } = turn
  const { policy, self, now } = state
  const oldest = state.unsaved[0]
  if (oldest !== undefined && now - oldest.askedAt >= policy.storageStallTicks) return stepDown(turn, 'storage-stalled')
  // Answers take their time: a leader that waited as long as its followers do would still lead when another does already.
  const patience = policy.electionTicks - policy.heartbeatTicks
  const isHeard = (member: MemberId): boolean => member === self || now - (turn.leading.progress.get(member)?.heardAt ?? -Infinity) < patience
  if (!isQuorum(state.log.configuration, isHeard)) return stepDown(turn, 'quorum-lost')
  const { transfer } = turn.leading
  if (transfer !== null) {
    const isOver = transfer.ticks + count >= policy.electionTicks
    turn.lead({ transfer: isOver ? null : { ...transfer, ticks: transfer.ticks + count } })
    if (isOver) turn.notice({ kind: 'transfer-given-up', to: transfer.to })
  }
  retrySending(turn)
  turn.lead({ sinceHeartbeat: turn.leading.sinceHeartbeat + count })
  if (turn.leading.sinceHeartbeat >= policy.heartbeatTicks) heartbeat(turn)
}
