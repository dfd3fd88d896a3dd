import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GroupView } from '../../src/contract/raft.ts'
import { Authority, type Certificate } from '../harness/raft/certificates.ts'
import { assertRemembersFormer, decidedTables, formerServers, makeFormerDatabase } from '../harness/raft/former-database.ts'
import { type Manager, Managers, newcomer } from '../harness/raft/managers.ts'
import { sharedRows } from '../harness/raft/shared-rows.ts'
import { type Envelope, until } from '../harness/recorded/api.ts'
import { temporaryFolder } from '../harness/recorded/program.ts'

const isBuilt = process.env['RAFT_MANAGERS_UNBUILT'] === undefined
const patience = 60_000
const others = (managers: Managers, number: number): readonly number[] => [...managers.running.keys()].filter(other => other !== number)
const viewOf = (manager: Manager): Promise<GroupView> => manager.api.get<GroupView>('/api/v2/group')
const votersIn = ({ members }: GroupView): readonly string[] => members.filter(({ votes }) => votes).map(({ name }) => name)
const knows = (word: string) => ({ Details }: Envelope): boolean => Details === word

/** Asked of one, and again while nobody leads or the leader has changed: on a loaded machine that may happen at any time. */
async function peer(manager: Manager, path: string): Promise<string> {
  return until(() => manager.api.get<unknown>(`/api/${path}`).catch((error: unknown) => ({ path, error: String(error) })), (answer): answer is string => typeof answer === 'string', patience) as Promise<string>
}

test('members with certificates speak TLS; one whose certificate is from somebody else, or for another host, is not let in until it has the right one', async () => {
  using folder = temporaryFolder()
  const [authority, stranger] = [new Authority(), new Authority('a stranger')]
  const files = (name: string, { key, certificate }: Certificate): Readonly<Record<string, string>> => {
    const path = (end: string): string => join(folder.path, `${name}.${end}`)
    writeFileSync(path('key'), key, { mode: 0o600 })
    writeFileSync(path('crt'), certificate)
    writeFileSync(path('ca'), authority.certificate)
    return { RaftSSLPrivateKeyFile: path('key'), RaftSSLCertFile: path('crt'), RaftSSLCAFile: path('ca') }
  }
  const wrong = new Map<number, (host: string) => Certificate>()
  await using managers = await Managers.start((number, host) => files(`${number}`, wrong.get(number)?.(host) ?? authority.issue(host)), isBuilt)
  const [shut = -1] = others(managers, (await managers.all()).number)
  for (const [word, how] of [['other-host', () => authority.issue('127.41.12.9')], ['stranger', host => stranger.issue(host)]] as readonly (readonly [string, (host: string) => Certificate])[]) {
    await managers.kill(shut)
    wrong.set(shut, how)
    const outside = await managers.start(shut)
    // The others agree without it, and it hears nothing of it.
    const leader = await managers.leader()
    await managers.change(leader.number, `tag/10.9.9.9/3306?tag=${word}=yes`)
    const tagsOf = (number: number) => managers.of(number).api.get<readonly string[]>('/api/tags/10.9.9.9/3306').catch((): readonly string[] => [])
    for (const number of others(managers, shut)) await until(() => tagsOf(number), tags => tags.includes(`${word}=yes`), patience)
    const view = await viewOf(outside)
    assert.deepEqual([view.leader, view.isPartOfQuorum], [null, false])
    assert.ok(!(await tagsOf(shut)).includes(`${word}=yes`))
    const isHeard = async () => (await viewOf(await managers.leader())).members.find(({ name }) => name === managers.nameOf(shut))?.isHeard
    await until(isHeard, heard => heard === false, patience)
    // With its own certificate it is one of them again.
    await managers.kill(shut)
    wrong.delete(shut)
    await managers.start(shut)
    await managers.all()
    await managers.onAll<readonly string[]>('/api/tags/10.9.9.9/3306', tags => tags.includes(`${word}=yes`))
  }
})

test('a member that people add becomes one that votes, one that they take out stays out until it is added again, and both outlive a restart of all', async () => {
  await using managers = await Managers.start({}, isBuilt)
  const first = await managers.all()
  const [follower = -1, out = -1] = others(managers, first.number)
  await managers.change(follower, 'disable-global-recoveries')
  // Nobody knows it yet: it is told why it waits.
  const fourth = await managers.start(newcomer)
  const name = managers.nameOf(newcomer)
  await until(() => viewOf(fourth), ({ says }) => says.code === 'raft-left-out', patience)
  assert.equal(await peer(managers.of(follower), `raft-add-peer/${name}`), name)
  await managers.all(4)
  await managers.onAll<Envelope>('/api/check-global-recoveries', knows('disabled'))

  const gone = managers.nameOf(out)
  assert.equal(await peer(managers.of(newcomer), `raft-remove-peer/${gone}`), gone)
  await until(async () => votersIn(await viewOf(await managers.leader())), voters => voters.length === 3 && !voters.includes(gone), patience)
  const taken = await until(() => viewOf(managers.of(out)), ({ says }) => says.code === 'raft-left-out', patience)
  assert.deepEqual([taken.leader, taken.isPartOfQuorum], [null, false])
  assert.equal((await managers.of(out).api.former('enable-global-recoveries')).Code, 'ERROR')

  // What was decided stands in the log: all forget nothing, though all are started anew.
  const rest = [...managers.running.keys()].filter(number => number !== out)
  for (const number of rest) await managers.kill(number)
  for (const number of rest) await managers.start(number)
  const voters = await until(async () => votersIn(await viewOf(await managers.leader())), found => found.length === 3, patience)
  assert.deepEqual(voters.toSorted(), rest.map(number => managers.nameOf(number)).toSorted())

  assert.equal(await peer(managers.of(newcomer), `raft-add-peer/${gone}`), gone)
  await managers.all(4)
  // One that is dead is taken out as well, and the quorum shrinks with it.
  const leader = await managers.leader()
  const [dead = -1] = others(managers, leader.number)
  await managers.kill(dead)
  assert.equal(await peer(leader, `raft-remove-peer/${managers.nameOf(dead)}`), managers.nameOf(dead))
  await managers.all(3)
  for (const [wrong, why] of [['raft-remove-peer/127.41.12.77:10008', /is no member that votes/], ['raft-add-peer/db1:none', /db1:none is not the address of a member/]] as const) {
    const refused = await managers.of((await managers.leader()).number).api.get<Envelope>(`/api/${wrong}`)
    assert.deepEqual([refused.Code, why.test(refused.Message)], ['ERROR', true], JSON.stringify(refused))
  }
  await managers.all(3)
})

