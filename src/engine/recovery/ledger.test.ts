import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recovery } from '../../model/recovery/records.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import type { Log } from '../../ports/log.ts'
import type { Store } from '../../ports/store.ts'
import { Ledger } from './ledger.ts'

const log: Log = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined }

test('of two findings of one moment one alone begins something in a cluster, until it is over', () => {
  const ledger = new Ledger({} as Store, log) // nothing of the store is asked for a claim
  assert.deepEqual([ledger.claim('c'), ledger.claim('c'), ledger.claim('other'), ledger.isClaimed('c')], [true, false, true, true])
  ledger.unclaim('c')
  assert.deepEqual([ledger.isClaimed('c'), ledger.claim('c')], [false, true])
})

test('whoever takes writes is named by the open recovery from that moment, and its cluster is in work until the recovery is over', async () => {
  const [old, successor] = [instanceKey('db1', 3306), instanceKey('db2', 3306)]
  const begun: Recovery = {
    id: 1, uid: 'u1', key: old, code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: '', startedBy: '', clusterName: old, clusterAlias: '', replicas: [],
    successor: null, successorAlias: '', successorCoordinates: null, isSuccessful: false, isActive: true, lostReplicas: [], participants: [], errors: [],
    startedAt: 1000, endedAt: null, acknowledged: null, detectionId: 1, nodeHostname: 'orc1', nodeToken: 'a',
  }
  const written: Recovery[] = []
  const recoveries = { register: () => Promise.resolve(begun), update: (recovery: Recovery) => Promise.resolve(void written.push(recovery)) }
  const ledger = new Ledger({ recoveries } as unknown as Store, log) // registering and updating ask for nothing else of the store
  ledger.leads('u1', successor)
  assert.equal(ledger.isBeingLed(successor), false, 'nothing that is not under way here leads anybody')
  await ledger.register(begun)
  ledger.leads('u1', successor)
  assert.deepEqual([ledger.open.map(each => each.successor), ledger.isBeingLed(successor), ledger.isBeingLed(old)], [[successor], true, false])
  await ledger.update({ ...begun, endedAt: 2000 })
  assert.deepEqual([ledger.open.map(each => each.successor), ledger.isBeingLed(successor), written.map(each => each.successor)], [[null], false, [null]])
})
