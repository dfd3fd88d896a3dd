import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { remoteCaller } from '../../src/cli/remote-caller.ts'
import { passedOnHeader } from '../../src/http/leader/leader.ts'
import { isRunning, type RunningProgram, startProgram, temporaryFolder, writeConfiguration } from '../harness/recorded/program.ts'
import { type PortReservation, reservePorts } from '../harness/sandbox/free-ports.ts'

/** A Raft group of three real processes, asked as load balancers, scripts and the page ask. */
const longestWait = 40_000
const folder = temporaryFolder()
let ports: PortReservation
let managers: readonly Manager[] = []

interface Manager {
  readonly name: string
  readonly uri: string
  readonly program: RunningProgram
}

before(async () => {
  ports = await reservePorts(6)
  const { ports: all } = ports
  const [http, raft] = [all.slice(0, 3), all.slice(3)]
  const nodes = raft.map(port => `127.0.0.1:${port}`)
  managers = await Promise.all(nodes.map(async (name, number): Promise<Manager> => {
    const own = join(folder.path, `manager${number}`)
    mkdirSync(own)
    const uri = `127.0.0.1:${http[number]}`
    const started = await startProgram(['--config', writeConfiguration(own, {
      ListenAddress: uri, RaftEnabled: true, RaftDataDir: join(own, 'raft'), RaftBind: name, RaftNodes: nodes, RaftSecret: 'a secret of this test alone',
    })])
    assert.ok(isRunning(started), 'stderr' in started ? started.stderr : '')
    return { name, uri: `http://${uri}`, program: started }
  }))
})

after(async () => {
  await Promise.all(managers.map(({ program }) => program.kill()))
  await ports?.release()
  folder[Symbol.dispose]()
})

interface Answered {
  readonly status: number
  readonly body: unknown
}

async function ask({ uri }: Manager, path: string, init: RequestInit = {}): Promise<Answered> {
  const response = await fetch(uri + path, { ...init, signal: AbortSignal.timeout(longestWait) })
  const text = await response.text()
  return { status: response.status, body: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text }
}

/** As this manager itself has it: one that was passed on is not passed on again. */
const own = (manager: Manager, path: string): Promise<Answered> => ask(manager, path, { headers: { [passedOnHeader]: 'test' } })

async function until<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  for (const end = Date.now() + longestWait; ; await setTimeout(50)) {
    const found = await look()
    if (found !== undefined) return found
    assert.ok(Date.now() < end, `${what}\n${managers.map(({ name, program }) => `${name}: ${program.log().slice(-2000)}`).join('\n')}`)
  }
}

const leads = async (manager: Manager): Promise<boolean> => (await ask(manager, '/api/leader-check').catch(() => ({ status: 0 }))).status === 200

/** Exactly one leads, and the others know it with its address. */
async function roles(): Promise<{ readonly leader: Manager; readonly followers: readonly [Manager, Manager] }> {
  return until('exactly one leads and the others can ask it', async () => {
    const all = await Promise.all(managers.map(async manager => ({ manager, leads: await leads(manager), routed: (await ask(manager, '/api/routed-leader-check')).status === 200 })))
    const [leader, ...more] = all.filter(each => each.leads)
    const [one, other] = all.filter(each => !each.leads)
    if (leader === undefined || more.length > 0 || one === undefined || other === undefined || all.some(each => !each.routed)) return undefined
    return { leader: leader.manager, followers: [one.manager, other.manager] }
  })
}

/** The greatest that any of them knows. */
async function term(): Promise<number> {
  return Math.max(...await Promise.all(managers.map(async manager => ((await ask(manager, '/api/v2/group')).body as { readonly term: number }).term)))
}

/** On a machine that stands still for a second another one may lead in the midst, which is no mistake: then all is looked at again. */
async function steadily(act: (now: Awaited<ReturnType<typeof roles>>) => Promise<void>, ownChanges = 0): Promise<void> {
  for (let tries = 1; ; tries++) {
    const [before, now] = [await term(), await roles()]
    try {
      return await act(now)
    } catch (error) {
      if (tries === 4 || (await term()) <= before + ownChanges) throw error
    }
  }
}

