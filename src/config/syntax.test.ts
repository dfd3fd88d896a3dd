import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Node, parseJson } from './syntax.ts'

function plain(node: Node): unknown {
  if (node.kind === 'null') return null
  if (node.kind === 'list') return node.items.map(plain)
  if (node.kind === 'object') return Object.fromEntries(node.members.map(({ name, value }) => [name, plain(value)]))
  return node.value
}

function parsed(text: string): unknown {
  const result = parseJson(text)
  assert.ok(result.ok, result.ok ? '' : result.failure.text)
  return plain(result.value.root)
}

function failure(text: string): string {
  const result = parseJson(text)
  assert.ok(!result.ok, `accepted: ${text}`)
  return `${result.failure.line}:${result.failure.column} ${result.failure.text}`
}

test('strict JSON reads as JSON.parse reads it', () => {
  const text = '{"a": [1, -2.5, 1e3, 0], "b": {"c": null, "d": [true, false]}, "e": "\\u00e9\\n\\t\\"\\\\\\/ #no // comment /* here */", "": {}}'
  assert.deepEqual(parsed(text), JSON.parse(text))
})

test('comments of all three kinds and a trailing comma are passed over', () => {
  assert.deepEqual(parsed('# head\n{ // one\n "a": 1, /* two\n lines */ "b": [1, 2, # three\n ], }\n# end'), { a: 1, b: [1, 2] })
  assert.deepEqual(parsed('{"a": 1,}# without a newline'), { a: 1 })
})

test('a byte order mark and Windows line ends are no mistake', () => {
  assert.deepEqual(parsed('\uFEFF{\r\n  "a": 1, # one\r\n}\r\n'), { a: 1 })
})

test('a mistake is told with line, column and what was expected', () => {
  assert.equal(failure('{\n  "a": 1\n  "b": 2\n}'), '3:3 expected , or }, found "\\""')
  assert.equal(failure('{\n  "a" 1\n}'), '2:7 expected : after "a", found "1"')
  assert.equal(failure('{ "a": yes }'), '1:8 expected a value, found "yes"')
  assert.equal(failure('{ a: 1 }'), '1:3 expected a key in double quotes or }, found "a"')
  assert.equal(failure('{ "a": [1, 2 }'), '1:14 expected , or ], found "}"')
  assert.equal(failure('{ "a": 1'), '1:9 expected , or }, found the end of the file')
  assert.equal(failure(''), '1:1 expected a value, found the end of the file')
  assert.equal(failure('{ "a": "b\n" }'), '1:8 this text has no closing quote on its line')
  assert.equal(failure('{\n "a": "C:\\dir" }'), '2:10 \\d is not an escape of JSON; write \\\\ for a backslash')
  assert.equal(failure('{ "a": 1 } /* open'), '1:12 this comment has no end (*/)')
  assert.equal(failure('{ "a": ,, }'), '1:8 expected a value, found ","')
  assert.equal(failure('{ "a": 01 }'), '1:8 expected a value, found "01"')
  assert.equal(failure("{ 'a': 1 }"), '1:3 expected a key in double quotes or }, found "\'"')
})

test('what follows the first complete value is left unread, and its place is known', () => {
  const result = parseJson('{"a": 1}\n{"b": 2}')
  assert.ok(result.ok)
  assert.deepEqual(result.value.rest, { line: 2, column: 1 })
})

test('nesting is bounded', () => {
  assert.match(failure('['.repeat(100_000)), /nested more than 64 levels deep/)
})

test('a large file is read in one pass', () => {
  const text = `{${Array.from({ length: 50_000 }, (_, index) => `"key${index}": ${index}`).join(',\n')}}`
  // Time of the processor, which a busy machine does not stretch.
  const began = process.cpuUsage()
  assert.ok(parseJson(text).ok)
  assert.ok(process.cpuUsage(began).user < 3_000_000)
})
