import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../../../test/harness/simulated-clock.ts'
import { type RegisterCommand, registerCommands, registers } from '../../../test/harness/raft/register-commands.ts'
import { seededRandom } from '../../kit/seeded-random.ts'
import type { Entry, MemberId, Message, Save, SnapshotMark } from '../../model/raft/types.ts'
import type { RaftDisk, RaftFound } from '../../ports/raft-disk.ts'
import { CommandMachine } from './command-machine.ts'
import { usualPolicy } from './policy.ts'
import { RaftNode } from './raft-node.ts'

const member = (name: string): MemberId => name as MemberId // tests name members freely
const [a, b, c] = [member('a'), member('b'), member('c')]

/** A process that can be asleep: time goes on, and no timer goes off. */
class SleepyClock extends SimulatedClock {
  #slept = 0

  sleepThrough(milliseconds: number): void {
    this.#slept += milliseconds
  }

  override monotonic(): number {
    return super.monotonic() + this.#slept
  }
}

/** A disk that is as slow as the test wants: saves wait until they are let through, or fail. */
class HeldDisk implements RaftDisk {
  readonly wasSetAside = false
  readonly found: RaftFound
  readonly saved: Save[] = []
  readonly kept: SnapshotMark[] = []
  isHeld = false
  #waiting: { readonly go: () => void; readonly fail: (error: Error) => void }[] = []
  #state: Uint8Array = new Uint8Array()

  noted = 0

  constructor(voters: readonly MemberId[], entries: readonly Entry[] = [], term = 0, handedOver = 0) {
    const snapshot: SnapshotMark = { index: 0, term: 0, configuration: { voters, outgoing: [], learners: [] } }
    this.found = { identity: { member: a, group: 'g' }, stored: { hardState: { term, votedFor: null }, snapshot, entries, handedOver }, tornTail: false }
  }

  async begin(): Promise<RaftFound> {
    return this.found
  }

