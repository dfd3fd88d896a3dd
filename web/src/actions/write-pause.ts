import type { PlanView, RecoveryStepView } from '../../../src/contract/views.ts'

/** Between which steps of a plan nobody takes writes; null: it is no takeover. */
export function pauseIn({ steps }: Pick<PlanView, 'steps'>): { readonly from: number; readonly to: number } | null {
  const from = steps.find(({ action }) => action === 'set-read-only')
  const to = steps.find(({ action, number }) => action === 'set-writable' && number > (from?.number ?? 0))
  return from === undefined || to === undefined ? null : { from: from.number, to: to.number }
}

/** How long writes have been paused by what a recovery has told so far; null: they are not. Once it is over it is what the program measured. */
export function pausedMilliseconds(steps: readonly Pick<RecoveryStepView, 'stage' | 'message' | 'outcome' | 'at' | 'durationMilliseconds'>[], now: number): { readonly milliseconds: number; readonly isOver: boolean } | null {
  const measured = steps.find(({ stage, message, durationMilliseconds }) => stage === 'promote' && message.startsWith('promoted replica:') && durationMilliseconds !== null)
  if (measured?.durationMilliseconds !== undefined && measured.durationMilliseconds !== null) return { milliseconds: measured.durationMilliseconds, isOver: true }
  const stopped = steps.find(({ stage, message, outcome }) => stage === 'fence' && /^set (super_)?read_only=1/.test(message) && outcome === 'done')
  if (stopped === undefined) return null
  const undone = steps.find(({ stage, at }) => stage === 'undo' && at >= stopped.at)
  return undone === undefined ? { milliseconds: Math.max(0, now - stopped.at), isOver: false } : { milliseconds: Math.max(0, undone.at - stopped.at), isOver: true }
}
