import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server, shop } from './example-servers.ts'
import { grow, walk, type Branch, type GrowOptions } from './forest.ts'

const plain: GrowOptions = { foldAlike: false, opened: new Set(), toggled: new Set() }
const asText = (branches: readonly Branch[], depth = 0): string =>
  branches
    .map(branch => `${'  '.repeat(depth)}${branch.kind === 'stack' ? `${branch.isOpen ? 'open ' : ''}stack of ${branch.servers.length}` : branch.kind === 'more' ? `${branch.count} more` : branch.id}\n${asText(branch.children, depth + 1)}`)
    .join('')
const serversIn = (branches: readonly Branch[]): string[] =>
  walk(branches).flatMap(branch =>
    branch.kind === 'server' ? [branch.id, ...branch.hidden.map(each => each.key)] : (branch.kind === 'stack' || branch.kind === 'more') && !branch.isOpen ? branch.servers.map(each => each.key) : [],
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
  const [root] = grow(shop, { ...plain, toggled: new Set(['db141:3306']) })
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

test('an opened stack says what it held, and they stand beside it', () => {
  const members = [server('p', null), ...Array.from({ length: 3 }, (_, index) => server(`r${index}`, 'p'))]
  const [root] = grow(members, { ...plain, foldAlike: true })
  const id = root?.children[0]?.id ?? ''
  assert.equal(asText(grow(members, { ...plain, foldAlike: true, opened: new Set([id]) })), 'p:3306\n  open stack of 3\n  r0:3306\n  r1:3306\n  r2:3306\n')
})

test('who must be seen stands beside the stack, however many they are', () => {
  const members = [server('p', null), ...Array.from({ length: 12 }, (_, index) => server(`r${index}`, 'p'))]
  const shown = new Set(['r3:3306', 'r9:3306'])
  assert.equal(asText(grow(members, { ...plain, foldAlike: true, shown })), 'p:3306\n  r3:3306\n  r9:3306\n  stack of 10\n')
})

test('of one source 25 replicas are drawn, those that are broken, found or have replicas among them, and the rest is counted', () => {
  const members = [
    server('p', null),
    ...Array.from({ length: 60 }, (_, index) => server(`r${index}`, 'p', index === 58 ? 'stopped' : 'replicating')),
    server('leaf', 'r57'),
  ]
  const [root] = grow(members, { ...plain, shown: new Set(['r59:3306']) })
  const ids = (root?.children ?? []).map(({ id }) => id)
  assert.equal(ids.length, 25 + 1)
  for (const name of ['r57', 'r58', 'r59']) assert.ok(ids.includes(`${name}:3306`), name)
  const last = root?.children.at(-1)
  assert.equal(last?.kind === 'more' ? last.count : 0, 60 - 25)
  const [opened] = grow(members, { ...plain, opened: new Set(['more p:3306']) })
  assert.equal(opened?.children.length, 60 + 1)
})

test('a thousand servers are 200 cards and those that must be seen, wherever they hang', () => {
  const members = [
    server('n0', null),
    ...Array.from({ length: 999 }, (_, index) => server(`n${index + 1}`, `n${Math.floor(index / 20)}`, index % 97 === 0 ? 'lag' : 'replicating')),
  ]
  const drawn = walk(grow(members, plain))
  const broken = members.filter(({ statuses }) => statuses[0]?.code === 'lag').map(({ key }) => key)
  for (const key of broken) assert.ok(drawn.some(({ id }) => id === key), key)
  assert.ok(drawn.length <= 200 + broken.length, String(drawn.length))
  const full = drawn.find(branch => branch.kind === 'server' && branch.isFull)
  assert.ok(full !== undefined)
  const opened = walk(grow(members, { ...plain, opened: new Set([full.id]) })).find(({ id }) => id === full.id)
  assert.ok((opened?.children.length ?? 0) > 0, 'who is opened has room')
})

test('a whole forest leaves nobody out', () => {
  const members = [server('n0', null), ...Array.from({ length: 999 }, (_, index) => server(`n${index + 1}`, index < 300 ? 'n0' : `n${index % 300}`))]
  assert.equal(walk(grow(members, { ...plain, isWhole: true })).filter(({ kind }) => kind === 'server').length, 1000)
})

test('below the asked depth everything is hidden, but where a person has shown it', () => {
  assert.equal(asText(grow(shop, { ...plain, depthMax: 2 })), 'db140:3306\n  db141:3306\n  db142:3306\n')
  assert.equal(asText(grow(shop, { ...plain, depthMax: 1, toggled: new Set(['db140:3306']) })), 'db140:3306\n  db141:3306\n  db142:3306\n')
})

test('the members of a group stand beside each other, their primary first', () => {
  const group = { name: 'g', state: 'ONLINE', isSinglePrimary: true }
  const members = [
    server('a', null, 'writable', { role: 'group-member', group }),
    server('b', null, 'writable', { role: 'unknown', replicas: ['x:3306'] }),
    server('c', null, 'writable', { role: 'group-primary', group }),
    server('d', null, 'writable', { role: 'group-member', group }),
  ]
  assert.equal(asText(grow(members, plain)), 'c:3306\na:3306\nd:3306\nb:3306\n')
})

test('every member is in the forest exactly once, whatever is folded', () => {
  const members = [
    ...shop,
    ...Array.from({ length: 90 }, (_, index) => server(`r${index}`, ['db142', 'db143', 'r4'][index % 3] ?? '', index % 5 === 0 ? 'lag' : 'replicating')),
    server('lost', 'nowhere'),
  ]
  const expected = members.map(member => member.key).toSorted()
  for (const foldAlike of [false, true])
    for (const toggled of [new Set<string>(), new Set(['db141:3306']), new Set(['db140:3306', 'db143:3306'])])
      for (const depthMax of [null, 1, 2])
        for (const opened of [new Set<string>(), new Set(['more db142:3306', 'stack db143:3306  9.7.1'])])
          for (const shown of [new Set<string>(), new Set(['r7:3306', 'r88:3306'])])
            assert.deepEqual(serversIn(grow(members, { foldAlike, opened, toggled, depthMax, shown })).toSorted(), expected)
})
