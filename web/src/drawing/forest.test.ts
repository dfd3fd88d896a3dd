import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server, shop } from './example-servers.ts'
import { grow, walk, type Branch, type GrowOptions } from './forest.ts'

const plain: GrowOptions = { foldAlike: false, opened: new Set(), collapsed: new Set() }
const asText = (branches: readonly Branch[], depth = 0): string =>
  branches
    .map(branch => `${'  '.repeat(depth)}${branch.kind === 'stack' ? `stack of ${branch.servers.length}` : branch.id}\n${asText(branch.children, depth + 1)}`)
    .join('')
const serversIn = (branches: readonly Branch[]): string[] =>
  walk(branches).flatMap(branch =>
    branch.kind === 'server' ? [branch.id, ...branch.hidden.map(each => each.key)] : branch.kind === 'stack' ? branch.servers.map(each => each.key) : [],
  )

test('replicas hang below their sources, by name', () => {
  assert.equal(asText(grow(shop.toReversed(), plain)), 'db140:3306\n  db141:3306\n    db143:3306\n  db142:3306\n')
})

test('names are ordered by number, db2 before db10', () => {
  const members = [server('db1', null), server('db10', 'db1'), server('db2', 'db1')]
  assert.equal(asText(grow(members, plain)), 'db1:3306\n  db2:3306\n  db10:3306\n')
})

test('two primaries that follow each other both stand at the top', () => {
  const members = [server('a', 'b'), server('b', 'a'), server('c', 'a')]
  assert.equal(asText(grow(members, plain)), 'a:3306\n  c:3306\nb:3306\n')
})

test('replicas of a server we do not know hang below its ghost', () => {
  assert.equal(asText(grow([server('a', 'elsewhere'), server('b', 'elsewhere')], plain)), 'ghost elsewhere:3306\n  a:3306\n  b:3306\n')
})

test('a collapsed server hides everything below it and says what', () => {
  const [root] = grow(shop, { ...plain, collapsed: new Set(['db141:3306']) })
  const collapsed = root?.children[0]
  assert.equal(collapsed?.kind === 'server' ? collapsed.hidden.map(each => each.key).join() : '', 'db143:3306')
})

test('alike replicas are stacked, and those in trouble stand beside the stack', () => {
  const members = [server('p', null), ...Array.from({ length: 9 }, (_, index) => server(`r${index}`, 'p')), server('broken', 'p', 'stopped')]
  assert.equal(asText(grow(members, { ...plain, foldAlike: true })), 'p:3306\n  broken:3306\n  stack of 9\n')
})

test('at most five in trouble stand beside one stack, the worst ones', () => {
  const members = [server('p', null), ...Array.from({ length: 9 }, (_, index) => server(`lag${index}`, 'p', 'lag')), server('dead', 'p', 'unreachable')]
  const beside = walk(grow(members, { ...plain, foldAlike: true }))
    .filter(branch => branch.kind === 'server')
    .map(branch => branch.id)
  assert.equal(beside.length, 1 + 5)
  assert.ok(beside.includes('dead:3306'))
})

test('every member is in the forest exactly once, whatever is folded', () => {
  const members = [
    ...shop,
    ...Array.from({ length: 12 }, (_, index) => server(`r${index}`, index % 2 === 0 ? 'db142' : 'db143', index % 5 === 0 ? 'lag' : 'replicating')),
  ]
  const expected = members.map(member => member.key).toSorted()
  for (const foldAlike of [false, true])
    for (const collapsed of [new Set<string>(), new Set(['db141:3306']), new Set(['db140:3306', 'db143:3306'])])
      assert.deepEqual(serversIn(grow(members, { foldAlike, opened: new Set(), collapsed })).toSorted(), expected)
})
