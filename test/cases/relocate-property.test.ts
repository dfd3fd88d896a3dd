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
import { topologyFromText } from '../harness/notation/topology-text.ts'

const rounds = 120

/** A random cluster: a tree of up to 9 servers whose replicas lag, stand, fail, delay, purge, replicate by position, or are MariaDB all together. */
function randomText(random: () => number): string {
  const [chance, below] = [(share: number): boolean => random() < share, (count: number): number => Math.floor(random() * count)]
  const isMariadb = chance(0.2)
  const lines = [`s1${isMariadb ? ' mariadb=0-1-100' : chance(0.1) ? ' purged=A:1-60' : ''}`]
  const depths = [0]
  for (let number = 2; number <= 3 + below(7); number += 1) {
    const depth = 1 + below(Math.min(3, Math.max(...depths.slice(-1)) + 1))
    depths.push(depth)
    const words: string[] = []
    const executed = 40 + below(61)
    if (isMariadb) words.push(`mariadb=0-1-${executed}`, `read=${1000 + executed}`, `exec=${1000 + (chance(0.5) ? executed : 0)}`)
    else words.push(`gtid=A:1-${executed}${chance(0.15) ? `,${String.fromCodePoint(64 + number)}:1` : ''}`, `received=A:${20 + below(20)}-${executed + below(101 - executed)}`)
    if (chance(0.15)) words.push('io=stopped')
    else if (chance(0.1)) words.push('io=connecting')
    if (chance(0.2)) words.push('sql=stopped')
    if (!isMariadb && chance(0.2)) words.push('by=position')
    if (!isMariadb && chance(0.15)) words.push(`purged=A:1-${1 + below(executed)}`)
    if (chance(0.1)) words.push('delay=3600')
    if (chance(0.05)) words.push('unreachable')
    if (chance(0.05)) words.push('no-log-updates')
    lines.push(`${'  '.repeat(depth)}s${number} ${words.join(' ')}`)
  }
  return lines.join('\n')
}

function pairs(topology: Topology): readonly (readonly [InstanceKey, InstanceKey])[] {
  const keys = [...topology.instances.keys()]
  return keys.flatMap(replica => keys.map(target => [replica, target] as const))
}

test(`every relocation in ${rounds} random clusters is refused, or ends as wished with nothing lost, also when it stops after any step`, () => {
  const seen = { refused: 0, planned: 0, ended: 0, stoppedByItself: 0 }
  for (let seed = 1; seed <= rounds; seed += 1) {
    const text = randomText(seededRandom(seed))
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
          const undone = undoRun(topology, whole)
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
    const topology = topologyFromText(randomText(seededRandom(seed)))
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
