import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvOf } from './csv.ts'

test('commas, quotes and lines of a value stay inside its cell, unknown is empty and numbers stay numbers', () => {
  assert.equal(csvOf([['name', 'lag'], ['a,b "c"', 12], ['two\nlines', null]]), 'name,lag\r\n"a,b ""c""",12\r\n"two\nlines",\r\n')
})

test('a text that would be taken for a formula is not one', () => {
  assert.equal(csvOf([['=1+1', '@x', '-5', -5]]), "'=1+1,'@x,'-5,-5\r\n")
})
