import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../kit/seeded-random.ts'
import { instanceKey } from '../topology/instance-key.ts'
import { DueQueue } from './due-queue.ts'

const keys = Array.from({ length: 60 }, (_, number) => instanceKey(`db${number}`, 3306))

test('whatever is set, moved and removed, the earliest key is at hand, and each key is due once', () => {
  const random = seededRandom(11)
  const queue = new DueQueue()
  const expected = new Map<string, number>()
  for (let round = 0; round < 20_000; round++) {
    const key = keys[Math.floor(random() * keys.length)]
    assert.ok(key)
    if (random() < 0.3) {
      queue.remove(key)
      expected.delete(key)
    } else {
      const at = Math.floor(random() * 40)
      queue.set(key, at)
      expected.set(key, at)
    }
    const earliest = Math.min(Infinity, ...expected.values())
    assert.equal(queue.nextAt, earliest)
    assert.equal(queue.size, expected.size)
    assert.equal(queue.dueBy(earliest - 1), undefined)
    const due = queue.dueBy(earliest)
    assert.equal(due === undefined ? Infinity : expected.get(due), earliest)
    assert.equal(queue.dueAt(key), expected.get(key))
  }
})

test('keys come out in the order of their moments', () => {
  const random = seededRandom(5)
  const queue = new DueQueue()
  for (const key of keys) queue.set(key, random())
  const moments: number[] = []
  for (let key = queue.dueBy(1); key !== undefined; key = queue.dueBy(1)) {
    moments.push(queue.dueAt(key) ?? Number.NaN)
    queue.remove(key)
  }
  assert.deepEqual(moments, moments.toSorted((left, right) => left - right))
  assert.equal(moments.length, keys.length)
})
