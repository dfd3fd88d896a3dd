import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { test } from 'node:test'
import { invariants } from './invariants.ts'
import { missing, patternsRun, type Place } from './places.ts'
import { smoke } from './smoke.ts'
import { projectRoot } from './sources.ts'

const isRun = (file: string): boolean => patternsRun().some(pattern => matchesGlob(file, pattern))

const lost = (place: Place | { readonly none: string }): readonly string[] => ('none' in place ? [] : [missing(place) ?? []].flat())

test('every test file of the project is run by a stage of npm test', () => {
  const files = ['src', 'web/src', 'test', 'scripts', 'bench'].flatMap(folder => readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map(path => `${folder}/${path}`))
    .filter(path => path.endsWith('.test.ts'))
  assert.ok(files.length > 100, String(files.length))
  assert.deepEqual(files.filter(file => !isRun(file)), [])
})

test('every invariant is kept somewhere, looked at in simulated worlds and tried on real servers; where it is not, the table says why', () => {
  assert.deepEqual(invariants.map(({ id }) => id), Array.from({ length: 14 }, (_, index) => `I${index + 1}`))
  assert.deepEqual(invariants.flatMap(({ id, code, simulator, servers }) => [code, simulator, servers].flatMap(lost).map(text => `${id}: ${text}`)), [])
  const notRun = invariants.flatMap(({ id, servers }) => ('file' in servers && !isRun(servers.file) ? [`${id}: ${servers.file}`] : []))
  assert.deepEqual(notRun, [])
})

test('the smoke set is at least fifteen different tests on real servers, and npm test runs each', () => {
  assert.ok(smoke.length >= 15)
  assert.equal(new Set(smoke.map(({ test: { file, text } }) => `${file} ${text}`)).size, smoke.length)
  assert.deepEqual(smoke.flatMap(({ test: place }) => [...lost(place), ...(isRun(place.file) ? [] : [`${place.file} is not run`])]), [])
})
