/** What is known of a copy at one look. */
export interface CopyLook {
  /** Bytes of the data folder of the host that receives; null: its agent did not say. */
  readonly copiedBytes: number | null
  /** What its agent says of the command that receives; null: it did not say. */
  readonly isCompleted: boolean | null
  readonly isSucceeded: boolean | null
}

export interface CopyProgress {
  readonly copiedBytes: number | null
  /** Time that was waited since bytes came last. */
  readonly stalledSeconds: number
  readonly looks: number
}

export const copyBegins: CopyProgress = { copiedBytes: null, stalledSeconds: 0, looks: 0 }

/** Ten looks of half a minute without a byte. */
export const stalledSecondsMax = 300
export const stalledText = '10 iterations have passed without progress. Bailing out.'
const longestPauseSeconds = 30

/** A short copy is seen to end soon; a long one is looked at every half minute. */
export const pauseSeconds = ({ looks }: CopyProgress): number => Math.min(longestPauseSeconds, 2 ** looks)

export type CopyVerdict = 'goes-on' | 'done' | 'failed' | 'stalled'

/** What a look after a pause means. An agent that says nothing makes no progress, and has not completed anything either. */
export function judgeCopy(before: CopyProgress, look: CopyLook): { readonly progress: CopyProgress; readonly verdict: CopyVerdict } {
  const moved = look.copiedBytes !== null && look.copiedBytes !== before.copiedBytes && !(before.copiedBytes === null && look.copiedBytes === 0)
  const progress = {
    copiedBytes: look.copiedBytes ?? before.copiedBytes, stalledSeconds: moved ? 0 : before.stalledSeconds + pauseSeconds(before), looks: before.looks + 1,
  }
  if (look.isCompleted === true && look.isSucceeded !== null) return { progress, verdict: look.isSucceeded ? 'done' : 'failed' }
  return { progress, verdict: progress.stalledSeconds > stalledSecondsMax ? 'stalled' : 'goes-on' }
}

export const copiedText = (copied: number, bytes: number): string => `Copied ${copied}/${bytes} bytes (${bytes === 0 ? 0 : Math.floor((copied * 100) / bytes)}%)`
