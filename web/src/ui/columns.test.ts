import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chosenColumns } from './columns.ts'

test('columns stand in the order of the table, those that are gone are left out, and nothing kept means the standard ones', () => {
  const all = ['lag', 'version', 'tags'] as const
  assert.deepEqual(chosenColumns(null, all, ['lag']), ['lag'])
  assert.deepEqual(chosenColumns('tags,lag,colour', all, ['lag']), ['lag', 'tags'])
  assert.deepEqual(chosenColumns('', all, ['lag']), [])
})
