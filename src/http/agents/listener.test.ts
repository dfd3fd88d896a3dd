import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admission } from './admission.ts'
import { matchingValues } from './value-match.ts'

test('the port of agents admits the addresses and networks that are named, also in their IPv6 form, and nobody else', () => {
  const admits = admission(['10.1.0.0/16', '192.168.7.9', 'fd00::/8'])
  assert.ok(admits.ok)
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.168.7.9', 'fd12::1']) assert.ok(admits.value(address), address)
  for (const address of ['10.2.0.1', '192.168.7.10', '::1', '::ffff:10.2.0.1', '', 'x']) assert.ok(!admits.value(address), address)
  const everybody = admission([])
  assert.ok(everybody.ok && everybody.value('203.0.113.5'))
})

test('an entry that is no address is named', () => {
  for (const text of ['db1', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/', '']) {
    const refused = admission([text])
    assert.match(refused.ok ? '' : refused.failure, /^AgentsAllowedAddresses: .* is neither an address nor a network/, text)
  }
})

test('values are found by a pattern; one that cannot be read, or would take for ever, is refused', () => {
  const found = matchingValues('^r', ['r1', 'x', 'r2'])
  assert.deepEqual(found.ok && [...found.value], ['r1', 'r2'])
  assert.equal(matchingValues('(', ['r1']).ok, false)
  assert.equal(matchingValues('x'.repeat(201), []).ok, false)
  const endless = matchingValues('^(a+)+$', [`${'a'.repeat(60)}!`])
  assert.match(endless.ok ? '' : endless.failure, /timed out/)
})
