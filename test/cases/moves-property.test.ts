import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/kit/seeded-random.ts'
import { isRefusal } from '../../src/model/planning/plan.ts'
import type { Topology } from '../../src/model/topology/topology.ts'
import { randomClusterText } from '../harness/notation/random-cluster.ts'
import { brokenWhenInterrupted } from '../harness/notation/interrupt-command.ts'
import { runPlan, undoRun } from '../harness/notation/interruption.ts'
import { planVerb, verbs } from '../harness/notation/move-commands.ts'
import { topologyFromText } from '../harness/notation/topology-text.ts'

const rounds = 60
/** Verbs that need a second server; the others say by the first where to. */
const binary = new Set(['relocate-replicas', 'move-replicas-gtid', 'repoint-replicas', 'move-below', 'move-gtid', 'repoint', 'relocate-any-way', 'match-below', 'match-replicas'])

/** Server by server: whom it follows, and whether its threads run. */
const links = (topology: Topology): readonly string[] =>
  [...topology.instances.values()].map(({ key, replication }) => `${key} ${replication?.source ?? '-'} ${replication?.applier ?? '-'} ${String(replication?.receiver !== 'stopped')}`)

// Clusters with binlog servers have a test of their own, for places that are the same it has to be known which ones are, and without a pattern nothing is matched.
const elsewhere = new Set(['regroup-replicas-bls', 'move-equivalent', 'match-below-without-pattern'])
for (const name of Object.keys(verbs).filter(verb => !elsewhere.has(verb))) {
  test(`every ${name} in ${rounds} random clusters is refused or ends as wished: no ring, one writable, nothing lost, also when it stops after any step`, () => {
    const seen = { refused: 0, planned: 0, stopped: 0, partly: 0 }
    for (let seed = 1; seed <= rounds; seed += 1) {
      // Only the replicas of a dead primary can be made a primary.
      const text = randomClusterText(seededRandom(seed)).replace(/^s1/, name === 'make-primary' ? 's1 unreachable' : 's1')
      const topology = topologyFromText(text)
      const keys = [...topology.instances.keys()]
      for (const instance of keys) {
        for (const target of binary.has(name) ? keys : [instance]) {
          const { planned, run } = planVerb(name, topology, instance, target)
          if (isRefusal(planned) || run === null) {
            seen.refused += 1
            continue
          }
          seen.planned += 1
          const where = `seed ${seed}: ${name} ${instance} ${target} in\n${text}\n`
          for (const withTraffic of [false, true]) {
            const whole = runPlan(topology, planned, { withTraffic, ...(run.mayRing === undefined ? {} : { mayRing: run.mayRing }) })
            assert.deepEqual(whole.broken, [], where)
            if (whole.stopped !== null) {
              // A server may be past help by the time: then the plan stops, and puts back what it did.
              seen.stopped += 1
              const undone = undoRun(topology, whole, planned.steps, run.mayRing)
              assert.deepEqual({ broken: undone.broken, stopped: undone.stopped }, { broken: [], stopped: null }, where)
              if (planned.steps.every(({ part }) => part === undefined) && run.notPutBack === undefined) assert.deepEqual(links(undone.world.topology), links(topology), where)
              continue
            }
            if (whole.failedParts.size > 0) {
              seen.partly += 1
              for (const key of whole.failedParts.keys()) {
                assert.deepEqual(links(whole.world.topology).filter(line => line.startsWith(`${key} `)), links(topology).filter(line => line.startsWith(`${key} `)), where)
              }
              continue
            }
            assert.deepEqual(brokenWhenInterrupted(topology, run, withTraffic), [], where)
          }
        }
      }
    }
    assert.ok(seen.planned > 5 && seen.refused > 5, JSON.stringify(seen))
  })
}
