import assert from 'node:assert/strict'
import { test } from 'node:test'
import { colourCount, coloursBy } from './colours.ts'
import { server } from './example-servers.ts'

test('servers of one site have one colour, of different sites different ones, without a site none', () => {
  const [a, b, c, d] = [server('a', null, 'writable', { dataCenter: 'eu' }), server('b', 'a', 'lag', { dataCenter: 'us' }), server('c', 'a', 'lag', { dataCenter: 'eu' }), server('d', 'a')] as const
  const colours = coloursBy([a, b, c, d], 'site')
  assert.equal(colours.of(a), colours.of(c))
  assert.notEqual(colours.of(a), colours.of(b))
  assert.equal(colours.of(d), null)
  assert.deepEqual(colours.values.map(({ value, count }) => `${value} ${count}`), ['eu 2', 'us 1'])
  assert.equal(coloursBy([a, b], 'nothing').of(a), null)
})

test('a colour does not change because other servers come, as long as the values are the same', () => {
  const members = ['9.7.1-log', '8.4.2', '9.7.1'].map((version, index) => server(`n${index}`, null, 'writable', { version }))
  const before = coloursBy(members, 'version')
  const after = coloursBy([...members, server('n9', 'n1', 'lag', { version: '8.4.2' })], 'version')
  for (const member of members) assert.equal(before.of(member), after.of(member))
  assert.deepEqual(before.values.map(({ value }) => value), ['8.4.2', '9.7.1'])
})

test('more values than colours begin anew', () => {
  const members = Array.from({ length: colourCount + 1 }, (_, index) => server(`n${index}`, null, 'writable', { dataCenter: `site ${index}` }))
  const { values } = coloursBy(members, 'site')
  assert.equal(values[colourCount]?.colour, values[0]?.colour)
})
