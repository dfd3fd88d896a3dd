import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as soon } from 'node:timers/promises'
import { fail, ok, type Result } from '../../kit/result.ts'
import { type AgentCommand, noReport } from '../../model/agents/agent.ts'
import type { Seed, SeedState } from '../../model/agents/seed-record.ts'
import type { AgentRecord, Agents as AgentClient } from '../../ports/agents.ts'
import type { Clock } from '../../ports/clock.ts'
import { Agents } from './agents.ts'
import { Seeds } from './seeds.ts'

const minute = 60_000
const mountPoint = { path: '/mnt', device: '', volumePath: '', fileSystem: '', isMounted: false, diskUsageBytes: 0, mysqlDataPath: '', mysqlDiskUsageBytes: 100 }

/** Two hosts, a memory, and managers on them, one after the other or at once. */
class World {
  now = 1_000_000
  leads = true
  changesNothing = false
  isMounted = false
  copy = { copiedBytes: 100, isCompleted: true, isSucceeded: true }
  readonly told: string[] = []
  readonly audited: string[] = []
  readonly records = new Map<string, AgentRecord>()
  readonly seeds: Seed[] = []
  readonly states: SeedState[] = []
  /** Waits in seconds that are held until released. */
  held: (() => void)[] = []
  holdsWaits = false

  manager(): { readonly agents: Agents; readonly seeds: Seeds } {
    const log = { debug() {}, info() {}, warning() {}, error() {} }
    const clock: Clock = {
      now: () => this.now, monotonic: () => this.now, after: () => () => {},
      sleep: async (milliseconds, signal) => {
        this.now += milliseconds
        if (this.holdsWaits) await new Promise<void>(resolve => { this.held.push(resolve); signal?.addEventListener('abort', () => resolve()) })
      },
    }
    const client: AgentClient = {
      look: ({ host }) => Promise.resolve(ok({
        ...noReport, volumes: [{ name: 's', groupName: 'g', path: '/dev/s', isSnapshot: true, snapshotPercent: 1 }], mountPoint: { ...mountPoint, isMounted: host === 'old' && this.isMounted },
        isMysqlRunning: host === 'old', mysqlPort: 3306, mysqlDiskUsageBytes: 5, dataFolderFreeBytes: 1000,
      })),
      command: ({ host }, command) => Promise.resolve(this.#command(host, command)),
      lookAtCopy: () => Promise.resolve(ok(this.copy)), says: command => command.do,
    }
    const store = {
      agents: {
        list: () => Promise.resolve([...this.records.values()]),
        submit: (agent: { readonly host: string; readonly port: number; readonly token: string }, at: number) => {
          this.records.set(agent.host, { ...agent, submittedAt: at, checkedAt: null, seenAt: null, mysqlPort: null, snapshots: 0 })
          return Promise.resolve()
        },
        noteLook: (host: string, at: number) => {
          const known = this.records.get(host)
          if (known !== undefined) this.records.set(host, { ...known, checkedAt: at })
          return Promise.resolve()
        },
        expire: () => Promise.resolve(0),
      },
      hostAttributes: { list: () => Promise.resolve([]), put: () => Promise.resolve() },
      seeds: {
        begin: (seed: Pick<Seed, 'target' | 'source' | 'startedAt'>) => {
          this.seeds.push({ ...seed, id: this.seeds.length + 1, endedAt: null, isComplete: false, isSuccessful: false })
          return Promise.resolve(this.seeds.length)
        },
        step: (step: Omit<SeedState, 'id'>) => Promise.resolve(this.states.push({ ...step, id: this.states.length + 1 })),
        failStep: (id: number, error: string) => {
          const state = this.states[id - 1]
          if (state !== undefined) this.states[id - 1] = { ...state, error }
          return Promise.resolve()
        },
        end: (id: number, at: number, isSuccessful: boolean) => {
          const seed = this.seeds[id - 1]
          if (seed === undefined || seed.isComplete) return Promise.resolve(false)
          this.seeds[id - 1] = { ...seed, endedAt: at, isComplete: true, isSuccessful }
          return Promise.resolve(true)
        },
        get: (id: number) => Promise.resolve(this.seeds[id - 1] ?? null), open: () => Promise.resolve(this.seeds.filter(({ isComplete }) => !isComplete)),
        recent: () => Promise.resolve(this.seeds.toReversed()), states: (seed: number) => Promise.resolve(this.states.filter(state => state.seed === seed).toReversed()),
      },
    }
    const shared = {
      client, store, clock, log, changesNothing: this.changesNothing, isLeader: () => this.leads, audit: (kind: string, _key: unknown, message: string) => void this.audited.push(`${kind} ${message}`),
      settings: { isServed: true, pollMinutes: 60, forgetHours: 6, staleSeedMinutes: 60, seedHours: 72, waitSecondsBeforeSend: 2, allowedHosts: ['old|new'] },
    }
    const agents = new Agents({ ...shared, discover: () => Promise.resolve() })
    return { agents, seeds: new Seeds({ ...shared, agents }) }
  }

  #command(host: string, command: AgentCommand): Result<string, string> {
    this.told.push(`${host} ${command.do}`)
    if (command.do === 'mount') this.isMounted = true
    if (command.do === 'unmount') {
      if (!this.isMounted) return fail('nothing is mounted')
      this.isMounted = false
    }
    return ok('')
  }
}

