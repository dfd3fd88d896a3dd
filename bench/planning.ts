// How long planning takes in a fleet: a verdict on every server while a card is dragged, and the plan that relocates all replicas of one source
// (aim: under 20 ms at 1,000 servers). `npm run bench:planning -- [servers]`
import { defaultRelocatePolicy } from '../src/model/planning/relocate-judgement.ts'
import { planRelocateReplicas } from '../src/model/planning/relocate-replicas.ts'
import { judgeTargets } from '../src/model/planning/targets.ts'
import { caseKey, caseNow } from '../test/harness/notation/attributes.ts'
import { topologyFromText } from '../test/harness/notation/topology-text.ts'

const servers = Number(process.argv[2] ?? 1000)
const clusters = Math.ceil(servers / 20)
const lines = Array.from({ length: clusters }, (_, cluster) => [
  `c${cluster}`, ...Array.from({ length: 19 }, (_, replica) => `${replica % 6 === 5 ? '    ' : '  '}c${cluster}r${replica} gtid=A:1-${50 + replica},B:1-5:7-9:12-40 purged=A:1-3 received=A:40-100`),
]).flat().slice(0, servers)
const topology = topologyFromText(lines.join('\n'))
const planning = { topology, policy: defaultRelocatePolicy, now: caseNow }
const at = (times: readonly number[], share: number): string => `${(times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2)} ms`

/** Rounds by the clock, from the quickest to the slowest; the first ones, in which the code is still being compiled, are left out. */
function timed(act: (round: number) => unknown): string {
  const times: number[] = []
  for (let round = 0; round < 80; round += 1) {
    const began = performance.now()
    act(round)
    if (round >= 20) times.push(performance.now() - began)
  }
  times.sort((left, right) => left - right)
  return `median ${at(times, 0.5)}, p95 ${at(times, 0.95)}, worst ${at(times, 1)}`
}

let possible = 0
const targets = timed(round => {
  const replica = caseKey(`c${round % clusters}r${round % 19}`)
  possible = judgeTargets(topology, [replica], defaultRelocatePolicy, caseNow).filter(({ verdict }) => verdict !== 'refused').length
})
console.log(`${topology.instances.size} servers, verdicts on all as targets of one: ${targets} (${possible} possible in the last round)`)
let moves = 0
const relocated = timed(round => {
  const cluster = round % clusters
  const plan = planRelocateReplicas({ instance: caseKey(`c${cluster}`), target: caseKey(`c${cluster}r0`) }, planning)
  if ('refused' in plan) throw new Error(plan.refused.code)
  moves = plan.moves.length
})
console.log(`relocate-replicas: ${relocated} (${moves} moves)`)
// One source that has nearly all servers below it.
const wide = topologyFromText(['w', ...Array.from({ length: servers - 1 }, (_, replica) => `  r${replica} gtid=A:1-${50 + replica},B:1-5:7-9:12-40 purged=A:1-3 received=A:40-100`)].join('\n'))
const widePlan = timed(() => {
  const plan = planRelocateReplicas({ instance: caseKey('w'), target: caseKey(`r${servers - 2}`), matches: key => /r\d?\d:/.test(key) }, { ...planning, topology: wide })
  if ('refused' in plan) throw new Error(plan.refused.code)
  moves = plan.moves.length
})
console.log(`relocate-replicas, 1 source with ${servers - 1} replicas, some by pattern: ${widePlan} (${moves} moves)`)
