import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { documents } from '../../scripts/documents/all.ts'
import { projectRoot } from './sources.ts'

for (const { path, make } of documents) {
  test(`${path} says what the code says (else run: npm run docs:generate)`, async () => {
    const file = join(projectRoot, path)
    assert.ok(existsSync(file), `${path} is missing`)
    assert.equal(readFileSync(file, 'utf8'), await make())
  })
}
