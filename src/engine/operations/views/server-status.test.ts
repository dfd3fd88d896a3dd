import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareInstance, bareLink } from '../../../model/topology/fresh-instance.ts'
import { defaultFreshnessPolicy } from '../../../model/topology/freshness.ts'
import type { Instance, ReplicationLink } from '../../../model/topology/instance.ts'
import { instanceKey } from '../../../model/topology/instance-key.ts'
import { statusesOf } from './server-status.ts'

const now = 1_000_000
const primary: Instance = {
  ...bareInstance(instanceKey('db1', 3306)),
  check: { lastAttemptedAt: now, lastCheckedAt: now, lastSeenAt: now, partialSuccess: true, failure: null, latencyMilliseconds: 1 },
}
const replica = (link: Partial<ReplicationLink> = {}, more: Partial<Instance> = {}): Instance => ({
  ...primary, readOnly: true, replicationLagSeconds: 0,
  replication: {
    ...bareLink(instanceKey('db0', 3306)), receiver: 'running', applier: 'running', gtid: 'mysql', readCoordinates: { file: 'b.1', position: 4n }, ...link,
  },
  ...more,
})
const codes = (instance: Instance, replicas = 0): string => statusesOf(instance, replicas, defaultFreshnessPolicy, now).map(({ code }) => code).join(' ')

test('a healthy server says so', () => {
  assert.equal(codes(primary), 'writable')
  assert.equal(codes(replica()), 'replicating')
})

test('an error of a thread is worse than a stop, and both are told', () => {
  const broken = { number: 1062, text: 'duplicate', at: 7 }
  assert.equal(codes(replica({ applier: 'stopped', applierError: broken })), 'applier-error')
  assert.equal(codes(replica({ receiver: 'connecting', receiverError: broken })), 'receiver-error')
  assert.equal(codes(replica({ applier: 'stopped', applierError: broken, receiver: 'stopped', receiverError: broken })), 'applier-error receiver-error')
  assert.equal(codes(replica({ applier: 'stopped', receiver: 'stopped' })), 'stopped')
})

test('a lag that is not known is never shown as none', () => {
  assert.equal(codes(replica({}, { replicationLagSeconds: null })), 'lag-unknown')
  assert.equal(codes(replica({}, { replicationLagSeconds: 60 })), 'lag')
  assert.equal(codes(replica({ delaySeconds: 60 }, { replicationLagSeconds: 60 })), 'replicating')
})

test('what an unreachable server said of its replication is not repeated', () => {
  const dead = replica({ applier: 'stopped' }, {
    errantGtidSet: 'x:1', check: { ...primary.check, lastCheckedAt: now, lastSeenAt: now - 5000, failure: { kind: 'refused', number: null, text: 'refused' } },
  })
  assert.equal(codes(dead), 'unreachable errant-gtid')
  assert.equal(statusesOf(dead, 0, defaultFreshnessPolicy, now)[0]?.since, now - 5000)
})

test('a server that we did not ask for long is told from one that does not answer', () => {
  assert.equal(codes({ ...primary, check: { ...primary.check, lastCheckedAt: now - 60_000, lastSeenAt: now - 60_000 } }), 'not-checked')
  assert.equal(codes(bareInstance(instanceKey('db9', 3306))), 'not-checked')
})

test('errant transactions stand beside what else holds', () => {
  assert.equal(codes(replica({}, { errantGtidSet: 'x:1' })), 'errant-gtid replicating')
})

test('a read-only primary with replicas is a warning, without any it is not', () => {
  const readOnly = { ...primary, readOnly: true }
  assert.equal(statusesOf(readOnly, 2, defaultFreshnessPolicy, now)[0]?.severity, 'warning')
  assert.equal(statusesOf(readOnly, 0, defaultFreshnessPolicy, now)[0]?.severity, 'ok')
})
