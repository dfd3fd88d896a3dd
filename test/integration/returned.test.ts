import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { planRejoinPrimary } from '../../src/model/planning/rejoin-primary.ts'
import { isRefusal } from '../../src/model/planning/plan.ts'
import { defaultReplicationPolicy as policy } from '../../src/model/topology/replication-rules.ts'
import { Lab } from '../harness/lab/lab.ts'
import { loggedRun, refresh, sameStatements } from '../harness/lab/logged-run.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}

async function threeServers(flavour: 'mysql' | 'mariadb'): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ servers: ['primary', 'replica-1', 'replica-2'].map(name => ({ name, flavour })) })
  for (const replica of ['replica-1', 'replica-2']) {
    await sandbox.replicate(replica, 'primary', { heartbeatSeconds: 2.5, connectRetrySeconds: 3 })
    await sandbox.server(replica).sql(flavour === 'mysql' ? 'SET GLOBAL super_read_only = 1' : 'SET GLOBAL read_only = 1')
  }
  return sandbox
}

/** Kills the primary and brings it back: who replaced it, by name. */
async function replaceAndReturn(lab: Lab, name: string, options: readonly string[] = []): Promise<string> {
  await lab.sandbox.server(name).kill()
  const recovery = await lab.recoveryOf(name)
  assert.deepEqual([recovery.isSuccessful, recovery.lostReplicas], [true, []])
  await lab.sandbox.server(name).start(options)
  return lab.nameOf(recovery.successor)
}

const said = (lab: Lab, text: string): boolean => lab.audited.some(line => line.startsWith('returned-primary') && line.includes(text))

test('a primary that returns with nothing of its own stays read-only and alone until it is let follow, with the options of the others; what only it has is never joined silently', async () => {
  await using sandbox = await threeServers('mysql')
  await using lab = await Lab.start(sandbox, verbose)
  for (const replica of ['replica-1', 'replica-2']) await sandbox.untilCaughtUp(replica, 'primary')
  const successor = await replaceAndReturn(lab, 'primary')
  await lab.until('it is judged', () => said(lab, `has nothing that ${lab.key(successor)} does not have`) && said(lab, 'orchestrator -c rejoin-primary'))
  await sleep(1500)
  assert.deepEqual(await sandbox.server('primary').sql('SHOW REPLICA STATUS'), [], 'without a policy nothing is done by itself')
  assert.deepEqual(lab.recoveries.deposed().map(({ key }) => lab.nameOf(key)), ['primary'])

  await refresh(lab)
  assert.equal(lab.instance('primary').downtime?.reason, 'lost-in-recovery')
  const { outcome, shown, sent } = await loggedRun(lab, topology => planRejoinPrimary(topology, { old: lab.key('primary'), source: lab.key(successor) }, policy))
  assert.deepEqual([outcome.state, outcome.failure], ['done', null])
  for (const [name, statements] of Object.entries(shown)) assert.ok(sameStatements(statements, sent[name] ?? []), JSON.stringify([shown, sent], null, 1))
  await sandbox.untilReplicating('primary')
  const options = 'SELECT Host, Port, User_name, Connect_retry, Heartbeat, Retry_count, Enabled_ssl, Get_public_key, Enabled_auto_position FROM mysql.slave_master_info'
  const other = successor === 'replica-1' ? 'replica-2' : 'replica-1'
  assert.deepEqual(await sandbox.server('primary').row(options), await sandbox.server(other).row(options))
  await lab.until('it is no deposed primary any more', () => lab.recoveries.deposed().length === 0)
  await lab.until('and its next failure counts: it is given up no more', () => lab.instance('primary').downtime === null)

  // The second one comes back with a transaction of its own.
  await lab.recoveries.acknowledge({}, { at: Date.now(), by: 'test', comment: 'seen' })
  const next = await replaceAndReturn(lab, successor)
  await lab.until('it is written to all the same', async () => {
    await sandbox.server(successor).sql('SET GLOBAL super_read_only = 0, GLOBAL read_only = 0')
    return sandbox.server(successor).sql('CREATE DATABASE mine').then(() => true, () => false)
  })
  await lab.until('that is found out', () => said(lab, 'has 1 transactions that'))
  await refresh(lab)
  const wish = { old: lab.key(successor), source: lab.key(next) }
  const refused = planRejoinPrimary(lab.inventory.topology, wish, policy)
  assert.ok(isRefusal(refused) && refused.refused.code === 'rejoin-refused' && refused.refused.text.includes('has 1 transactions'))
  await lab.until('it is read-only', () => lab.instance(successor).readOnly)
  const plan = planRejoinPrimary(lab.inventory.topology, { ...wish, injectsEmpty: true }, policy)
  assert.ok(!isRefusal(plan))
  const joined = await lab.execution.run(plan, { by: 'test' })
  assert.deepEqual([joined.state, joined.failure], ['done', null])
  for (const name of ['primary', 'replica-1', 'replica-2']) if (name !== next) await sandbox.untilCaughtUp(name, next)
  assert.equal((await sandbox.server(successor).sql("SHOW DATABASES LIKE 'mine'")).length, 1)
  assert.equal((await sandbox.server(next).sql("SHOW DATABASES LIKE 'mine'")).length, 0)
})

