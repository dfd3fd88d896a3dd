import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/kit/seeded-random.ts'
import { isRefusal } from '../../src/model/planning/plan.ts'
import { runPlan, undoRun } from '../harness/notation/interruption.ts'
import { planVerb } from '../harness/notation/move-commands.ts'
import { randomPositionsText, truePlaces, wronglyPlaced } from '../harness/notation/random-positions.ts'
import { topologyFromText } from '../harness/notation/topology-text.ts'

const rounds = 12
const unary = ['move-up', 'move-up-replicas', 'take-siblings', 'take-source', 'regroup-replicas', 'make-co-primary', 'make-primary', 'make-local-primary']
const binary = ['relocate-any-way', 'move-below', 'move-equivalent', 'repoint', 'relocate-replicas']

for (const name of [...unary, ...binary]) {
  test(`every ${name} without GTID in ${rounds} random clusters ends, stops or is undone with each replica at the place up to which it has executed`, () => {
    const seen = { refused: 0, planned: 0, stopped: 0 }
    for (let seed = 1; seed <= rounds; seed += 1) {
      // Only the replicas of a dead primary can be made a primary, and half of the regroupings are out of one.
      const isDead = name === 'make-primary' || (name === 'regroup-replicas' && seed % 2 === 0)
      const text = randomPositionsText(seededRandom(seed)).replace(/^s1/, isDead ? 's1 unreachable' : 's1')
      const topology = topologyFromText(text)
      assert.deepEqual(wronglyPlaced(topology), [], text)
      const keys = [...topology.instances.keys()]
      for (const instance of keys) {
        for (const target of binary.includes(name) ? keys : [instance]) {
          const { planned, run } = planVerb(name, topology, instance, target, '', truePlaces(topology))
          if (isRefusal(planned) || run === null) {
            seen.refused += 1
            continue
          }
          seen.planned += 1
          for (const withTraffic of [false, true]) {
            for (let steps = 1; steps <= planned.steps.length; steps += 1) {
              const where = `seed ${seed}: ${name} ${instance} ${target}${withTraffic ? ' under writes' : ''}, ${steps} steps, in\n${text}\n`
              const done = runPlan(topology, planned, { steps, withTraffic, ...(run.mayRing === undefined ? {} : { mayRing: run.mayRing }) })
              assert.deepEqual([done.broken, wronglyPlaced(done.world.topology, run.mayRing)], [[], []], where)
              if (done.stopped !== null) seen.stopped += 1
              if (steps === planned.steps.length) {
                if (done.stopped === null && done.failedParts.size === 0) assert.deepEqual(run.wished(done.world.topology), [], where)
                continue
              }
              const undone = undoRun(topology, done, planned.steps, run.mayRing)
              assert.deepEqual([undone.broken, wronglyPlaced(undone.world.topology, run.mayRing)], [[], []], `${where}undone: `)
              if (done.stopped !== null) break
            }
          }
        }
      }
    }
    assert.ok(seen.planned > 5 && seen.refused > 0, JSON.stringify(seen))
  })
}
