import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ManagerProcesses } from '../harness/etcd/manager-process.ts'
import { RealEtcd, whyNoEtcd } from '../harness/etcd/real-etcd.ts'
import { until } from '../harness/raft/member-process.ts'

const skip = (await whyNoEtcd()) ?? false
const names = ['db140', 'db141', 'db142']
const patience = 60_000
const append = (value: string) => ({ do: 'append', key: 'x', value } as const)
let etcd: RealEtcd
let managers: ManagerProcesses
/** What was acknowledged, in its order. */
const acknowledged: string[] = []

before(async () => {
  if (skip !== false) return
  etcd = await RealEtcd.start({ members: 3 })
  managers = new ManagerProcesses(etcd.endpoints, names)
})

after(async () => {
  if (skip !== false) return
  await managers[Symbol.asyncDispose]()
  await etcd[Symbol.asyncDispose]()
})

async function decide(value: string): Promise<void> {
  await managers.propose(value, append(value))
  acknowledged.push(value)
}

/** Everybody who is alive remembers everything that was acknowledged, once and in its order. */
const allRemember = (): Promise<true> => until(async () => {
  for (const manager of managers.managers.values()) if (manager.isAlive && (await manager.look('x')) !== `${acknowledged.join(',')},`) return null
  return true
}, `all remember ${acknowledged.join()}`, patience)

test('three managers of a real etcd: one leads, and all remember what it decides', { skip }, async () => {
  const leader = await managers.leader()
  for (const value of ['1', '2', '3']) await decide(value)
  await allRemember()
  assert.equal(await leader.confirm(), null)
  await until(async () => ((await leader.standing())?.members.length === 3 ? true : null), 'all are known', patience)
  const follower = managers.of(names.find(name => name !== leader.name) ?? '')
  assert.match(await follower.confirm() ?? '', /^etcd-not-leader/)
  const refused = await follower.propose('no', append('no'))
  assert.equal(refused.ok ? null : refused.failure.kind, 'not-leader')
  assert.equal(refused.ok ? null : refused.failure.leader?.uri, `http://${leader.name}:3000`)
})

test('the leader is killed: another leads with everything that was acknowledged, and the killed one follows when it is back', { skip }, async () => {
  const killed = await managers.leader()
  await killed.kill()
  const next = await managers.leader([killed.name])
  assert.equal(await next.confirm(), null)
  await decide('4')
  const back = managers.begin(killed.name)
  await until(async () => ((await back.standing())?.leader?.name === next.name ? true : null), 'it follows', patience)
  await allRemember()
})

test('the leader is frozen: another leads, and the frozen one is not the leader when it wakes, nor is anything carried out that it still wanted', { skip }, async () => {
  const frozen = await managers.leader()
  frozen.signal('SIGSTOP')
  const next = await managers.leader([frozen.name])
  await decide('5')
  const woken = frozen.propose('late', append('late'), 20_000) // it reads this question first when it wakes
  const confirmed = frozen.confirm()
  const standing = frozen.standing(patience)
  frozen.signal('SIGCONT')
  assert.equal((await standing)?.isLeader, false)
  assert.match(await confirmed ?? '', /^etcd-not-leader/)
  assert.equal((await woken).ok, false)
  assert.equal(await next.confirm(), null)
  await decide('6')
  await allRemember()
})

test('one member of etcd is killed, another frozen for a moment: the managers go on', { skip }, async () => {
  await etcd.kill('e0')
  await decide('7')
  const leader = await managers.leader()
  assert.equal(await leader.confirm(), null)
  etcd.begin('e0')
  await etcd.ready(etcd.client({ endpoints: [etcd.endpoints[0] ?? ''] }))
  etcd.signal('e1', 'SIGSTOP')
  await decide('8')
  etcd.signal('e1', 'SIGCONT')
  await allRemember()
})

test('most of etcd is gone: nobody leads, nobody says that somebody does, nothing is decided; it is back: all goes on', { skip }, async () => {
  await etcd.kill('e1')
  await etcd.kill('e2')
  await until(async () => {
    const standings = await Promise.all(names.map(name => managers.of(name).standing()))
    return standings.every(standing => standing !== null && !standing.isLeader && standing.leader === null && !standing.isPartOfQuorum && standing.says.code === 'etcd-silent') ? true : null
  }, 'nobody leads', patience)
  for (const name of names) {
    assert.equal((await managers.of(name).propose('no', append('no'))).ok, false)
    assert.notEqual(await managers.of(name).confirm(), null)
  }
  etcd.begin('e1')
  etcd.begin('e2')
  const leader = await managers.leader()
  assert.equal(await leader.confirm(), null)
  await decide('9')
  await allRemember()
})

test('a leader that is stopped cleanly, or asked to, is followed by another at once', { skip }, async () => {
  const leader = await managers.leader()
  const named = names.find(name => name !== leader.name) ?? ''
  await until(async () => ((await leader.standing())?.members.some(({ name }) => name === named) === true ? true : null), 'it is known', patience)
  assert.equal(await leader.ask({ what: 'step-aside', to: named }, 10_000), null)
  assert.equal((await managers.leader()).name, named)
  await decide('10')
  const began = performance.now()
  await managers.of(named).ask({ what: 'close' }, 10_000)
  await managers.leader([named])
  assert.ok(performance.now() - began < patience)
  await managers.of(named).kill()
  managers.begin(named)
  await decide('11')
  await allRemember()
  await sleep(0)
  for (const manager of managers.managers.values()) assert.deepEqual(manager.failures, [], manager.name)
})
