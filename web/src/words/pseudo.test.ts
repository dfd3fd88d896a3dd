import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pseudoText, pseudoWords } from './pseudo.ts'

test('a sentence of the pseudo-language is longer by two fifths, and keeps the names of its values', () => {
  assert.equal(pseudoText('Move {{name}}'), '[Mövé {{name}}··]')
  assert.deepEqual(pseudoWords({ a: { b: 'Yes' } }), { a: { b: '[Ýéš··]' } })
})
