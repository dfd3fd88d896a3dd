/**
 * How long nobody leads, and nothing can be changed, when one of three managers fails; and what they cost: the built program with default settings, each manager on
 * a host of its own. `npm run build && npm run bench:managers -- --rounds 20 [--only kill,isolate,…] [--report FILE]`. Needs root: network namespaces and mounts.
 * Ends with status 1 when anything went otherwise than it must.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { whyNoNetwork } from '../../test/harness/network/network.ts'
import { machine, median, quantile, table } from '../figures.ts'
import { blows, type BlowRound } from './blows.ts'
import { commits, idle, longLog } from './costs.ts'
import { Group } from './group.ts'
import { sharedStore } from './shared-store.ts'

const insideVariable = 'ORCHESTRATOR_BENCH_INSIDE'
const costs = { idle, commits, 'long-log': longLog } as const
const all = [...Object.keys(blows), ...Object.keys(costs), 'shared']
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, only: { type: 'string' }, report: { type: 'string', default: join(tmpdir(), 'managers-report.json') } },
})

function end(message: string): never {
  console.error(message)
  process.exit(2)
}

const rounds = Number(values.rounds)
if (!(Number.isInteger(rounds) && rounds > 0)) end(`--rounds: ${values.rounds} is not a whole number above 0`)
const names = values.only?.split(',') ?? all
for (const name of names) if (!all.includes(name)) end(`--only: there is no ${name}; there are: ${all.join(', ')}`)
if (!existsSync(join(import.meta.dirname, '..', '..', 'dist'))) end('the program is not built: npm run build')
const why = await whyNoNetwork()
if (why !== null) end(why)

// This process is a host of the network itself, and so needs a network of its own; and what it mounts is nobody else's.
if (process.env[insideVariable] === undefined) {
  const { status } = spawnSync('unshare', ['--net', '--mount', process.execPath, ...process.argv.slice(1)], { stdio: 'inherit', env: { ...process.env, [insideVariable]: '1' } })
  process.exit(status ?? 1)
}
spawnSync('ip', ['link', 'set', 'lo', 'up'])

const report: { readonly at: string; readonly blows: Record<string, BlowRound[]>; readonly lines: string[]; readonly wrong: string[] } = { at: new Date().toISOString(), blows: {}, lines: [], wrong: [] }
const keep = (): void => writeFileSync(values.report, JSON.stringify(report, null, 2))
const whole = (figures: Readonly<Record<string, number>>): string => Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(0)}`).join('  ')

if (names.some(name => name in blows || name in costs)) {
  await using group = await Group.start()
  for (const [name, { blow }] of Object.entries(blows)) {
    if (!names.includes(name)) continue
    const done: BlowRound[] = report.blows[name] = []
    for (let round = 1; round <= rounds; round += 1) {
      const leader = await group.settled()
      await using watch = group.watch()
      await watch.nextLeader(watch.now)
      const result: BlowRound = await blow(group, leader, watch)
      done.push(result)
      report.wrong.push(...result.wrong.map(what => `${name} ${round}: ${what}; ${watch.story}`))
      console.log(`${name} ${round}: ${whole(result.figures)}${result.wrong.length > 0 ? `  WRONG: ${result.wrong.join('; ')}` : ''}`)
      keep()
    }
  }
  for (const [name, cost] of Object.entries(costs)) {
    if (!names.includes(name)) continue
    for (const line of await cost(group)) {
      report.lines.push(line)
      console.log(line)
    }
    keep()
  }
}

const rows: (readonly string[])[] = []
const addRow = (says: string, figure: string, numbers: readonly number[]): void => {
  rows.push([`${says}: ${figure}`, String(numbers.length), ...[median(numbers), quantile(numbers, 0.99), Math.max(...numbers)].map(value => value.toFixed(0))])
}
for (const [name, done] of Object.entries(report.blows)) {
  for (const figure of Object.keys(done[0]?.figures ?? {})) addRow(blows[name]?.says ?? name, figure, done.map(({ figures }) => figures[figure] ?? Number.NaN))
}
if (names.includes('shared')) {
  const { leads, writes, wrong } = await sharedStore(rounds, line => console.log(line))
  report.wrong.push(...wrong)
  addRow('one MySQL behind three, the active one killed', 'another leads', leads)
  addRow('one MySQL behind three, the active one killed', 'first write accepted', writes)
}
keep()
console.log(`\nMilliseconds; ${machine()}\n\n${table(['', 'rounds', 'median', 'p99', 'longest'], rows)}\n${report.lines.map(line => `\n${line}`).join('')}`)
for (const what of report.wrong) console.log(`WRONG ${what}`)
process.exit(report.wrong.length === 0 ? 0 : 1)
