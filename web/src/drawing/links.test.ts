import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server, shop } from './example-servers.ts'
import { grow } from './forest.ts'
import { linksOf } from './links.ts'

const plain = { foldAlike: false, opened: new Set<string>(), toggled: new Set<string>() }
const stateTo = (members: Parameters<typeof grow>[0], to: string): string | undefined =>
  linksOf(grow(members, plain)).find(link => link.to === `${to}:3306`)?.state

test('every replica has one link from its source', () => {
  assert.deepEqual(
    linksOf(grow(shop, plain)).map(link => link.id),
    ['db140:3306 → db141:3306', 'db141:3306 → db143:3306', 'db140:3306 → db142:3306'],
  )
})

test('a stopped replica has a broken link, a lagging one a slow link, one that does not answer an unknown link', () => {
  const members = [server('p', null), server('a', 'p', 'stopped'), server('b', 'p', 'lag'), server('c', 'p', 'unreachable'), server('d', 'p')]
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map(name => stateTo(members, name)),
    ['broken', 'slow', 'unknown', 'well'],
  )
})

test('a link to another site says so, and one to an unnamed site does not', () => {
  const members = [server('p', null, 'writable', { dataCenter: 'east' }), server('a', 'p', 'replicating', { dataCenter: 'west' }), server('b', 'p')]
  assert.deepEqual(
    linksOf(grow(members, plain)).map(link => link.crossesTo),
    ['west', null],
  )
})

test('two primaries that follow each other have one mutual link', () => {
  const mutual = linksOf(grow([server('a', 'b'), server('b', 'a')], plain))
  assert.deepEqual(
    mutual.map(link => [link.from, link.to, link.isMutual]),
    [['a:3306', 'b:3306', true]],
  )
})
