import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Detection, Recovery, RecoveryStep } from '../../src/model/recovery/records.ts'
import type { Plan } from '../../src/model/planning/plan.ts'
import { bareInstance } from '../../src/model/topology/fresh-instance.ts'
import type { Instance } from '../../src/model/topology/instance.ts'
import { instanceKey } from '../../src/model/topology/instance-key.ts'
import type { AuditFilter, Store } from '../../src/ports/store.ts'
import type { StoreEngine } from './store-engines.ts'
import { aSecond, fullPrimary, fullReplica, mariadbReplica } from './store-instances.ts'

const [db1, db2, db3] = [instanceKey('db1.example.com', 3306), instanceKey('db2.example.com', 3306), instanceKey('db3.example.com', 3306)]

const aDetection: Omit<Detection, 'id' | 'endedActiveAt'> = {
  key: db1, code: 'DeadMaster', description: 'nobody reaches it', clusterName: 'db1.example.com:3306', clusterAlias: 'shop', replicas: [db2, db3],
  isActionable: true, startedAt: aSecond + 123, nodeHostname: 'node1', nodeToken: 'a'.repeat(64),
}

const aRecovery: Omit<Recovery, 'id'> = {
  uid: `1764000000123456789:${'b'.repeat(64)}`, key: db1, code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: 'recover',
  startedBy: 'ann',
  clusterName: 'db1.example.com:3306', clusterAlias: 'shop', replicas: [db2, db3], successor: null, successorAlias: '', successorCoordinates: null,
  isSuccessful: false,
  isActive: true, lostReplicas: [], participants: [], errors: [], startedAt: aSecond + 456, endedAt: null, acknowledged: null, detectionId: 7,
  nodeHostname: 'node1', nodeToken: 'a'.repeat(64),
}

const aPlan: Plan = {
  kind: 'relocate', says: { code: 'relocate', parameters: { replica: db2 }, text: 'Move db2 below db3' },
  steps: [
    {
      number: 1, wave: 1, step: { do: 'stop-receiver', on: db2 }, requires: [{ holds: 'is-reachable', server: db2 }],
      ifStoppedHere: { code: 'x', parameters: {}, text: 'nothing is lost' }, onFailure: 'stop', undo: [{ do: 'start-receiver', on: db2 }],
    },
  ],
  concerns: [db2, db3], warnings: [], checks: [], method: 'gtid', fingerprint: 'f00',
}

