import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultValues } from '../../kit/setting.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import { discoveryFilters } from './filters.ts'
import { discoverySettings } from './settings.ts'
import { WorkQueue } from './work-queue.ts'

const key = (host: string, port = 3306): InstanceKey => instanceKey(host, port)

test('a filter that is an address must equal the host, any other is searched in host:port, and a broken one matches nothing', () => {
  const { ignoresServer } = discoveryFilters({ ...defaultValues(discoverySettings), ignoreHosts: ['10.0.0.1', 'test-', ':3307$', '(', 'fe80::1'] })
  const ignored = [key('10.0.0.1'), key('10.0.0.11'), key('my-test-1'), key('db1', 3307), key('db1'), key('fe80::1')].map(ignoresServer)
  assert.deepEqual(ignored, [true, false, true, true, false, true])
})

test('a queue does each key once at a time, in order, bounded in work and in waiting', async () => {
  const done: string[] = []
  let release: () => void = () => {}
  const gate = new Promise<void>(resolve => { release = resolve })
  const work = async (at: InstanceKey): Promise<void> => {
    await gate
    done.push(at)
  }
  const queue = new WorkQueue({ places: () => 2, capacity: () => 3, placeMilliseconds: Infinity, now: () => 0, work })
  const added = ['a', 'b', 'a', 'c', 'd', 'e', 'f'].map(host => queue.add(key(host)))
  assert.deepEqual(added, [true, true, false, true, true, true, false])
  assert.deepEqual([queue.active, queue.waiting], [2, 3])
  release()
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(done, ['a', 'b', 'c', 'd', 'e'].map(host => key(host)))
  assert.equal(queue.add(key('a')), true)
})

test('work that lasts gives its place away, goes on, and is not begun again meanwhile', async () => {
  const begun: string[] = []
  const ends: (() => void)[] = []
  let now = 0
  const work = (at: InstanceKey): Promise<void> => {
    begun.push(at)
    return new Promise(resolve => { ends.push(resolve) })
  }
  const queue = new WorkQueue({ places: () => 2, capacity: () => 9, placeMilliseconds: 100, now: () => now, work })
  for (const host of ['a', 'b', 'c', 'd', 'e']) queue.add(key(host))
  now = 99
  queue.next()
  assert.equal(begun.length, 2)
  now = 100
  queue.next()
  assert.deepEqual(begun, ['a', 'b', 'c', 'd'].map(host => key(host)))
  assert.deepEqual([queue.active, queue.placesTaken, queue.waiting], [4, 2, 1])
  assert.equal(queue.add(key('a')), false)
  ends[0]?.()
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(begun.length, 4, 'the end of work that had no place any more makes none')
  ends[2]?.()
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(begun.at(-1), key('e'))
  assert.equal(queue.add(key('a')), true)
})
