import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runProgram } from '../harness/recorded/program.ts'
import { golden } from '../harness/recorded/recorded-topology.ts'
import { commandRecordings, ofProgram, ofServers } from '../harness/walk/command-walks.ts'
import { RecordedServers } from '../harness/walk/recorded-servers.ts'

let servers: RecordedServers

before(async () => {
  servers = await RecordedServers.start()
}, { timeout: 200_000 })

after(() => servers?.[Symbol.asyncDispose]())

/** The last sentence of what was logged, without time and level; the original nests some (contract cli.md 1.3). */
const sentence = (stderr: string): string => (stderr.trim().split('\n').at(-1) ?? '').replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]+ )+/, '')
const asked = new Set<string>()

const restored = async (): Promise<void> => {
  await servers.reset()
  // What was seen is written into the database behind.
  await sleep(3000)
}

/** What varies from run to run: which of two that stand equal is chosen, names and positions of logs, server uuids. */
const others: Readonly<Record<string, { readonly stdout?: RegExp }>> = {
  'regroup-replicas': { stdout: /^(127\.0\.0\.1:33\d\d)\n\1 lost: 0, trivial: 0, pseudo-gtid: 1\n$/ }, 'regroup-replicas-gtid': { stdout: /^(127\.0\.0\.1:33\d\d)\n\1 lost: 0, moved: 1\n$/ },
  'graceful-master-takeover': { stdout: /^127\.0\.0\.1:3309\nbinlog\.\d{6}:\d+\n$/ }, 'graceful-master-takeover-auto': { stdout: /^127\.0\.0\.1:3308\nbinlog\.\d{6}:\d+\n$/ },
  'which-gtid-errant-some': { stdout: /^[0-9a-f-]{36}:1-2\n$/ }, 'locate-gtid-errant-some': { stdout: /^binlog\.\d{6}\n$/ },
  'last-executed-relay-entry': { stdout: /^\{Coordinates:\S+:\d+ NextEventPos:\d+ EventType:\w+ Info:[^\n]*\}:\d+\n$/ },
}

/** Where much else runs, a server may not answer in time, which is said and nothing is done: then it is asked again. */
async function answered(args: readonly string[]): Promise<ReturnType<RecordedServers['command']>> {
  for (let tries = 0; ; tries += 1) {
    const ended = servers.command(args)
    if (ended.status === 0 || tries === 6 || !/does not answer us for|did not finish the login in time/.test(ended.stderr)) return ended
    await sleep(5000)
  }
}

/** Answers what differs. */
async function walk(steps: readonly (string | (() => Promise<unknown>))[]): Promise<Readonly<Record<string, string>>> {
  const different: Record<string, string> = {}
  for (const step of steps) {
    if (typeof step !== 'string') {
      await step()
      continue
    }
    const recording = commandRecordings[step]
    assert.ok(recording, step)
    asked.add(step)
    const { stdout, stderr, status } = await answered(recording.args)
    const [out, says, other] = [golden(`cli/${recording.stdout}`), recording.stderr === undefined ? '' : sentence(golden(`cli/${recording.stderr}`)), others[step]]
    if (status !== recording.exit) different[step] = `status ${status} for ${recording.exit}: ${stderr}`
    else if (other?.stdout === undefined ? stdout !== out : !other.stdout.test(stdout)) different[step] = `${JSON.stringify(stdout)} for ${JSON.stringify(out)}: ${sentence(stderr)}`
    else if (status !== 0 && sentence(stderr) !== says) different[step] = `${sentence(stderr)} for ${says}`
  }
  return different
}

const same = async (...steps: Parameters<typeof walk>[0]): Promise<void> => assert.deepEqual(await walk(steps), {})

test('as recorded: replicas are moved by commands', { timeout: 400_000 }, () => same(
  'discover', 'discover-unreachable', 'relocate', 'relocate-illegal', 'relocate-s', 'relocate-replicas', 'relocate-slaves',
  'take-siblings', restored, 'move-below', 'move-up', 'move-up-replicas', restored, 'move-gtid', 'move-replicas-gtid', restored,
  'repoint', 'repoint-replicas', 'regroup-replicas', restored, 'regroup-replicas-gtid', restored,
))

