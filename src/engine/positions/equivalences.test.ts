import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok } from '../../kit/result.ts'
import type { Place } from '../../model/planning/by-equivalence.ts'
import type { Step } from '../../model/planning/step.ts'
import { bareInstance, bareLink } from '../../model/topology/fresh-instance.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import type { EquivalenceStore, SamePlaces } from '../../ports/equivalence-store.ts'
import type { Servers } from '../../ports/servers.ts'
import { Equivalences } from './equivalences.ts'
import { withEquivalences } from './with-equivalences.ts'

const [one, old, next] = [instanceKey('one', 3306), instanceKey('old', 3306), instanceKey('next', 3306)]
const place = (server: typeof one, position: bigint): Place => ({ server, at: { file: 'binlog.000001', position } })

function remembering(certain: readonly SamePlaces[] = []) {
  const written: SamePlaces[] = [...certain]
  const store: EquivalenceStore = {
    record: pair => Promise.resolve(void written.unshift(pair)), certain: most => Promise.resolve(written.slice(0, most)), find: () => Promise.resolve([]),
    expire: () => Promise.resolve(void written.splice(0)),
  }
  return { written, equivalences: new Equivalences({ store, clock: { now: () => 1 }, log: { error: () => undefined } }) }
}

test('a pair is known from both sides at once, after a restart, and no more once it has expired', async () => {
  const { written, equivalences } = remembering()
  equivalences.note([place(old, 5n), place(next, 9n)])
  assert.deepEqual([equivalences.of(place(old, 5n)), equivalences.of(place(next, 9n)), equivalences.of(place(old, 6n))], [[place(next, 9n)], [place(old, 5n)], []])
  const again = remembering(written).equivalences
  await again.load()
  assert.deepEqual(again.of(place(next, 9n)), [place(old, 5n)])
  await again.expire(2)
  assert.deepEqual(again.of(place(next, 9n)), [])
})

test('no more pairs are held than a bound, and the oldest go first', () => {
  const { equivalences } = remembering()
  for (let position = 0n; position <= 10_000n; position += 1n) equivalences.note([place(old, position), place(next, position)])
  assert.deepEqual([equivalences.of(place(old, 0n)).length, equivalences.of(place(old, 1n)).length, equivalences.of(place(old, 10_000n)).length], [0, 1, 1])
})

test('a change to a named place is noted, and one by GTID, to the same source, or of a running applier is not', async () => {
  const noted: SamePlaces[] = []
  const unused = (): never => {
    throw new Error('not used here')
  }
  const inner: Servers = { probe: unused, perform: () => Promise.resolve(ok({ statements: [] })), statements: () => [], onConnectionLost: () => () => undefined, release: () => undefined, close: () => Promise.resolve() }
  const servers = withEquivalences(inner, pair => noted.push(pair))
  const link = { ...bareLink(old), receiver: 'stopped' as const, applier: 'stopped' as const, executedCoordinates: place(old, 5n).at }
  const on = { ...bareInstance(one), replication: link, channels: [link] }
  const options = { deadlineMilliseconds: 1, bindings: new Map([['end', 'binlog.000001:9']]) }
  const change = (more: Partial<Extract<Step, { do: 'change-source' }>>): Step => ({ do: 'change-source', on: one, to: next, way: 'coordinates', at: { boundTo: 'end' }, ...more })
  await servers.perform(change({ way: 'auto-position' }), on, options)
  await servers.perform(change({ to: old }), on, options)
  await servers.perform(change({}), { ...on, replication: { ...link, applier: 'running' } }, options)
  await servers.perform(change({ at: { boundTo: 'unread' } }), on, options)
  assert.deepEqual(noted, [])
  await servers.perform(change({}), on, options)
  await servers.perform(change({ way: 'executed-position' }), on, options)
  assert.deepEqual(noted, [[place(old, 5n), place(next, 9n)], [place(old, 5n), place(next, 5n)]])
})
