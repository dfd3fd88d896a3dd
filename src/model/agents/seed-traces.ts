import type { SeedBeginning, SeedHosts } from './seed.ts'
import { seedRows } from './seed.ts'

/** A row that a seed wrote. */
export interface SeedRow {
  readonly action: string
  /** '' when the step did not fail. */
  readonly error: string
}

/** How far a seed came, as its rows say; oldest first. */
export interface SeedTraces {
  readonly last: string
  /** The source has a volume of this seed mounted. */
  readonly mountedVolume: string | null
  readonly bytes: number | null
  /** Agents may be copying. */
  readonly isCopying: boolean
}

export function seedTraces({ source, target }: SeedHosts, rows: readonly SeedRow[]): SeedTraces {
  let traces: SeedTraces = { last: '', mountedVolume: null, bytes: null, isCopying: false }
  const mounting = seedRows.mounting(source, '')
  const bytes = seedRows.bytes(source, '').replace(/ bytes$/, '')
  for (const { action, error } of rows) {
    if (action.startsWith(mounting)) traces = { ...traces, mountedVolume: action.slice(mounting.length) }
    if (action.startsWith(bytes)) traces = { ...traces, bytes: Number(/^(\d+) bytes/.exec(action.slice(bytes.length))?.[1] ?? Number.NaN) }
    if (action === seedRows.receiving(target)) traces = { ...traces, isCopying: true }
    if (action === seedRows.postCopy(target)) traces = { ...traces, isCopying: false }
    if (action.startsWith(seedRows.starting(target)) && error === '') traces = { ...traces, mountedVolume: null }
    traces = { ...traces, last: action }
  }
  return traces
}

/** What is done with a seed whose process ended: driven on from a place where that is safe, or ended cleanly. */
export type AfterRestart =
  | { readonly goesOn: SeedBeginning }
  | { readonly goesOn: null; readonly why: string; readonly aborts: boolean; readonly unmounts: boolean }

/**
 * Steps that can be looked at, or done again, are gone on from: agents copy without us, and an unmount or a start is seen to have been done. Whatever came
 * before the copy, and a post-copy command of which nobody knows whether it ran, ends the seed.
 */
export function afterRestart(seed: SeedHosts, rows: readonly SeedRow[]): AfterRestart {
  const traces = seedTraces(seed, rows)
  const { last, mountedVolume, bytes } = traces
  const isBytes = bytes !== null && Number.isFinite(bytes)
  const copies = last === seedRows.sending(seed.source, seed.target) || /^Copied \d+\/\d+ bytes/.test(last)
  if (copies && isBytes) return { goesOn: { at: 'copy', bytes, volume: mountedVolume ?? '' } }
  if (last.startsWith(seedRows.unmounting(seed.source, ''))) return { goesOn: { at: 'unmount', volume: mountedVolume ?? '' } }
  if (last === seedRows.starting(seed.target)) return { goesOn: { at: 'start' } }
  if (last === seedRows.submitting(seed.target) || last === 'Done') return { goesOn: { at: 'submit' } }
  return { goesOn: null, why: interruptedText(last), aborts: traces.isCopying, unmounts: mountedVolume !== null }
}

export const interruptedText = (last: string): string => `Orchestrator ended during this step (${last === '' ? 'none was begun' : last}); whether it was done is not known`
