import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoreEngine } from './store-engines.ts'

const aSecond = Date.UTC(2026, 10, 22, 6, 0, 0)

/** What a store keeps of agents and seeds; for a suite that has an engine already. */
export function agentsSuite(name: string, engine: () => StoreEngine): void {
  test(`${name}: an agent that registers again is new, and whoever has not for long is forgotten`, async () => {
    await engine().reset()
    const { agents, hostAttributes, attributes, close } = await engine().open()
    await agents.submit({ host: 'db2', port: 3002, token: 't2' }, aSecond)
    await agents.submit({ host: 'db1', port: 3002, token: 't1' }, aSecond + 60_000)
    await agents.noteLook('db2', aSecond + 1000, { mysqlPort: 3306, snapshots: 4 })
    await agents.noteLook('db1', aSecond + 61_000, null)
    assert.deepEqual(await agents.list(), [
      { host: 'db1', port: 3002, token: 't1', submittedAt: aSecond + 60_000, checkedAt: aSecond + 61_000, seenAt: null, mysqlPort: null, snapshots: 0 },
      { host: 'db2', port: 3002, token: 't2', submittedAt: aSecond, checkedAt: aSecond + 1000, seenAt: aSecond + 1000, mysqlPort: 3306, snapshots: 4 },
    ])
    await agents.noteLook('db2', aSecond + 5000, null)
    assert.deepEqual((await agents.list())[1], { host: 'db2', port: 3002, token: 't2', submittedAt: aSecond, checkedAt: aSecond + 5000, seenAt: aSecond + 1000, mysqlPort: 3306, snapshots: 4 })
    await agents.submit({ host: 'db2', port: 3003, token: 'new' }, aSecond + 1)
    assert.deepEqual((await agents.list())[1], { host: 'db2', port: 3003, token: 'new', submittedAt: aSecond, checkedAt: null, seenAt: null, mysqlPort: null, snapshots: 0 })
    assert.equal(await agents.expire(aSecond + 30_000), 1)
    assert.deepEqual((await agents.list()).map(({ host }) => host), ['db1'])
    for (const [host, attribute, value] of [['db2', 'rack', 'r1'], ['db1', 'role', 'x'], ['db1', 'rack', 'r2'], ['db2', 'rack', 'r9']] as const) {
      await hostAttributes.put({ host, name: attribute, value, submittedAt: aSecond })
    }
    await attributes.set('shop.example.com', 'db1:3306', aSecond)
    assert.deepEqual((await hostAttributes.list()).map(({ host, name: attribute, value }) => `${host} ${attribute}=${value}`), ['db1 rack=r2', 'db1 role=x', 'db2 rack=r9'])
    assert.deepEqual((await hostAttributes.list('role')).map(({ host }) => host), ['db1'])
    await close()
  })

  test(`${name}: a seed has its steps, newest first, and ends once`, async () => {
    await engine().reset()
    const { seeds, close } = await engine().open()
    const first = await seeds.begin({ target: 'db1', source: 'db2', startedAt: aSecond })
    const second = await seeds.begin({ target: 'db3', source: 'db1', startedAt: aSecond + 1000 })
    assert.ok(second > first && first > 0)
    const step = await seeds.step({ seed: first, at: aSecond, action: 'getting target agent info for db1', error: '' })
    await seeds.step({ seed: second, at: aSecond, action: 'getting target agent info for db3', error: '' })
    await seeds.step({ seed: first, at: aSecond + 2000, action: 'getting source agent info for db2', error: '' })
    await seeds.failStep(step, "it's gone")
    assert.deepEqual((await seeds.states(first)).map(({ seed, at, action, error }) => ({ seed, at, action, error })), [
      { seed: first, at: aSecond + 2000, action: 'getting source agent info for db2', error: '' },
      { seed: first, at: aSecond, action: 'getting target agent info for db1', error: "it's gone" },
    ])
    assert.deepEqual((await seeds.open()).map(({ id, endedAt, isComplete }) => ({ id, endedAt, isComplete })), [{ id: first, endedAt: null, isComplete: false }, { id: second, endedAt: null, isComplete: false }])
    assert.equal(await seeds.end(first, aSecond + 9000, true), true)
    assert.equal(await seeds.end(first, aSecond + 10_000, false), false, 'it has ended already')
    assert.deepEqual(await seeds.get(first), { id: first, target: 'db1', source: 'db2', startedAt: aSecond, endedAt: aSecond + 9000, isComplete: true, isSuccessful: true })
    assert.equal(await seeds.get(999), null)
    assert.deepEqual((await seeds.recent(10)).map(({ id }) => id), [second, first])
    assert.deepEqual((await seeds.recent(10, { host: 'db1' })).map(({ id }) => id), [first], 'the other has not ended')
    assert.deepEqual(await seeds.recent(10, { host: 'db3' }), [])
    await close()
  })
}
