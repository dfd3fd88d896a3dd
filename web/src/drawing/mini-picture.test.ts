import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server } from './example-servers.ts'
import { miniPicture } from './mini-picture.ts'

const placed = (servers: Parameters<typeof miniPicture>[0]) =>
  Object.fromEntries(miniPicture(servers).points.map(({ key, x, y }) => [key.replace(':3306', ''), [x, y]]))

test('replicas stand one step to the right of their source, each leaf in a row of its own, and a source in the middle of its replicas', () => {
  const shop = [server('db140', null), server('db141', 'db140'), server('db142', 'db140'), server('db143', 'db141')]
  assert.deepEqual(placed(shop), { db143: [2, 0], db141: [1, 0], db142: [1, 1], db140: [0, 0.5] })
  const { lines, columns, rows } = miniPicture(shop)
  assert.deepEqual([lines.length, columns, rows], [3, 3, 2])
})

test('two that follow each other are both drawn, and a source that is not known makes its replica a root', () => {
  assert.deepEqual(placed([server('a', 'b'), server('b', 'a')]), { a: [0, 0], b: [1, 0] })
  assert.deepEqual(placed([server('c', 'gone')]), { c: [0, 0] })
})
