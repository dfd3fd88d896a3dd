import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ledger } from '../harness/cluster/ledger.ts'
import { LocalClients } from '../harness/cluster/local-clients.ts'
import { writtenTableStatements } from '../harness/cluster/written-table.ts'
import { ProxiedCluster } from '../harness/fault-proxy/proxied-cluster.ts'
import { Lab } from '../harness/lab/lab.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import { assertUntouched, harmlessFaults } from './faults-without-failover.ts'

test('none of the faults that a primary survives causes a failover, and a primary that dies afterwards is replaced', async context => {
  const lanes = ['one', 'two']
  assert.equal(lanes.length, harmlessFaults.length)
  await using sandbox = await Sandbox.start({ servers: lanes.flatMap(name => ProxiedCluster.servers(name)) })
  await using first = await ProxiedCluster.join(sandbox, 'one')
  await using second = await ProxiedCluster.join(sandbox, 'two')
  for (const { primary } of [first, second]) for (const statement of writtenTableStatements) await sandbox.server(primary).sql(statement)
  await using lab = await Lab.start(sandbox, process.env['LAB_VERBOSE'] ? { onLog: console.log } : {})
  const ledger = new Ledger()
  const clients = LocalClients.start(sandbox.servers, ledger)
  try {
    await Promise.all([first, second].map(async (cluster, lane) => {
      for (const fault of harmlessFaults[lane] ?? []) {
        await context.test(`${fault.name}: ${fault.because}`, async () => {
          try {
            await fault.strike({ lab, cluster })
          } finally {
            cluster.heal()
          }
          await assertUntouched({ lab, cluster }, fault.name)
        })
      }
    }))
  } finally {
    await clients.stop()
  }
  const written = new Set(ledger.rows.map(({ server }) => server))
  assert.deepEqual([...written].toSorted(), [first.primary, second.primary], 'only the primaries took writes')
  for (const { primary, replicas } of [first, second]) {
    for (const replica of replicas) await sandbox.untilCaughtUp(replica, primary)
  }
  // All this proves nothing about a manager that never acts.
  await sandbox.server(first.primary).kill()
  assert.equal((await lab.recoveryOf(first.primary)).isSuccessful, true)
})