test('a leader whose own database cannot be written to lets another lead, and ends when that lasts; the others go on, and it comes back', async () => {
  await using managers = await Managers.start({}, isBuilt)
  const first = await managers.all()
  const { term } = await viewOf(first)
  const locked = new DatabaseSync(join(managers.folderOf(first.number), 'orchestrator.sqlite3'))
  const from = performance.now()
  try {
    locked.exec('begin immediate')
    const next = await until(async () => [...await managers.leaderChecks()].filter(([number, status]) => status === 200 && number !== first.number), leading => leading.length === 1, patience)
    console.log(`another leads after ${(performance.now() - from).toFixed(0)} ms`)
    assert.ok((await viewOf(managers.of(next[0]?.[0] ?? -1))).term > term)
    await managers.change(next[0]?.[0] ?? -1, 'disable-global-recoveries')
    const status = await Promise.race([first.program.ended, sleep(90_000, 'still runs', { ref: false })])
    console.log(`it ended after ${(performance.now() - from).toFixed(0)} ms`)
    assert.equal(status, 1)
    assert.match(first.program.log(), /FATAL Node is unable to register health/)
    assert.ok(performance.now() - from > 29_000, 'not before it is hopeless')
    managers.running.delete(first.number)
  } finally {
    locked.close()
  }
  await managers.leader()
  await managers.start(first.number)
  await managers.all()
  await managers.onAll<Envelope>('/api/check-global-recoveries', knows('disabled'))
})

test('the SQLite file of a former installation becomes the memory of a group: whoever has it leads first, and what was decided there is known to all, and after that leader is gone', async () => {
  await using managers = await Managers.start({ RecoverMasterClusterFilters: [], RecoverIntermediateMasterClusterFilters: [], MySQLConnectTimeoutSeconds: 1 }, isBuilt,
    folderOf => {
      makeFormerDatabase(join(folderOf(1), 'orchestrator.sqlite3'))
      // The original's own log and snapshots lie where ours will.
      mkdirSync(join(folderOf(1), 'raft', 'snapshots', '2-18-1795416146839'), { recursive: true })
      writeFileSync(join(folderOf(1), 'raft', 'raft_store.db'), 'as the original left it')
    })
  await managers.all()
  for (const { api } of managers.running.values()) {
    await until(() => assertRemembersFormer(path => api.get<unknown>(path)).then(() => '', (error: unknown) => String(error)), wrong => wrong === '', patience)
  }
  // In each one's own database, not only by the leader's word.
  for (const number of managers.running.keys()) {
    await until(async () => sharedRows(managers.folderOf(number)), tables => decidedTables.every(table => tables[table]?.length === 1), patience)
  }
  await managers.kill(1)
  await managers.leader()
  await managers.onAll<readonly string[]>('/api/tags/10.9.9.8/3306', tags => tags.join() === 'role=spare')
  await managers.onAll<readonly { readonly Key: { readonly Hostname: string } }[]>('/api/all-instances', all => all.map(({ Key }) => Key.Hostname).toSorted().join() === formerServers.join())
  // Its own file is replaced by what the group remembers now: nothing that was decided since is undone.
  await managers.change((await managers.leader()).number, 'enable-global-recoveries')
  await managers.start(1)
  await managers.all()
  await managers.onAll<Envelope>('/api/check-global-recoveries', knows('enabled'))
  assert.equal(readFileSync(join(managers.folderOf(1), 'raft', 'raft_store.db'), 'utf8'), 'as the original left it')
})

test('a manager that is started alone after all were killed shows what had been decided, not what its last snapshot held', async () => {
  await using managers = await Managers.start({}, isBuilt)
  const { number } = await managers.all()
  const tags = Array.from({ length: 6 }, (_, index) => `decided${index}=yes`)
  for (const tag of tags) await managers.change(number, `tag/10.9.9.9/3306?tag=${tag}`)
  await Promise.all([...managers.running.keys()].map(running => managers.kill(running)))
  for (const alone of [0, 1, 2]) {
    const left = await managers.start(alone)
    // The newest decisions were perhaps not yet known there to be decided.
    await until(() => left.api.get<readonly string[]>('/api/tags/10.9.9.9/3306').catch((): readonly string[] => []), all => tags.slice(0, 4).every(tag => all.includes(tag)), patience)
    const { leader, isPartOfQuorum } = await viewOf(left)
    assert.deepEqual([leader, isPartOfQuorum], [null, false])
    await managers.kill(alone)
  }
  await Promise.all([0, 1, 2].map(one => managers.start(one)))
  await managers.all()
  await managers.onAll<readonly string[]>('/api/tags/10.9.9.9/3306', all => tags.every(tag => all.includes(tag)))
})
