import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GroupView } from '../../../../src/contract/raft.ts'
import type { StatusView } from '../../../../src/contract/views.ts'
import { complaintsOf } from './health.ts'

const reason = (code: string) => ({ code, parameters: {}, text: code })

const well: StatusView = {
  node: 'a', version: '4', startedAt: 0, isLeader: true, leader: 'a', leaderSince: 0,
  backend: { kind: 'sqlite', state: 'ok', says: reason('backend-ok'), pendingWrites: 0, failingSince: null, lostWrites: 0, bytes: 1 },
  servers: 4, clusters: 1, deadServers: 0, pollsPerSecond: 1, pollMillisecondsMedian: 1, memoryBytes: 1, configuration: { files: [], warnings: [] }, reading: { active: 0, waiting: 0 },
  now: {
    at: 0, waiting: 0, readingsPerSecond: 1, failedReadings: 0, readingMillisecondsMedian: 1, readingMillisecondsP95: 1, writesPerSecond: 1, writeMillisecondsP95: 1, memoryBytes: 1,
  },
}

const member = (name: string, more: Partial<GroupView['members'][number]> = {}): GroupView['members'][number] => ({
  name, uri: null, votes: true, isHeard: true, matched: 1, behind: 0, isLeader: false, isSelf: false, version: '4', backend: 'sqlite', ...more,
})

const group: GroupView = {
  mode: 'raft', self: 'a', state: 'leader', leader: { name: 'a', uri: null }, term: 1, isPartOfQuorum: true, members: [member('a'), member('b'), member('c')], log: null,
  says: reason('raft-leads'), quorum: reason('quorum-holds'),
}

const saysOf = (...asked: Parameters<typeof complaintsOf>): readonly string[] => complaintsOf(...asked).map(({ says }) => says)

test('a program of which every part is well has nothing to complain of', () => {
  assert.deepEqual(saysOf(well, group, true), [])
  assert.deepEqual(saysOf(well, null, true), [])
})

test('without a leader the program is not well, and the worst is said first', () => {
  assert.deepEqual(saysOf({ ...well, leader: '', configuration: { files: [], warnings: ['x'] }, backend: { ...well.backend, state: 'failing', lostWrites: 2 } }, null, true), [
    'noLeader', 'storeFailing', 'lostWrites', 'warnings',
  ])
})

test('a manager that is silent or of another version, and a quorum at its end, are told though a leader leads', () => {
  const ill = { ...group, quorum: reason('quorum-at-its-end'), members: [member('a'), member('b', { isHeard: false }), member('c', { version: '3' })] }
  assert.deepEqual(saysOf(well, ill, true), ['silentManagers', 'quorumAtItsEnd', 'otherVersions'])
})

test('what only the leader knows is not taken for silence, and a version that was not told not for another one', () => {
  assert.deepEqual(saysOf(well, { ...group, members: [member('a'), member('b', { isHeard: null, version: null })] }, true), [])
})

test('servers that wait are told only where they are more than are read in a few seconds', () => {
  assert.deepEqual(saysOf({ ...well, reading: { active: 3, waiting: 8 } }, null, true), [])
  assert.deepEqual(saysOf({ ...well, reading: { active: 3, waiting: 80 } }, null, true), ['behind'])
  assert.deepEqual(saysOf({ ...well, reading: { active: 3, waiting: 80 }, now: { ...well.now, readingsPerSecond: 200 } }, null, true), [])
})
