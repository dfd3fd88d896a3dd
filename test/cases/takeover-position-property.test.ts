import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/kit/seeded-random.ts'
import { banOf, defaultPromotionPolicy } from '../../src/model/planning/promote-policy.ts'
import { planTakeover } from '../../src/model/planning/takeover.ts'
import { defaultReplicationPolicy } from '../../src/model/topology/replication-rules.ts'
import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import { runPlan, undoRun } from '../harness/notation/interruption.ts'
import { randomPositionsText, wronglyPlaced } from '../harness/notation/random-positions.ts'
import { topologyFromText } from '../harness/notation/topology-text.ts'

const rounds = 12
const policy = {
  replication: defaultReplicationPolicy, reasonableLagSeconds: 20, catchUpMilliseconds: 20_000, startOldPrimary: true,
  isBanned: (instance: Parameters<typeof banOf>[0]) => banOf(instance, defaultPromotionPolicy) !== null,
}

test(`every takeover without GTID in ${rounds} random clusters leaves each replica at the place up to which it has executed, wherever it is stopped or undone`, () => {
  const seen = { refused: 0, planned: 0, stopped: 0, undone: 0 }
  for (let seed = 1; seed <= rounds; seed += 1) {
    const text = randomPositionsText(seededRandom(2000 + seed))
    const topology = topologyFromText(text)
    const [old] = topology.instances.values()
    assert.ok(old)
    for (const successor of topology.replicasOf(old.key)) {
      const planned = planTakeover(topology, old, successor, policy)
      if ('refused' in planned) {
        seen.refused += 1
        continue
      }
      seen.planned += 1
      const { whole, fence } = planned
      const both: ReadonlySet<InstanceKey> = new Set([old.key, successor.key])
      for (const withTraffic of [false, true]) {
        for (let steps = 1; steps <= whole.steps.length; steps += 1) {
          const where = `seed ${seed}: to ${successor.key}${withTraffic ? ' under writes' : ''}, ${steps} of ${whole.steps.length} steps, in\n${text}\n`
          const done = runPlan(topology, whole, { steps, withTraffic, mayRing: both })
          // The old primary and the new one stand at places of each other's log; of all others the place must be the true one.
          assert.deepEqual([done.broken, wronglyPlaced(done.world.topology, both)], [[], []], where)
          if (done.stopped !== null) seen.stopped += 1
          const { topology: after } = done.world
          if (steps === whole.steps.length && done.stopped === null) {
            assert.deepEqual(wronglyPlaced(after, new Set([successor.key])), [], `${where}at the end the old primary, too: `)
            assert.deepEqual([after.get(successor.key)?.readOnly, after.get(old.key)?.readOnly, after.get(old.key)?.replication?.source], [false, true, successor.key], where)
            const left: readonly InstanceKey[] = topology.replicasOf(old.key).filter(({ key }) => key !== successor.key && after.get(key)?.replication?.source !== successor.key).map(({ key }) => key)
            assert.deepEqual(left, planned.siblingsLeft.map(({ key }) => key), where)
          }
          if (steps > fence.steps.length) continue
          const undone = undoRun(topology, done, whole.steps, both)
          seen.undone += 1
          assert.deepEqual([undone.broken, undone.world.topology.get(old.key)?.readOnly, wronglyPlaced(undone.world.topology)], [[], false, []], `${where}undone: `)
        }
      }
    }
  }
  assert.ok(seen.planned > 5 && seen.refused > 5 && seen.undone > 100, JSON.stringify(seen))
})
