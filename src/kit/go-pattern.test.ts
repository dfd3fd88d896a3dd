import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goPattern } from './go-pattern.ts'

const matches = (pattern: string, text: string): boolean => {
  const compiled = goPattern(pattern)
  assert.ok(compiled.ok, pattern)
  return compiled.value.test(text)
}

test('a pattern matches anywhere in the text unless it is anchored', () => {
  assert.ok(matches('b14', 'db140:3306'))
  assert.ok(!matches('^b14', 'db140:3306'))
})

test('flags, named groups and text anchors of Go are understood', () => {
  assert.ok(matches('(?i)DB1', 'db140'))
  assert.ok(matches('(?P<site>eu|us)-', 'eu-db1'))
  assert.ok(matches('\\Adb\\d+\\z', 'db140'))
})

test('a pattern that does not compile is answered, not thrown', () => {
  assert.equal(goPattern('a(').ok, false)
  assert.equal(goPattern('(?U)a+').ok, false)
})
