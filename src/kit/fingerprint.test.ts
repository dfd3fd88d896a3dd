import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson, fingerprint } from './fingerprint.ts'

test('the fingerprint is 64-bit FNV-1a', () => {
  assert.equal(fingerprint(''), 'cbf29ce484222325')
  assert.equal(fingerprint('a'), 'af63dc4c8601ec8c')
  assert.equal(fingerprint('foobar'), '85944171f73967e8')
})

test('canonical JSON does not depend on the order in which members were written', () => {
  assert.equal(canonicalJson({ b: [{ y: 1n, x: null }], a: undefined, c: 'ü' }), '{"b":[{"x":null,"y":"1"}],"c":"ü"}')
  assert.equal(canonicalJson({ c: 1, b: 2 }), canonicalJson({ b: 2, c: 1 }))
})
