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

test('a recovery whose end could not be stored is settled by whoever leads next, this process too; until then it is not taken for one that is over', async () => {
  const key = instanceKey('db1', 3306)
  const begun: Recovery = {
    id: 1, uid: 'u1', key, code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: '', startedBy: '', clusterName: key, clusterAlias: '', replicas: [],
    successor: null, successorAlias: '', successorCoordinates: null, isSuccessful: false, isActive: true, lostReplicas: [], participants: [], errors: [],
    startedAt: 1000, endedAt: null, acknowledged: null, detectionId: 1, nodeHostname: 'orc1', nodeToken: 'a',
  }
  let stored = begun
  let leads = true
  const recoveries = {
    register: () => Promise.resolve(begun), open: () => Promise.resolve(stored.endedAt === null ? [stored] : []),
    update: (recovery: Recovery) => {
      if (!leads) return Promise.reject(new Error('another one leads'))
      stored = recovery
      return Promise.resolve()
    },
  }
  const detections = { list: () => Promise.resolve([]) }
  const ledger = new Ledger({ recoveries, detections } as unknown as Store, log) // it asks for nothing else of the store here
  await ledger.register(begun)
  leads = false
  await ledger.finish({ ...begun, endedAt: 2000, errors: ['another one leads'] })
  assert.deepEqual([ledger.open.map(({ endedAt }) => endedAt), ledger.underWay.has('u1'), ledger.isAbandoned('u1')], [[null], false, true])
  // Settling it fails as well while another one leads; what is read anew when this one leads again says the same.
  await ledger.finish({ ...begun, endedAt: 2500 })
  leads = true
  await ledger.load(true)
  assert.deepEqual([ledger.open.map(({ endedAt }) => endedAt), ledger.isAbandoned('u1')], [[null], true])
  await ledger.finish({ ...begun, endedAt: 3000 })
  assert.deepEqual([stored.endedAt, ledger.isAbandoned('u1')], [3000, false])
})

test('a failure that was announced while nothing was done about it is found again by whoever acts on it later', async () => {
  const key = instanceKey('db1', 3306)
  const failure = { key, code: 'DeadMaster', description: '', clusterName: key, clusterAlias: 'ci', replicas: [], isActionable: true, startedAt: 1000, nodeHostname: 'orc1', nodeToken: 'a' }
  const detections = { register: () => Promise.resolve({ ...failure, id: 7, endedActiveAt: null }), endActive: () => Promise.resolve() }
  const ledger = new Ledger({ detections } as unknown as Store, log) // it asks for nothing else of the store here
  assert.equal(ledger.detectionOf(failure), 0)
  assert.equal((await ledger.detect(failure))?.id, 7)
  assert.deepEqual([await ledger.detect(failure), ledger.detectionOf(failure)], [null, 7])
  await ledger.endDetections({ key }, 2000)
  assert.equal(ledger.detectionOf(failure), 0)
})
