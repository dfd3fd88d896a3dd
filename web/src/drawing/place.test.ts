import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server, shop } from './example-servers.ts'
import { grow } from './forest.ts'
import { around, keepInPlace, place, type Box } from './place.ts'

const plain = { foldAlike: false, opened: new Set<string>(), toggled: new Set<string>() }
const overlaps = (left: Box, right: Box): boolean =>
  left.x < right.x + right.width && right.x < left.x + left.width && left.y < right.y + right.height && right.y < left.y + left.height

test('levels go from left to right and a replica stands right of its source', () => {
  const { boxes } = place(grow(shop, plain))
  const at = (name: string): Box => boxes.get(`${name}:3306`) ?? assert.fail(name)
  assert.equal(at('db141').x, at('db142').x)
  assert.ok(at('db140').x + at('db140').width < at('db141').x)
  assert.ok(at('db141').y < at('db142').y)
  assert.equal(at('db143').y, at('db141').y)
})

test('a thousand cards never overlap, fill their bounds, and the primary stands at 0, 0', () => {
  const members = [server('n0', null), ...Array.from({ length: 999 }, (_, index) => server(`n${index + 1}`, `n${Math.floor(index / 7)}`))]
  const { boxes, bounds } = place(grow(members, { ...plain, opened: new Set(members.map(({ key }) => key)) }))
  assert.equal(boxes.size, 1000)
  const sorted = [...boxes.values()].toSorted((left, right) => left.x - right.x || left.y - right.y)
  for (const [index, box] of sorted.entries()) {
    const next = sorted[index + 1]
    if (next !== undefined) assert.ok(!overlaps(box, next))
  }
  assert.equal(Math.min(...sorted.map(box => box.y)), bounds.y)
  assert.equal(Math.max(...sorted.map(box => box.y + box.height)), bounds.y + bounds.height)
  assert.deepEqual([boxes.get('n0:3306')?.x, boxes.get('n0:3306')?.y], [0, 0])
})

test('an empty forest has an empty placement', () => {
  assert.deepEqual(place([]).bounds, { x: 0, y: 0, width: 0, height: 0 })
})

test('downwards a replica stands below its source, and siblings beside each other', () => {
  const { boxes } = place(grow(shop, plain), 'down')
  const at = (name: string): Box => boxes.get(`${name}:3306`) ?? assert.fail(name)
  assert.equal(at('db141').y, at('db142').y)
  assert.ok(at('db140').y + at('db140').height < at('db141').y)
  assert.ok(at('db141').x + at('db141').width < at('db142').x)
})

test('a drawing that changes can keep one card where it was', () => {
  const before = place(grow(shop, plain))
  const after = place(grow(shop, { ...plain, toggled: new Set(['db141:3306']) }), 'down')
  const kept = keepInPlace(after, before.boxes.get('db142:3306'), 'db142:3306')
  assert.deepEqual(kept.boxes.get('db142:3306'), before.boxes.get('db142:3306'))
  assert.deepEqual(kept.bounds, around([...kept.boxes.values()]))
})

test('separate trees keep more distance than the members of a group', () => {
  const group = { name: 'g', state: 'ONLINE', isSinglePrimary: true }
  const { boxes } = place(grow([server('a', null, 'writable', { group }), server('b', null, 'writable', { group }), server('c', null, 'writable')], plain))
  const at = (name: string): number => boxes.get(`${name}:3306`)?.y ?? Number.NaN
  assert.ok(at('c') - at('b') > at('b') - at('a'))
})
