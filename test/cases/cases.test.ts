import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { runCase } from '../harness/notation/run-case.ts'

const folder = new URL('.', import.meta.url)
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.case')).sort()

test('there are cases', () => assert.ok(files.length > 0))

for (const name of files) {
  test(`the case ${name} is as its file says (npm run cases:rewrite prints it anew)`, () => {
    const text = readFileSync(new URL(name, folder), 'utf8')
    const result = runCase(text)
    assert.equal(result.text, text)
    assert.deepEqual(result.broken, [], 'no invariant is broken')
  })
}
