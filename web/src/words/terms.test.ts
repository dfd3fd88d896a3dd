import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { terms } from './terms.ts'

const files = readdirSync(import.meta.dirname).filter(name => /^zh.*\.ts$/.test(name) && !name.endsWith('.test.ts'))
const sentences = files.map(name => [name, readFileSync(join(import.meta.dirname, name), 'utf8')] as const)

test('each thing has one Chinese word, which the sentences use', () => {
  const whole = sentences.map(([, text]) => text).join('\n')
  for (const { en, zh } of terms) assert.ok(whole.includes(zh), `${en}: ${zh}`)
  assert.equal(new Set(terms.map(({ zh }) => zh)).size, terms.length)
})

test('no sentence uses another word for what has one', () => {
  const found = sentences.flatMap(([name, text]) =>
    text.split('\n').flatMap((line, index) => terms.flatMap(({ zh, not = [] }) => not.filter(word => line.includes(word)).map(word => `${name}:${index + 1}: ${word}, which is ${zh}`))),
  )
  assert.deepEqual(found, [])
})
