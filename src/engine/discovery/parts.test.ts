import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultValues } from '../../kit/setting.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import { discoveryFilters } from './filters.ts'
import { deadPause, nextDue, stableHash } from './schedule.ts'
import { discoverySettings } from './settings.ts'
import { WorkQueue } from './work-queue.ts'

const key = (host: string, port = 3306): InstanceKey => instanceKey(host, port)

test('the place of a key in the interval never changes, and is a whole interval after the last one', () => {
  const due = nextDue(key('db1'), 1_000_000, 5_000)
  assert.ok(due > 1_000_000 && due <= 1_005_000)
  assert.equal(nextDue(key('db1'), due, 5_000), due + 5_000)
  assert.equal(nextDue(key('db1'), due - 1, 5_000), due)
  assert.equal(stableHash('db1:3306'), stableHash('db1:3306'))
})

test('hosts that differ in one digit are spread over the whole interval', () => {
  const tenths = new Map<number, number>()
  for (let n = 0; n < 1_000; n++) {
    const tenth = Math.floor((nextDue(key(`db-${String(n).padStart(4, '0')}.example.com`), 0, 10_000) - 1) / 1_000)
    tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1)
  }
  for (const [tenth, count] of tenths) assert.ok(count > 50 && count < 150, `${tenth}: ${count}`)
  assert.equal(tenths.size, 10)
})

test('the pause of a dead server grows by the factor up to the ceiling', () => {
  const policy = { intervalMilliseconds: 5_000, factor: 3, ceilingMilliseconds: 60_000 }
  assert.deepEqual([1, 2, 3, 4, 50].map(failures => deadPause(failures, policy)), [5_000, 15_000, 45_000, 60_000, 60_000])
})

test('a filter that is an address must equal the host, any other is searched in host:port, and a broken one matches nothing', () => {
  const { ignoresServer } = discoveryFilters({ ...defaultValues(discoverySettings), ignoreHosts: ['10.0.0.1', 'test-', ':3307$', '(', 'fe80::1'] })
  const ignored = [key('10.0.0.1'), key('10.0.0.11'), key('my-test-1'), key('db1', 3307), key('db1'), key('fe80::1')].map(ignoresServer)
  assert.deepEqual(ignored, [true, false, true, true, false, true])
})

test('a queue does each key once at a time, in order, bounded in work and in waiting', async () => {
  const done: string[] = []
  let release: () => void = () => {}
  const gate = new Promise<void>(resolve => { release = resolve })
  const queue = new WorkQueue(() => 2, 3, async at => {
    await gate
    done.push(at)
  })
  const added = ['a', 'b', 'a', 'c', 'd', 'e', 'f'].map(host => queue.add(key(host)))
  assert.deepEqual(added, [true, true, false, true, true, true, false])
  assert.deepEqual([queue.active, queue.waiting], [2, 3])
  release()
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(done, ['a', 'b', 'c', 'd', 'e'].map(host => key(host)))
  assert.equal(queue.add(key('a')), true)
})