/** What the port promises, on any engine. */
export function storeSuite(name: string, make: () => Promise<StoreEngine>): void {
  let engine: StoreEngine
  before(async () => void (engine = await make()))
  after(() => engine.end())

  /** A store on an empty database; `again` closes it and opens it anew. */
  const on = (says: string, body: (store: Store, again: () => Promise<Store>) => Promise<void>): void => {
    test(`${name}: ${says}`, async () => {
      await engine.reset()
      let store = await engine.open()
      try {
        await body(store, async () => {
          await store.close()
          store = await engine.open()
          return store
        })
      } finally {
        await store.close()
      }
    })
  }

  on('every fact of a server comes back equal, also after closing and opening', async (store, again) => {
    const servers: readonly Instance[] = [fullPrimary, fullReplica, mariadbReplica, bareInstance(db3)].toSorted((left, right) => (left.key < right.key ? -1 : 1))
    await store.instances.save(servers)
    assert.deepEqual(await store.instances.load(), servers)
    assert.deepEqual(await (await again()).instances.load(), servers)
  })

  on('a saved change comes back, whatever of the server changed', async (store, again) => {
    await store.instances.save([fullReplica])
    const link = fullReplica.replication
    assert.ok(link)
    const moved: Instance = { ...fullReplica, readOnly: false, superReadOnly: false, replication: { ...link, source: db3, user: 'other' }, channels: [{ ...link, source: db3, user: 'other' }] }
    await store.instances.save([moved])
    assert.deepEqual(await store.instances.load(), [moved])
    const primary: Instance = { ...moved, replication: null, channels: [], replicationLagSeconds: null }
    await store.instances.save([primary])
    assert.deepEqual(await (await again()).instances.load(), [primary])
  })

  on('positions and times read out of turn are held back for less than a second, and written by flush and close', async (store, again) => {
    const at = (milliseconds: number, checkedAt = milliseconds): Instance => ({
      ...fullPrimary, binlogCoordinates: { file: 'binlog.000123', position: 9007199254740993n + BigInt(milliseconds) },
      check: { ...fullPrimary.check, lastAttemptedAt: aSecond + checkedAt, lastCheckedAt: aSecond + checkedAt, lastSeenAt: aSecond + checkedAt },
    })
    await store.instances.save([at(0)])
    await store.instances.save([at(400)])
    assert.deepEqual(await store.instances.load(), [at(0)])
    await store.instances.flush()
    assert.deepEqual(await store.instances.load(), [at(400, 0)], 'the tables know whole seconds')
    await store.instances.save([at(1000)])
    assert.deepEqual(await store.instances.load(), [at(1000)], 'one poll a second is always written')
    await store.instances.save([at(1300)])
    assert.deepEqual(await (await again()).instances.load(), [at(1300, 1000)])
  })

  on('times of many servers are written together once a second', async store => {
    const server = (index: number, at: number): Instance => ({
      ...fullPrimary, key: instanceKey(`db${index}`, 3306), check: { ...fullPrimary.check, lastAttemptedAt: aSecond + at, lastCheckedAt: aSecond + at, lastSeenAt: aSecond + at },
    })
    const all = (at: number): Instance[] => Array.from({ length: 200 }, (_, index) => server(index, at))
    const seenAgain = async (): Promise<number> => (await store.instances.load()).filter(({ check }) => check.lastSeenAt === aSecond + 1000).length
    await store.instances.save(all(0))
    await store.instances.save([server(200, 1000)])
    await store.instances.save(all(1950))
    assert.equal(await seenAgain(), 51, 'some at once')
    await store.instances.save([server(200, 2000)])
    assert.equal(await seenAgain(), 200, 'the others with the second that follows')
  })

  on('a check that failed is written at once, and is a failed one also within the same second', async store => {
    await store.instances.save([fullPrimary])
    const failure = { kind: 'refused', number: null, text: 'connection refused' } as const
    const check = { ...fullPrimary.check, lastAttemptedAt: aSecond + 200, lastCheckedAt: aSecond + 300, lastSeenAt: aSecond + 100, failure }
    await store.instances.save([{ ...fullPrimary, check }])
    const [loaded] = await store.instances.load()
    assert.deepEqual(loaded?.check.failure, failure)
    assert.ok((loaded?.check.lastCheckedAt ?? 0) > (loaded?.check.lastSeenAt ?? 0))
    assert.equal(loaded?.check.lastSeenAt, aSecond)
  })

  on('thousands of servers are written while others get their turn', async store => {
    const many = Array.from({ length: 2000 }, (_, index) => ({ ...fullPrimary, key: instanceKey(`db${index}`, 3306) }))
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await store.instances.save(many)
    clearInterval(timer)
    assert.ok(turns >= 5, `${turns} turns`)
    assert.equal((await store.instances.load()).length, 2000)
  })

  on('a forgotten server is gone, and its decisions stay', async (store, again) => {
    await store.instances.save([fullPrimary, fullReplica])
    await store.candidates.register(db1, 'must', aSecond)
    await store.instances.forget([db1])
    assert.deepEqual((await store.instances.load()).map(({ key }) => key), [db2])
    await store.instances.save([fullPrimary])
    const [loaded] = await (await again()).instances.load()
    assert.deepEqual(loaded, { ...fullPrimary, promotionRule: 'must' })
  })

  on('downtime, maintenance and promotion rule come with the server, and end', async store => {
    await store.instances.save([fullPrimary])
    const downtime = { owner: 'ann', reason: 'Wartung für später', beginsAt: aSecond, endsAt: aSecond + 600_000 }
    await store.downtimes.begin(db1, { ...downtime, reason: 'first' })
    await store.downtimes.begin(db1, downtime)
    const maintenance = { owner: 'bob', reason: 'moving', beganAt: aSecond, endsAt: aSecond + 60_000 }
    const id = await store.maintenances.begin(db1, maintenance)
    assert.ok(id)
    assert.equal(await store.maintenances.begin(db1, maintenance), null)
    await store.candidates.register(db1, 'prefer', aSecond)
    const [loaded] = await store.instances.load()
    assert.deepEqual(loaded, { ...fullPrimary, downtime, maintenance: { ...maintenance, id }, promotionRule: 'prefer' })

    assert.equal(await store.maintenances.end(db1), true)
    assert.equal(await store.maintenances.end(db1), false)
    assert.ok((await store.maintenances.begin(db1, { ...maintenance, endsAt: null })) ?? 0 > id)
    assert.equal(await store.downtimes.end(db1), true)
    assert.equal(await store.downtimes.end(db1), false)
  })

  on('what is over expires, and what is not stays', async store => {
    await store.downtimes.begin(db1, { owner: 'a', reason: 'r', beginsAt: aSecond, endsAt: aSecond + 10_000 })
    await store.downtimes.begin(db2, { owner: 'a', reason: 'r', beginsAt: aSecond, endsAt: aSecond + 20_000 })
    assert.deepEqual(await store.downtimes.expire(aSecond + 10_000), [db1])
    await store.maintenances.begin(db1, { owner: 'a', reason: 'r', beganAt: aSecond, endsAt: aSecond + 10_000 })
    await store.maintenances.begin(db2, { owner: 'a', reason: 'r', beganAt: aSecond, endsAt: null })
    assert.deepEqual(await store.maintenances.expire(aSecond + 10_000), [db1])
    await store.candidates.register(db1, 'must_not', aSecond)
    await store.candidates.register(db2, 'must', aSecond + 60_000)
    assert.deepEqual(await store.candidates.expire(aSecond + 60_000), [db1])
    assert.deepEqual(await store.candidates.expire(aSecond + 60_000), [])
  })

  on('an alias set by hand wins, an alias has one cluster, and both follow a new cluster name', async (store, again) => {
    await store.aliases.register('a:1', 'shop')
    await store.aliases.register('b:1', 'b:1')
    await store.aliases.register('c:1', 'shop')
    assert.deepEqual([...(await store.aliases.load())], [['c:1', 'shop']])
    await store.aliases.set('c:1', 'boutique')
    assert.deepEqual([...(await store.aliases.load())], [['c:1', 'boutique']])
    await store.aliases.rename('c:1', 'd:1')
    assert.deepEqual([...(await (await again()).aliases.load())], [['d:1', 'boutique']])
    await store.close()
  })

  on('domains and the switch of recoveries come back', async (store, again) => {
    await store.domains.set('a:1', 'a.example.com')
    await store.domains.set('a:1', 'b.example.com')
    assert.equal(await store.recoverySwitch.load(), null)
    await store.recoverySwitch.set({ since: aSecond + 1, by: 'ann' })
    const reopened = await again()
    assert.deepEqual([...(await reopened.domains.load())], [['a:1', 'b.example.com']])
    assert.deepEqual(await reopened.recoverySwitch.load(), { since: aSecond + 1, by: 'ann' })
    await reopened.recoverySwitch.set(null)
    assert.equal(await reopened.recoverySwitch.load(), null)
  })

  on('the audit is listed newest first in pages of twenty, whole or for one server', async store => {
    for (let index = 0; index < 25; index++) {
      await store.audit.append({ at: aSecond + index * 1000, kind: 'test', key: index % 5 === 0 ? db1 : null, clusterName: 'c', message: `nº ${index}` })
    }
    const first = await store.audit.list({ page: 0 })
    assert.deepEqual(first.map(({ message }) => message), Array.from({ length: 20 }, (_, index) => `nº ${24 - index}`))
    assert.equal((await store.audit.list({ page: 1 })).length, 5)
    assert.deepEqual((await store.audit.list({ page: 0, key: db1 })).map(({ message }) => message), ['nº 20', 'nº 15', 'nº 10', 'nº 5', 'nº 0'])
    assert.deepEqual(first.at(-1), { id: first.at(-1)?.id, at: aSecond + 5000, kind: 'test', key: db1, clusterName: 'c', message: 'nº 5' })
  })

  on('the audit is looked through by kind, cluster, person, message and time, and below an entry', async store => {
    const said = ['done: moved; by ann', 'owner: Ann, reason: 100% disk', 'failed: moved; by bob']
    for (const [index, message] of said.entries()) {
      await store.audit.append({ at: aSecond + index * 10_000, kind: index === 1 ? 'begin-downtime' : 'relocate', key: db1, clusterName: index === 2 ? 'other' : 'c', message })
    }
    const found = async (filter: Omit<AuditFilter, 'page'>) => (await store.audit.list({ page: 0, ...filter })).map(({ message }) => said.indexOf(message))
    assert.deepEqual(await found({ person: 'ann' }), [1, 0])
    assert.deepEqual(await found({ kind: 'DOWN' }), [1])
    assert.deepEqual(await found({ clusterName: 'other' }), [2])
    assert.deepEqual(await found({ message: '100%' }), [1])
    assert.deepEqual(await found({ message: '1_0' }), [])
    assert.deepEqual(await found({ from: aSecond + 10_000 }), [2, 1])
    assert.deepEqual(await found({ to: aSecond + 10_000, kind: 'relocate' }), [0])
    const [newest] = await store.audit.list({ page: 0, rows: 1 })
    assert.equal(newest?.message, said[2])
    assert.deepEqual(await found({ before: newest?.id ?? 0, rows: 1 }), [1])
  })

  on('a detection is registered once while it is active, actionable or not, and comes back exact', async (store, again) => {
    const first = await store.detections.register(aDetection)
    assert.ok(first)
    assert.equal(await store.detections.register({ ...aDetection, code: 'DeadMasterAndReplicas' }), null)
    assert.ok(await store.detections.register({ ...aDetection, code: 'UnreachableMaster', isActionable: false }))
    await store.detections.endActive({ key: db1 }, aSecond + 5000)
    assert.ok(await store.detections.register(aDetection))
    await store.detections.endActive({ clusterName: aDetection.clusterName }, aSecond + 5000)
    assert.ok(await store.detections.register(aDetection), 'two that end in the same second do not hinder a third')
    await store.detections.endActive({ startedBefore: aSecond }, aSecond + 6000)
    assert.equal(await store.detections.register(aDetection), null)
    const reopened = await again()
    const listed = await reopened.detections.list({ page: 0 })
    assert.deepEqual(listed.map(({ isActionable, endedActiveAt }) => [isActionable, endedActiveAt]), [[true, null], [true, aSecond + 6000], [false, aSecond + 5000], [true, aSecond + 5000]])
    assert.deepEqual(await reopened.detections.list({ page: 0, id: first.id }), [{ ...aDetection, id: first.id, endedActiveAt: aSecond + 5000 }])
    assert.equal((await reopened.detections.list({ page: 0, clusterAlias: 'other' })).length, 0)
  })

  on('a server has one active recovery, and its record comes back exact', async (store, again) => {
    const registered = await store.recoveries.register(aRecovery)
    assert.ok(registered)
    assert.equal(await store.recoveries.register({ ...aRecovery, uid: 'other' }), null)
    assert.deepEqual(await store.recoveries.open(), [registered])
    const ended: Recovery = {
      ...registered, successor: db2, successorAlias: 'two', successorCoordinates: { file: 'binlog.000009', position: 9007199254740993n }, isSuccessful: true,
      lostReplicas: [db3],
      participants: [db1, db2, db3], errors: ['first\nwith two lines', 'zweiter'], endedAt: aSecond + 987,
    }
    await store.recoveries.update(ended)
    const reopened = await again()
    assert.deepEqual(await reopened.recoveries.list({ page: 0, uid: aRecovery.uid }), [ended])
    assert.deepEqual(await reopened.recoveries.open(), [ended])
    const since = async (endedSince: number, successor = db2): Promise<number> => (await reopened.recoveries.list({ page: 0, endedSince, successor })).length
    assert.deepEqual([await since(aSecond), await since(aSecond + 1000), await since(aSecond, db1)], [1, 0, 0], 'it is found by when it ended and by whom it promoted')
  })

  on('an acknowledgement ends the active period, and a later update does not undo it', async store => {
    const registered = await store.recoveries.register(aRecovery)
    assert.ok(registered)
    assert.equal(await store.recoveries.acknowledge({ clusterName: 'nobody' }, { at: aSecond, by: 'ann', comment: 'ok' }), 0)
    assert.equal(await store.recoveries.acknowledge({ clusterName: 'nobody', clusterAlias: 'shop' }, { at: aSecond + 2000, by: 'ann', comment: 'gesehen — 好' }), 1)
    assert.equal(await store.recoveries.acknowledge({ id: registered.id }, { at: aSecond + 3000, by: 'bob', comment: 'again' }), 0)
    await store.recoveries.update({ ...registered, endedAt: aSecond + 4000, isSuccessful: true, successor: db2 })
    const [listed] = await store.recoveries.list({ page: 0, id: registered.id })
    assert.deepEqual(listed, {
      ...registered, endedAt: aSecond + 4000, isSuccessful: true, successor: db2, isActive: false,
      acknowledged: { at: aSecond + 2000, by: 'ann', comment: 'gesehen — 好' },
    })
    assert.deepEqual(await store.recoveries.open(), [])
    assert.deepEqual(await store.recoveries.list({ page: 0, unacknowledgedOnly: true }), [])
  })

  on('the block period ends by the beginning of the recovery, also for two of one server in one second', async store => {
    for (const uid of ['one', 'two']) {
      assert.ok(await store.recoveries.register({ ...aRecovery, uid }))
      assert.equal((await store.recoveries.list({ page: 0, activeOnly: true })).length, 1)
      assert.equal(await store.recoveries.endActivePeriod(aSecond, aSecond + 9000), 0)
      assert.equal(await store.recoveries.endActivePeriod(aSecond + 1000, aSecond + 9000), 1)
    }
    assert.equal((await store.recoveries.list({ page: 0, activeOnly: true })).length, 0)
    assert.equal((await store.recoveries.open()).length, 2, 'they have not ended')
  })

  on('recoveries are listed newest first in pages of twenty, by cluster, alias and server', async store => {
    for (let index = 0; index < 22; index++) {
      assert.ok(await store.recoveries.register({ ...aRecovery, uid: `uid-${index}`, key: instanceKey(`db${index}`, 3306), clusterName: index % 2 === 0 ? 'even' : 'odd', clusterAlias: '' }))
    }
    assert.deepEqual((await store.recoveries.list({ page: 1 })).map(({ uid }) => uid), ['uid-1', 'uid-0'])
    assert.equal((await store.recoveries.list({ page: 0, clusterName: 'even' })).length, 11)
    assert.equal(await store.recoveries.acknowledge({ key: instanceKey('db3', 3306) }, { at: aSecond, by: 'x', comment: 'y' }), 1)
    assert.equal(await store.recoveries.acknowledge({}, { at: aSecond, by: 'x', comment: 'y' }), 21)
  })

  on('steps of a recovery come back exact and in order', async (store, again) => {
    const steps: readonly Omit<RecoveryStep, 'id'>[] = [
      { recoveryUid: 'u', at: aSecond + 1, stage: 'evidence', server: db1, message: 'gone — 不可达', outcome: 'started', durationMilliseconds: null },
      { recoveryUid: 'u', at: aSecond + 17, stage: 'promote', server: null, message: 'done', outcome: 'done', durationMilliseconds: 16.5 },
      { recoveryUid: 'other', at: aSecond, stage: '', server: null, message: 'x', outcome: 'note', durationMilliseconds: 0 },
    ]
    for (const step of steps) await store.recoveries.appendStep(step)
    const read = await (await again()).recoveries.steps('u')
    assert.deepEqual(read.map(({ id: _id, ...step }) => step), steps.slice(0, 2))
  })

  on('a blocked recovery is renewed, not doubled, and goes with what blocks it or with time', async store => {
    const blocked = { key: db1, clusterName: 'c', code: 'DeadMaster', lastBlockedAt: aSecond, blockingRecoveryId: 5 }
    await store.recoveries.block(blocked)
    await store.recoveries.block({ ...blocked, lastBlockedAt: aSecond + 1000 })
    await store.recoveries.block({ ...blocked, key: db2, clusterName: 'd', blockingRecoveryId: 6 })
    assert.deepEqual(await store.recoveries.blocked({ clusterName: 'c' }), [{ ...blocked, lastBlockedAt: aSecond + 1000 }])
    assert.deepEqual((await store.recoveries.blocked({})).map(({ key }) => key), [db1, db2])
    await store.recoveries.unblock({ lastBlockedBefore: aSecond + 1000 })
    assert.deepEqual((await store.recoveries.blocked({})).map(({ key }) => key), [db1])
    await store.recoveries.unblock({ blockingRecoveryId: 5 })
    assert.deepEqual(await store.recoveries.blocked({}), [])
  })

  on('plans that were begun and not ended are found again with how far they came', async (store, again) => {
    const first = await store.intents.begin({ plan: aPlan, by: 'ann', recoveryUid: 'u', startedAt: aSecond + 5 })
    const second = await store.intents.begin({ plan: aPlan, by: 'bob', recoveryUid: '', startedAt: aSecond + 6 })
    await store.intents.step(first, 1, 'begun')
    await store.intents.step(first, 1, 'done', 'binlog.000001:4')
    await store.intents.step(first, 2, 'begun')
    await store.intents.step(second, 1, 'failed')
    const reopened = await again()
    const open = await reopened.intents.open()
    assert.deepEqual(open.map(({ id, plan, by, recoveryUid, startedAt, steps, bound }) => [id, plan, by, recoveryUid, startedAt, [...steps], [...bound]]), [
      [first, aPlan, 'ann', 'u', aSecond + 5, [[1, 'done'], [2, 'begun']], [[1, 'binlog.000001:4']]],
      [second, aPlan, 'bob', '', aSecond + 6, [[1, 'failed']], []],
    ])
    await reopened.intents.end(first, 'done')
    await reopened.intents.end(second, 'undone')
    assert.deepEqual(await reopened.intents.open(), [])
  })

  on('a plan is taken over from a process that is gone, by one other alone', async store => {
    const [gone, here, there] = ['gone', 'here', 'there'].map(token => ({ hostname: 'one', token }))
    assert.ok(gone !== undefined && here !== undefined && there !== undefined)
    const id = await store.intents.begin({ plan: aPlan, by: 'ann', recoveryUid: '', startedAt: aSecond, process: gone })
    const unsigned = await store.intents.begin({ plan: aPlan, by: 'bob', recoveryUid: '', startedAt: aSecond })
    const [left, older] = await store.intents.open()
    assert.ok(left !== undefined && older !== undefined)
    assert.deepEqual([left.process, older.process, await store.intents.isOwn(id, gone), await store.intents.isOwn(id, here)], [gone, null, true, false])
    assert.deepEqual([await store.intents.takeOver(left, here), await store.intents.takeOver(left, there)], [true, false])
    assert.deepEqual([await store.intents.takeOver(older, there), await store.intents.takeOver(older, here)], [true, false])
    assert.deepEqual([await store.intents.isOwn(id, gone), await store.intents.isOwn(id, here), await store.intents.isOwn(unsigned, there)], [false, true, true])
    await store.intents.end(id, 'done')
    const [, again] = [await store.intents.isOwn(id, here), await store.intents.takeOver({ id, process: here }, there)]
    assert.equal(again, false, 'what has ended is nobody’s')
    await store.intents.end(unsigned, 'done')
  })

  on('one process at a time holds the lease, and another takes it over when it leaves or stays silent', async store => {
    const about = { startedAt: aSecond, at: aSecond, version: '4', command: '' }
    assert.equal((await store.node.beat({ ...about, hostname: 'one', token: 't1' })).isActive, true, 'a new lease is free at once')
    const second = await store.node.beat({ ...about, hostname: 'two', token: 't2' })
    assert.deepEqual([second.isActive, second.active.hostname], [false, 'one'])
    assert.equal((await store.node.beat({ ...about, hostname: 'one', token: 't1' })).isActive, true)
    assert.deepEqual((await store.node.alive(5)).map(({ hostname, firstSeenAt }) => [hostname, firstSeenAt]), [['one', aSecond], ['two', aSecond]])
    await store.node.leave({ hostname: 'one', token: 't1' })
    assert.equal((await store.node.beat({ ...about, hostname: 'two', token: 't2' })).isActive, true)
    await engine.sql(engine.kind === 'sqlite' ? "update active_node set last_seen_active = datetime('now', '-6 seconds')" : 'update active_node set last_seen_active = now() - interval 6 second')
    assert.equal((await store.node.beat({ ...about, hostname: 'cli', token: 't3', command: 'relocate' })).isActive, false, 'a command never stands')
    assert.equal((await store.node.beat({ ...about, hostname: 'one', token: 't4' })).isActive, true)
  })

  on('a purge takes what is older than its limit, details included, and nothing else', async store => {
    const [old, young] = [aSecond - 10_000, aSecond + 10_000]
    for (const at of [old, young]) {
      await store.audit.append({ at, kind: 'k', key: null, clusterName: '', message: String(at) })
      assert.ok(await store.recoveries.register({ ...aRecovery, uid: String(at), startedAt: at, key: instanceKey(`db${at}`, 1) }))
      await store.recoveries.appendStep({ recoveryUid: String(at), at, stage: 's', server: null, message: 'm', outcome: 'note', durationMilliseconds: null })
      assert.ok(await store.detections.register({ ...aDetection, key: instanceKey(`db${at}`, 1), startedAt: at }))
      await store.instances.save([{ ...fullPrimary, key: instanceKey(`db${at}`, 1), check: { ...fullPrimary.check, lastAttemptedAt: at, lastCheckedAt: at, lastSeenAt: at } }])
      await store.intents.end(await store.intents.begin({ plan: aPlan, by: '', recoveryUid: '', startedAt: at }), 'done')
      engine.clock.at = at
      await store.aliases.register(`db${at}:1`, `alias${at}`)
      await store.domains.set(`db${at}:1`, 'd')
      await store.maintenances.begin(instanceKey(`db${at}`, 1), { owner: '', reason: '', beganAt: at, endsAt: null })
      await store.maintenances.end(instanceKey(`db${at}`, 1))
    }
    await store.instances.save([bareInstance(db3)])
    const limit = aSecond
    const purged = await store.purge({
      audit: limit, recoveries: limit, recoverySteps: limit, detections: limit, instances: limit, clusterAliases: limit, clusterDomains: limit,
      maintenances: limit, intents: limit,
    })
    assert.deepEqual(purged, {
      audit: 1, recoveries: 1, recoverySteps: 1, detections: 1, instances: 1, clusterAliases: 1, clusterDomains: 1, maintenances: 1, intents: 1, nodes: 0,
      nodeHistory: 0, injections: 0, coordinates: 0,
    })
    assert.deepEqual((await store.audit.list({ page: 0 })).map(({ at }) => at), [young])
    assert.deepEqual((await store.recoveries.list({ page: 0 })).map(({ startedAt, kind }) => [startedAt, kind]), [[young, 'MasterRecovery']])
    assert.deepEqual((await store.detections.list({ page: 0 })).map(({ startedAt, description }) => [startedAt, description]), [[young, 'nobody reaches it']])
    assert.deepEqual((await store.instances.load()).map(({ key, hostname }) => [key, hostname]), [[instanceKey(`db${young}`, 1), 'db1'], [db3, '']])
    for (const table of ['recovery_detail', 'recovery_step_detail', 'failure_detection_detail']) {
      assert.equal((await engine.sql(`select * from ${table}`)).length, 1, table)
    }
    assert.equal(Object.values(await store.purge({})).reduce((sum, count) => sum + count, 0), 0)
  })

  on('rows written by a script, with few columns and times in either form, are read', async store => {
    const values: Readonly<Record<string, string>> = {
      hostname: "'script'", port: '3306', server_id: '1', version: "'8.0.30'", binlog_format: "'ROW'", log_bin: '1', log_slave_updates: '1',
      binary_log_file: "'b.1'",
      binary_log_pos: '4', master_host: "'db1'", master_port: '3306', slave_sql_running: '1', slave_io_running: '1', master_log_file: "'b.1'",
      read_master_log_pos: '4',
      relay_master_log_file: "'b.1'", exec_master_log_pos: '4', num_slave_hosts: '1', slave_hosts: "'not json'", cluster_name: "'db1:3306'",
    }
    const strict = {
      executed_gtid_set: "''", gtid_purged: "''", gtid_errant: "''", ancestry_uuid: "''", last_sql_error: "''", last_io_error: "'plain text'",
      replication_group_members: "''",
      ...Object.fromEntries(['last_check_partial_success', 'uptime', 'binlog_server', 'read_only', 'has_replication_filters', 'oracle_gtid', 'supports_oracle_gtid', 'mariadb_gtid', 'pseudo_gtid', 'relay_log_pos', 'sql_delay', 'allow_tls', 'semi_sync_enforced', 'replication_depth', 'is_co_master', 'replication_credentials_available', 'has_replication_credentials', 'last_discovery_latency', 'semi_sync_master_enabled', 'semi_sync_replica_enabled'].map(column => [column, '0'])),
      ...Object.fromEntries(['server_uuid', 'master_uuid', 'relay_log_file', 'suggested_cluster_alias', 'data_center', 'region', 'physical_environment', 'instance_alias', 'major_version', 'binlog_row_image', 'gtid_mode'].map(column => [column, "''"])),
    }
    const all: Readonly<Record<string, string>> = engine.kind === 'mysql' ? { ...values, ...strict } : { ...values, last_io_error: "'plain text'" }
    await engine.sql(`insert into database_instance (${Object.keys(all).join(', ')}) values (${Object.values(all).join(', ')})`)
    await engine.sql(`insert into database_instance_downtime (hostname, port, downtime_active, begin_timestamp, end_timestamp, owner, reason) values ('script', 3306, 1, '2026-11-22 06:00:00', ${engine.kind === 'sqlite' ? "'2026-11-22T06:06:57Z'" : "'2026-11-22 06:06:57'"}, 'o', 'r')`)
    const [loaded] = await store.instances.load()
    assert.ok(loaded?.replication)
    assert.deepEqual([loaded.replication.source, loaded.replication.receiver, loaded.replication.applier, loaded.replication.receiverError.text], ['db1:3306', 'running', 'running', 'plain text'])
    assert.deepEqual([loaded.check.lastSeenAt, loaded.listedReplicas, loaded.semiSync, loaded.group], [null, [], null, null])
    assert.deepEqual(loaded.downtime, { owner: 'o', reason: 'r', beginsAt: aSecond, endsAt: aSecond + 417_000 })
    assert.deepEqual(await store.downtimes.expire(aSecond + 500_000), [loaded.key])
  })

  on('what is too long or of other letters than a column takes stops nothing', async store => {
    const long = 'é—😀'.repeat(40_000)
    await store.instances.save([{ ...fullPrimary, executedGtidSet: long, alias: long, key: db1 }, fullReplica])
    assert.equal((await store.instances.load()).length, 2)
    await store.downtimes.begin(db1, { owner: long, reason: long, beginsAt: aSecond, endsAt: aSecond + 50 * 365 * 86_400_000 })
    assert.ok(((await store.instances.load())[0]?.downtime?.endsAt ?? 0) > aSecond + 10 * 365 * 86_400_000)
    await store.audit.append({ at: aSecond, kind: 'k'.repeat(500), key: db1, clusterName: long, message: long })
    assert.equal((await store.audit.list({ page: 0 })).length, 1)
    const registered = await store.recoveries.register({ ...aRecovery, errors: [long], clusterAlias: long })
    assert.ok(registered)
    await store.recoveries.update({ ...registered, endedAt: aSecond })
  })

  on('opening again changes nothing that is there, and remembers each version', async (store, again) => {
    await store.instances.save([fullPrimary])
    await engine.sql(`insert into orchestrator_db_deployments (deployed_version, deployed_timestamp) values ('3.2.6', '2020-01-01 00:00:00')`)
    const reopened = await again()
    assert.equal((await reopened.instances.load()).length, 1)
    assert.deepEqual((await engine.sql('select deployed_version from orchestrator_db_deployments order by 1')).map(row => row['deployed_version']), ['3.2.6', '4.0.0-test'])
  })

  on('a column that an older program did not know is added', async (store, again) => {
    await store.instances.save([fullPrimary])
    await engine.sql('alter table database_instance drop column region')
    const [loaded] = await (await again()).instances.load()
    assert.deepEqual([loaded?.region, loaded?.dataCenter], ['', 'dc1'])
  })
}
