import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recovery } from '../../model/recovery/records.ts'
import { instanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import { DeposedPrimaries } from './deposed.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'

const key = (name: string): InstanceKey => instanceKey(name, 3306)

const replaced = (id: number, old: string, successor: string): Recovery => ({
  id, uid: `u${id}`, key: key(old), code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: '', startedBy: '', clusterName: key(old), clusterAlias: '', replicas: [],
  successor: key(successor), successorAlias: '', successorCoordinates: null, isSuccessful: true, isActive: true, lostReplicas: [], participants: [], errors: [],
  startedAt: id * 1000, endedAt: id * 1000 + 500, acknowledged: null, detectionId: id, nodeHostname: 'orc1', nodeToken: 'a',
})

/** As their records were ended, one after the other. `read`: what stood in the store at the beginning, the newest first. */
async function after(ended: readonly Recovery[], read: readonly Recovery[] = []): Promise<readonly string[]> {
  const store = { recoveries: { list: ({ page }: { readonly page: number }) => Promise.resolve(page === 0 ? read : []) } }
  // Noting what has ended asks for nothing else.
  const deposed = new DeposedPrimaries({ store } as unknown as RecoveryParts, {} as Policies, {} as Fleet)
  await deposed.load()
  for (const recovery of ended) deposed.note(recovery)
  return [...deposed.successors()].map(([old, successor]) => `${old} by ${successor}`).toSorted()
}

test('a recovery that is ended late, after the process that began it died, makes no primary again of whom a newer one has deposed', async () => {
  const [first, second] = [replaced(1, 'db1', 'db2'), replaced(2, 'db2', 'db3')]
  const both = ['db1:3306 by db2:3306', 'db2:3306 by db3:3306']
  assert.deepEqual(await after([first, second]), both)
  assert.deepEqual(await after([second, first]), both)
  assert.deepEqual(await after([first], [second]), both, 'the newer one was read from the store')
})

test('whom a newer recovery has made primary again is not deposed by an older one that is ended late', async () => {
  const [there, back] = [replaced(1, 'db1', 'db2'), replaced(2, 'db2', 'db1')]
  assert.deepEqual(await after([there, back]), ['db2:3306 by db1:3306'])
  assert.deepEqual(await after([back, there]), ['db2:3306 by db1:3306'])
  assert.deepEqual(await after([there], [back]), ['db2:3306 by db1:3306'])
})
