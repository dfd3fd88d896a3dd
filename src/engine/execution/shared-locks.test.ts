import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceKey } from '../../model/topology/instance-key.ts'
import type { LockStore } from '../../ports/locks.ts'
import { SharedLocks } from './shared-locks.ts'

const db1 = instanceKey('db1', 3306)
const nothing = (): void => undefined

/** A store that answers as told, and a clock that is wound by hand. */
function rig(take: LockStore['take']) {
  const did: string[] = []
  const due: (() => void)[] = []
  const clock = { now: () => 1000, after: (_milliseconds: number, act: () => void) => (due.push(act), () => void due.splice(due.indexOf(act), 1)) }
  const log = { debug: nothing, info: nothing, warning: (message: string) => void did.push(`warning ${message}`), error: (message: string) => void did.push(`error ${message}`) }
  const store: Pick<LockStore, 'take' | 'release'> = {
    take: async (keys, request) => {
      did.push(`take ${keys.join(' ')} as ${request.owner}`)
      return take(keys, request)
    },
    release: async ids => void did.push(`release ${ids.join(' ')}`),
  }
  const locks = new SharedLocks({ store, clock, log, process: { hostname: 'h', token: 't' }, beat: async () => void did.push('beat') })
  return { locks, did, due }
}

test('a process gives a sign of life before its first lock and while it holds one, and then no more', async () => {
  const { locks, did, due } = rig(() => Promise.resolve({ ids: [7] }))
  const taken = await locks.take([db1], 'ann', 'Move', () => null)
  assert.ok('lock' in taken)
  assert.deepEqual(did, ['beat', 'take db1:3306 as ann'])
  due.shift()?.()
  assert.deepEqual(did.slice(2), ['beat'])
  assert.equal(due.length, 1)
  await taken.lock.release()
  assert.deepEqual([did.slice(3), due.length], [['release 7'], 0])
})

test('a lock of somebody else is told with its owner', async () => {
  const by = { id: 3, owner: 'bob', reason: 'disk', beganAt: 0, endsAt: null }
  const { locks, due } = rig(() => Promise.resolve({ taken: db1, by }))
  assert.deepEqual(await locks.take([db1], 'ann', 'Move', () => null), { taken: db1, by })
  assert.equal(due.length, 0)
})

test('a store that fails is told and holds up nobody, but for what is known in memory', async () => {
  const { locks, did } = rig(() => Promise.reject(new Error('disk full')))
  assert.ok('lock' in (await locks.take([db1], 'ann', 'Move', () => null)))
  assert.match(did.at(-1) ?? '', /^warning locks could not be written/)
  const by = { id: 3, owner: 'bob', reason: 'disk', beganAt: 0, endsAt: null }
  assert.deepEqual(await locks.take([db1], 'ann', 'Move', () => ({ taken: db1, by })), { taken: db1, by })
})
