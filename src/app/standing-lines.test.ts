import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GroupStanding } from '../ports/group.ts'
import { standingLines } from './standing-lines.ts'

async function written(standing: Pick<GroupStanding, 'mode' | 'state' | 'leader'>): Promise<readonly string[]> {
  const lines: string[] = []
  const to = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  const log = { debug: to('debug'), info: to('info'), warning: to('warning'), error: to('error') }
  for (const task of standingLines(() => ({ ...standing, self: 'orc1' }) as GroupStanding, log)) await task.run(0) // the rest of it is not told
  return lines
}

test('the log says who leads in the words of the original, and of a process that is elected nothing', async () => {
  assert.deepEqual(await written({ mode: 'raft', state: 'leader', leader: { name: 'orc1', uri: null } }), ['debug raft leader is orc1 (this host); state: Leader'])
  assert.deepEqual(await written({ mode: 'raft', state: 'follower', leader: { name: 'orc2', uri: null } }), ['debug raft leader is orc2; state: Follower'])
  assert.deepEqual(await written({ mode: 'raft', state: 'candidate', leader: null }), ['debug raft leader is ; state: Candidate'])
  assert.deepEqual(await written({ mode: 'shared-store', state: 'follower', leader: { name: 'orc2', uri: null } }), ['info Not elected as active node; active node: orc2; polling'])
  assert.deepEqual(await written({ mode: 'shared-store', state: 'leader', leader: { name: 'orc1', uri: null } }), [])
  assert.deepEqual(await written({ mode: 'etcd', state: 'follower', leader: { name: 'orc2', uri: null } }), [])
})
