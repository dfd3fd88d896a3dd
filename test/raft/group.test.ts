import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileRaftDisks } from '../../src/adapters/raft/disk/file-raft-disk.ts'
import { splitAddress } from '../../src/adapters/raft/transport/address.ts'
import { usualLimits } from '../../src/adapters/raft/transport/options.ts'
import { openRaftTransport } from '../../src/adapters/raft/transport/raft-transport.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { systemRandom } from '../../src/adapters/system/random.ts'
import { RaftGroup } from '../../src/engine/group/raft-group.ts'
import { CommandMachine } from '../../src/engine/raft/command-machine.ts'
import { usualPolicy } from '../../src/engine/raft/policy.ts'
import type { Log } from '../../src/ports/log.ts'
import { type RegisterCommand, registerCommands, registers } from '../harness/raft/register-commands.ts'
import { freePort } from '../harness/recorded/free-port.ts'

const host = '127.41.9.1'
const secret = 'known to all of these managers'

interface Manager {
  readonly name: string
  readonly group: RaftGroup<RegisterCommand>
  readonly world: ReadonlyMap<string, string>
  readonly log: string[]
}

const quiet = (lines: string[]): Log => {
  const say = (message: string, facts: unknown): void => void lines.push(`${message} ${JSON.stringify(facts ?? {})}`)
  return { debug: say, info: say, warning: say, error: say }
}

/** Managers of one test, by number; each with its own folder, which outlives it. */
class Managers implements AsyncDisposable {
  readonly #folder: string
  readonly names: readonly string[]
  readonly running = new Map<number, Manager>()

  private constructor(folder: string, names: readonly string[]) {
    this.#folder = folder
    this.names = names
  }

  static async of(count: number): Promise<Managers> {
    const ports = await Promise.all(Array.from({ length: count }, freePort))
    return new Managers(await mkdtemp(join(tmpdir(), 'group-')), ports.toSorted((one, other) => one - other).map(port => `${host}:${port}`))
  }

