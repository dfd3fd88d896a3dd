import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCredentials } from './credentials-file.ts'

function credentials(text: string): unknown {
  const result = parseCredentials(text)
  assert.ok(result.ok, result.ok ? '' : result.failure.text)
  return result.value
}

test('user and password are read from [client], whatever the letter case of the names', () => {
  assert.deepEqual(credentials('[client]\nuser = someuser\npassword = "some#password"\n'), { user: 'someuser', password: 'some#password' })
  assert.deepEqual(credentials('; head\n[Client]\r\nUSER=a\r\nPassword=b\r\n'), { user: 'a', password: 'b' })
})

test('comments end a value, quotes keep it', () => {
  assert.deepEqual(credentials('[client]\nuser = a b ; who\npassword = "x;y # \\" z " # why'), { user: 'a b', password: 'x;y # " z ' })
})

test('a name that is missing is empty, and other names and sections are passed over', () => {
  assert.deepEqual(credentials('[mysql]\nuser = other\n[client]\nhost = h\nuser = me\n'), { user: 'me', password: '' })
})

test('what cannot be read names its line and not its value', () => {
  for (const [text, line] of [["[client]\npassword = 'topsecret'", 2], ['[client]\n\npassword = "topsecret', 3], ['user = topsecret', 1], ['[client', 1], ['[client]\n= topsecret', 2]] as const) {
    const result = parseCredentials(text)
    assert.ok(!result.ok, `accepted: ${text}`)
    assert.equal(result.failure.line, line)
    assert.doesNotMatch(result.failure.text, /topsecret/)
  }
})
