import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2'
import { hold } from '../harness/lab/hold.ts'
import { Lab } from '../harness/lab/lab.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
const warningsOf = (lab: Lab, name: string): readonly string[] => lab.recoveries.findings().find(({ key }) => key === lab.key(name))?.warnings ?? []

test('a primary whose writes are stalled is reported while it lasts, not replaced, and replaced where the settings say so', async () => {
  await using sandbox = await Sandbox.fourServers()
  const primary = sandbox.server('primary')
  {
    await using lab = await Lab.start(sandbox, { ...verbose, analysis: { stalledWritesSeconds: 2 } })
    await using writer = await Writer.start(primary, () => [primary])
    await lab.until('rows are written', () => writer.acknowledged.length > 100)
    assert.deepEqual(warningsOf(lab, 'primary').filter(code => code === 'WritesStalledWarning'), [], 'writes go on')
    const lock = await hold(primary, 'FLUSH TABLES WITH READ LOCK')
    await lab.until('the stall is reported', () => warningsOf(lab, 'primary').includes('WritesStalledWarning'))
    const finding = lab.recoveries.findings().find(({ key }) => key === lab.key('primary'))
    assert.equal(finding?.code, 'NoProblem')
    const waits = finding.observations.find(({ code }) => code === 'writes-wait')
    assert.match(waits?.text ?? '', /wait for up to \d+ s and nothing is written: Waiting for /)
    await lock.release()
    await lab.until('it is over', () => !warningsOf(lab, 'primary').includes('WritesStalledWarning'))
    assert.deepEqual(await lab.store.recoveries.list({ page: 0 }), [])
  }
  await using lab = await Lab.start(sandbox, { ...verbose, analysis: { stalledWritesSeconds: 2, replaces: { stalledWrites: true, fullDisk: false } } })
  await using writer = await Writer.start(primary, () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 100)
  const lock = await hold(primary, 'FLUSH TABLES WITH READ LOCK')
  const recovery = await lab.recoveryOf('primary', 30_000)
  assert.equal(recovery.code, 'WritesStalledMaster')
  assert.equal(recovery.isSuccessful, true, recovery.errors.join('; '))
  const successor = sandbox.server(lab.nameOf(recovery.successor))
  assert.deepEqual(await successor.row('SELECT @@read_only AS ro'), { ro: 0 })
  await writer.stop()
  await lock.release()
  await lab.until('the former primary is read-only once it can be', async () => (await primary.row<{ ro: number }>('SELECT @@super_read_only AS ro')).ro === 1, 30_000)
})

test('a server that takes no more connections is called so, and is not replaced: its replicas are connected', async () => {
  await using sandbox = await Sandbox.fourServers()
  const primary = sandbox.server('primary')
  await using lab = await Lab.start(sandbox, verbose)
  const root = await primary.connect()
  try {
    await root.query('SET GLOBAL max_connections = 1') // those that are there stay, and nobody new comes in
    const [ours] = await root.query<RowDataPacket[]>("SELECT id FROM performance_schema.processlist WHERE user = 'orchestrator'")
    assert.ok(ours.length > 0, 'we are connected')
    for (const { id } of ours) await root.query(`KILL ${id}`)
    await lab.until('the limit is reported', () => warningsOf(lab, 'primary').includes('ConnectionLimitReachedWarning'))
    const finding = lab.recoveries.findings().find(({ key }) => key === lab.key('primary'))
    assert.equal(finding?.code, 'UnreachableMaster')
    assert.ok(finding.observations.some(({ code }) => code === 'answers-but-refuses-us'))
    await sleep(3000)
    assert.deepEqual(await lab.store.recoveries.list({ page: 0 }), [])
    await root.query('SET GLOBAL max_connections = 100')
    await lab.until('it is over', () => !warningsOf(lab, 'primary').includes('ConnectionLimitReachedWarning'))
  } finally {
    await root.end()
  }
})
