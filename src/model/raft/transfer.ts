import { isJoint } from './configuration.ts'
import { sendAppend } from './leading.ts'
import type { Turn } from './turn.ts'
import type { MemberId, TransferRefusal } from './types.ts'

/** The lead is handed over: nothing new is taken on, the other gets what it lacks, and then begins an election at once (thesis, 3.10). */
export function beginTransfer(turn: Turn, to: MemberId): void {
  const refusal = refusalOf(turn, to)
  if (refusal !== null) return turn.notice({ kind: 'transfer-refused', to, refusal })
  turn.lead({ transfer: { to, ticks: 0, isAsked: false } })
  sendAppend(turn, to, false)
  handOverWhenReady(turn)
}

function refusalOf({ state: { leading, log, self } }: Turn, to: MemberId): TransferRefusal | null {
  if (leading === null) return 'not-leader'
  if (to === self) return 'is-leader-already'
  if (leading.transfer !== null) return 'transferring'
  if (isJoint(log.configuration)) return 'change-in-progress'
  return log.configuration.voters.includes(to) ? null : 'not-a-voter'
}

export function handOverWhenReady(turn: Turn): void {
  const { transfer } = turn.leading
  if (transfer === null || transfer.isAsked || turn.progress(transfer.to).matched < turn.state.log.lastIndex) return
  turn.send({ kind: 'campaign-now', to: transfer.to })
  turn.lead({ transfer: { ...transfer, isAsked: true } })
}
