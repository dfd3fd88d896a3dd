import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/kit/seeded-random.ts'
import { isRefusal } from '../../src/model/planning/plan.ts'
import type { Topology } from '../../src/model/topology/topology.ts'
import { actNames, planAct } from '../harness/notation/act-commands.ts'
import { brokenWhenInterrupted } from '../harness/notation/interrupt-command.ts'
import { runPlan, undoRun } from '../harness/notation/interruption.ts'
import { randomActsText } from '../harness/notation/random-cluster.ts'
import { topologyFromText } from '../harness/notation/topology-text.ts'

const rounds = 60

/** What an act is given beside its server: good words and bad ones. */
const wordsOf: Readonly<Record<string, readonly string[]>> = {
  'delay-replication': ['0', '30', '-5', 'soon', '99999999999'],
  'flush-binary-logs': ['', 'binlog.000003', 'other.000003', 'binlog.999999'],
  'purge-binary-logs': ['latest', 'binlog.000001', 'latest forced', '../etc forced', ' forced'],
  'kill-query': ['12', 'abc', '0', '-1'],
  'wait-position': ['binlog.000001:500', 'binlog.000001', ':5'],
}

/** Acts on a primary that was replaced and is back: it stands beside the cluster, and is given the new primary. */
const returning: Readonly<Record<string, readonly string[]>> = {
  'rejoin-primary': ['s1'], 'rejoin-primary-inject-empty': ['s1'], 'reprovision': ['s1', 's1 s2'],
}

/** One that has nothing of its own, or something, in its own name or the old cluster's. */
function withReturned(text: string, random: () => number): string {
  const own = random() < 0.4 ? ',Z:1-3' : ''
  return `${text}\nold gtid=A:1-${50 + Math.floor(random() * 70)}${own} read-only`
}

/** Acts that any server can take that answers: what they need is judged when they run. */
const neverRefused: ReadonlySet<string> = new Set(['set-read-only', 'set-writeable'])

/** Acts whose very wish is a second writable server: people ask for it of one named server, and the plan warns them. */
const maySecondWritable = new Set(['set-writeable'])

/** Whom each follows and how its threads are, of all but one. */
const others = (topology: Topology, but: string): readonly string[] =>
  [...topology.instances.values()].filter(({ key }) => key !== but)
    .map(({ key, replication: link, readOnly }) => [key, link?.source, link?.applier, link?.receiver !== 'stopped', readOnly].map(String).join(' '))

for (const name of actNames) {
  test(`every ${name} in ${rounds} random clusters is refused or ends as wished, touches no other server, loses nothing, also when stopped half way`, () => {
    const seen = { refused: 0, planned: 0, empty: 0, stopped: 0 }
    for (let seed = 1; seed <= rounds; seed += 1) {
      const random = seededRandom(seed)
      const within = randomActsText(random)
      const given = returning[name]
      const text = given === undefined ? within : withReturned(within, random)
      const topology = topologyFromText(text)
      for (const key of topology.instances.keys()) {
        for (const words of given ?? wordsOf[name] ?? ['']) {
          const { planned, run } = planAct(name, topology, key, words)
          if (isRefusal(planned) || run === null) {
            seen.refused += 1
            continue
          }
          const where = `seed ${seed}: ${name} ${key} ${words} in\n${text}\n`
          assert.deepEqual(planned.steps.map(({ number }) => number), planned.steps.map((_, index) => index + 1), where)
          if (planned.steps.length === 0) {
            seen.empty += 1
            continue
          }
          seen.planned += 1
          for (const withTraffic of [false, true]) {
            const whole = runPlan(topology, planned, { withTraffic })
            const broken = whole.broken.filter(line => !(maySecondWritable.has(name) && line.endsWith('are writable at the same time')))
            assert.deepEqual(broken, [], where)
            if (whole.stopped !== null) {
              seen.stopped += 1
              const undone = undoRun(topology, whole, planned.steps)
              assert.deepEqual({ broken: undone.broken, stopped: undone.stopped }, { broken: [], stopped: null }, where)
              assert.deepEqual(others(undone.world.topology, key), others(topology, key), where)
              continue
            }
            assert.deepEqual(others(whole.world.topology, key), others(topology, key), where)
            if (maySecondWritable.has(name)) assert.deepEqual(run.wished(whole.world.topology), [], where)
            else assert.deepEqual(brokenWhenInterrupted(topology, run, withTraffic), [], where)
          }
        }
      }
    }
    // Clusters in which an act is always refused, or never, would prove nothing.
    assert.ok(seen.planned >= 10 && (seen.refused >= 10 || neverRefused.has(name)), JSON.stringify(seen))
  })
}