test('one leads; load balancers and scripts are told as by the original', () => steadily(async ({ leader, followers: [follower] }) => {
  assert.deepEqual(await ask(follower, '/api/leader-check/503'), { status: 503, body: 'Not leader' })
  assert.deepEqual([await ask(leader, '/api/raft-state'), await ask(follower, '/api/raft-state')], [{ status: 200, body: 'Leader' }, { status: 200, body: 'Follower' }])
  for (const manager of managers) {
    assert.deepEqual(await ask(manager, '/api/raft-health'), { status: 200, body: 'healthy' })
    assert.deepEqual(await ask(manager, '/api/raft-leader'), { status: 200, body: leader.name })
    assert.deepEqual(await ask(manager, '/api/raft-status'), {
      status: 200, body: {
        RaftBind: manager.name, RaftAdvertise: manager.name, State: manager === leader ? 'Leader' : 'Follower', Healthy: true, IsPartOfQuorum: true, Leader: leader.name, LeaderURI: leader.uri,
        Peers: managers.map(({ name }) => name).toSorted(),
      },
    })
  }
  // The leader alone hears all; every member passes the question on.
  await until('the leader hears all', async () => {
    const heard = (await ask(follower, '/api/v2/group/leader')).body as { readonly self: string; readonly quorum: { readonly code: string; readonly parameters: unknown } }
    assert.equal(heard.self, leader.name)
    if (heard.quorum.code !== 'quorum-holds') return undefined
    assert.deepEqual(heard.quorum.parameters, { heard: 3, voters: 3, needed: 2, spare: 1 })
    return true
  })
  // A member's health is that of its own process; the one that acts is the leader, by its name.
  const { body } = await ask(follower, '/api/health')
  const { Details: health } = body as { readonly Details: Readonly<Record<string, unknown>> & { readonly ActiveNode: Readonly<Record<string, unknown>> } }
  assert.deepEqual([health['Healthy'], health['IsActiveNode'], health.ActiveNode['Hostname'], health['RaftLeader'], health['IsRaftLeader'], health['RaftLeaderURI'], health['RaftAdvertise'], health['RaftHealthyMembers']],
    [true, false, leader.name, leader.name, false, leader.uri, follower.name, null])
}))

test('what a follower is asked to change, the leader changes, and every member knows it', () => steadily(async ({ leader, followers: [follower, other] }) => {
  assert.deepEqual(await ask(follower, '/api/disable-global-recoveries'), { status: 200, body: { Code: 'OK', Message: 'Globally disabled recoveries', Details: 'disabled' } })
  const isTold = (manager: Manager, word: string) => until(`${manager.name} knows of it`, async () => ((await own(manager, '/api/check-global-recoveries')).body as { Details: unknown }).Details === word ? true : undefined)
  for (const manager of managers) await isTold(manager, 'disabled')
  const enabled = await ask(other, '/api/v2/operations/enable-global-recoveries', { method: 'POST', body: '{"input":{}}' })
  assert.equal(enabled.status, 200)
  for (const manager of managers) await isTold(manager, 'enabled')
  // Not behind the leader's back.
  assert.deepEqual(await own(follower, '/api/disable-global-recoveries'), { status: 500, body: { Code: 'ERROR', Message: 'Unauthorized', Details: null } })
  for (const route of [`/api/raft-yield/${follower.name}`, '/api/raft-yield-hint/127', '/api/grab-election', '/api/reset-hostname-resolve-cache']) {
    assert.deepEqual(await ask(follower, route), { status: 500, body: { Code: 'ERROR', Message: 'Unauthorized', Details: null } }, route)
  }
  const elsewhere = (await ask(follower, '/api/v2/operations/raft-yield', { method: 'POST', body: JSON.stringify({ input: { node: follower.name } }) })).body as { readonly code: string; readonly parameters: unknown }
  assert.deepEqual([elsewhere.code, elsewhere.parameters], ['another-leads', { node: follower.name, leader: leader.name, address: leader.uri }])
  assert.deepEqual(await ask(follower, '/api/raft-snapshot'), { status: 200, body: 'snapshot created' })
}))

