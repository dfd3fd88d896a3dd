import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Command } from '../../src/engine/journal/commands.ts'
import { GroupProposer, NotProposed } from '../../src/engine/journal/group-proposer.ts'
import { Journal } from '../../src/engine/journal/journal.ts'
import { commandTable, type GroupRemembered, SharedWorld } from '../../src/engine/journal/shared-world.ts'
import { storeByCommands } from '../../src/engine/journal/store-by-commands.ts'
import { plainReading } from '../../src/engine/journal/told-reading.ts'
import { CommandMachine } from '../../src/engine/raft/command-machine.ts'
import { fail, ok } from '../../src/kit/result.ts'
import type { Detection, Recovery } from '../../src/model/recovery/records.ts'
import { bareInstance } from '../../src/model/topology/fresh-instance.ts'
import { type InstanceKey, instanceKey } from '../../src/model/topology/instance-key.ts'
import type { Group, GroupRefusal } from '../../src/ports/group.ts'
import type { Store } from '../../src/ports/store.ts'
import { aSecond } from './random-commands.ts'
import { sqliteEngine } from './store-engines.ts'

const [db1, db2] = [instanceKey('db1', 3306), instanceKey('db2', 3306)]
const ends: (() => Promise<void>)[] = []
after(async () => { for (const end of ends) await end() })

/** Members on databases of their own, one of whom leads: what it proposes is carried out by all, one after the other. */
class Members {
  readonly all: {
    readonly store: Store; readonly journal: Journal; readonly own: Store; readonly world: SharedWorld
    readonly machine: CommandMachine<SharedWorld, Command>; readonly servers: Set<InstanceKey>; readonly told: string[]
  }[] = []
  readonly proposed: Command[] = []
  leader = 0
  /** The answer to the next proposal gets lost, and then it is asked for again. */
  losesAnswer = false
  #index = 0
  #last: Promise<unknown> = Promise.resolve()
  #now = 0

  static async of(count: number): Promise<Members> {
    const members = new Members()
    for (let number = 0; number < count; number += 1) await members.#add()
    return members
  }

  async #add(): Promise<void> {
    const engine = await sqliteEngine()
    await engine.reset()
    engine.clock.at = aSecond
    const own = await engine.open()
    ends.push(async () => {
      await own.close()
      await engine.end()
    })
    let ids = 0
    const self = this.all.length
    const clock = { monotonic: () => this.#now, sleep: () => Promise.resolve() }
    const servers = new Set<InstanceKey>()
    const told: string[] = []
    const nothing = (): void => undefined
    const remembered: GroupRemembered = {
      setDowntime: key => void told.push(`downtime ${key}`), setMaintenance: key => void told.push(`maintenance ${key}`), setAlias: nothing, renameCluster: nothing,
      setPromotionRule: (key, rule) => void told.push(`${rule} ${key}`), setVirtualName: nothing, setRecoveriesDisabled: nothing, clusterNameOf: () => 'c',
      addBare: key => servers.size !== servers.add(key).size, believe: ({ key }) => told.push(`reading ${key}`) > 0,
      forget: async keys => { for (const key of keys) servers.delete(key) },
    }
    const audit = { write: nothing }
    const world = new SharedWorld({ memory: own.shared, remembered, audit })
    const machine = new CommandMachine(commandTable, world)
    await machine.restore(new Uint8Array())
    const refusal: GroupRefusal = { kind: 'not-leader', leader: { name: 'm0', uri: null }, text: 'm0 leads' }
    const group: Pick<Group<Command>, 'isLeader' | 'confirm' | 'propose'> = {
      isLeader: () => this.leader === self,
      confirm: () => Promise.resolve(this.leader === self ? null : { code: 'not-leader', parameters: {}, text: 'another leads' }),
      propose: async (command, id) => {
        if (this.leader !== self) return fail(refusal)
        const lost = this.losesAnswer
        this.losesAnswer = false
        const answer = await this.#apply(self, command, id)
        return lost ? fail({ ...refusal, kind: 'unknown', text: 'nobody can tell' }) : ok(answer)
      },
    }
    const journal = new Journal({ store: own.shared.store, remembered, audit }, new GroupProposer({ group, world, clock, random: { hex: () => `${self}-${++ids}` } }))
    const store = storeByCommands({ store: own, clock, journal: () => journal, group, suggestAgainMilliseconds: () => 60_000 })
    this.all.push({ store, journal, own, world, machine, servers, told })
  }

