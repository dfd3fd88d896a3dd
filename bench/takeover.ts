/**
 * How long nobody takes writes during graceful-master-takeover-auto, as a client sees it that writes row after row.
 * `node bench/takeover.ts [rounds]`. One cluster; the takeovers go back and forth.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Lab } from '../test/harness/lab/lab.ts'
import { Writer } from '../test/harness/lab/writer.ts'
import { Sandbox } from '../test/harness/sandbox/sandbox.ts'
import { median, quantile } from './figures.ts'

const rounds = Number(process.argv[2] ?? 10)
await using sandbox = await Sandbox.fourServers()
await using lab = await Lab.start(sandbox)
await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers, 0)
const gaps: number[] = []
const whole: number[] = []
for (let index = 0; index < rounds; index += 1) {
  await sleep(2000)
  const [from, to] = index % 2 === 0 ? ['primary', 'replica-1'] : ['replica-1', 'primary']
  const begun = performance.now()
  const taken = await lab.recoveries.gracefulTakeover(lab.instance(from).clusterName, { designated: lab.key(to), auto: true, by: 'bench' })
  if (!taken.ok) throw new Error(taken.failure.text)
  whole.push(performance.now() - begun)
  await lab.until('rows are written again', () => (writer.acknowledged.at(-1)?.at ?? 0) > begun + (whole.at(-1) ?? 0) && writer.acknowledged.at(-1)?.server === to)
  gaps.push(writer.gap(begun))
  console.log(`round ${index + 1}: write gap ${gaps.at(-1)?.toFixed(0)} ms, whole takeover ${whole.at(-1)?.toFixed(0)} ms${taken.value.errors.length > 0 ? `, ${taken.value.errors.join('; ')}` : ''}`)
}
await writer.stop()
let lost = 0
for (const server of sandbox.servers) {
  for (const other of sandbox.servers) if (other !== server && !lab.instance(server.name).readOnly) await sandbox.untilCaughtUp(other.name, server.name)
}
for (const server of sandbox.servers) lost = Math.max(lost, await writer.missingOn(server))
console.log(`write gap      median ${median(gaps).toFixed(0)}  p99 ${quantile(gaps, 0.99).toFixed(0)} ms (${rounds} rounds)`)
console.log(`whole takeover median ${median(whole).toFixed(0)}  p99 ${quantile(whole, 0.99).toFixed(0)} ms`)
console.log(`acknowledged rows missing anywhere: ${lost} of ${writer.acknowledged.length}`)
