import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance } from '../topology/fresh-instance.ts'
import type { Instance } from '../topology/instance.ts'
import { instanceKey } from '../topology/instance-key.ts'
import { defaultReplicationPolicy } from '../topology/replication-rules.ts'
import { parseVersion } from '../topology/version.ts'
import { judgeReturned } from './return-judgement.ts'

const seen = { lastAttemptedAt: 1, lastCheckedAt: 1, lastSeenAt: 1, partialSuccess: true, failure: null, latencyMilliseconds: 1 }
const uuid = '3e11fa47-71ca-11e1-9e33-c80aa9429562'
const server = (host: string, serverId: number, more: Partial<Instance> = {}): Instance => ({
  ...bareInstance(instanceKey(host, 3306)), check: seen, serverId, version: parseVersion('9.7.0', 'MySQL'), logBin: true, logReplicaUpdates: true, gtidMode: 'ON',
  executedGtidSet: `${uuid}:1-10`, readOnly: true, ...more,
})
const [old, successor] = [server('db1', 1), server('db2', 2, { readOnly: false })]

test('a replaced primary that has nothing of its own may follow; one that others still replicate from is offered nothing until they were moved', () => {
  const clean = judgeReturned(old, successor, defaultReplicationPolicy)
  assert.deepEqual([clean.verdict, clean.offers], ['clean', ['rejoin', 'keep']], clean.because.text)
  const left = judgeReturned(old, successor, defaultReplicationPolicy, [instanceKey('db3', 3306)])
  assert.deepEqual([left.verdict, left.offers], ['cannot-follow', ['keep']])
  assert.match(left.because.text, /db3:3306.*move them below db2:3306 first/)
})

test('what only it has is counted and named, and nothing errant follows silently', () => {
  const diverged = judgeReturned({ ...old, executedGtidSet: `${uuid}:1-12` }, successor, defaultReplicationPolicy)
  assert.deepEqual([diverged.verdict, diverged.diverged, diverged.offers], ['diverged', { count: 2, gtids: `${uuid}:11-12` }, ['reprovision', 'inject-empty', 'keep']])
})
