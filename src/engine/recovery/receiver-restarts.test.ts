import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseKey } from '../../../test/harness/notation/attributes.ts'
import { topologyFromText } from '../../../test/harness/notation/topology-text.ts'
import type { Finding } from '../../model/analysis/finding.ts'
import type { Instance, ServerFailure } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'
import { ReceiverRestarts } from './receiver-restarts.ts'
import { Signs } from './signs.ts'

const db1 = caseKey('db1')
const begunAt = 1_000_000_000

/** db1 fails in this way from `begunAt` on; its replicas are read again at each of these times, ms later, and have read so far. Whether their receivers are restarted then. */
function restarts(kind: ServerFailure['kind'], looks: readonly { readonly at: number; readonly read: bigint; readonly heardAt: number }[], changesNothing = false): readonly boolean[] {
  let now = begunAt
  const base = topologyFromText('db1 unreachable\n  db2\n  db3')
  let topology = base
  const signs = new Signs()
  const execution = { locks: { ownerOf: () => undefined }, run: () => Promise.resolve({}) }
  const quiet = { warning: () => undefined, write: () => undefined }
  const parts = { clock: { now: () => now }, execution, audit: quiet, log: quiet, changesNothing }
  const fleet: Pick<Fleet, 'topology' | 'get'> = { topology: () => topology, get: key => topology.get(key) }
  // A restart asks these parts for nothing else.
  const restarting = new ReceiverRestarts(parts as unknown as RecoveryParts, fleet as Fleet, signs)
  const finding = { key: db1, clusterName: db1, code: 'UnreachableMaster', skippableDueToDowntime: false } as unknown as Finding // nothing else is looked at
  return looks.map(({ at, read, heardAt }) => {
    now = begunAt + at
    topology = new Topology(1, new Map([...base.instances].map(([key, instance]): [InstanceKey, Instance] => {
      if (key === db1) return [key, { ...instance, check: { ...instance.check, failure: { kind, number: null, text: '' } } }]
      const link = instance.replication && { ...instance.replication, readCoordinates: { file: 'binlog.000001', position: read }, lastHeardAt: begunAt + heardAt }
      return [key, { ...instance, replication: link, channels: link === null ? [] : [link], check: { ...instance.check, lastAttemptedAt: now, lastCheckedAt: now, lastSeenAt: now } }]
    })))
    signs.noteReceived(db1, topology.replicasOf(db1))
    return restarting.begin(finding, begunAt) !== null
  })
}

test('of a source that gives no answer a heartbeat tells that it lives; of one that is being stopped only events tell that somebody commits there', () => {
  const beats = [0, 600, 1200].map(at => ({ at, read: 100n, heardAt: at - 200 }))
  assert.deepEqual(restarts('timeout', beats), [false, false, false])
  assert.deepEqual(restarts('refused', beats), [false, false, true])
  const commit = [{ at: 0, read: 100n, heardAt: 0 }, { at: 600, read: 140n, heardAt: 0 }, { at: 1200, read: 140n, heardAt: 0 }, { at: 1700, read: 140n, heardAt: 0 }]
  assert.deepEqual(restarts('refused', commit), [false, false, false, true], 'a second after the last of them')
  assert.deepEqual(restarts('access-denied', commit), [false, false, false, false], 'it answers, and serves its replicas')
})

test('with -noop no receiver is restarted', () => {
  assert.deepEqual(restarts('refused', [0, 600, 1200].map(at => ({ at, read: 100n, heardAt: at })), true), [false, false, false])
})
