import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromJson, plainJson, toJson, wholeNumber } from './wire.ts'

test('numbers above 2^53 are written with all their digits and read back exactly', () => {
  const written = toJson({ binlogCoordinates: { file: 'b.1', position: 18446744073709551615n } })
  assert.equal(written, '{"binlogCoordinates":{"file":"b.1","position":18446744073709551615}}')
  assert.deepEqual(fromJson(written), { binlogCoordinates: { file: 'b.1', position: 18446744073709551615n } })
  assert.equal(plainJson({ LogPos: wholeNumber(9007199254740993n) }), '{"LogPos":9007199254740993}')
})

test('angle brackets and ampersands are escaped in texts', () => {
  assert.equal(plainJson('a<b>&c\u2028'), '"a\\u003cb\\u003e\\u0026c\\u2028"')
})
