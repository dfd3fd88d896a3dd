import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import type { Answered } from '../../src/engine/raft/answers.ts'
import type { MemberId } from '../../src/model/raft/types.ts'
import { noAnswer } from '../harness/raft/asked-process.ts'
import { MemberGroup, until } from '../harness/raft/member-process.ts'

const id = (name: string): MemberId => name as MemberId // the test's members are called so

/** An election time of 2 s: what is true of parts of it is seen on a loaded machine too. */
const slowly = { electionTicks: 80 }

test('three members elect one leader, and what it was told is read on all of them', async () => {
  await using group = await MemberGroup.start({ policy: slowly })
  const leader = await group.leader()
  assert.deepEqual((await leader.propose('1', { do: 'put', key: 'k', value: 'one' })), { ok: true, value: true })
  for (const name of ['a', 'b', 'c']) assert.equal(await group.read(name, 'k'), 'one')
  const other = [...group.members.values()].find(({ name }) => name !== leader.name)
  const refused = await other?.propose('2', { do: 'put', key: 'k', value: 'two' })
  assert.deepEqual(refused, { ok: false, failure: { kind: 'refused', why: 'not-leader', leader: leader.name } })
  assert.equal(await leader.propose('1', { do: 'put', key: 'k', value: 'again' }).then(({ ok }) => ok), true)
  assert.equal(await group.read('a', 'k'), 'one', 'the same command a second time is answered, and not carried out again')
})

test('a leader that is killed is replaced, nothing that was acknowledged is lost, and it comes back as a follower; so after all were killed at once', async () => {
  await using group = await MemberGroup.start()
  const acknowledged: string[] = []
  for (let round = 0; round < 2; round += 1) {
    const leader = await group.leader()
    for (let number = 0; number < 20; number += 1) {
      await group.propose(`${round}-${number}`, { do: 'append', key: 'log', value: `${round}-${number}` })
      acknowledged.push(`${round}-${number}`)
    }
    await leader.kill()
    const next = await group.leader()
    assert.notEqual(next.name, leader.name)
    assert.equal(await group.read(next.name, 'log'), `${acknowledged.join(',')},`)
    group.startMember(leader.name)
    assert.equal(await group.read(leader.name, 'log'), `${acknowledged.join(',')},`)
    assert.equal(group.member(leader.name).complaint, '')
  }
  for (const member of group.members.values()) member.signal('SIGKILL')
  for (const name of ['a', 'b', 'c']) {
    await group.member(name).kill()
    group.startMember(name)
  }
  await group.leader()
  for (const name of ['a', 'b', 'c']) assert.equal(await group.read(name, 'log'), `${acknowledged.join(',')},`)
})

test('a frozen leader is replaced, and is not the leader in its first answer after it wakes', async () => {
  await using group = await MemberGroup.start()
  const frozen = await group.leader()
  frozen.signal('SIGSTOP')
  await group.leader([frozen.name])
  await group.propose('while-it-slept', { do: 'put', key: 'k', value: 'new' })
  const question = frozen.status(20_000) // waits in its channel until it wakes
  const late = frozen.propose('of-the-sleeper', { do: 'put', key: 'k', value: 'old' }, 20_000)
  frozen.signal('SIGCONT')
  assert.equal((await question)?.isLeader, false)
  assert.equal((await late).ok, false)
  assert.equal(await group.read(frozen.name, 'k'), 'new')
})

test('a pause of half an election time costs nobody the leadership, and it is handed over without waiting for one', async () => {
  await using group = await MemberGroup.start({ policy: slowly })
  const leader = await group.leader()
  const { term } = await until(() => leader.status(), 'the leader answers')
  for (const name of ['a', 'b', 'c']) await group.member(name).ask({ what: 'block', milliseconds: 1000 }, 15_000)
  const after = await until(() => leader.status(), 'the leader answers')
  assert.deepEqual([after.isLeader, after.term], [true, term])
  await leader.ask({ what: 'step-aside' }, 15_000)
  const next = await group.leader([leader.name])
  assert.equal((await next.status())?.term, term + 1)
})

test('a minority carries nothing out, says so, and answers no reads', async () => {
  await using group = await MemberGroup.start()
  const leader = await group.leader()
  const others = [...group.members.values()].filter(({ name }) => name !== leader.name)
  for (const other of others) await other.kill()
  const answer = await leader.propose('alone', { do: 'put', key: 'k', value: 'x' })
  assert.ok(!answer.ok && (answer.failure.kind === 'unknown' || answer.failure.kind === 'refused'), JSON.stringify(answer))
  await until(async () => ((await leader.status())?.isLeader === false ? true : null), 'it knows that it does not lead')
  const read = await leader.ask({ what: 'read', key: 'k' }, 10_000)
  assert.ok(read !== noAnswer && (read as { ok: boolean }).ok === false) // as member-program.ts makes it
  for (const other of others) group.startMember(other.name)
  await group.propose('again', { do: 'put', key: 'k', value: 'y' })
  assert.equal(await group.read(leader.name, 'k'), 'y')
})

test('a member whose disk is lost comes back under a new name, is taken in with a snapshot, and becomes a voter in place of the old one', async () => {
  await using group = await MemberGroup.start({ newcomers: ['d'], policy: { snapshotAfterEntries: 50, snapshotKeepsEntries: 10, pieceBytes: 1000 } })
  for (let number = 0; number < 150; number += 1) await group.propose(`n${number}`, { do: 'append', key: `k${number % 7}`, value: `${number}` })
  const leader = await group.leader()
  const [lost, stays] = ['a', 'b', 'c'].filter(name => name !== leader.name)
  assert.ok(lost && stays)
  await group.member(lost).kill()
  rmSync(group.folderOf(lost), { recursive: true })
  const newcomer = group.startMember('d')
  await until(() => (newcomer.isReady ? true : null), 'the newcomer is up')
  const change = async (voters: readonly string[], learners: readonly string[]): Promise<true | null> => {
    const answer = await (await group.leader()).ask({ what: 'change-members', voters: voters.map(id), learners: learners.map(id) }, 10_000)
    if (answer === noAnswer) return null
    const told = answer as Answered // as member-program.ts makes it
    // An earlier try may have come to its end without anybody being told.
    return told.ok || (told.failure.kind === 'refused' && told.failure.why === 'nothing-to-change') ? true : null
  }
  await until(() => change([leader.name, stays, lost], ['d']), 'd is a learner')
  await until(async () => ((await newcomer.status())?.snapshotIndex === 0 ? null : true), 'd has got a snapshot')
  await until(() => change([leader.name, stays, 'd'], []), 'd is a voter, the lost one is not')
  const text = await group.read(leader.name, 'k3')
  assert.equal(await group.read('d', 'k3'), text)
  // The old and the new member make a majority of the new configuration.
  await group.member(stays).kill()
  await group.propose('with-d', { do: 'put', key: 'k', value: 'd counts' })
  assert.equal(await group.read('d', 'k'), 'd counts')
  assert.equal(newcomer.complaint, '')
})
