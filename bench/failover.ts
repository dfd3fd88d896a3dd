/**
 * How long a cluster is without a primary after kill -9, under a writer, and how many acknowledged rows are lost.
 * `node bench/failover.ts [rounds]`, for InstancePollSeconds 1 and 5. Each round: four fresh servers (primary, two replicas, one below), the engine of a
 * manager, one client that writes row after row and looks for a writable server as soon as it is cut off.
 * `--semi-sync`: under DurabilityPolicy semi-sync, where every write waits for one of two replicas and none may be lost.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Lab } from '../test/harness/lab/lab.ts'
import { Writer } from '../test/harness/lab/writer.ts'
import { Sandbox } from '../test/harness/sandbox/sandbox.ts'
import { median, quantile } from './figures.ts'

interface Round {
  readonly noticed: number
  readonly writable: number
  readonly acknowledged: number
  readonly following: number
  readonly lost: number
}

const isSemiSync = process.argv.includes('--semi-sync')
const semiSync = [
  '--plugin-load-add=semisync_source.so', '--plugin-load-add=semisync_replica.so', '--rpl-semi-sync-replica-enabled=ON', '--rpl-semi-sync-source-timeout=4294967295',
]

async function round(pollSeconds: number): Promise<Round> {
  await using sandbox = await Sandbox.fourServers(isSemiSync ? { options: semiSync } : {})
  if (isSemiSync) await sandbox.server('primary').sql('SET GLOBAL rpl_semi_sync_source_enabled = 1')
  await using lab = await Lab.start(sandbox, { pollSeconds, ...(isSemiSync ? { recovery: { durability: { '*': 'semi-sync' } } } : {}) })
  if (isSemiSync) await lab.until('the primary counts its replicas', () => lab.instance('primary').semiSync?.clients === 2)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers, 0)
  // Anywhere in the interval.
  await sleep(1500 + Math.random() * pollSeconds * 1000)
  const from = lab.events.length
  const killedAt = performance.now()
  await sandbox.server('primary').kill()
  const recovery = await lab.recoveryOf('primary')
  await lab.until('rows are written again', () => writer.acknowledged.some(({ server }) => server !== 'primary'))
  await writer.stop()
  const successor = lab.nameOf(recovery.successor)
  const since = (matches: (stage: string, message: string, outcome: string) => boolean): number => {
    const found = lab.events.slice(from).filter(({ event }) => event.event === 'step' && matches(event.step.stage, event.step.message, event.step.outcome)).at(-1)
    if (found === undefined) throw new Error('a step is missing from the story')
    return found.at - killedAt
  }
  const first = writer.acknowledged.find(({ server }) => server !== 'primary')
  return {
    noticed: (lab.events.slice(from).find(({ event }) => event.event === 'detection')?.at ?? NaN) - killedAt,
    writable: since((stage, message, outcome) => stage === 'promote' && outcome === 'done' && message === 'set read_only=0'),
    acknowledged: (first?.at ?? NaN) - killedAt,
    following: since((stage, message, outcome) => stage === 'repoint' && outcome === 'done' && message.startsWith('start')),
    lost: await writer.missingOn(sandbox.server(successor)),
  }
}

const rounds = Number(process.argv.slice(2).find(word => !word.startsWith('--')) ?? 10)
for (const pollSeconds of [1, 5]) {
  const results: Round[] = []
  for (let index = 0; index < rounds; index += 1) {
    const result = await round(pollSeconds)
    results.push(result)
    console.log(`poll ${pollSeconds} s, round ${index + 1}: ${Object.entries(result).map(([name, value]) => `${name} ${Number(value).toFixed(0)}`).join(', ')}`)
  }
  for (const name of ['noticed', 'writable', 'acknowledged', 'following', 'lost'] as const) {
    const values = results.map(result => result[name])
    console.log(`InstancePollSeconds ${pollSeconds}: ${name.padEnd(13)} median ${median(values).toFixed(0)}  p99 ${quantile(values, 0.99).toFixed(0)}  (${rounds} rounds${name === 'lost' ? ', rows' : ', ms after kill -9'})`)
  }
}
