import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logsHolding } from './errant-logs.ts'
import { type GtidSet, parseGtidSet } from './gtid-set.ts'

const uuid = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
const other = '3e11fa47-71ca-11e1-9e33-c80aa9429563'
const set = (text: string): GtidSet => {
  const parsed = parseGtidSet(text)
  assert.ok(parsed.ok)
  return parsed.value
}
const logs = [
  { file: 'b.1', previous: set('') }, { file: 'b.2', previous: set(`${uuid}:1-10`) }, { file: 'b.3', previous: set(`${uuid}:1-20,${other}:1`) },
  { file: 'b.4', previous: set(`${uuid}:1-30,${other}:1`) },
]

test('a transaction stands in the log before the first one that names it as executed, or in the newest', () => {
  assert.deepEqual(logsHolding(set(`${other}:1`), logs), ['b.2'])
  assert.deepEqual(logsHolding(set(`${uuid}:5-25`), logs), ['b.1', 'b.2', 'b.3'])
  assert.deepEqual(logsHolding(set(`${other}:1-2`), logs), ['b.2', 'b.4'])
  assert.deepEqual(logsHolding(set(`${other}:7`), logs), ['b.4'])
  assert.deepEqual(logsHolding(set(''), logs), [])
  assert.deepEqual(logsHolding(set(`${other}:1`), []), [])
})