  async #apply(self: number, command: Command, id: string): Promise<null> {
    this.proposed.push(command)
    this.#index += 1
    const place = { index: this.#index, term: 1 + this.leader }
    const data = CommandMachine.encode({ id, by: `m${self}`, at: aSecond + this.#index * 1000, command })
    const applied = this.#last.then(() => Promise.all(this.all.map(({ machine }) => machine.apply(place, data))))
    this.#last = applied
    const answers = await applied
    for (const answer of answers) assert.deepEqual(answer, answers[0])
    return (answers[self] ?? null) as null // any JSON; the table's types say which
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds
  }

  at(number: number): Members['all'][number] {
    const member = this.all[number]
    assert.ok(member !== undefined)
    return member
  }
}

const aDetection: Omit<Detection, 'id' | 'endedActiveAt'> = {
  key: db1, code: 'DeadMaster', description: 'gone', clusterName: 'c', clusterAlias: 'shop', replicas: [db2], isActionable: true, startedAt: aSecond, nodeHostname: 'one', nodeToken: 't1',
}
const aRecovery: Omit<Recovery, 'id'> = {
  uid: 'u1', key: db1, code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: '', startedBy: '', clusterName: 'c', clusterAlias: 'shop', replicas: [db2],
  successor: db2, successorAlias: '', successorCoordinates: { file: 'binlog.1', position: 9007199254740993n }, isSuccessful: false, isActive: true, lostReplicas: [], participants: [], errors: [],
  startedAt: aSecond, endedAt: null, acknowledged: null, detectionId: 1, nodeHostname: 'one', nodeToken: 't1',
}
const aPlan = { kind: 'relocate', says: { code: 'x', parameters: {}, text: 'x' }, steps: [], concerns: [db1], warnings: [], checks: [], method: 'gtid', fingerprint: 'f' } as const

test('what the leader writes every member has, with the same numbers, and who does not lead changes nothing', async () => {
  const members = await Members.of(3)
  const { store } = members.at(0)
  assert.equal(await store.maintenances.begin(db1, { owner: 'ann', reason: 'disk', beganAt: aSecond, endsAt: null }), 1)
  assert.equal(await store.maintenances.begin(db1, { owner: 'bob', reason: 'disk', beganAt: aSecond, endsAt: null }), null)
  assert.equal((await store.detections.register(aDetection))?.id, 1)
  const recovery = await store.recoveries.register(aRecovery)
  assert.deepEqual(recovery, { ...aRecovery, id: 1 })
  assert.equal(await store.recoveries.register({ ...aRecovery, uid: 'u2' }), null, 'one of this server is active')
  await store.recoveries.update({ ...recovery, id: 1, isSuccessful: true, endedAt: aSecond + 5 })
  await store.recoveries.appendStep({ recoveryUid: 'u1', at: aSecond, stage: 's', server: null, message: 'm', outcome: 'done', durationMilliseconds: 1 })
  for (const { own, told } of members.all) {
    assert.deepEqual([...(await own.maintenances.active()).values()].map(({ id, owner }) => `${id} ${owner}`), ['1 ann'])
    assert.deepEqual(await own.recoveries.list({ page: 0 }), [{ ...aRecovery, id: 1, isSuccessful: true, endedAt: aSecond + 5 }], 'who carries it out stays who it was')
    assert.deepEqual((await own.recoveries.steps('u1')).map(({ id }) => id), [1])
    assert.deepEqual(told, [`maintenance ${db1}`])
  }
  const before = await members.at(1).own.shared.dump()
  const follower = members.at(1)
  await assert.rejects(follower.store.maintenances.end(db1), (error: unknown) => error instanceof NotProposed && error.refusal.kind === 'not-leader' && error.message === 'm0 leads')
  await assert.rejects(follower.journal.propose({ do: 'forget', keys: [db1], kind: 'forget' }), NotProposed)
  assert.deepEqual(await members.at(1).own.shared.dump(), before)
})

test('the next leader has the lease with a larger number, the plans and the locks of the one before it, who holds nothing any more', async () => {
  const members = await Members.of(2)
  const [first, second] = [members.at(0).store, members.at(1).store]
  const [one, two] = [{ hostname: 'one', token: 't1' }, { hostname: 'two', token: 't2' }]
  const lease = await first.leases.take('c', one)
  assert.ok('number' in lease)
  assert.equal(await first.leases.isHeld('c', one, lease.number), true)
  const intent = await first.intents.begin({ plan: aPlan, by: 'ann', recoveryUid: '', startedAt: aSecond, process: one })
  await first.intents.step(intent, 1, 'begun', 'set')
  assert.ok('ids' in (await first.locks.take([db1, db2], { owner: 'orc', reason: 'move', at: aSecond, process: one })))
  await first.maintenances.begin(instanceKey('db3', 3306), { owner: 'ann', reason: 'disk', beganAt: aSecond, endsAt: null })
  assert.deepEqual(await second.locks.dropDead('t2'), [], 'a follower drops nothing')
  members.leader = 1
  assert.equal(await first.leases.isHeld('c', one, lease.number), false, 'at once, before anybody took it')
  assert.equal(await first.intents.isOwn(intent, one), false)
  const next = await second.leases.take('c', two)
  assert.ok('number' in next && next.number > lease.number)
  const [open] = await second.intents.open()
  assert.ok(open !== undefined && open.steps.get(1) === 'begun' && open.bound.get(1) === 'set')
  assert.equal(await second.intents.takeOver(open, two), true)
  assert.equal(await second.intents.isOwn(intent, two), true)
  assert.deepEqual([...(await second.locks.dropDead('t2'))].sort(), [db1, db2])
  assert.deepEqual([...(await members.at(0).own.maintenances.active()).keys()], ['db3:3306'], 'what a person took stays')
})

test('an answer that got lost is asked for again, and the change is made once', async () => {
  const members = await Members.of(2)
  const { store } = members.at(0)
  await store.tags.put({ key: db1, name: 'a', value: 'b' }, aSecond)
  members.losesAnswer = true
  assert.equal(await store.intents.begin({ plan: aPlan, by: 'ann', recoveryUid: '', startedAt: aSecond }), 1)
  assert.equal((await members.at(1).own.intents.open()).length, 1)
})

test('nothing is proposed that changes nothing', async () => {
  const members = await Members.of(2)
  const [store, follower] = [members.at(0).store, members.at(1).store]
  await store.keyValues.put([{ key: 'k', value: 'v' }], aSecond)
  const count = members.proposed.length
  await store.keyValues.put([{ key: 'k', value: 'v' }], aSecond)
  await store.downtimes.expire(aSecond)
  await store.maintenances.expire(aSecond)
  await store.candidates.expire(aSecond)
  await store.hostNames.expireUnresolved(aSecond)
  await store.pools.expire(aSecond)
  await store.recoveries.unblock({ lastBlockedBefore: aSecond })
  await follower.candidates.register(db1, 'must', aSecond)
  await follower.domains.set('c', 'c.example.com')
  await follower.aliases.register('c', 'shop')
  assert.equal(members.proposed.length, count)
  for (let time = 0; time < 5; time += 1) {
    await store.candidates.register(db1, 'must', aSecond)
    await store.pseudoGtid.noteInjected('c', aSecond)
    await store.recoveries.block({ key: db1, clusterName: 'c', code: 'DeadMaster', lastBlockedAt: aSecond, blockingRecoveryId: 1 })
  }
  assert.equal(members.proposed.length, count + 3)
  assert.deepEqual(members.at(1).told, [`must ${db1}`])
  members.pass(61_000)
  await store.candidates.register(db1, 'must', aSecond)
  await store.recoveries.block({ key: db1, clusterName: 'c', code: 'DeadMaster', lastBlockedAt: aSecond, blockingRecoveryId: 1 })
  assert.equal(members.proposed.length, count + 5)
})

test('servers that the leader knows are known to all, and forgotten by all', async () => {
  const members = await Members.of(2)
  const { journal } = members.at(0)
  await journal.propose({ do: 'know-servers', keys: [db1, db2], readings: [plainReading(bareInstance(db1)), { key: db2, of: 'a later version' }] })
  assert.deepEqual([...members.at(1).servers], [db1, db2])
  assert.deepEqual(members.at(1).told, [`reading ${db1}`], 'what another version tells is left to be read by oneself')
  await journal.propose({ do: 'forget', keys: [db2], kind: 'forget' })
  for (const { servers: has, own } of members.all) {
    assert.deepEqual([...has], [db1])
    assert.deepEqual(await own.shared.known(), [db1])
  }
})