test('where the settings want it, a MariaDB primary that returns with nothing of its own follows by itself', async () => {
  await using sandbox = await threeServers('mariadb')
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: { rejoinsReturned: 'always' }, mysql: { credentialsQuery: "SELECT 'repl', 'Repl-pass-1'" } })
  const successor = await replaceAndReturn(lab, 'primary')
  await lab.until('it follows again', () => said(lab, `${lab.key('primary')} follows ${lab.key(successor)} again`))
  await sandbox.untilReplicating('primary')
  const { Master_Port: port, Using_Gtid: gtid } = await sandbox.server('primary').row<Record<string, unknown>>('SHOW SLAVE STATUS')
  assert.deepEqual([port, gtid], [sandbox.server(successor).port, 'Slave_Pos'])
  assert.equal((await sandbox.server('primary').row<{ ro: number }>('SELECT @@read_only AS ro')).ro, 1)
  const [recovery] = await lab.store.recoveries.list({ page: 0 })
  assert.ok((await lab.store.recoveries.steps(recovery?.uid ?? '')).some(step => step.stage === 'returned' && step.outcome === 'done'))
})

test('under a durability policy a primary that returns with nothing of its own follows by itself, and executes what comes although its own file has it wait for acknowledgements', async () => {
  const options = ['--plugin-load-add=semisync_source.so', '--plugin-load-add=semisync_replica.so', '--rpl-semi-sync-replica-enabled=ON', '--rpl-semi-sync-source-timeout=4294967295']
  await using sandbox = await Sandbox.fourServers({ options })
  await sandbox.server('primary').sql('SET GLOBAL rpl_semi_sync_source_enabled = 1')
  await using lab = await Lab.start(sandbox, { ...verbose, recovery: { durability: { '*': 'semi-sync' } } })
  await lab.until('the primary counts its replicas', () => lab.instance('primary').semiSync?.clients === 2 && lab.instance('primary').semiSync?.sourceActive === true)
  const successor = await replaceAndReturn(lab, 'primary', ['--rpl-semi-sync-source-enabled=ON'])
  await lab.until('it follows again', () => said(lab, `${lab.key('primary')} follows ${lab.key(successor)} again`))
  await sandbox.untilReplicating('primary')
  await sandbox.server(successor).sql('CREATE DATABASE later')
  await sandbox.untilCaughtUp('primary', successor)
  assert.deepEqual(
    await sandbox.server('primary').row('SELECT @@read_only AS ro, @@super_read_only AS sro, @@rpl_semi_sync_source_enabled AS waits'), { ro: 1, sro: 1, waits: 0 })
  // Somebody switches it on by hand: its role is put right again.
  await sandbox.server('primary').sql('SET GLOBAL rpl_semi_sync_source_enabled = 1')
  await lab.until('the role of a replica is kept', async () =>
    (await sandbox.server('primary').row<{ waits: number }>('SELECT @@rpl_semi_sync_source_enabled AS waits')).waits === 0)
})