test('as recorded: replication is stopped, started and changed by commands', { timeout: 400_000 }, () => same(
  'stop-slave', 'is-replication-stopped', 'start-slave', 'start-replica', 'restart-replica', 'restart-slave-statements', 'stop-slave-master', 'set-read-only', 'set-writeable', 'skip-query', 'enable-gtid',
  'flush-binary-logs', 'detach-replica', 'reattach-replica', 'locate-gtid-errant', 'correlate-binlog-pos', 'last-executed-relay-entry', restored,
  async () => {
    for (const name of ['errant_one', 'errant_two']) await servers.server(3310).sql(`CREATE DATABASE ${name}`)
    await servers.untilSeen(3310, ({ GtidErrant }) => GtidErrant !== '')()
  },
  'which-gtid-errant-some', 'locate-gtid-errant-some', 'replication-analysis-errant', () => servers.do('/api/gtid-errant-reset-master/127.0.0.1/3310'),
))

test('as recorded: a primary is replaced by commands, and dies', { timeout: 400_000 }, () => same(
  restored, 'recover-healthy', 'graceful-nodest', 'graceful-master-takeover', () => servers.do('/api/start-replica/127.0.0.1/3308'),
  servers.untilSeen(3308, ({ ReplicationIOThreadState: receiver }) => receiver === 1), 'graceful-master-takeover-auto', () => servers.beginAgain(),
  () => servers.do('/api/disable-global-recoveries'), () => servers.server(3308).kill(), servers.untilAnalysed(3308, /^DeadMaster$/), () => sleep(3000), 'replication-analysis-dead', 'topology-dead',
  () => servers.do('/api/enable-global-recoveries'), servers.untilSeen(3310, ({ MasterKey }) => MasterKey.Port === 3309), servers.untilSeen(3311, ({ ReplicationDepth }) => ReplicationDepth === 1), () => sleep(3000), 'topology-after-failover',
))

test('each command that needs servers was compared', () => assert.deepEqual(ofServers.filter(name => !asked.has(name)), []))

/** Those of `wanted` that are not among `found` in their order; what stands in <> is ours. */
function missingLines(wanted: string, found: string): readonly string[] {
  const left = found.split('\n')
  return wanted.split('\n').filter(line => {
    const start = line.replace(/<[^>]*>.*$/, '').replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d FATAL /, '')
    const at = left.findIndex(ours => ours.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d FATAL /, '').startsWith(start))
    left.splice(0, at + 1)
    return at < 0
  })
}

test('what is before any command, and about the program, ends as recorded and says it where it was said', () => {
  const different: Record<string, unknown> = {}
  for (const [name, how] of Object.entries(ofProgram)) {
    const recording = commandRecordings[name]
    assert.ok(recording, name)
    const { stdout, stderr, status } = runProgram([...(recording.args.some(word => word.startsWith('--config')) ? [] : ['--config', servers.configuration]), ...recording.args])
    const [out, says] = [golden(`cli/${recording.stdout}`), recording.stderr === undefined ? '' : golden(`cli/${recording.stderr}`)]
    if (status !== recording.exit) different[name] = `status ${status} for ${recording.exit}: ${stderr}`
    else if ((stdout === '') !== (out === '') || (stderr === '') !== (says === '')) different[name] = `said elsewhere: ${stdout.slice(0, 200)} | ${stderr.slice(0, 200)}`
    else if (how === 'whole' && stdout !== out) different[name] = stdout
    else if (how === 'last' && sentence(stderr) !== sentence(says)) different[name] = stderr
    else if (how === 'keys') {
      const [wanted, ours] = [JSON.parse(out), JSON.parse(stdout)] as readonly Readonly<Record<string, unknown>>[]
      const kind = (value: unknown): string => (value === null || Array.isArray(value) ? 'list' : typeof value)
      const lacking = Object.keys(wanted ?? {}).filter(key => kind(wanted?.[key]) !== kind(ours?.[key]))
      if (lacking.length > 0) different[name] = lacking
    } else if (how === 'lines') {
      const missing = [...missingLines(out, stdout), ...missingLines(says, stderr)]
      if (missing.length > 0) different[name] = missing
    }
  }
  assert.deepEqual(different, {})
})

