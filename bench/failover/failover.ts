/**
 * How long a cluster is without what it needs after a failure, as its clients see it, and what is lost: the built program with default settings in front of
 * real servers, each on a host of its own.
 * `npm run bench:failover -- --variant kill --rounds 30 [--semi-sync] [--report FILE]`, or `--all` for every variant, with and without a semi-sync policy.
 * `--minutes N`: a variant that takes more than its share of the time gets fewer rounds. Needs root for network namespaces.
 * Ends with status 1 when anything went otherwise than it must.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { whyNoNetwork } from '../../test/harness/network/network.ts'
import { type Run, reportTable, roundLine } from './report.ts'
import { measure } from './measure.ts'
import { variants } from './variants.ts'

const insideVariable = 'ORCHESTRATOR_BENCH_INSIDE'
const { values } = parseArgs({
  options: {
    variant: { type: 'string' }, all: { type: 'boolean', default: false }, 'semi-sync': { type: 'boolean', default: false },
    rounds: { type: 'string', default: '30' }, minutes: { type: 'string', default: '600' },
    report: { type: 'string', default: join(tmpdir(), 'failover-report.json') },
  },
})

function end(message: string): never {
  console.error(message)
  process.exit(2)
}

const rounds = Number(values.rounds)
if (!(Number.isInteger(rounds) && rounds > 0)) end(`--rounds: ${values.rounds} is not a whole number above 0`)
const minutes = Number(values.minutes)
if (!(minutes > 0)) end(`--minutes: ${values.minutes} is not a number above 0`)
if (values.all === (values.variant !== undefined)) end('give either --variant NAME or --all')
const names = values.all ? Object.keys(variants) : (values.variant ?? '').split(',')
for (const name of names) if (variants[name] === undefined) end(`--variant: there is no ${name}; there are: ${Object.keys(variants).join(', ')}`)
if (!existsSync(join(import.meta.dirname, '..', '..', 'dist'))) end('the program is not built: npm run build')
const why = await whyNoNetwork()
if (why !== null) end(why)

// This process is a host of the network itself, and so needs a network of its own.
if (process.env[insideVariable] === undefined) {
  const env = { ...process.env, [insideVariable]: '1' }
  const { status } = spawnSync('unshare', ['--net', process.execPath, ...process.argv.slice(1)], { stdio: 'inherit', env })
  process.exit(status ?? 1)
}

const logFile = `${values.report}.log`
rmSync(logFile, { force: true })
const runs: Run[] = []
const began = performance.now()
const modes = values.all ? [false, true] : [values['semi-sync']]
for (const [place, semiSync] of modes.entries()) {
  const millis = (began + minutes * 60_000 - performance.now()) / (modes.length - place)
  for await (const { variant, round, index, seconds } of measure({ names, rounds, semiSync, logFile, millis })) {
    let run = runs.find(one => one.variant === variant && one.semiSync === semiSync)
    if (run === undefined) runs.push(run = { variant, semiSync, rounds: [] })
    run.rounds.push(round)
    writeFileSync(values.report, JSON.stringify({ at: new Date().toISOString(), runs }, null, 2))
    console.log(`${roundLine(variant, semiSync, index, round)}  (${seconds.toFixed(1)} s)`)
  }
}
console.log(`\n${reportTable(runs)}\n\n${((performance.now() - began) / 1000).toFixed(0)} s; every round: ${values.report}; the manager's log: ${logFile}`)
process.exit(runs.every(run => run.rounds.length > 0 && run.rounds.every(({ wrong }) => wrong.length === 0)) ? 0 : 1)
