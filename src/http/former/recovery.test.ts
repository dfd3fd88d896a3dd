import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differences } from '../../../test/harness/recorded/differences.ts'
import { golden } from '../../../test/harness/recorded/recorded-topology.ts'
import { instanceKey } from '../../model/topology/instance-key.ts'
import { formerBlockedRecovery } from './recovery.ts'

test('a recovery that was held back is told as recorded', () => {
  const blocked = {
    key: instanceKey('127.0.0.1', 3309), clusterName: '127.0.0.1:3308', code: 'DeadIntermediateMasterWithSingleReplicaFailingToConnect', lastBlockedAt: Date.UTC(2026, 10, 22, 6, 25, 10), blockingRecoveryId: 4,
  }
  for (const name of ['blocked-recoveries', 'blocked-recoveries-cluster']) assert.deepEqual(differences(JSON.parse(golden(`recovery/${name}.json`)), [formerBlockedRecovery(blocked)]), [], name)
})
