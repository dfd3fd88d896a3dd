import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server, shop } from './example-servers.ts'
import { grow } from './forest.ts'
import { framesOf, treesIn } from './frames.ts'
import { place } from './place.ts'

const plain = { foldAlike: false, opened: new Set<string>(), toggled: new Set<string>() }
const group = { name: 'g', state: 'ONLINE', isSinglePrimary: true }
const members = [
  server('m1', null, 'writable', { role: 'group-primary', group }),
  server('m2', null, 'writable', { role: 'group-member', group }),
  server('m3', null, 'writable', { role: 'group-member', group }),
  server('r1', 'm2'),
  server('alone', null),
]

test('a frame stands around the members of a group and around nobody else, in both directions', () => {
  for (const direction of ['right', 'down'] as const) {
    const branches = grow(members, plain)
    const placement = place(branches, direction)
    const [frame, ...others] = framesOf(branches, placement)
    assert.ok(frame !== undefined && others.length === 0)
    assert.deepEqual(frame.members.map(({ key }) => key), ['m1:3306', 'm2:3306', 'm3:3306'])
    for (const [id, box] of placement.boxes) {
      const isInside: boolean =
        box.x < frame.box.x + frame.box.width && frame.box.x < box.x + box.width && box.y < frame.box.y + frame.box.height && frame.box.y < box.y + box.height
      assert.equal(isInside, id.startsWith('m'), `${direction}: ${id}`)
    }
  }
})

test('the last member of a group needs no frame', () => {
  const branches = grow(members.slice(0, 1), plain)
  assert.deepEqual(framesOf(branches, place(branches)), [])
})

test('a ring and a group are one tree each; a server alone and a source that is not known are trees of their own', () => {
  assert.equal(treesIn(grow(shop, plain)), 1)
  assert.equal(treesIn(grow([server('a', 'b'), server('b', 'a'), server('c', 'a')], plain)), 1)
  assert.equal(treesIn(grow([server('a', 'b'), server('b', 'c'), server('c', 'a')], plain)), 1)
  assert.equal(treesIn(grow(members, plain)), 2)
  assert.equal(treesIn(grow([...shop, server('x', 'elsewhere')], plain)), 2)
})
