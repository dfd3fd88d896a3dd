import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pageChecks } from '../browser/checks.ts'

const folder = join(import.meta.dirname, '../browser')
/** Not tried yet. A number that is proven is taken off. */
const notYet: readonly number[] = []

test('each of the 40 checks of the page is tried by tests that exist, or is named as not tried', () => {
  assert.deepEqual(pageChecks.map(({ number }) => number), Array.from({ length: 40 }, (_, index) => index + 1))
  assert.deepEqual(pageChecks.filter(({ proven }) => proven.length === 0).map(({ number }) => number), notYet)
  const missing = pageChecks.flatMap(({ number, proven }) => proven.filter(([file, title]) => !existsSync(join(folder, file)) || readFileSync(join(folder, file), 'utf8').split(title).length !== 2).map(([file, title]) => `${number}: ${file}: ${title}`))
  assert.deepEqual(missing, [])
})
