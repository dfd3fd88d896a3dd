import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planDelay } from '../../src/model/planning/delay.ts'
import { planDetach, planReattach } from '../../src/model/planning/detach.ts'
import type { Planned } from '../../src/model/planning/plan.ts'
import { defaultRelocatePolicy as policy } from '../../src/model/planning/relocate-judgement.ts'
import { planResetReplica } from '../../src/model/planning/reset-replica.ts'
import { planSkipQuery } from '../../src/model/planning/skip-query.ts'
import { planStopNicely } from '../../src/model/planning/stop-nice.ts'
import { planDisableGtid, planEnableGtid } from '../../src/model/planning/use-gtid.ts'
import type { Topology } from '../../src/model/topology/topology.ts'
import { Lab } from '../harness/lab/lab.ts'
import { loggedRun, refresh, sameStatements } from '../harness/lab/logged-run.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

test('a MariaDB replica is detached, attached, delayed, stopped nicely, skips and changes its method, and has every row at the end', async () => {
  await using sandbox = await Sandbox.start({ servers: [{ name: 'primary', flavour: 'mariadb' }, { name: 'replica-1', flavour: 'mariadb' }] })
  await sandbox.replicate('replica-1', 'primary')
  await using lab = await Lab.start(sandbox, { pollSeconds: 60, recovery: { primaryFilters: [], intermediateFilters: [] } })
  await using writer = await Writer.start(sandbox.server('primary'), () => [sandbox.server('primary')])
  const key = lab.key('replica-1')
  const replica = sandbox.server('replica-1')
  const done = async (planned: (topology: Topology) => Planned): Promise<void> => {
    const { outcome, shown, sent } = await loggedRun(lab, planned)
    assert.deepEqual([outcome.state, outcome.failure], ['done', null])
    assert.deepEqual(Object.keys(sent), Object.keys(shown))
    for (const [name, statements] of Object.entries(shown)) assert.ok(sameStatements(statements, sent[name] ?? []), JSON.stringify([shown, sent], null, 1))
  }
  const status = (): Promise<Record<string, unknown>> => replica.row('SHOW SLAVE STATUS')
  const whole = async (): Promise<void> => {
    const count = writer.acknowledged.length
    await lab.until('rows are written', () => writer.acknowledged.length > count + 20)
    await sandbox.untilReplicating('replica-1')
    const last = writer.acknowledged.at(-1)?.id ?? 0
    await lab.until('the last row arrives', async () => Number((await replica.row<{ last: number | null }>('SELECT MAX(id) AS last FROM drill.rows_written')).last ?? 0) >= last)
    assert.equal(writer.acknowledged.length <= 0, false)
    const have = new Set((await replica.sql<{ id: number }>('SELECT id FROM drill.rows_written')).map(({ id }) => Number(id)))
    assert.equal(writer.acknowledged.slice(0, count).filter(({ id }) => !have.has(id)).length, 0, 'every acknowledged row is there')
  }
  await whole()

  await done(topology => planDetach(topology, key, policy))
  assert.deepEqual([(await status())['Master_Host'], (await status())['Slave_SQL_Running'], (await status())['Using_Gtid']], ['//127.0.0.1', 'Yes', 'Slave_Pos'])
  await done(topology => planReattach(topology, key, policy))
  await whole()
  await done(topology => planDelay(topology, key, '1', policy))
  await done(topology => planDelay(topology, key, '0', policy))
  await whole()
  await done(topology => planStopNicely(topology, key, policy))
  assert.deepEqual([(await status())['Slave_IO_Running'], (await status())['Slave_SQL_Running']], ['No', 'No'])
  await replica.sql('START SLAVE')
  await whole()

  const unlogged = async (statement: string): Promise<void> => {
    const session = await replica.connect()
    await session.query('SET SESSION sql_log_bin = 0')
    await session.query(statement)
    await session.end()
  }
  const clash = async (id: number): Promise<void> => {
    await unlogged(`INSERT INTO drill.clash VALUES (${id})`)
    await sandbox.server('primary').sql(`INSERT INTO drill.clash VALUES (${id})`)
    await lab.until('the applier fails', async () => Number((await status())['Last_SQL_Errno']) === 1062)
  }
  await sandbox.server('primary').sql('CREATE TABLE drill.clash (id INT PRIMARY KEY)')
  await whole()
  await clash(1)
  await refresh(lab)
  const refused = planSkipQuery(lab.inventory.topology, key)
  assert.ok('refused' in refused && refused.refused.code === 'skip-with-mariadb-gtid')
  await unlogged('DELETE FROM drill.clash')
  await replica.sql('START SLAVE')
  await whole()

  await done(topology => planDisableGtid(topology, key, policy))
  assert.equal((await status())['Using_Gtid'], 'No')
  await whole()
  await clash(2)
  await done(topology => planSkipQuery(topology, key))
  await whole()
  await done(topology => planDetach(topology, key, policy))
  await done(topology => planReattach(topology, key, policy))
  await whole()
  await done(topology => planEnableGtid(topology, key, policy))
  assert.equal((await status())['Using_Gtid'], 'Slave_Pos')
  await whole()
  await done(topology => planResetReplica(topology, key, policy))
  assert.deepEqual(await replica.sql('SHOW SLAVE STATUS'), [])
})
