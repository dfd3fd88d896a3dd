import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storeWatch } from './store-watch.ts'

test('each write of the store is passed on once, also those of the millisecond in which somebody looks', () => {
  let now = 1000.4
  const writes: { at: number; waitMilliseconds: number; executeMilliseconds: number; failure: string | null }[] = []
  const noted: string[] = []
  const write = (milliseconds: number, failure: string | null = null): void => void writes.push({ at: now, waitMilliseconds: 1, executeMilliseconds: milliseconds, failure })
  const watch = storeWatch(
    { writesSince: from => writes.filter(({ at }) => at >= from) }, { flushesSince: from => [{ at: 1001, writeMilliseconds: 9 }].filter(({ at }) => at >= from) },
    { now: () => now }, { note: (name, labels, value) => void noted.push(`${name} ${Object.values(labels).join(' ')} ${value}`) },
  )
  write(1000)
  now = 1001.2
  write(2000)
  watch.look()
  write(3000, 'disk full')
  watch.look()
  now = 1002.7
  watch.look()
  watch.look()
  assert.deepEqual(noted.filter(line => line.startsWith('store_write_seconds')), ['store_write_seconds ok 1', 'store_write_seconds ok 2', 'store_write_seconds failed 3'])
  assert.equal(noted.filter(line => line.startsWith('store_write_wait_seconds')).length, 3)
  assert.deepEqual(noted.filter(line => line.startsWith('store_flush')), ['store_flush_seconds  0.009'])
})
