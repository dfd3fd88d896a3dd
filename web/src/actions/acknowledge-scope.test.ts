import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instanceKey } from '../../../src/model/topology/instance-key.ts'
import { acknowledgeRequest, concernedBy, heldBackBy } from './acknowledge-scope.ts'

const recovery = (id: number, clusterName: string, clusterAlias = '') => ({ id, uid: `u${id}`, clusterName, clusterAlias })
const open = [recovery(7, 'db3:3306', 'orders'), recovery(5, 'db1:3306', 'orders'), recovery(4, 'db9:3306'), recovery(3, 'db8:3306')]

test('one recovery, those of its cluster whatever its name was, or all of them are concerned', () => {
  const [newest = recovery(0, '')] = open
  assert.deepEqual(concernedBy('one', newest, open).map(({ id }) => id), [7])
  assert.deepEqual(concernedBy('cluster', newest, open).map(({ id }) => id), [7, 5])
  assert.deepEqual(concernedBy('all', newest, open).map(({ id }) => id), [7, 5, 4, 3])
  // Clusters without an alias are not one cluster.
  assert.deepEqual(concernedBy('cluster', recovery(4, 'db9:3306'), open).map(({ id }) => id), [4])
})

test('what is let go is what one of the acknowledged recoveries holds back', () => {
  const blocked = [5, 99].map(blockingRecoveryId => ({ key: instanceKey('db5', 3306), clusterName: 'db3:3306', code: 'DeadMaster', lastBlockedAt: 0, blockingRecoveryId }))
  assert.deepEqual(heldBackBy([{ id: 7 }, { id: 5 }], blocked).map(({ blockingRecoveryId }) => blockingRecoveryId), [5])
  assert.deepEqual(heldBackBy([{ id: 7 }], blocked), [])
})

test('a cluster is asked for by its alias, which a failover does not change, or else by its name', () => {
  assert.deepEqual(acknowledgeRequest('one', recovery(5, 'db1:3306', 'orders'), 'seen'), { operation: 'ack-recovery', input: { uid: 'u5', comment: 'seen' } })
  assert.deepEqual(acknowledgeRequest('cluster', recovery(5, 'db1:3306', 'orders'), 'seen'), { operation: 'ack-recovery', input: { alias: 'orders', comment: 'seen' } })
  for (const alias of ['', 'db1:3306'])
    assert.deepEqual(acknowledgeRequest('cluster', recovery(5, 'db1:3306', alias), 'seen'), { operation: 'ack-recovery', input: { cluster: 'db1:3306', comment: 'seen' } })
  assert.deepEqual(acknowledgeRequest('all', recovery(5, 'db1:3306'), 'seen'), { operation: 'ack-all-recoveries', input: { comment: 'seen' } })
})
