import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPreferences } from './preferences.ts'

test('what was kept is read, and what is not known any more counts as not chosen', () => {
  const standard = readPreferences(null)
  assert.equal(standard.timeZone, 'local')
  assert.deepEqual(readPreferences('{"timeZone":"utc","letters":"off"}'), { ...standard, timeZone: 'utc', letters: 'off' })
  for (const odd of ['', '{', '7', 'null', '[]', '{"timeZone":"moon","other":1,"density":null}']) assert.deepEqual(readPreferences(odd), standard, odd)
})
