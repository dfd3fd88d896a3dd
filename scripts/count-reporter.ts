import type { TestEvent } from 'node:test/reporters'

/** What a run of tests came to. `waits`: files in which only a wait ran out. `wrong`: files in which anything else failed. */
export interface Counted {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly waits: readonly string[]
  readonly wrong: readonly string[]
}

type Failure = Extract<TestEvent, { readonly type: 'test:fail' }>['data']

/** A reporter for Node's test runner that keeps only the counts and the files that failed: one JSON line at the end of a run. */
export default async function* countReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let [passed, failed, skipped] = [0, 0, 0]
  const waits = new Set<string>()
  const wrong = new Set<string>()
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    if (event.data.details.type === 'suite') continue
    if (event.data.skip !== undefined || event.data.todo !== undefined) skipped += 1
    else if (event.type === 'test:pass') passed += 1
    else {
      failed += 1
      const kind = isWait(event.data) ? waits : wrong
      kind.add(event.data.file ?? '')
    }
  }
  yield JSON.stringify({ passed, failed, skipped, waits: [...waits].filter(file => !wrong.has(file)), wrong: [...wrong] } satisfies Counted) + '\n'
}

/** Something did not happen in time; nothing was seen to be wrong. */
function isWait({ file, details: { error } }: Failure): boolean {
  if (file === undefined) return false
  // The runner wraps what a test threw; a test whose parts failed is as they are.
  if ('failureType' in error && error.failureType === 'subtestsFailed') return true
  const { cause } = error
  return cause instanceof Error && (cause.name === 'TimeoutError' || /^(?:.{0,60}\b)?not (?:\w+ ){0,3}within \d+/.test(cause.message))
}
