import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { byShape, kept, keptOfRecoveries, keptOfServersJustRead } from './kept.ts'
import { recordings } from './recordings.ts'
import { wrongOf } from './walker.ts'
import { configured, group, leftOut, nothingYet, recoveries, remembered, servers } from './walks.ts'

const lists = [nothingYet, Object.values(remembered).flat().filter(name => !name.startsWith('/')), Object.keys(configured), group, servers, recoveries, Object.keys(leftOut)]

test('every recording of the original stands in one walk, or among those that are left out', () => {
  const walked = lists.flat()
  assert.deepEqual(walked.filter((name, index) => walked.indexOf(name) !== index), [], 'twice')
  assert.deepEqual(Object.keys(recordings).filter(name => !walked.includes(name)), [])
  assert.deepEqual(walked.filter(name => recordings[name] === undefined), [])
  assert.equal(Object.keys(recordings).length, 451)
})

for (const [file, own] of [['http-walk', servers], ['http-walk-recovery', recoveries]] as const) test(`the walk of real servers in ${file} asks each of those that are its own`, () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'long', `${file}.test.ts`), 'utf8')
  const names = new Set([...text.matchAll(/'([\w-]+(?:\/[\w.-]+)?)'/g)].map(([, name = '']) => name.replace(/^.*\//, '').replace('.json', '')))
  assert.deepEqual(own.filter(name => !names.has(name.replace(/^.*\//, '').replace('.json', ''))), [])
})

test('what differs on purpose says why, and so does what is compared by its shape, or left out', () => {
  const reasons = [...Object.values(kept).flat().map(({ why }) => why), ...[...keptOfServersJustRead, ...keptOfRecoveries].map(({ why }) => why), ...Object.values(byShape), ...Object.values(leftOut)]
  assert.deepEqual(reasons.filter(why => why.length < 10), [])
  assert.deepEqual([...Object.keys(kept), ...Object.keys(byShape)].filter(name => recordings[name] === undefined || leftOut[name] !== undefined), [])
})

test('a difference without an entry is wrong, and an entry whose difference is gone is wrong as well', () => {
  const at = kept['status/headers.json']?.[0]?.at
  assert.ok(at)
  assert.deepEqual(wrongOf(new Map([['status/headers.json', [`${at}: surplus Host`]]])), [])
  assert.deepEqual(wrongOf(new Map([['status/headers.json', []]])), [`status/headers.json: no longer differs at ${at}, and has an entry that says so`])
  assert.deepEqual(wrongOf(new Map([['cluster/clusters.json', ['status: 200 expected, 500 found']]])), ['cluster/clusters.json: status: 200 expected, 500 found'])
})
