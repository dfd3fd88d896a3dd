import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasTags, parseTag, parseTags } from './tag.ts'

const parsed = (text: string): unknown => {
  const tag = parseTag(text)
  return tag.ok ? [tag.value.isNegated, tag.value.name, tag.value.value] : tag.failure
}

test('a tag is a name, perhaps with a value, perhaps negated', () => {
  assert.deepEqual(parsed('role'), [false, 'role', null])
  assert.deepEqual(parsed('role=backup\n'), [false, 'role', 'backup'])
  assert.deepEqual(parsed('old='), [false, 'old', ''])
  assert.deepEqual(parsed('role=a=b'), [false, 'role', 'a=b'])
  assert.deepEqual(parsed('~role'), [true, 'role', null])
  assert.deepEqual(parsed('!role=backup'), [true, 'role', 'backup'])
})

test('what has no name is no tag', () => {
  assert.equal(parsed('=x'), 'Unable to parse tag: =x')
  assert.equal(parsed(''), 'Unable to parse tag: ')
  assert.deepEqual(parseTags('a,,b'), { ok: false, failure: 'Unable to parse tag: ' })
})

test('servers are found by all that is asked, and one without tags never', () => {
  const asked = (text: string): Parameters<typeof hasTags>[1] => {
    const tags = parseTags(text)
    assert.ok(tags.ok)
    return tags.value
  }
  const tags = [{ name: 'role', value: 'backup' }, { name: 'dc', value: 'ny' }]
  assert.equal(hasTags(tags, asked('role')), true)
  assert.equal(hasTags(tags, asked('role=backup, dc=ny'.replace(' ', ''))), true)
  assert.equal(hasTags(tags, asked('role=canary')), false)
  assert.equal(hasTags(tags, asked('role,~dc')), false)
  assert.equal(hasTags(tags, asked('~role=canary')), true)
  assert.equal(hasTags(tags, asked('~role=backup')), false)
  assert.equal(hasTags([], asked('~role')), false)
})
