import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from '../../src/adapters/store/open-store.ts'
import { storeSettings } from '../../src/adapters/store/settings.ts'
import { defaultValues } from '../../src/kit/setting.ts'
import type { Json } from '../../src/ports/group.ts'
import { type Envelope, until } from '../harness/recorded/api.ts'
import { Managers } from '../harness/raft/managers.ts'

const isBuilt = process.env['RAFT_MANAGERS_UNBUILT'] === undefined
const server = '10.9.9.9/3306'

/** The shared tables of a manager that has ended, as they stand in its own database. */
async function dumped(folder: string): Promise<{ readonly tables: Readonly<Record<string, { readonly rows: readonly Json[] }>> }> {
  const opened = await openStore({ settings: { ...defaultValues(storeSettings), backend: 'sqlite3', sqliteFile: join(folder, 'orchestrator.sqlite3') }, version: 'test', clock: { now: () => Date.now() } })
  assert.ok(opened.ok)
  try {
    return (await opened.value.shared.dump()) as unknown as Awaited<ReturnType<typeof dumped>> // what SharedTables dumps
  } finally {
    await opened.value.close()
  }
}

test('whatever is decided through any of three managers stands in the same rows of all three databases, with the same numbers, though the leader is killed in between', async () => {
  await using managers = await Managers.start({}, isBuilt)
  const first = await managers.all()
  const [follower = -1, other = -1] = [...managers.running.keys()].filter(number => number !== first.number)
  for (const path of [
    `begin-maintenance/${server}/dba/disk`, `begin-downtime/${server}/dba/work/1h`, `tag/${server}?tag=role=spare`, `tag/${server}?tag=dc=one`, `untag/${server}?tag=dc`,
    `register-candidate/${server}/prefer`, `submit-pool-instances/web?instances=10.9.9.9:3306,10.9.9.8:3306`, `register-hostname-unresolve/${server}/vip.example.com`, 'disable-global-recoveries',
  ]) await managers.change(follower, path)
  const inMaintenance = (list: readonly { readonly MaintenanceId: number }[]): string => list.map(({ MaintenanceId }) => MaintenanceId).join()
  await managers.onAll<readonly { readonly MaintenanceId: number }[]>('/api/maintenance', list => inMaintenance(list) === '1')

  await managers.kill(first.number)
  await managers.leader()
  for (const path of [`end-maintenance/${server}`, `begin-maintenance/${server}/ann/disk`, `end-downtime/${server}`]) await managers.change(other, path)
  await managers.start(first.number)
  await managers.all()
  await managers.onAll<readonly { readonly MaintenanceId: number }[]>('/api/maintenance', list => inMaintenance(list) === '2')
  await managers.onAll<Envelope>('/api/check-global-recoveries', ({ Details }) => Details === 'disabled')
  await managers.onAll<readonly string[]>(`/api/tags/${server}`, tags => tags.join() === 'role=spare')

  // Whoever leads ends last, so that nothing is changed that another one does not hear of.
  const last = await managers.leader()
  for (const number of [...managers.running.keys()].filter(each => each !== last.number)) await managers.kill(number)
  await until(() => managers.leaderChecks(), checks => [...checks.values()].every(status => status !== 200), 15_000)
  await managers.kill(last.number)
  const dumps = await Promise.all([0, 1, 2].map(number => dumped(managers.folderOf(number))))
  for (const table of ['database_instance_maintenance', 'database_instance_tags', 'candidate_database_instance', 'database_instance_pool', 'hostname_unresolve', 'global_recovery_disable']) {
    assert.ok((dumps[0]?.tables[table]?.rows.length ?? 0) > 0, `${table} has rows`)
  }
  assert.deepEqual(dumps[0]?.tables['database_instance_downtime']?.rows, [])
  assert.deepEqual(dumps[1], dumps[0])
  assert.deepEqual(dumps[2], dumps[0])
})
