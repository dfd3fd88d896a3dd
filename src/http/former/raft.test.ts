import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GroupParts } from '../../engine/operations/group-parts.ts'
import { Operations } from '../../engine/operations/operations.ts'
import type { OperationParts } from '../../engine/operations/parts.ts'
import { groupView } from '../../engine/operations/views/group-view.ts'
import type { Reason } from '../../kit/reason.ts'
import { defaultValues } from '../../kit/setting.ts'
import type { GroupStanding } from '../../ports/group.ts'
import { Topology } from '../../model/topology/topology.ts'
import { differences } from '../../../test/harness/recorded/differences.ts'
import { golden } from '../../../test/harness/recorded/recorded-topology.ts'
import { mayChange } from '../leader/leader.ts'
import { Router } from '../router.ts'
import { httpSettings } from '../settings.ts'
import type { FormerContext } from './context.ts'
import { formerRoutes } from './routes.ts'

// The index has this shape.
const index = JSON.parse(golden('index.json')) as Readonly<Record<string, { readonly path: string; readonly status: number }>>
const says: Reason = { code: 'one-manager-is-enough', parameters: { count: 3 }, text: '' }
const address = (number: number): string => `127.0.0.1:1019${number}`

/** The three members of the recordings: the first leads. */
const standingOf = (self: number, more: Partial<GroupStanding> = {}): GroupStanding => ({
  mode: 'raft', self: address(self), state: self === 2 ? 'leader' : 'follower', leader: { name: address(2), uri: 'http://127.0.0.1:3092' }, term: 4, isPartOfQuorum: true, says,
  members: [2, 3, 4].map(number => ({ name: address(number), uri: `http://db${number}.example:3092`, votes: true, isHeard: self === 2 ? number !== 4 : null, matched: self === 2 ? 70 + number : null })),
  log: { last: 74, committed: 74, applied: 74, snapshot: 10 }, ...more,
})

/** One manager of a group that is told what it is; `did` is what the group was asked to do. */
function manager(standing: GroupStanding, refused: Reason | null = null) {
  const did: string[] = []
  const act = (what: string): Promise<Reason | null> => {
    did.push(what)
    return Promise.resolve(refused)
  }
  const group: GroupParts = {
    standing: () => standing, onStanding: () => () => undefined,
    raft: {
      bind: standing.self, advertise: standing.self, address: text => (text.includes(':') ? text : `${text}:10008`), snapshot: () => act('snapshot'),
      stepAside: to => act(`to ${String(to)}`), add: which => act(`add ${which}`), remove: which => act(`remove ${which}`),
    },
  }
  const node = { hostname: 'orc-host', token: 't', version: '', firstSeenAt: 1, lastSeenAt: 2, command: '', backend: 'x' }
  // These operations reach for nothing else.
  const parts = {
    group, topology: () => new Topology(1, new Map()), clock: { now: () => 0, monotonic: () => 0 }, isLeader: () => standing.state === 'leader', audit: (kind: string) => did.push(kind),
    health: () => Promise.resolve({ healthy: true, hostname: 'orc-host', token: 't', isActive: false, active: null, available: [node], failure: '' }),
  } as unknown as OperationParts
  const context = {} as FormerContext
  const router = new Router(formerRoutes({ operations: new Operations(parts), context: () => context, messagePrefix: () => '', hostname: 'orc-host', statusEndpoint: '/api/status', settings: defaultValues(httpSettings) }))
  const ask = async (path: string): Promise<{ readonly status: number; readonly body: unknown }> => {
    const found = router.find('GET', path)
    assert.ok(found, path)
    const answer = await found.route.answer({
      method: 'GET', path, query: new URLSearchParams(), headers: {}, isSecure: false, remoteAddress: '', person: { user: '', mayWrite: true, whyNot: null }, mayChange: mayChange(group), askedThrough: null,
      body: () => Promise.resolve(''),
    }, found.parameters)
    assert.ok('body' in answer)
    return { status: answer.status, body: JSON.parse(String(answer.body)) }
  }
  return { ask, did }
}

async function compare(name: string, { ask }: ReturnType<typeof manager>): Promise<readonly string[]> {
  const recording = index[name]
  assert.ok(recording, name)
  const { status, body } = await ask(recording.path)
  return [...(status === recording.status ? [] : [`${name}: status ${status}`]), ...differences(JSON.parse(golden(name)), body, name)]
}

test('the leader answers as the original’s leader does', async () => {
  const leader = manager(standingOf(2))
  const names = ['health', 'leader-check', 'raft-status', 'raft-peers', 'raft-state', 'raft-leader', 'raft-health', 'raft-snapshot', 'raft-yield', 'raft-add-peer', 'raft-remove-peer', 'reelect']
  const wrong: string[] = []
  for (const name of names.filter(each => each !== 'leader-check')) wrong.push(...(await compare(`raft/leader-${name}.json`, leader)))
  // All three had reported in the recording; here the third is not heard.
  assert.deepEqual(wrong, ['raft/leader-health.json.Details.RaftHealthyMembers: 3 entries expected, 2 found'])
  assert.deepEqual(await leader.ask('/api/leader-check'), { status: 200, body: 'OK' })
  assert.deepEqual(leader.did, ['snapshot', `to ${address(3)}`, `add ${address(5)}`, 'raft-add-peer', `remove ${address(5)}`, 'raft-remove-peer', 'to null', 'reelect'])
  assert.deepEqual(await leader.ask('/api/grab-election'), { status: 500, body: { Code: 'ERROR', Message: 'Unable to grab election: Cannot GrabElection on raft setup', Details: null } })
})