test('the page of a follower hears of everything, knows who answers, and comes back when another leads', () => steadily(async ({ leader, followers: [follower, other] }) => {
  const leaving = new AbortController()
  const response = await fetch(`${follower.uri}/api/v2/events`, { signal: leaving.signal })
  let heard = ''
  let isOver = false
  const reading = (async () => {
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) heard += piece
  })().catch(() => undefined).then(() => (isOver = true))
  await until('hello', async () => (/event: hello/.test(heard) ? true : undefined))
  const hello = JSON.parse(/event: hello\ndata: (.*)/.exec(heard)?.[1] ?? '{}') as Readonly<Record<string, unknown>>
  assert.deepEqual([hello['node'], hello['leader'], hello['mayWrite']], [follower.name, leader.name, true])
  await ask(other, '/api/enable-global-recoveries')
  await until('the event of what was done through another member', async () => (/enable-global-recoveries/.test(heard) ? true : undefined))
  assert.deepEqual(await ask(leader, `/api/raft-yield/${other.name}`), { status: 200, body: { Code: 'OK', Message: 'Asynchronously yielded', Details: null } })
  await until('the named member leads', async () => ((await leads(other)) ? true : undefined))
  await until('the stream ended', async () => (isOver ? true : undefined))
  leaving.abort()
  await reading
  const { body } = await ask(other, '/api/v2/group')
  const group = body as { readonly state: string; readonly quorum: { readonly code: string }; readonly members: readonly { readonly name: string; readonly isLeader: boolean }[] }
  assert.deepEqual([group.state, group.members.filter(({ isLeader }) => isLeader).map(({ name }) => name)], ['leader', [other.name]])
}, 1))

test('a command that is given all addresses asks the one that leads', () => steadily(async ({ leader, followers }) => {
  const caller = remoteCaller({ addresses: [...followers, leader].map(({ uri }) => uri), user: '', password: '', header: '' }, Date.now)
  const answered = await caller.run('raft-yield-hint', { hint: leader.name }, '')
  assert.deepEqual(answered, { ok: true, value: leader.name }, 'the leader itself fits, and stays')
  const refused = await caller.run('raft-yield-hint', { hint: 'nowhere' }, '')
  assert.ok(!refused.ok && refused.failure.code === 'raft-no-such-member')
}))

test('reelect by way of a follower lets another one lead', () => steadily(async ({ leader, followers: [follower] }) => {
  assert.deepEqual(await ask(follower, '/api/reelect'), { status: 200, body: { Code: 'OK', Message: 'Set re-elections', Details: null } })
  await until('another one leads', async () => ((await Promise.all(managers.map(async manager => manager !== leader && (await leads(manager))))).includes(true) ? true : undefined))
}, 1))

test('one that is left alone says so everywhere: it shows what it remembers and changes nothing', async () => {
  const { leader, followers: [alone, other] } = await roles()
  await Promise.all([leader.program.kill(), other.program.kill()])
  await until('nobody is known to lead', async () => ((await ask(alone, '/api/raft-leader')).body === '' ? true : undefined))
  assert.deepEqual(await ask(alone, '/api/leader-check'), { status: 404, body: 'Not leader' })
  assert.deepEqual(await ask(alone, '/api/routed-leader-check'), { status: 404, body: 'Not leader' })
  await until('unhealthy', async () => ((await ask(alone, '/api/raft-health')).status === 500 ? true : undefined))
  assert.equal((await ask(alone, '/api/lb-check')).status, 200)
  assert.deepEqual((await ask(alone, '/api/check-global-recoveries')).body, { Code: 'OK', Message: 'Global recoveries enabled', Details: 'enabled' })
  for (const path of ['/api/disable-global-recoveries', '/api/reelect', `/api/raft-remove-peer/${leader.name}`]) {
    assert.deepEqual(await ask(alone, path), { status: 500, body: { Code: 'ERROR', Message: 'Unauthorized', Details: null } }, path)
  }
  const refused = await ask(alone, '/api/v2/operations/disable-global-recoveries', { method: 'POST', body: '{"input":{}}' })
  assert.deepEqual([refused.status, (refused.body as { readonly code: string }).code], [503, 'leads-not'])
  const me = (await ask(alone, '/api/v2/me')).body as { readonly mayWrite: boolean; readonly leader: string; readonly reason: { readonly code: string } }
  assert.deepEqual([me.mayWrite, me.leader, me.reason.code], [false, '', 'nobody-leads'])
  const group = (await ask(alone, '/api/v2/group')).body as { readonly leader: unknown; readonly isPartOfQuorum: boolean; readonly quorum: { readonly code: string } }
  assert.deepEqual([group.leader, group.isPartOfQuorum, group.quorum.code], [null, false, 'quorum-missing'])
})
