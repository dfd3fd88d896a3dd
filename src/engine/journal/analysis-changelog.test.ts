import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../../model/analysis/finding.ts'
import { bareInstance } from '../../model/topology/fresh-instance.ts'
import { type InstanceKey, instanceKey } from '../../model/topology/instance-key.ts'
import { Topology } from '../../model/topology/topology.ts'
import { AnalysisChangelog } from './analysis-changelog.ts'

const [db1, db2] = [instanceKey('db1', 3306), instanceKey('db2', 3306)]
// Only these two members of a finding matter here.
const found = (key: InstanceKey, code: string): Finding => ({ key, code }) as Finding
const topologyOf = (...keys: InstanceKey[]): Topology => new Topology(1, new Map(keys.map(key => [key, bareInstance(key)])))

test('each change is written once, the way back to no problem too, and a forgotten server is not called mended', async () => {
  const written: string[] = []
  const changelog = new AnalysisChangelog({
    last: async () => new Map([[db2, 'DeadMaster']]), changes: async () => [], expire: async () => 0,
    note: async ({ key, at, code }) => void written.push(`${at} ${key} ${code}`),
  })
  await changelog.note([found(db1, 'NoProblem'), found(db2, 'DeadMaster')], topologyOf(db1, db2), 1)
  assert.deepEqual(written, [])
  await changelog.note([found(db1, 'UnreachableMaster')], topologyOf(db1, db2), 2)
  await changelog.note([found(db1, 'UnreachableMaster')], topologyOf(db1, db2), 3)
  await changelog.note([found(db1, 'DeadMaster')], topologyOf(db1, db2), 4)
  await changelog.note([], topologyOf(db2), 5)
  await changelog.note([], topologyOf(db1, db2), 6)
  assert.deepEqual(written, ['2 db1:3306 UnreachableMaster', '2 db2:3306 NoProblem', '4 db1:3306 DeadMaster'])
})
