import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterView, StatusView } from '../../src/contract/views.ts'
import { type Envelope, until } from '../harness/recorded/api.ts'
import { databaseStatements, managerNames, Managers, onMysql, otherManagers } from '../harness/recorded/managers.ts'
import { temporaryFolder } from '../harness/recorded/program.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

test('of three processes on one database one acts; killed, told to, grabbed from, stopped or frozen, another does, never two, and what is asked of any is known to all', async () => {
  await using sandbox = await Sandbox.start({ servers: [{ name: 'backend' }, { name: 'primary' }, { name: 'replica' }] })
  await sandbox.replicate('replica', 'primary')
  const server = sandbox.server('backend')
  for (const statement of databaseStatements) await server.sql(statement)
  using folder = temporaryFolder()
  await using managers = new Managers(folder.path, onMysql(server))
  await managers.startAll()
  await using watch = managers.watch()
  const first = (await watch.nextLeader(watch.now)).name
  const readable = async (): Promise<string> => (await server.sql<{ token: string }>('select token from orchestrator.active_node'))[0]?.token ?? ''
  const tokenOf = async (name: string): Promise<string> => ((await managers.api(name).former('health')).Details as { Token: string }).Token // contract high-availability.md 1
  assert.equal(await readable(), await tokenOf(first), 'anybody can read it')

  // A server made known to one that does not act is polled by the one that acts, and shown by all.
  await managers.api(otherManagers(first)[0] ?? '').former(`discover/${sandbox.server('primary').key.replace(':', '/')}`)
  for (const name of managerNames) await until(() => managers.api(name).get<ClusterView>('/api/v2/clusters/ci'), view => view.members?.length === 2 && view.members.every(({ statuses }) => statuses[0]?.severity === 'ok'), 20_000)
  const pollsOf = async (name: string): Promise<number> => (await managers.api(name).get<StatusView>('/api/v2/status')).pollsPerSecond
  // Of the last ten seconds: two servers each second, against the one reading that was asked for.
  await until(() => pollsOf(first), polls => polls > 0.6, 20_000)
  for (const name of otherManagers(first)) assert.ok((await pollsOf(name)) <= 0.4, `${name} polls too`)
  const replica = sandbox.server('replica').key
  assert.equal((await managers.api(otherManagers(first)[0] ?? '').former(`begin-downtime/${replica.replace(':', '/')}/ann/disk/1h`)).Code, 'OK')
  const downtimed = (name: string): Promise<Envelope | readonly { Key: { Port: number } }[]> => managers.api(name).get('/api/downtimed')
  for (const name of managerNames) await until(() => downtimed(name), all => Array.isArray(all) && all.length === 1, 15_000)

  const figures: Record<string, number> = {}
  const killedAt = watch.now
  await managers.end(first, 'kill')
  const second = await watch.nextLeader(killedAt, [first])
  figures['killed'] = second.milliseconds
  assert.equal(await readable(), await tokenOf(second.name))
  await until(() => pollsOf(second.name), polls => polls > 0)
  assert.deepEqual((await downtimed(second.name) as readonly unknown[]).length, 1)
  await managers.start(first)

  const wanted = managerNames.find(name => name !== first && name !== second.name) ?? 'one'
  const grabbedAt = watch.now
  assert.equal((await managers.api(wanted).former('grab-election')).Code, 'OK')
  figures['grabbed'] = (await watch.nextLeader(grabbedAt, otherManagers(wanted))).milliseconds
  const reelectedAt = watch.now
  assert.equal((await managers.api(first).former('reelect')).Code, 'OK')
  await sleep(1500)
  const third = await watch.nextLeader(reelectedAt + 1500)
  const stoppedAt = watch.now
  await managers.end(third.name, 'stop')
  const fourth = await watch.nextLeader(stoppedAt, [third.name])
  figures['stopped'] = fourth.milliseconds
  await managers.start(third.name)

  const frozenAt = watch.now
  const frozen = managers.program(fourth.name)
  frozen.freeze()
  const fifth = await watch.nextLeader(frozenAt, [fourth.name])
  figures['frozen'] = fifth.milliseconds
  frozen.resume()
  await sleep(1000)
  assert.equal((await watch.nextLeader(watch.now)).name, fifth.name)

  // The database is gone: whoever acted stops, and acts again soon after it is back.
  const goneAt = watch.now
  await server.kill()
  figures['silent'] = await watch.silence(goneAt, 2000)
  await server.start()
  const backAt = watch.now
  figures['back'] = (await watch.nextLeader(backAt)).milliseconds
  if (process.env['LAB_VERBOSE']) console.log(figures)
  assert.deepEqual(watch.both, [], `two acted at one time: ${watch.story}`)
})
