import type { Suite } from './suites.ts'

/** A bug that somebody might write. `text` stands exactly once in `file`; with `becomes` in its place the suite must fail. */
export interface Mutation {
  readonly name: string
  readonly file: string
  readonly text: string
  readonly becomes: string
  /** An invariant (test/invariants), or the rule in words. */
  readonly breaks: string
  readonly caughtBy: Suite
}
