import { goPattern } from '../../kit/go-pattern.ts'

/** How unique statements are known and logs are read (contract pseudo-gtid.md section 2). */
export interface PseudoGtidPolicy {
  /** False: nothing says what marks a statement, so that nothing can be matched. */
  readonly isConfigured: boolean
  /** Does the text of an event mark it as a unique statement? */
  readonly isEntry: (text: string) => boolean
  /** Texts that have this grow with time; '': none do. */
  readonly monotonicHint: string
  /** Events of one reading. */
  readonly chunkSize: number
  /** Events whose text has one of these are not compared. */
  readonly skipContaining: readonly string[]
  /** Binary logs of the server that moves are not searched, only its relay logs. */
  readonly relayLogsOnly: boolean
}

export interface PseudoGtidWords {
  readonly pattern: string
  readonly isFixedSubstring: boolean
  readonly monotonicHint: string
  readonly chunkSize: number
  readonly skipContaining: readonly string[]
  readonly relayLogsOnly?: boolean
}

/** The original's own default, and the largest that a mistyped setting may make of it. */
const [chunkDefault, chunkMax] = [10_000, 100_000]

/** A pattern that does not compile was refused when settings were read; here it marks nothing. */
export function pseudoGtidPolicy({ pattern, isFixedSubstring, monotonicHint, chunkSize, skipContaining, relayLogsOnly = false }: PseudoGtidWords): PseudoGtidPolicy {
  const compiled = isFixedSubstring || pattern === '' ? null : goPattern(pattern)
  const isConfigured = pattern !== '' && (compiled === null || compiled.ok)
  const isEntry = !isConfigured ? () => false : compiled?.ok === true ? (text: string) => compiled.value.test(text) : (text: string) => text.includes(pattern)
  return {
    isConfigured, isEntry, monotonicHint, chunkSize: chunkSize > 0 ? Math.min(chunkSize, chunkMax) : chunkDefault, skipContaining: skipContaining.filter(text => text !== ''), relayLogsOnly,
  }
}
