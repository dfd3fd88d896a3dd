import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/kit/seeded-random.ts'
import { isRefusal } from '../../src/model/planning/plan.ts'
import { planRelocate } from '../../src/model/planning/relocate.ts'
import { defaultRelocatePolicy } from '../../src/model/planning/relocate-judgement.ts'
import { judgeTargets } from '../../src/model/planning/targets.ts'
import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import type { Topology } from '../../src/model/topology/topology.ts'
import { caseNow } from '../harness/notation/attributes.ts'
import type { PlannedRun } from '../harness/notation/commands.ts'
import { brokenWhenInterrupted } from '../harness/notation/interrupt-command.ts'
import { runPlan, undoRun } from '../harness/notation/interruption.ts'
import { movedWrongly } from '../harness/notation/relocate-commands.ts'
import { randomClusterText } from '../harness/notation/random-cluster.ts'
import { topologyFromText } from '../harness/notation/topology-text.ts'

const rounds = 120

function pairs(topology: Topology): readonly (readonly [InstanceKey, InstanceKey])[] {
  const keys = [...topology.instances.keys()]
  return keys.flatMap(replica => keys.map(target => [replica, target] as const))
}

test(`every relocation in ${rounds} random clusters is refused, or ends as wished with nothing lost, also when it stops after any step`, () => {
  const seen = { refused: 0, planned: 0, ended: 0, stoppedByItself: 0 }
  for (let seed = 1; seed <= rounds; seed += 1) {
    const text = randomClusterText(seededRandom(seed))
    const topology = topologyFromText(text)
    for (const [replica, target] of pairs(topology)) {
      const plan = planRelocate(topology, { replica, target }, defaultRelocatePolicy, caseNow)
      if (isRefusal(plan)) {
        seen.refused += 1
        continue
      }
      seen.planned += 1
      const where = `seed ${seed}: ${replica} below ${target} in\n${text}\n`
      for (const withTraffic of [false, true]) {
        const whole = runPlan(topology, plan, { withTraffic })
        if (whole.stopped !== null) {
          // A server may be past help by the time: then the plan stops, and puts things back.
          seen.stoppedByItself += 1
          assert.deepEqual(whole.broken, [], where)
          const undone = undoRun(topology, whole, plan.steps)
          assert.deepEqual({ broken: undone.broken, stopped: undone.stopped, source: undone.world.topology.get(replica)?.replication?.source }, { broken: [], stopped: null, source: plan.formerSource }, where)
          continue
        }
        seen.ended += 1
        const planned: PlannedRun = { plan, wish: '', wished: after => movedWrongly(topology, after, replica, target) }
        assert.deepEqual(brokenWhenInterrupted(topology, planned, withTraffic), [], where)
      }
    }
  }
  // The random clusters are worth something only if most answers occur, and nearly all plans come to their end.
  assert.ok(seen.planned > 500 && seen.refused > 500, JSON.stringify(seen))
  assert.ok(seen.stoppedByItself < 0.2 * seen.ended, JSON.stringify(seen))
})

test('the verdict on a target is the same as the plan to move there', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const topology = topologyFromText(randomClusterText(seededRandom(seed)))
    for (const replica of topology.instances.keys()) {
      for (const verdict of judgeTargets(topology, [replica], defaultRelocatePolicy, caseNow)) {
        if (verdict.says.code === 'already-its-source') continue
        const plan = planRelocate(topology, { replica, target: verdict.target }, defaultRelocatePolicy, caseNow)
        if (isRefusal(plan)) assert.deepEqual([verdict.verdict, verdict.says], ['refused', plan.refused])
        else assert.deepEqual([verdict.verdict !== 'refused', verdict.steps, verdict.method], [true, plan.steps.length, plan.method])
      }
    }
  }
})