async function registered(world: World): Promise<ReturnType<World['manager']>> {
  const manager = world.manager()
  for (const host of ['old', 'new']) assert.deepEqual(await manager.agents.submit(host, '3002', 't'), ok(host))
  return manager
}

async function untilEnded(world: World): Promise<void> {
  for (let turns = 0; turns < 500 && world.seeds.some(({ isComplete }) => !isComplete); turns += 1) await soon()
}

/** The agents copy, and the manager that watches waits for its next look. */
async function copying(world: World): Promise<ReturnType<World['manager']>> {
  const manager = await registered(world)
  world.holdsWaits = true
  assert.deepEqual(await manager.seeds.begin('new', 'old', 'ann'), ok(1))
  for (let turns = 0; turns < 500 && !world.told.includes('old send'); turns += 1) {
    await soon()
    for (const release of world.held.splice(0)) if (!world.told.includes('old send')) release()
  }
  return manager
}

test('what does not look like a host, a port or a token, or is not allowed, is not registered', async () => {
  const { agents } = new World().manager()
  for (const [host, port, token, code] of [
    ['old/../x', '3002', 't', 'agent-host-invalid'], ['old', '0', 't', 'agent-port-invalid'], ['old', '65536', 't', 'agent-port-invalid'], ['old', '3002', 'a\r\nb', 'agent-token-invalid'],
    ['olden', '3002', 't', 'agent-host-not-allowed'],
  ] as const) {
    const refused = await agents.submit(host, port, token)
    assert.equal(refused.ok ? 'taken' : refused.failure.code, code, `${host} ${port}`)
  }
  assert.deepEqual(await agents.list(), [])
})

test('a seed runs to its end, and a host takes part in one at a time', async () => {
  const world = new World()
  const { seeds } = await registered(world)
  assert.deepEqual(await seeds.begin('new', 'old', 'ann'), ok(1))
  const second = await seeds.begin('new', 'old', 'bob')
  assert.equal(second.ok ? '' : second.failure.text, 'new takes part in seed 1 already')
  await untilEnded(world)
  assert.equal(world.seeds[0]?.isSuccessful, true)
  assert.deepEqual(world.told, ['old mount', 'new erase-data', 'new receive', 'old send', 'new post-copy', 'old unmount', 'new start-mysql'])
  assert.ok(world.audited.includes('agent-command new: erase-data') && world.audited.some(line => line.startsWith('agent-seed seed 1: old to new: done')))
})

test('a manager that leads after another one goes on with its copy, and nothing is done twice', async () => {
  const world = new World()
  const first = await copying(world)
  await first.seeds.close()
  world.holdsWaits = false
  const second = world.manager()
  await second.seeds.lookAfter(world.now)
  await untilEnded(world)
  assert.equal(world.seeds[0]?.isSuccessful, true)
  assert.equal(world.told.filter(told => told === 'new erase-data' || told === 'old send').length, 2)
  assert.equal(world.isMounted, false)
})

test('a seed that was aborted stops, both agents are told, and the volume is let go', async () => {
  const world = new World()
  const { seeds } = await copying(world)
  assert.deepEqual(await seeds.abort(1, 'ann'), ok(null))
  assert.deepEqual(world.told.slice(-3), ['new abort', 'old abort', 'old unmount'])
  assert.deepEqual([world.seeds[0]?.isComplete, world.seeds[0]?.isSuccessful, world.states.at(-1)?.error], [true, false, 'Aborted by ann'])
  const again = await seeds.abort(1, 'ann')
  assert.equal(again.ok ? '' : again.failure.code, 'seed-ended')
})

test('whoever does not lead drives nothing on, a stale seed is ended, and with -noop nothing is told', async () => {
  const world = new World()
  const { seeds } = await copying(world)
  world.leads = false
  await seeds.lookAfter(world.now)
  await soon()
  const told = world.told.length
  await seeds.lookAfter(world.now)
  assert.equal(world.told.length, told)
  world.leads = true
  world.changesNothing = true
  const noop = world.manager()
  await noop.seeds.lookAfter(world.now + 61 * minute)
  assert.equal(world.seeds[0]?.isComplete, false)
  const refused = await noop.agents.tell('old', { do: 'stop-mysql' })
  assert.equal(refused.ok ? '' : refused.failure.code, 'agent-noop')
  assert.equal(world.told.length, told)
  world.changesNothing = false
  await world.manager().seeds.lookAfter(world.now + 61 * minute)
  assert.deepEqual([world.seeds[0]?.isComplete, world.seeds[0]?.isSuccessful, world.states.at(-1)?.error], [true, false, 'No new step for 60 minutes'])
})
