import { runInNewContext } from 'node:vm'
import { goPattern } from '../../kit/go-pattern.ts'
import { fail, ok, type Result } from '../../kit/result.ts'

const patternLetters = 200
const matchMilliseconds = 200

/** Which of the texts match. Whoever asks may be anybody who reaches the port: a pattern that would take for ever is broken off. */
export function matchingValues(pattern: string, values: readonly string[]): Result<ReadonlySet<string>, string> {
  if (pattern.length > patternLetters) return fail(`valueMatch is longer than ${patternLetters} letters`)
  const compiled = goPattern(pattern)
  if (!compiled.ok) return compiled
  try {
    const found: unknown = runInNewContext('JSON.stringify(values.filter(value => pattern.test(value)))', { pattern: compiled.value, values: [...values] }, { timeout: matchMilliseconds })
    return ok(new Set(JSON.parse(String(found)) as readonly string[])) // some of the texts that were given
  } catch (error) {
    return fail(`valueMatch ${JSON.stringify(pattern)}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
