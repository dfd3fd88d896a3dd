import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseKey, caseNow } from '../../../test/harness/notation/attributes.ts'
import { topologyFromText } from '../../../test/harness/notation/topology-text.ts'
import { isRefusal } from './plan.ts'
import { refusalClass } from './refusals.ts'
import { planRelocate, type RelocatePlan } from './relocate.ts'
import { defaultRelocatePolicy } from './relocate-judgement.ts'

// What is planned and refused is stated in test/cases/relocate; here stands what a case does not show.

function plan(text: string, replica = 'db2', target = 'db3', now = caseNow): RelocatePlan {
  const planned = planRelocate(topologyFromText(text), { replica: caseKey(replica), target: caseKey(target) }, defaultRelocatePolicy, now)
  assert.ok(!isRefusal(planned), text)
  return planned
}

test('a fingerprint does not move with transactions, positions, lag and time', () => {
  const shown = plan('db1\n  db2 gtid=A:1-90 lag=3\n  db3')
  const later = plan('db1 gtid=A:1-500 at=9000\n  db2 gtid=A:1-400 received=A:1-450 lag=0 read=5000 seen=0\n  db3 purged=A:1-20', 'db2', 'db3', caseNow + 2000)
  assert.equal(later.fingerprint, shown.fingerprint)
})

test('a fingerprint differs when a source, a thread, a server or a version is another one', () => {
  const texts = [
    'db1\n  db2\n  db3', 'db1\n  db2 io=stopped\n  db3', 'db1\n  db2 sql=stopped\n  db3', 'db1\n  db2 uuid=Z\n  db3', 'db1\n  db2\n  db3 uuid=Z', 'db1\n  db2\n  db3\n    db4',
    'db1\n  db2\n  db3 version=9.7.5', 'db1\n  db4\n    db2\n  db3', 'db1\n  db2 by=position\n  db3',
  ]
  const fingerprints = texts.map(text => plan(text).fingerprint)
  assert.equal(new Set(fingerprints).size, texts.length - 1, 'only a replica of the target makes no difference')
  assert.equal(fingerprints[5], fingerprints[0])
})

test('the plan to move back is a plan like any other, to the former source', () => {
  const there = plan('db1\n  db2\n  db3')
  assert.equal(there.formerSource, caseKey('db1'))
  assert.equal(plan('db1\n  db3\n    db2', 'db2', there.formerSource).target, caseKey('db1'))
})

test('a refusal is classed for the outside, and an unknown code is a conflict', () => {
  assert.deepEqual(['unknown-instance', 'unreachable', 'below-own-replica', 'of-another-table'].map(refusalClass), ['not-found', 'unavailable', 'bad-request', 'conflict'])
})
