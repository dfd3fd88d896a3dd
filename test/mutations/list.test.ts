import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mutations } from './list.ts'
import { mutated, sourceOf } from './tree.ts'

test('there are at least forty mutations, each with a name of its own, and each changes a text that stands once in its file', () => {
  assert.ok(mutations.length >= 40, String(mutations.length))
  assert.equal(new Set(mutations.map(({ name }) => name)).size, mutations.length)
  const stale = mutations.flatMap(mutation => {
    try {
      return mutated(sourceOf(mutation), mutation) === sourceOf(mutation) ? [`${mutation.name} changes nothing`] : []
    } catch (error) {
      return [error instanceof Error ? error.message : String(error)]
    }
  })
  assert.deepEqual(stale, [])
})
