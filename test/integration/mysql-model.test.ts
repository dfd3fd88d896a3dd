import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareModel } from '../simulation/compare-model.ts'

test('the model of MySQL and a real 9.7 come to the same state by the same random commands, from several seeds', { timeout: 250_000 }, async () => {
  const counts = await compareModel({ seeds: [20, 21, 22], commands: 40 })
  assert.deepEqual([...counts].filter(([, count]) => count === 0), [], 'every command was given')
})
