import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recovery } from '../../src/model/recovery/records.ts'
import { Lab } from '../harness/lab/lab.ts'
import { Writer } from '../harness/lab/writer.ts'
import type { ReplicateOptions } from '../harness/sandbox/replication.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'
import type { Flavour } from '../harness/sandbox/server-binary.ts'

/** Heartbeats come every 30 s and receivers give up after 60: what is found out sooner is found out by asking. */
const waitMilliseconds = 40_000

interface Wish {
  readonly flavour?: Flavour
  /** Each replica with its source. */
  readonly links: readonly (readonly [replica: string, source: string, options?: ReplicateOptions])[]
}

/** Freezes a server below or above others, and tells what was made of it. Names are those of the sandbox. */
async function whenHung(victim: string, { flavour = 'mysql', links }: Wish, judge: (scene: { lab: Lab; sandbox: Sandbox; recovery: Recovery }) => Promise<void> | void): Promise<void> {
  const names = [...new Set(links.flatMap(([replica, source]) => [source, replica]))]
  await using sandbox = await Sandbox.start({ servers: names.map(name => ({ name, flavour })) })
  for (const [replica, source, options = {}] of links) await sandbox.replicate(replica, source, options)
  for (const name of names) if (name !== 'primary') await sandbox.server(name).sql('SET GLOBAL read_only = ON')
  await using lab = await Lab.start(sandbox, { pollSeconds: 5, ...(process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}) })
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 20)
  const from = performance.now()
  sandbox.server(victim).freeze()
  try {
    const recovery = await lab.recoveryOf(victim, waitMilliseconds)
    if (process.env['LAB_VERBOSE']) console.log(`frozen: recovered after ${(performance.now() - from).toFixed(0)} ms`)
    assert.deepEqual([recovery.isSuccessful, recovery.lostReplicas, recovery.errors], [true, [], []])
    const restarted = lab.audited.filter(line => line.startsWith('emergently-restart-replication-topology-instance')).map(line => line.split(' ')[1])
    assert.deepEqual(restarted.sort(), links.filter(([, source]) => source === victim).map(([replica]) => lab.key(replica)).sort(), 'each replica was made to connect anew, once')
    await judge({ lab, sandbox, recovery })
  } finally {
    sandbox.server(victim).resume()
  }
}

const takesWrites = async (sandbox: Sandbox, name: string): Promise<boolean> => Number((await sandbox.server(name).row<{ ro: number }>('SELECT @@read_only AS ro')).ro) === 0

// Most of each is waiting, so two of them run beside each other.
test('whatever hangs is replaced in seconds', { concurrency: 2 }, hung => {
  void hung.test('a MariaDB primary that hangs is replaced in seconds: replicas connect anew while their appliers run, and try no longer than a receiver of MariaDB may before it can be stopped', async () => {
    // The usual pause between two attempts, so that nobody tries again meanwhile.
    const options = { connectRetrySeconds: 60 }
    await whenHung('primary', { flavour: 'mariadb', links: [['replica-1', 'primary', options], ['replica-2', 'primary', options]] }, async ({ lab, sandbox, recovery }) => {
      assert.equal(recovery.code, 'DeadMaster')
      assert.ok(await takesWrites(sandbox, lab.nameOf(recovery.successor)))
      for (const name of ['replica-1', 'replica-2']) assert.equal(Number((await sandbox.server(name).row<{ seconds: number }>('SELECT @@GLOBAL.slave_net_timeout AS seconds')).seconds), 60, 'no setting is other than it was')
    })
  })

  void hung.test('a primary that hangs is replaced in seconds also where replicas replicate by position', async () => {
    await whenHung('primary', { links: [['replica-1', 'primary', { gtid: false }], ['replica-2', 'primary', { gtid: false }]] }, async ({ lab, sandbox, recovery }) => {
      assert.equal(recovery.code, 'DeadMaster')
      assert.ok(await takesWrites(sandbox, lab.nameOf(recovery.successor)))
    })
  })

  void hung.test('the only replica of an intermediate source that hangs follows another server in seconds', async () => {
    await whenHung('middle', { links: [['leaf', 'primary'], ['middle', 'primary'], ['sub', 'middle']] }, async ({ lab, sandbox, recovery }) => {
      assert.equal(recovery.code, 'DeadIntermediateMasterWithSingleReplicaFailingToConnect')
      await sandbox.untilReplicating('sub')
      assert.notEqual(lab.instance('sub').replication?.source, lab.key('middle'))
      assert.ok(await takesWrites(sandbox, 'primary'))
    })
  })

  void hung.test('the other one of two co-primaries leads alone in seconds when the one that took writes hangs', async () => {
    await whenHung('primary', { links: [['other', 'primary'], ['leaf', 'primary'], ['primary', 'other']] }, async ({ lab, sandbox, recovery }) => {
      assert.deepEqual([recovery.code, lab.nameOf(recovery.successor)], ['DeadCoMaster', 'other'])
      assert.ok(await takesWrites(sandbox, 'other'))
      await lab.until('the replica follows it', () => lab.instance('leaf').replication?.source === lab.key('other'))
    })
  })
})
