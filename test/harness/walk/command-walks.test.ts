import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commandRecordings, commandsLeftOut, ofProgram, ofServers, ofStore } from './command-walks.ts'

test('every recorded command of the original stands in one walk, or among those that are left out with their reason', () => {
  const walked = [...ofStore.filter(step => typeof step === 'string'), ...Object.keys(ofProgram), ...ofServers, ...Object.keys(commandsLeftOut)]
  assert.deepEqual(walked.filter((name, index) => walked.indexOf(name) !== index), [], 'twice')
  assert.deepEqual(Object.keys(commandRecordings).filter(name => !walked.includes(name)), [])
  assert.deepEqual(walked.filter(name => commandRecordings[name] === undefined), [])
  assert.equal(Object.keys(commandRecordings).length, 172)
  assert.deepEqual(Object.values(commandsLeftOut).filter(why => why.length < 10), [])
})

test('the walk of real servers runs each command that is its own', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'long', 'command-walk.test.ts'), 'utf8')
  assert.deepEqual(ofServers.filter(name => !text.includes(`'${name}'`)), [])
})
