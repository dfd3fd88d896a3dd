/**
 * Random faults on real servers under four clients, until the time is over:
 * `npm run soak -- --minutes 60 --seed 7 [--semi-sync] [--only 'primary killed,planned takeover'] [--report FILE.json]`.
 * `--proxied`: with fault proxies before the servers, and the faults that need them. The same seed gives the same faults in
 * the same order. Ends with status 1 when anything went otherwise than it must.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { seededRandom } from '../../src/kit/seeded-random.ts'
import { World } from '../harness/cluster/world.ts'
import { whyNoNetwork } from '../harness/network/network.ts'
import { type Cycle, runCycle } from './cycle.ts'
import { faults } from './faults.ts'
import { reportText } from './report.ts'

/** How long a cluster may take once more to be in order before the next fault. */
const settleMillisMax = 60_000
/** How long replicas may take to execute what has been written so far. */
const catchUpMillisMax = 900_000
const insideVariable = 'ORCHESTRATOR_SOAK_INSIDE'
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' }, only: { type: 'string' }, report: { type: 'string', default: 'soak-report.json' },
    'semi-sync': { type: 'boolean', default: false }, proxied: { type: 'boolean', default: false },
  },
})

function end(message: string): never {
  console.error(message)
  process.exit(2)
}

const minutes = Number(values.minutes)
const seed = Number(values.seed)
if (!(minutes > 0)) end(`--minutes: ${values.minutes} is not a number above 0`)
if (!Number.isInteger(seed)) end(`--seed: ${values.seed} is not a whole number`)
const possible = Object.entries(faults).flatMap(([name, { needsProxy }]) => (needsProxy && !values.proxied ? [] : [name]))
const names = values.only === undefined ? possible : values.only.split(',')
for (const name of names) if (faults[name] === undefined) end(`--only: there is no fault ${name}; there are: ${Object.keys(faults).join(', ')}`)
for (const name of names) if (faults[name]?.needsProxy && !values.proxied) end(`--only: ${name} needs --proxied`)
if (!existsSync(join(import.meta.dirname, '..', '..', 'dist'))) end('the program is not built: npm run build')
const why = await whyNoNetwork()
if (why !== null) end(why)

// This process is a host of the network itself, and so needs a network of its own.
if (process.env[insideVariable] === undefined) {
  const { status } = spawnSync('unshare', ['--net', process.execPath, ...process.argv.slice(1)], { stdio: 'inherit', env: { ...process.env, [insideVariable]: '1' } })
  process.exit(status ?? 1)
}

const random = seededRandom(seed)
const logFile = resolve(`${values.report}.log`)
rmSync(logFile, { force: true })
const cycles: Cycle[] = []
const ends = Date.now() + minutes * 60_000
{
  await using world = await World.start({
    semiSync: values['semi-sync'], logFile, say: console.log, readsPerformanceSchema: true, connectRetrySeconds: 1, millisBetweenRows: 30, proxied: values.proxied,
    configuration: { InstancePollSeconds: 1, RecoveryPeriodBlockSeconds: 1, RecoverNonWriteableMaster: true },
  })
  let stopped = false
  process.once('SIGINT', () => (stopped = true))
  while (Date.now() < ends && !stopped) {
    const name = names[Math.floor(random() * names.length)] ?? ''
    const fault = faults[name]
    if (fault === undefined) break
    // A server made anew executes the whole history first; a takeover to it is rightly refused, and a failover rightly waits for it.
    await world.until('all replicas have caught up', () => world.hasCaughtUp(), catchUpMillisMax)
    const cycle = await runCycle(world, name, fault, random)
    cycles.push(cycle)
    writeFileSync(values.report, JSON.stringify({ seed, semiSync: values['semi-sync'], cycles }, null, 2))
    const { primary, successor, writableMillis, gapMillis, lost, dualCommitMillis, orderMillis, byHand, wrong } = cycle
    console.log(`${String(cycles.length).padStart(4)} ${name.padEnd(34)} ${primary} → ${successor}  writable ${writableMillis?.toFixed(0) ?? '-'}  gap ${gapMillis.toFixed(0)}  `
      + `order ${orderMillis.toFixed(0)} ms  lost ${lost}  two ${dualCommitMillis.toFixed(0)}${byHand.length > 0 ? `  by hand: ${byHand.join('; ')}` : ''}${wrong.length > 0 ? `  WRONG: ${wrong.join('; ')}` : ''}`)
    // A cluster that cannot be brought to order says nothing about the next fault.
    // It was in order at the end of the cycle; one look that a busy machine leaves without an answer is not disorder.
    const left = await world.disorderAfter(settleMillisMax)
    if (left.length > 0) {
      console.error(`stopped: the cluster is not in order (${left.join('; ')}); the manager's log is ${logFile}`)
      break
    }
  }
}
console.log(`\n${reportText(cycles)}`)
process.exit(cycles.length > 0 && cycles.every(({ wrong }) => wrong.length === 0) ? 0 : 1)
