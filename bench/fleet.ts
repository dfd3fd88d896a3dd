/** `npm run bench:fleet -- --servers 1000 --seconds 60`: the program polls a fleet of fake servers; what it keeps up with, and what it costs. See README.md. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { FleetProcessReport } from '../test/harness/fleet/fleet-process.ts'
import { RemoteFleet } from '../test/harness/fleet/remote-fleet.ts'
import { loopbackPlace } from '../test/harness/fleet/topology.ts'
import { machine, median, table } from './figures.ts'
import { processCost } from './process-cost.ts'
import { Program } from './program.ts'

const { values: options } = parseArgs({
  options: {
    servers: { type: 'string', default: '1000' },
    /** Of each measured stretch. */
    seconds: { type: 'string', default: '60' },
    poll: { type: 'string', default: '1' },
    'cluster-size': { type: 'string', default: '10' },
    /** Transactions per second of each cluster, so that GTID sets and positions move. */
    writes: { type: 'string', default: '5' },
    /** Milliseconds before each answer of a fake server. */
    delay: { type: 'string', default: '0' },
    /** Share of servers that accept and never answer, in a stretch of its own at the end. */
    hanging: { type: 'string', default: '0' },
    refusing: { type: 'string', default: '0' },
    /** SELECT on performance_schema too. */
    'more-grants': { type: 'boolean', default: false },
    port: { type: 'string', default: '27100' },
    /** Runs the sources as they are, not what was built last. */
    source: { type: 'boolean', default: false },
    /** A folder for CPU profiles of the program. */
    profile: { type: 'string' },
  },
})
const [servers, seconds, pollSeconds, clusterSize] = [options.servers, options.seconds, options.poll, options['cluster-size']].map(Number) as [number, number, number, number]
const discoverMillisMax = 120_000
const settleMillis = 5_000
const requestsPerRoute = 20
const routes = (host: string): Readonly<Record<string, string>> => ({
  'all-instances': '/api/all-instances', cluster: `/api/cluster/${host}:3306`, instance: `/api/instance/${host}/3306`, 'clusters-info': '/api/clusters-info',
  'replication-analysis': '/api/replication-analysis',
})

await using fleet = await RemoteFleet.start({
  servers, clusterSize, writesPerSecond: Number(options.writes), grants: options['more-grants'] ? 'more' : 'original', delayMilliseconds: Number(options.delay),
})
const began = performance.now()
await using program = await Program.start({
  port: Number(options.port), profileFolder: options.profile, fromSource: options.source,
  configuration: {
    MySQLTopologyUser: 'orchestrator', MySQLTopologyPassword: 'any', InstancePollSeconds: pollSeconds, DiscoverySeeds: fleet.seeds, DiscoverByShowSlaveHosts: true,
    HostnameResolveMethod: 'none',
  },
})
console.log(`${servers} servers in ${fleet.seeds.length} clusters, one seed each, a poll every ${pollSeconds} s, ${options.writes} transactions/s per cluster; ${machine()}`)
console.log(`first answer after ${program.firstAnswerMillis.toFixed(0)} ms`)
await untilDiscovered()
await sleep(settleMillis)

const rows = [await stretch('polls alone')]
const [readRow, answers] = await Promise.all([stretch('while read routes are asked'), ask()])
rows.push(readRow)
for (const [name, behaviour] of [['hanging', 'hang'], ['refusing', 'refuse']] as const) {
  const share = Number(options[name])
  if (share === 0) continue
  const changed = await fleet.behave(share, behaviour)
  await sleep(settleMillis)
  rows.push(await stretch(`the others, while ${changed} servers ${behaviour}`))
  await fleet.behave(share, 'answer')
  await sleep(settleMillis)
}
console.log(`\n${table(['', 'polls/s', 'readings for evidence/s', 'interval median', 'p99', 'longest, ms', 'CPU s per 1,000 polls', 'CPU, % of a core', 'RSS, MiB', 'to files per poll, bytes', 'to disk per poll, bytes', 'fleet, CPU s per 1,000 polls'], rows)}`)
console.log(`\n${table(['route', `median of ${requestsPerRoute}, ms`, 'slowest, ms', 'kB'], answers)}`)

const { unknown, unknownTexts, overlaps, broken } = await fleet.report()
if (unknown + broken > 0) throw new Error(`${unknown} statements were unknown to the fleet, ${broken} connections broken: ${unknownTexts.join(' | ')}`)
if (overlaps > 0) console.log(`${overlaps} commands came before the one before was answered`)
process.exitCode = 0

async function untilDiscovered(): Promise<void> {
  let polledMillis = Number.NaN
  while (performance.now() - began < discoverMillisMax) {
    const { polledServers } = await fleet.report()
    if (polledServers === servers && Number.isNaN(polledMillis)) polledMillis = performance.now() - began
    if (!Number.isNaN(polledMillis)) {
      const known: { IsLastCheckValid: boolean }[] = JSON.parse((await program.timed('/api/all-instances')).body)
      if (known.filter(instance => instance.IsLastCheckValid).length === servers) {
        return console.log(`all polled after ${(polledMillis / 1000).toFixed(2)} s, all shown as valid after ${((performance.now() - began) / 1000).toFixed(2)} s, from the start of the program`)
      }
    }
    await sleep(20)
  }
  const { polledServers } = await fleet.report()
  throw new Error(`Only ${polledServers} of ${servers} servers were polled within ${discoverMillisMax / 1000} s; the program's log ends with:\n${program.logTail()}`)
}

/** One row: a stretch of time, as the fleet and the kernel saw it. */
async function stretch(says: string): Promise<string[]> {
  await fleet.reset()
  const before = processCost(program.pid)
  const from = performance.now()
  await sleep(seconds * 1000)
  const report: FleetProcessReport = await fleet.report()
  const after = processCost(program.pid)
  const elapsed = (performance.now() - from) / 1000
  const thousands = report.polls / 1000
  const cpu = after.cpuSeconds - before.cpuSeconds
  return [
    says, (report.polls / elapsed).toFixed(0), (report.readings / elapsed).toFixed(0), report.median.toFixed(0), report.p99.toFixed(0), report.max.toFixed(0), (cpu / thousands).toFixed(3),
    ((cpu / elapsed) * 100).toFixed(0), after.residentMegabytes.toFixed(0),
    // What went to the fleet's sockets is no file; its share of the answers over HTTP is left in.
    ((after.writtenAnywhere - before.writtenAnywhere - report.bytesReceived) / report.polls).toFixed(0),
    ((after.writtenToDisk - before.writtenToDisk) / report.polls).toFixed(0), (report.cpuSeconds / thousands).toFixed(3),
  ]
}

/** Asks every route in turn, spread over the stretch. */
async function ask(): Promise<string[][]> {
  const paths = Object.entries(routes(loopbackPlace(0).host))
  const taken = new Map(paths.map(([name]) => [name, [] as number[]]))
  const sizes = new Map<string, number>()
  for (let turn = 0; turn < requestsPerRoute; turn++) {
    for (const [name, path] of paths) {
      const { millis, bytes } = await program.timed(path)
      taken.get(name)?.push(millis)
      sizes.set(name, bytes)
    }
    await sleep((seconds * 1000 * 0.8) / requestsPerRoute)
  }
  return paths.map(([name]) => {
    const millis = taken.get(name) ?? []
    return [name, median(millis).toFixed(1), Math.max(...millis).toFixed(1), ((sizes.get(name) ?? 0) / 1000).toFixed(0)]
  })
}