  folderOf(number: number): string {
    return join(this.#folder, `member-${number}`)
  }

  async start(number: number, names = this.names): Promise<Manager> {
    const name = this.names[number] ?? ''
    const memory = registers()
    const log: string[] = []
    const opened = await RaftGroup.open<RegisterCommand>({
      clock: systemClock, random: systemRandom, log: quiet(log), disks: fileRaftDisks(), machine: new CommandMachine(registerCommands, memory), policy: usualPolicy,
      folder: this.folderOf(number), name, names, uri: `http://${name}`, defaultPort: 10008, encode: CommandMachine.encode, fatal: text => log.push(`fatal ${text}`),
      openTransport: events => openRaftTransport({ member: null, group: null, listen: splitAddress(name), secret, tls: null, limits: usualLimits }, events),
    })
    assert.ok(opened.ok, JSON.stringify(opened))
    const manager = { name, group: opened.value, world: memory.world, log }
    this.running.set(number, manager)
    return manager
  }

  async stop(number: number): Promise<void> {
    await this.running.get(number)?.group.close()
    this.running.delete(number)
  }

  get leader(): Manager | null {
    return [...this.running.values()].find(({ group }) => group.isLeader()) ?? null
  }

  /** Every one that runs counts in the group. */
  async all(): Promise<void> {
    await this.until(() => {
      const members = this.leader?.group.standing().members ?? []
      return [...this.running.values()].every(({ name, group }) => members.some(member => member.name === name && member.votes) && group.standing().isPartOfQuorum)
    }, 'all vote')
  }

  describe(): string {
    return [...this.running.values()].map(({ group, log }) => `${JSON.stringify(group.standing())}\n  ${log.slice(-8).join('\n  ')}`).join('\n')
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    const end = performance.now() + 60_000
    while (!holds()) {
      assert.ok(performance.now() < end, `${what} within 60 s:\n${this.describe()}`)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }

  /** Proposes to whoever leads, again with the same id while nobody can say what came of it. */
  async put(id: string, key: string, value: string): Promise<void> {
    const end = performance.now() + 60_000
    for (;;) { // ends when it is made, or with the assertion
      const answer = await this.leader?.group.propose({ do: 'append', key, value }, id)
      if (answer?.ok === true) return
      assert.ok(performance.now() < end, `${id} is made within 60 s: ${JSON.stringify(answer)}\n${this.describe()}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const number of [...this.running.keys()].toReversed()) await this.stop(number)
    await rm(this.#folder, { recursive: true, force: true })
  }
}

test('three managers without data begin a group, elect a leader, remember alike, and go on when all were started anew', async () => {
  await using managers = await Managers.of(3)
  const first = await managers.start(0)
  await managers.until(() => first.group.standing().says.code === 'raft-founds', 'one alone waits for the others')
  assert.equal(first.group.standing().isPartOfQuorum, false)
  assert.match(JSON.stringify(await first.group.propose({ do: 'put', key: 'k', value: 'v' }, 'early')), /no-leader/)
  await managers.start(1)
  await managers.start(2)
  await managers.put('one', 'k', 'a')
  await managers.put('one', 'k', 'a')
  await managers.until(() => [...managers.running.values()].every(({ world }) => world.get('k') === 'a,'), 'everybody remembers it, once')
  await managers.until(() => [...managers.running.values()].every(({ group }) => group.standing().members.length === 3 && group.standing().leader?.uri === `http://${managers.leader?.name}`), 'everybody knows who leads, and where')
  const follower = [...managers.running.values()].find(({ group }) => !group.isLeader())
  assert.match(JSON.stringify(await follower?.group.propose({ do: 'put', key: 'k', value: 'v' }, 'elsewhere')), /"kind":"not-leader","leader":\{"name":"127/)
  assert.equal(await managers.leader?.group.confirm(), null)
  assert.equal((await follower?.group.confirm())?.code, 'raft-not-leader')
  for (const number of [0, 1, 2]) await managers.stop(number)
  for (const number of [0, 1, 2]) await managers.start(number)
  await managers.put('two', 'k', 'b')
  await managers.until(() => [...managers.running.values()].every(({ world }) => world.get('k') === 'a,b,'), 'what was remembered is there again')
})

test('whoever leads and is told to end lets another lead first; two of three go on, one alone leads nothing and makes no change', async () => {
  await using managers = await Managers.of(3)
  for (const number of [0, 1, 2]) await managers.start(number)
  await managers.all()
  await managers.put('one', 'k', 'a')
  const leading = [...managers.running].find(([, { group }]) => group.isLeader())
  assert.ok(leading !== undefined)
  const [number] = leading
  const rest = [0, 1, 2].filter(other => other !== number)
  const { term } = leading[1].group.standing()
  await managers.stop(number)
  assert.ok(rest.some(other => (managers.running.get(other)?.group.standing().term ?? 0) > term), `another was elected before it ended: ${managers.describe()}`)
  await managers.until(() => managers.leader !== null, 'another leads')
  await managers.put('two', 'k', 'b')
  const [one, other] = rest
  assert.ok(one !== undefined && other !== undefined)
  const alone = managers.running.get(one)
  await managers.stop(other)
  await managers.until(() => alone?.group.standing().isPartOfQuorum === false, 'one alone knows that it is')
  assert.equal(alone?.group.isLeader(), false)
  assert.match(JSON.stringify(await alone?.group.propose({ do: 'append', key: 'k', value: 'no' }, 'alone')), /no-leader/)
  await managers.start(other)
  await managers.put('three', 'k', 'c')
  await managers.until(() => alone?.world.get('k') === 'a,b,c,', 'a majority goes on with what was made')
})

test('a manager whose disk is empty or damaged is taken in beside a group that lives, in the place of the one it was', async () => {
  await using managers = await Managers.of(3)
  for (const number of [0, 1, 2]) await managers.start(number)
  await managers.all()
  await managers.put('one', 'k', 'a')
  await managers.stop(2)
  await rm(managers.folderOf(2), { recursive: true })
  await managers.put('two', 'k', 'b')
  const wiped = await managers.start(2)
  await managers.until(() => wiped.world.get('k') === 'a,b,' && wiped.group.standing().state === 'follower', 'the one with an empty disk votes and has everything')
  await managers.until(() => managers.leader?.group.standing().members.length === 3, 'three members, each once')
  await managers.stop(1)
  const log = (await readdir(managers.folderOf(1))).find(name => name.startsWith('log-'))
  await writeFile(join(managers.folderOf(1), log ?? ''), Buffer.alloc(4096, 0x5a))
  await managers.put('three', 'k', 'c')
  const damaged = await managers.start(1)
  await managers.until(() => damaged.world.get('k') === 'a,b,c,' && ['follower', 'leader'].includes(damaged.group.standing().state), 'the one with a damaged disk votes and has everything')
  assert.ok((await readdir(managers.folderOf(1))).includes('damaged-1'))
  await managers.stop(0)
  await managers.put('four', 'k', 'd')
  await managers.until(() => [...managers.running.values()].every(({ world }) => world.get('k') === 'a,b,c,d,'), 'both new disks are a majority')
})

test('a manager that is taken out stays out until it is added again, and one that RaftNodes does not name comes in when it is added', async () => {
  await using managers = await Managers.of(4)
  const three = managers.names.slice(0, 3)
  for (const number of [0, 1, 2]) await managers.start(number, three)
  await managers.all()
  await managers.put('one', 'k', 'a')
  const fourth = await managers.start(3)
  await managers.until(() => fourth.group.standing().says.code === 'raft-left-out', 'a stranger is told that it is one')
  assert.equal(await managers.leader?.group.add(fourth.name), null)
  await managers.until(() => fourth.world.get('k') === 'a,' && fourth.group.standing().members.length === 4, 'the fourth is in')
  const out = [...managers.running.values()].find(({ group, name }) => !group.isLeader() && name !== fourth.name)
  assert.ok(out !== undefined)
  assert.equal(await managers.leader?.group.remove(out.name), null)
  await managers.until(() => out.group.standing().says.code === 'raft-left-out' && !out.group.standing().isPartOfQuorum, 'the one that was taken out knows it')
  await managers.put('two', 'k', 'b')
  assert.equal(managers.leader?.group.standing().members.length, 3)
  assert.equal(out.world.get('k'), 'a,')
  assert.equal(await managers.leader?.group.add(out.name), null)
  await managers.until(() => out.world.get('k') === 'a,b,', 'added again, it catches up')
  for (const wrong of ['db1:none', 'db1:0', 'db1:70000', 'a b:1', 'http://db1:10008', '']) assert.equal((await managers.leader?.group.add(wrong))?.code, 'raft-bad-address', wrong)
  assert.match((await managers.leader?.group.remove('127.41.9.1:9'))?.text ?? '', /is no member that votes/)
  // A busy machine may elect another one meanwhile: it is asked of one, and looked at there.
  const { leader } = managers
  assert.equal(await leader?.group.snapshot(), null)
  assert.ok((leader?.group.standing().log?.snapshot ?? 0) > 0)
})

test('one manager whose only member it is begins alone, and a folder is used by one process', async () => {
  await using managers = await Managers.of(1)
  const alone = await managers.start(0)
  await managers.put('one', 'k', 'a')
  assert.deepEqual([alone.group.standing().state, alone.group.standing().isPartOfQuorum], ['leader', true])
  assert.equal((await alone.group.stepAside(null))?.code, 'raft-alone')
  const second = await RaftGroup.open<RegisterCommand>({
    clock: systemClock, random: systemRandom, log: quiet([]), disks: fileRaftDisks(), machine: new CommandMachine(registerCommands, registers()), policy: usualPolicy,
    folder: managers.folderOf(0), name: 'other:1', names: ['other:1'], uri: null, defaultPort: 10008, encode: CommandMachine.encode, fatal: () => undefined,
    openTransport: async () => ({ become: () => undefined, setPeers: () => undefined, send: () => undefined, ask: () => Promise.reject(new Error('nobody')), close: () => Promise.resolve() }),
  })
  assert.match(JSON.stringify(second), /is in use by another process/)
})
