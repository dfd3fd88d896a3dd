import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseKey } from '../../../test/harness/notation/attributes.ts'
import { topologyFromText } from '../../../test/harness/notation/topology-text.ts'
import { defaultReplicationPolicy } from '../topology/replication-rules.ts'
import { planFollowBeside, replicasBeside } from './failover-beside.ts'

const policy = { replication: defaultReplicationPolicy, pseudoGtid: false, matchMilliseconds: 1000 }
const end = { file: 'binlog.000009', position: 77n }

/** What becomes of one replica by position beside db2, which uses GTID and has executed A:1-100. */
function fate(words: string, { ownEnd = end, pseudoGtid = false, successor = '' }: { ownEnd?: typeof end | null; pseudoGtid?: boolean; successor?: string } = {}): string {
  const topology = topologyFromText(`db1 unreachable gtid=A:1-100\n  db2 gtid=A:1-100 ${successor}\n  db3 by=position io=stopped sql=stopped ${words}`)
  const db2 = topology.get(caseKey('db2'))
  assert.ok(db2)
  const { plan, lost, remarks } = planFollowBeside(topology, replicasBeside(topology, caseKey('db1')), db2, ownEnd, { ...policy, pseudoGtid })
  const steps = plan.steps.map(({ step }) => (step.do === 'change-source' ? `${step.way}${step.at !== undefined && 'place' in step.at ? ` ${step.at.place}` : ''}` : step.do))
  return [...lost.map(({ reason }) => `lost ${reason.code}`), ...steps, ...remarks.map(({ reason }) => reason.code)].join(', ')
}

test('beside others by GTID a replica by position goes on from the end of the successor exactly where both have executed the same', () => {
  assert.equal(fate('gtid=A:1-100'), 'coordinates binlog.000009:77, start-replication')
  assert.equal(fate('gtid=A:1-100', { ownEnd: null }), 'auto-position, start-replication, failover-beside-by-gtid', 'the place is not known any more, and the sets prove enough')
})

test('one that lacks only the newest is matched by Pseudo-GTID where that is configured, and else follows by GTID, which is said', () => {
  assert.equal(fate('gtid=A:1-97', { pseudoGtid: true }), 'match-position, coordinates, start-replication')
  assert.equal(fate('gtid=A:1-97'), 'auto-position, start-replication, failover-beside-by-gtid')
  assert.equal(fate('gtid=A:1-97', { successor: 'purged=A:1-99' }), 'lost replica-needs-purged')
})

test('what the sets do not prove is not done: old numbers that are missing, transactions of its own, none at all', () => {
  assert.equal(fate('gtid=A:50-100'), 'lost failover-beside-gap', 'it was made from a copy: the rows of the first transactions are there without their numbers')
  assert.equal(fate('gtid=A:50-97'), 'lost failover-beside-gap')
  assert.equal(fate('gtid=A:1-97', { successor: 'gtid=A:1-100,B:1-2' }), 'lost failover-beside-gap', 'numbers of an origin of which it has nothing may be old')
  assert.equal(fate('gtid=A:1-101'), 'lost failover-beside-ahead')
  assert.equal(fate('gtid-mode=ON_PERMISSIVE gtid=A:1-100'), 'lost failover-beside-unknown')
  assert.equal(fate('gtid=A:1-100 io=running'), 'lost failover-position-not-standing')
})
