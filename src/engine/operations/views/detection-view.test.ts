import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Detection } from '../../../model/recovery/records.ts'
import { instanceKey } from '../../../model/topology/instance-key.ts'
import { detectionView } from './detection-view.ts'

const [failed, other] = [instanceKey('db140', 3306), instanceKey('db141', 3306)]
const at = 1_700_000_000_000
const detection: Detection = {
  id: 7, key: failed, code: 'DeadMaster', description: 'it is dead', clusterName: 'db140:3306', clusterAlias: 'shop', replicas: [other], isActionable: true, startedAt: at,
  endedActiveAt: null, nodeHostname: 'orc1', nodeToken: 'secret-token',
}

test('a detection says how the diagnosis of its own server changed around it, and nothing of other servers and other days', () => {
  const change = (key: typeof failed, seconds: number, code: string) => ({ key, at: at + seconds * 1000, code })
  const changes = [
    change(failed, -86_400, 'AllMasterReplicasNotReplicating'), change(failed, -2, 'UnreachableMaster'), change(other, -1, 'NoProblem'), change(failed, 0, 'DeadMaster'),
    change(failed, 3600, 'NoProblem'),
  ]
  const view = detectionView(detection, changes, undefined)
  assert.deepEqual(view.changes.map(({ code }) => code), ['UnreachableMaster', 'DeadMaster'])
  assert.equal(view.recovery, null)
  assert.ok(!JSON.stringify(view).includes('secret-token'))
})

test('a detection names the recovery that it began', () => {
  const recovery = { uid: 'u1', id: 3, successor: other, isSuccessful: true, endedAt: at + 9000, errors: ['not shown here'] }
  assert.deepEqual(detectionView(detection, [], recovery).recovery, { uid: 'u1', id: 3, successor: other, isSuccessful: true, endedAt: at + 9000 })
})
