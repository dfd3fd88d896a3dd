// How long a verdict on every server of a fleet takes while a card is dragged (design: under 20 ms for 1,000 servers). `node bench/targets.ts [servers]`
import { defaultRelocatePolicy } from '../src/model/planning/relocate-judgement.ts'
import { judgeTargets } from '../src/model/planning/targets.ts'
import { caseKey, caseNow } from '../test/harness/notation/attributes.ts'
import { topologyFromText } from '../test/harness/notation/topology-text.ts'

const servers = Number(process.argv[2] ?? 1000)
const clusters = Math.ceil(servers / 20)
const lines = Array.from({ length: clusters }, (_, cluster) => [
  `c${cluster}`, ...Array.from({ length: 19 }, (_, replica) => `${replica % 6 === 5 ? '    ' : '  '}c${cluster}r${replica} gtid=A:1-${50 + replica},B:1-5:7-9:12-40 purged=A:1-3 received=A:40-100`),
]).flat().slice(0, servers)
const topology = topologyFromText(lines.join('\n'))
const times: number[] = []
let possible = 0
for (let round = 0; round < 60; round += 1) {
  const replica = caseKey(`c${round % clusters}r${round % 19}`)
  const began = performance.now()
  possible = judgeTargets(topology, [replica], defaultRelocatePolicy, caseNow).filter(({ verdict }) => verdict !== 'refused').length
  times.push(performance.now() - began)
}
times.sort((left, right) => left - right)
const at = (share: number): string => `${(times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2)} ms`
console.log(`${topology.instances.size} servers: median ${at(0.5)}, p95 ${at(0.95)}, worst ${at(1)} (${possible} possible in the last round)`)
