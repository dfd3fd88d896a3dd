import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../../src/kit/seeded-random.ts'
import { isRefusal } from '../../src/model/planning/plan.ts'
import { brokenWhenInterrupted } from '../harness/notation/interrupt-command.ts'
import { runPlan, undoRun } from '../harness/notation/interruption.ts'
import { planVerb } from '../harness/notation/move-commands.ts'
import { topologyFromText } from '../harness/notation/topology-text.ts'

const rounds = 15

/** Servers without GTID, some of them binlog servers, some of which stand, lag or do not answer. */
function clusterText(random: () => number): string {
  const chance = (share: number): boolean => random() < share
  const lines = ['s1 gtid-mode=OFF']
  let depth = 0
  for (let number = 2; number <= 4 + Math.floor(random() * 5); number += 1) {
    depth = 1 + Math.floor(random() * Math.min(3, depth + 1))
    const exec = 900 + Math.floor(random() * 100)
    const words = ['by=position', `exec=${exec}`, `read=${exec}`]
    if (chance(0.4)) words.push('binlog-server')
    const stands = chance(0.1)
    const connects = !stands && chance(0.1)
    if (stands) words.push('io=stopped', 'sql=stopped')
    if (connects) words.push('io=connecting')
    if (chance(0.1)) words.push('unreachable')
    if (chance(0.05)) words.push('maintenance')
    lines.push(`${'  '.repeat(depth)}s${number} ${words.join(' ')}`)
  }
  return lines.join('\n')
}

for (const name of ['move-up', 'move-below', 'repoint', 'relocate-any-way', 'relocate-replicas', 'move-up-replicas', 'repoint-replicas', 'regroup-replicas-bls', 'regroup-replicas']) {
  test(`every ${name} in ${rounds} random clusters with binlog servers is refused or ends as wished, also when it stops after any step`, () => {
    const seen = { refused: 0, planned: 0, withBinlogServer: 0 }
    for (let seed = 1; seed <= rounds; seed += 1) {
      const text = clusterText(seededRandom(seed))
      const topology = topologyFromText(text)
      const keys = [...topology.instances.keys()]
      const takesTwo = ['move-below', 'repoint', 'relocate-any-way', 'relocate-replicas', 'repoint-replicas'].includes(name)
      for (const instance of keys) {
        for (const target of takesTwo ? keys : [instance]) {
          const { planned, run } = planVerb(name, topology, instance, target)
          if (isRefusal(planned) || run === null) {
            seen.refused += 1
            continue
          }
          seen.planned += 1
          if (planned.concerns.some(key => topology.get(key)?.isBinlogServer === true)) seen.withBinlogServer += 1
          const where = `seed ${seed}: ${name} ${instance} ${target} in\n${text}\n`
          for (const withTraffic of [false, true]) {
            const whole = runPlan(topology, planned, { withTraffic })
            assert.deepEqual(whole.broken, [], where)
            if (whole.stopped !== null) {
              const undone = undoRun(topology, whole, planned.steps)
              assert.deepEqual({ broken: undone.broken, stopped: undone.stopped }, { broken: [], stopped: null }, where)
            } else if (whole.failedParts.size === 0) {
              assert.deepEqual(brokenWhenInterrupted(topology, run, withTraffic), [], where)
            }
          }
        }
      }
    }
    assert.ok(seen.withBinlogServer > 5 && (seen.refused > 5 || !takesAny.has(name)), JSON.stringify(seen))
  })
}

/** What cannot be refused often: there is always somebody to regroup, or nobody. */
const takesAny: ReadonlySet<string> = new Set(['move-up', 'move-below', 'repoint', 'relocate-any-way', 'regroup-replicas-bls'])
