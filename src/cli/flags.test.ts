import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Arguments, flagList, parseArguments } from './flags.ts'

function parsed(...argv: string[]): Arguments {
  const read = parseArguments(argv)
  assert.ok(read.ok && read.value !== 'help')
  return read.value
}

test('one dash or two, with a blank or an equals sign', () => {
  for (const argv of [['-i', 'db1'], ['--i', 'db1'], ['-i=db1'], ['--i=db1']]) assert.equal(parsed(...argv).flags.i, 'db1')
  assert.equal(parsed('--reason=a=b').flags.reason, 'a=b')
})

test('a switch takes no following word', () => {
  const { flags, words } = parsed('--debug', 'http')
  assert.equal(flags.debug, true)
  assert.deepEqual(words, ['http'])
  assert.equal(parsed('-discovery=false', 'http').flags.discovery, false)
  assert.equal(parsed('http').flags.discovery, true)
})

test('reading stops at the first word that is no flag, and behind two dashes', () => {
  const { flags, words } = parsed('http', '--debug')
  assert.equal(flags.debug, false)
  assert.deepEqual(words, ['http', '--debug'])
  assert.deepEqual(parsed('-c', 'x', '--', '-i', 'y').words, ['-i', 'y'])
})

test('an unknown flag and a missing value are told in the original words', () => {
  assert.deepEqual(parseArguments(['--nosuchflag']), { ok: false, failure: 'flag provided but not defined: -nosuchflag' })
  assert.deepEqual(parseArguments(['-c']), { ok: false, failure: 'flag needs an argument: -c' })
})

test('the list of flags has the form of the original', () => {
  const list = flagList('orchestrator')
  assert.match(list, /^Usage of orchestrator:\n {2}-all\n {4}\t.+\n {2}-alias string\n {4}\t/)
  assert.match(list, /\n {2}-discovery\n {4}\t.* \(default true\)\n/)
  assert.match(list, /\n {2}-promotion-rule string\n {4}\t.* \(default "prefer"\)\n/)
  assert.equal(parseArguments(['-h']).ok, true)
})
