import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fixedFlaws } from './fixed-flaws.ts'

const root = join(import.meta.dirname, '..', '..')

test('every flaw of the original that is not carried over has a test or a case that would catch it', () => {
  const lost = fixedFlaws.flatMap(({ flaw, caughtBy }) => {
    const entries = Object.entries(caughtBy)
    if (entries.length === 0) return [`${flaw}: nothing would catch it`]
    return entries.filter(([file, text]) => !existsSync(join(root, file)) || !readFileSync(join(root, file), 'utf8').includes(text)).map(([file, text]) => `${flaw}: '${text}' is not in ${file}`)
  })
  assert.deepEqual(lost, [])
})
