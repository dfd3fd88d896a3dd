import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerView } from '../../../../src/contract/views.ts'
import { server } from '../../drawing/example-servers.ts'
import { matches } from '../../drawing/filter.ts'
import { sortServers } from './sort-servers.ts'

const withLag = (name: string, lagSeconds: number | null): ServerView => {
  const made = server(name, 'db1', lagSeconds === 0 ? 'replicating' : 'lag')
  return { ...made, replication: made.replication === null ? null : { ...made.replication, lagSeconds } }
}
const fleet = [server('db2', null), withLag('db9', 4), withLag('db5', null), withLag('db4', 300), server('db3', 'db2', 'unreachable')]
const hosts = (servers: readonly ServerView[]): readonly string[] => servers.map(({ host }) => host)

test('trouble comes first, and of equals the name decides', () => {
  assert.deepEqual(hosts(sortServers(fleet, 'trouble')), ['db3', 'db4', 'db5', 'db9', 'db2'])
})

test('an unknown lag is no number: it never stands before a known one', () => {
  assert.deepEqual(hosts(sortServers(fleet, 'lag')).slice(0, 3), ['db4', 'db9', 'db3'])
  assert.deepEqual(hosts(sortServers(fleet, 'name')), ['db2', 'db3', 'db4', 'db5', 'db9'])
})

test('servers are filtered by the cluster that they are in', () => {
  assert.ok(matches(server('db9', 'db1'), 'cluster:db140'))
  assert.ok(!matches(server('db9', 'db1'), 'cluster:db141'))
})
