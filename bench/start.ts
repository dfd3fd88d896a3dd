import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../test/harness/recorded/free-port.ts'
import { machine, median, table } from './figures.ts'
import { processCost } from './process-cost.ts'
import { Program } from './program.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' }, idle: { type: 'string', default: '60' } } })
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}: a whole number of at least 1 is needed`)
const idleSeconds = Number(values.idle)
if (!(idleSeconds >= 0)) throw new Error(`--idle ${values.idle}: seconds are needed`)

const bin = (name: string): string => new URL(`../bin/${name}`, import.meta.url).pathname

/** From the start of a process to its end. */
async function ended(command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<number> {
  const began = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...environment } })
  const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve))
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`)
  return performance.now() - began
}

const figures = new Map<string, number[]>()
const note = (what: string, milliseconds: number): void => void figures.set(what, [...(figures.get(what) ?? []), milliseconds])

let resident = Number.NaN
for (let round = 0; round < rounds; round += 1) {
  const port = await freePort('127.0.0.1')
  await using program = await Program.start({ port, configuration: { RecoverMasterClusterFilters: ['*'] } })
  note('service, new database: first answer over HTTP', program.firstAnswerMillis)
  const configuration = join(program.folder, 'orchestrator.conf.json')
  note('orchestrator -version', await ended(bin('orchestrator'), ['-version']))
  note('orchestrator -c clusters, on the database beside the service', await ended(bin('orchestrator'), ['--config', configuration, '-c', 'clusters']))
  note('orchestrator -c clusters --api', await ended(bin('orchestrator'), ['-c', 'clusters', '--api', `${program.address}/api`]))
  note('orchestrator-client -c clusters', await ended(bin('orchestrator-client'), ['-c', 'clusters'], { ORCHESTRATOR_API: `${program.address}/api` }))
  if (round === rounds - 1) {
    await sleep(idleSeconds * 1000)
    resident = processCost(program.pid).residentMegabytes
  }
}

console.log(machine())
console.log(table(['start', 'median, ms', 'longest, ms'], [...figures].map(([what, all]) => [what, median(all).toFixed(0), Math.max(...all).toFixed(0)])))
console.log(`resident memory of a service without servers after ${idleSeconds} s: ${resident.toFixed(0)} MB`)