  async save(saves: readonly Save[], handedOver = 0): Promise<void> {
    this.noted = handedOver
    if (this.isHeld) await new Promise<void>((go, fail) => this.#waiting.push({ go, fail }))
    this.saved.push(...saves)
  }

  release(): void {
    for (const { go } of this.#waiting.splice(0)) go()
  }

  breakDown(): void {
    for (const { fail } of this.#waiting.splice(0)) fail(new Error('input/output error'))
  }

  async keepSnapshot(mark: SnapshotMark, state: Uint8Array): Promise<void> {
    this.kept.push(mark)
    this.#state = state
  }

  async newestSnapshot(): Promise<{ readonly mark: SnapshotMark; readonly state: Uint8Array }> {
    return { mark: this.kept.at(-1) ?? this.found.stored.snapshot, state: this.#state }
  }

  async readPiece(): Promise<null> {
    return null
  }

  async close(): Promise<void> {}
}

interface Scene {
  readonly clock: SleepyClock
  readonly disk: HeldDisk
  readonly sent: Message[]
  readonly failures: string[]
  readonly node: RaftNode
  readonly memory: Map<string, string>
  hear(message: { readonly kind: Message['kind']; readonly from: MemberId; readonly term: number } & Record<string, unknown>): Promise<void>
}

async function scene(disk: HeldDisk, policy = usualPolicy, mayApply: Promise<void> | null = null): Promise<Scene> {
  const clock = new SleepyClock()
  const sent: Message[] = []
  const failures: string[] = []
  const random = seededRandom(3)
  const memory = registers()
  const machine = new CommandMachine<Map<string, string>, RegisterCommand>(registerCommands, memory)
  const node = await RaftNode.start({
    clock, disk, random: { hex: () => '', fraction: random }, policy,
    transport: { send: message => { sent.push(message) }, setPeers: () => undefined },
    machine: mayApply === null ? machine : {
      snapshot: () => machine.snapshot(), restore: state => machine.restore(state), together: act => machine.together(act),
      apply: async (place, data) => {
        await mayApply
        return machine.apply(place, data)
      },
    },
    addressOf: name => `${name}:1`,
    events: { notice: () => undefined, failed: (part, error) => failures.push(`${part}: ${String(error)}`) },
  })
  const hear: Scene['hear'] = async message => {
    node.receive({ ...message, to: a } as Message) // the tests below write whole ones
    await clock.settle()
  }
  return { clock, disk, sent, failures, node, memory: memory.world, hear }
}

const put = (id: string, value: string): Uint8Array => CommandMachine.encode<RegisterCommand>({ id, by: 'a', at: 0, command: { do: 'put', key: 'k', value } })
const kindsOf = (messages: readonly Message[]): readonly string[] => messages.map(({ kind }) => kind)

/** With three members: a hears the others' votes and leads. */
async function elected(disk: HeldDisk, policy = usualPolicy): Promise<Scene> {
  const made = await scene(disk, policy)
  await made.clock.pass(2 * policy.electionTicks * policy.tickMilliseconds)
  const term = made.node.status.term + 1
  await made.hear({ kind: 'pre-vote-reply', from: b, term, granted: true })
  await made.hear({ kind: 'vote-reply', from: b, term, granted: true })
  assert.equal(made.node.status.role, 'leader')
  await made.hear({ kind: 'append-reply', from: b, term, accepted: true, matched: made.node.status.lastIndex })
  assert.equal(made.node.isLeader, true)
  made.sent.length = 0
  return made
}

test('a member that is left alone carries out what it had noted as committed, and nothing beyond it', async () => {
  const entries: readonly Entry[] = ['one', 'two', 'three'].map((value, at) => ({ kind: 'command', index: at + 1, term: 1, data: put(value, value) }))
  const { clock, node, memory, failures } = await scene(new HeldDisk([a, b, c], entries, 1, 2))
  await clock.pass(1000)
  assert.deepEqual([memory.get('k'), node.status.applied, node.status.commit, node.status.leader, failures], ['two', 2, 2, null, []])
})

test('how far the log was committed is noted with the next save, and a moment later where nothing else is saved', async () => {
  const { clock, disk, node, hear } = await elected(new HeldDisk([a, b, c]))
  const { term, lastIndex } = node.status
  void node.propose(put('1', 'x'))
  await clock.settle()
  assert.equal(disk.noted, lastIndex)
  await hear({ kind: 'append-reply', from: b, term, accepted: true, matched: lastIndex + 1 })
  assert.equal(node.status.commit, lastIndex + 1)
  assert.equal(disk.noted, lastIndex)
  await clock.pass(300)
  assert.equal(disk.noted, lastIndex + 1)
})

test('a vote leaves only when it is on the disk', async () => {
  const { disk, sent, hear } = await scene(new HeldDisk([a, b, c]))
  disk.isHeld = true
  await hear({ kind: 'vote', from: b, term: 1, lastIndex: 0, lastTerm: 0, byTransfer: true })
  assert.deepEqual(sent, [])
  disk.release()
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(disk.saved.map(({ hardState }) => hardState), [{ term: 1, votedFor: 'b' }])
  assert.deepEqual(sent, [{ kind: 'vote-reply', from: 'a', to: 'b', term: 1, granted: true }])
})

test('entries of the leader are acknowledged only when they are on the disk, and applied only when they are committed', async () => {
  const { disk, sent, hear, memory, clock } = await scene(new HeldDisk([a, b, c]))
  disk.isHeld = true
  const entries: readonly Entry[] = [{ kind: 'command', index: 1, term: 1, data: put('1', 'v') }]
  await hear({ kind: 'append', from: b, term: 1, previousIndex: 0, previousTerm: 0, entries, commit: 0 })
  assert.deepEqual(kindsOf(sent), [])
  disk.release()
  await clock.settle()
  disk.isHeld = false
  disk.release()
  await clock.settle()
  assert.deepEqual(kindsOf(sent), ['append-reply'])
  assert.equal(memory.get('k'), undefined)
  await hear({ kind: 'heartbeat', from: b, term: 1, commit: 1, round: 1 })
  assert.equal(memory.get('k'), 'v')
})

test('many saves that wait for the disk are brought there together, and in their order', async () => {
  const disk = new HeldDisk([a])
  const { node, clock } = await scene(disk)
  await clock.pass(2000)
  assert.equal(node.isLeader, true)
  disk.isHeld = true
  const answers = [node.propose(put('1', 'one'))]
  await clock.settle()
  for (let number = 2; number < 10; number += 1) {
    answers.push(node.propose(put(`${number}`, `${number}`)))
    await clock.settle()
  }
  let calls = 0
  const save = disk.save.bind(disk)
  disk.save = saves => { calls += 1; return save(saves) }
  disk.isHeld = false
  disk.release()
  assert.ok((await Promise.all(answers)).every(({ ok }) => ok))
  assert.equal(calls, 1, 'eight that came while the first was on its way')
  assert.deepEqual(disk.saved.slice(-2).map(({ entries }) => entries.length), [1, 8], 'and they share one append')
  assert.deepEqual(disk.saved.map(({ number }) => number), disk.saved.map((_, place) => place + 1))
})

test('a proposal that waits for the disk of a leader is refused once another leads', async () => {
  const { disk, node, clock, hear } = await elected(new HeldDisk([a, b, c]))
  disk.isHeld = true
  const first = node.propose(put('1', 'one'))
  await clock.settle()
  const second = node.propose(put('2', 'two'))
  await clock.settle()
  await hear({ kind: 'append', from: b, term: node.status.term + 1, previousIndex: 1, previousTerm: 1, entries: [], commit: 1 })
  assert.deepEqual(await second, { ok: false, failure: { kind: 'refused', why: 'not-leader', leader: b } })
  disk.isHeld = false
  disk.release()
  await clock.pass(usualPolicy.answerMilliseconds)
  assert.equal((await first).ok, false, 'the one that was written is not known to be carried out')
})

test('a disk that fails ends this member: nothing is sent any more, whoever waits is told, and later ones are refused', async () => {
  const { disk, node, sent, failures, clock, hear } = await elected(new HeldDisk([a, b, c]))
  disk.isHeld = true
  const answer = node.propose(put('1', 'v'))
  await clock.settle()
  sent.length = 0
  disk.breakDown()
  assert.deepEqual(await answer, { ok: false, failure: { kind: 'unknown', why: 'stopped' } })
  assert.deepEqual(failures, ['disk: Error: input/output error'])
  await hear({ kind: 'append-reply', from: b, term: 1, accepted: true, matched: 2 })
  await clock.pass(5000)
  assert.deepEqual([sent, node.isLeader], [[], false])
  assert.deepEqual(await node.propose(put('2', 'v')), { ok: false, failure: { kind: 'refused', why: 'stopped', leader: null } })
})

test('a disk that hangs makes its leader step down, though everybody else answers', async () => {
  const { disk, node, clock, hear } = await elected(new HeldDisk([a, b, c]))
  disk.isHeld = true
  void node.propose(put('1', 'v'))
  for (let passed = 0; passed <= usualPolicy.storageStallTicks * usualPolicy.tickMilliseconds; passed += 50) {
    await clock.pass(50)
    if (node.status.role === 'leader') await hear({ kind: 'heartbeat-reply', from: b, term: 1, round: 1 })
  }
  assert.notEqual(node.status.role, 'leader')
  node.stop()
})

test('a leader leads only when what the leaders before it decided is applied here', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { hear, clock, node, memory } = await scene(new HeldDisk([a, b, c]), usualPolicy, promise)
  await hear({ kind: 'append', from: b, term: 1, previousIndex: 0, previousTerm: 0, entries: [{ kind: 'command', index: 1, term: 1, data: put('1', 'decided') }], commit: 0 })
  await clock.pass(4 * usualPolicy.electionTicks * usualPolicy.tickMilliseconds)
  const term = node.status.term + 1
  await hear({ kind: 'pre-vote-reply', from: b, term, granted: true })
  await hear({ kind: 'vote-reply', from: b, term, granted: true })
  await hear({ kind: 'append-reply', from: b, term, accepted: true, matched: node.status.lastIndex })
  assert.deepEqual([node.status.role, node.status.commit, node.status.applied, node.isLeader], ['leader', 2, 0, false])
  resolve()
  await clock.settle()
  assert.deepEqual([node.status.applied, node.isLeader, memory.get('k')], [2, true, 'decided'])
})

test('a leader that slept through an election time knows it before anything else; a follower that slept does not call an election', async () => {
  const leader = await elected(new HeldDisk([a, b, c]))
  leader.clock.sleepThrough(8000)
  assert.equal(leader.node.isLeader, false, 'even before its first timer goes off')
  await leader.clock.pass(usualPolicy.tickMilliseconds)
  assert.notEqual(leader.node.status.role, 'leader')
  const follower = await scene(new HeldDisk([a, b, c]))
  await follower.hear({ kind: 'heartbeat', from: b, term: 1, commit: 0, round: 1 })
  follower.sent.length = 0
  follower.clock.sleepThrough(8000)
  await follower.clock.pass(usualPolicy.tickMilliseconds)
  assert.deepEqual([follower.sent, follower.node.status.leader], [[], 'b'])
})

test('a command that stood in the log of a deposed leader and was written over is told as lost, and not carried out', async () => {
  const { node, hear, memory, clock } = await elected(new HeldDisk([a, b, c]))
  const answer = node.propose(put('1', 'mine'))
  await clock.settle()
  const entries: readonly Entry[] = [{ kind: 'command', index: 2, term: 2, data: put('x', 'theirs') }]
  await hear({ kind: 'append', from: c, term: 2, previousIndex: 1, previousTerm: 1, entries, commit: 2 })
  assert.deepEqual(await answer, { ok: false, failure: { kind: 'lost' } })
  assert.equal(memory.get('k'), 'theirs')
})

test('what gets no answer in time is told as unknown, and reads wait for what they must see', async () => {
  const { node, hear, clock, memory } = await elected(new HeldDisk([a, b, c]))
  const read = node.read()
  await hear({ kind: 'heartbeat-reply', from: b, term: 1, round: 1000 })
  assert.deepEqual(await read, { ok: true, value: 1 })
  const unanswered = node.propose(put('1', 'v'))
  for (let passed = 0; passed <= usualPolicy.answerMilliseconds; passed += 50) {
    await clock.pass(50)
    await hear({ kind: 'heartbeat-reply', from: b, term: 1, round: 1 })
  }
  assert.deepEqual(await unanswered, { ok: false, failure: { kind: 'unknown', why: 'no-answer' } })
  await hear({ kind: 'append-reply', from: b, term: 1, accepted: true, matched: 2 })
  assert.equal(memory.get('k'), 'v', 'unknown is not lost: it was carried out later')
})

test('a snapshot is taken between two entries, and a member that starts from it knows what it holds and answers a repeated command as before', async () => {
  const policy = { ...usualPolicy, snapshotAfterEntries: 5, snapshotKeepsEntries: 2 }
  const disk = new HeldDisk([a])
  const { node, clock } = await scene(disk, policy)
  await clock.pass(2000)
  for (let number = 1; number <= 6; number += 1) assert.equal((await node.propose(put(`${number}`, `value ${number}`))).ok, true)
  await clock.settle()
  assert.deepEqual(disk.kept.map(({ index }) => index), [5])
  assert.ok(disk.saved.some(({ dropUpTo }) => dropUpTo === 3))
  const memory = registers()
  const machine = new CommandMachine<Map<string, string>, RegisterCommand>(registerCommands, memory)
  await machine.restore((await disk.newestSnapshot()).state)
  assert.equal(memory.world.get('k'), 'value 4')
  assert.equal(await machine.apply({ index: 9, term: 9 }, put('2', 'again')), true)
  assert.equal(memory.world.get('k'), 'value 4')
  await assert.rejects(machine.apply({ index: 10, term: 9 }, Buffer.from('{"id":"n","command":{"do":"toString"}}')), /command "toString" at place 10 is not known to this version/)
})
