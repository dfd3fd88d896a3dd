/**
 * The main job on this machine, with real servers: a primary, two replicas, a replica below one of them, and Orchestrator watching them.
 * `npm run demo` prints the page's address and stays until Ctrl-C; `npm run demo -- --drill` kills an intermediate source, takes over
 * and back, and kills the primary, under a writer, and prints what happened.
 */
import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { rehearseIntermediate, rehearseTakeover, settle } from './demo/acts.ts'
import { carryOutDrill } from './demo/drill.ts'
import { startService } from './demo/service.ts'
import { demoShape, startTopology } from './demo/topology.ts'

const known = new Set(['--drill'])
const unknown = process.argv.slice(2).filter(word => !known.has(word))
if (unknown.length > 0) {
  console.error(`unknown option: ${unknown.join(' ')}. Options: --drill`)
  process.exit(2)
}
const isDrill = process.argv.includes('--drill')

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())

const began = performance.now()
const say = (line: string): void => console.log(`[${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s] ${line}`)

async function demo(): Promise<number> {
  say('building Orchestrator …')
  if (spawnSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) {
    say('the build failed; its messages stand above')
    return 1
  }
  if (stopping.signal.aborted) return 130
  say('starting four MySQL servers (the first run fetches them) …')
  await using sandbox = await startTopology(say)
  if (stopping.signal.aborted) return 130
  await using service = await startService(sandbox, say)
  say(`all four servers are discovered: open ${service.address}/web/clusters`)
  if (isDrill) {
    const stage = { sandbox, service, say, signal: stopping.signal }
    const settled = (): Promise<boolean> => settle(stage, demoShape, 'db140')
    const isWell = (await rehearseIntermediate(stage, 'db141', ['db143'], 'db140')) && (await settled()) && (await rehearseTakeover(stage, 'db140')) && (await settled())
    return stopping.signal.aborted ? 130 : (await carryOutDrill(sandbox, service, say, stopping.signal))?.isExcused === true && isWell ? 0 : 1
  }
  say('drag a replica onto another server; or kill the primary:')
  say(`  kill -9 ${sandbox.server('db140').pid}    # db140, the primary`)
  say('Ctrl-C ends everything and leaves nothing running.')
  while (!stopping.signal.aborted && service.isRunning) await sleep(200)
  if (!stopping.signal.aborted) say(`Orchestrator ended by itself; its log: ${service.logTail()}`)
  say('stopping …')
  return stopping.signal.aborted ? 0 : 1
}

process.exitCode = await demo()