test('a follower answers as the original’s follower does, and changes nothing', async () => {
  const follower = manager(standingOf(3))
  const wrong: string[] = []
  for (const name of ['health', 'status', 'leader-check', 'leader-check-503', 'lb-check', 'raft-status', 'raft-state', 'raft-health', 'raft-snapshot', 'raft-yield', 'grab-election']) wrong.push(...(await compare(`raft/follower-${name}.json`, follower)))
  assert.deepEqual(wrong, [])
  assert.deepEqual(follower.did, ['snapshot'], 'a snapshot is its own')
  assert.deepEqual(await compare('raft/raft-follower-health-report-badtoken.json', follower), [])
})

test('one that stands for election is unhealthy and knows no leader, and one that learns follows', async () => {
  const alone = manager(standingOf(3, { state: 'candidate', leader: null, isPartOfQuorum: false }))
  assert.deepEqual(await alone.ask('/api/raft-health'), { status: 500, body: { Code: 'ERROR', Message: 'unhealthy', Details: null } })
  assert.deepEqual([await alone.ask('/api/raft-state'), await alone.ask('/api/raft-leader')], [{ status: 200, body: 'Candidate' }, { status: 200, body: '' }])
  const { body } = await alone.ask('/api/raft-status')
  assert.deepEqual(body, { RaftBind: address(3), RaftAdvertise: address(3), State: 'Candidate', Healthy: false, IsPartOfQuorum: false, Leader: '', LeaderURI: '', Peers: [2, 3, 4].map(address) })
  const refused = { status: 500, body: { Code: 'ERROR', Message: 'Unauthorized', Details: null } }
  for (const path of [`/api/raft-add-peer/${address(5)}`, '/api/raft-yield-hint/db4', '/api/begin-downtime/h/1/o/r', '/api/tag/h/1', '/api/reset-hostname-resolve-cache']) assert.deepEqual(await alone.ask(path), refused, path)
  assert.deepEqual(alone.did, [])
  assert.deepEqual(await manager(standingOf(3, { state: 'learner' })).ask('/api/raft-state'), { status: 200, body: 'Follower' })
})

test('leadership is handed to a voting member that is heard, and to nobody else', async () => {
  const learner = { name: address(5), uri: null, votes: false, isHeard: true, matched: 1 }
  const standing = standingOf(2)
  const leader = manager({ ...standing, members: [...standing.members, learner] })
  assert.deepEqual(await leader.ask('/api/raft-yield-hint/db3'), { status: 200, body: { Code: 'OK', Message: 'Asynchronously yielded by hint db3', Details: 'db3' } })
  assert.equal((await leader.ask('/api/raft-yield-hint/example')).status, 200, 'the leader itself fits, and stays')
  assert.deepEqual(leader.did, [`to ${address(3)}`])
  for (const [path, says] of [
    ['/api/raft-yield-hint/nosuchhint', 'raft-yield-hint: nosuchhint is no voting member. Voting members: 127.0.0.1:10192, 127.0.0.1:10193, 127.0.0.1:10194'],
    [`/api/raft-yield/${address(5)}`, 'raft-yield: 127.0.0.1:10195 is no voting member. Voting members: 127.0.0.1:10192, 127.0.0.1:10193, 127.0.0.1:10194'],
    ['/api/raft-yield/db3', 'raft-yield: db3:10008 is no voting member. Voting members: 127.0.0.1:10192, 127.0.0.1:10193, 127.0.0.1:10194'],
  ] as const) assert.deepEqual(await leader.ask(path), { status: 500, body: { Code: 'ERROR', Message: says, Details: null } })
  assert.deepEqual(leader.did, [`to ${address(3)}`])
})

test('what the group refuses is answered with its reason', async () => {
  const leader = manager(standingOf(2), { code: 'x', parameters: {}, text: 'another change of members is on its way' })
  for (const path of [`/api/raft-add-peer/${address(5)}`, `/api/raft-remove-peer/${address(4)}`, `/api/raft-yield/${address(4)}`, '/api/raft-snapshot']) {
    assert.deepEqual(await leader.ask(path), { status: 500, body: { Code: 'ERROR', Message: 'another change of members is on its way', Details: null } })
  }
  assert.ok(!leader.did.includes('raft-add-peer'), 'the audit has no change that was not made')
})

test('the page is told how many more managers may fail', () => {
  const quorum = (standing: GroupStanding): string => groupView(standing).quorum.code
  const members = (heard: readonly boolean[]): GroupStanding['members'] => heard.map((isHeard, number) => ({ name: address(number + 2), uri: null, votes: true, isHeard, matched: 70 }))
  assert.equal(quorum(standingOf(2, { members: members([true, true, true]) })), 'quorum-holds')
  assert.equal(quorum(standingOf(2)), 'quorum-at-its-end')
  assert.equal(quorum(standingOf(2, { members: members([true]) })), 'quorum-of-one')
  assert.equal(quorum(standingOf(3)), 'quorum-by-the-leader')
  assert.equal(quorum(standingOf(3, { leader: null, isPartOfQuorum: false })), 'quorum-missing')
  assert.deepEqual(groupView(standingOf(2)).members.map(({ behind, isHeard, isLeader, isSelf }) => ({ behind, isHeard, isLeader, isSelf })), [
    { behind: 2, isHeard: true, isLeader: true, isSelf: true }, { behind: 1, isHeard: true, isLeader: false, isSelf: false }, { behind: 0, isHeard: false, isLeader: false, isSelf: false },
  ])
  const unheard = { name: address(3), uri: null, votes: true, isHeard: false, matched: 0 }
  assert.deepEqual(groupView(standingOf(2, { members: [unheard] })).members.map(({ matched, behind }) => ({ matched, behind })), [{ matched: null, behind: null }], 'nothing known of it is not nothing in it')
})
