import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { contract, typedNames, type OperationName } from '../../../src/contract/all.ts'
import type { AnyOperation } from '../../../src/contract/operation.ts'
import type { GroupView } from '../../../src/contract/raft.ts'
import { clusterActs } from './acts/cluster.ts'
import { operationsOf } from './acts/act.ts'
import { groupActs, type ManagerMember, memberActs } from './acts/managers.ts'
import { acts } from './menu.ts'

/** Offered by a page or a dialog of its own, and where. */
const offeredElsewhere: Partial<Record<OperationName, string>> = {
  'discover': 'pages/discover',
  'ack-recovery': 'pages/recoveries, the dialog Acknowledge',
  'reset-hostname-resolve-cache': 'pages/status/status-page.tsx',
  'reload-configuration': 'actions/reload-dialog.tsx, after showing what would change',
  'submit-pool-instances': 'actions/submit-pool-dialog.tsx, after showing who comes and who goes',
  'cluster-pool-instances': 'api/queries.ts, for pages/pools',
  'heuristic-cluster-pool-instances': 'pages/pools/pool-matrix.tsx',
  'heuristic-cluster-pool-lag': 'pages/pools/pool-matrix.tsx',
  'agents': 'api/queries.ts, for pages/agents',
  'agent': 'api/queries.ts, for pages/agents',
  'agent-umount': 'pages/agents/agent-acts.ts',
  'agent-mount': 'pages/agents/agent-acts.ts',
  'agent-create-snapshot': 'pages/agents/agent-acts.ts',
  'agent-removelv': 'pages/agents/agent-acts.ts',
  'agent-mysql-stop': 'pages/agents/agent-acts.ts',
  'agent-mysql-start': 'pages/agents/agent-acts.ts',
  'agent-seed': 'actions/seed-dialog.tsx',
  'agent-active-seeds': 'api/queries.ts, for pages/agents',
  'agent-recent-seeds': 'api/queries.ts, for pages/agents',
  'agent-seed-details': 'api/queries.ts, for pages/agents',
  'agent-seed-states': 'api/queries.ts, for pages/agents',
  'agent-abort-seed': 'pages/agents/seed-page.tsx',
  'agent-custom-command': 'pages/agents/agent-acts.ts',
  'seeds': 'api/queries.ts, for pages/agents',
  'disable-global-recoveries': 'frame/automatic-chip',
  'enable-global-recoveries': 'frame/automatic-chip',
  'bulk-instances': 'every page shows the servers',
  'bulk-promotion-rules': 'the panel of each server shows its rule',
}

/** Not offered by the page, and why. */
const notOffered: Partial<Record<OperationName, string>> = {
  'async-discover': 'for programs: the page discovers and waits for the answer',
  'ack-all-recoveries': 'whoever acknowledges says what happened in each recovery',
  'untag-all': 'for programs: a tag is taken from a server in the menu of that server',
  'register-hostname-unresolve': 'for the programs that give out virtual names',
  'deregister-hostname-unresolve': 'for the programs that give out virtual names',
  'last-pseudo-gtid': 'a question about the text of logs, for whoever searches them by command',
  'source-equivalent': 'a question about places in logs; a move that uses one says so',
  'find-binlog-entry': 'a question about the text of logs, for whoever searches them by command',
  'correlate-binlog-pos': 'a question about places in logs, for whoever searches them by command',
  'correlate-relaylog-pos': 'a question about places in logs, for whoever searches them by command',
  'last-executed-relay-entry': 'a question about the text of logs, for whoever searches them by command',
  'raft-yield-hint': 'for programs: the page names the member',
  'access-token': 'made by command for whoever is to open its address: shown to one person, and used once',
  'reload-cluster-alias': 'retired by the original: it is answered and does nothing',
  'snapshot-topologies': 'taken by itself at intervals; by hand for programs',
}

const managerActs = [...groupActs, ...memberActs]
const onMenus = new Set<OperationName>([
  ...acts.flatMap(operationsOf), ...clusterActs.flatMap(({ operations }) => operations), ...managerActs.map(({ operation }) => operation),
])
const declared = (name: OperationName): AnyOperation => contract[name]

test('every operation that changes something is offered in the page, or a reason says why not', () => {
  const changing = typedNames().filter(name => contract[name].access === 'write')
  const missing = changing.filter(name => !onMenus.has(name) && offeredElsewhere[name] === undefined && notOffered[name] === undefined)
  assert.deepEqual(missing, [], 'add an entry in web/src/actions/acts with its words in en-acts.ts and zh-acts.ts')
})

test('nothing stands in two of the three places, and the lists name only operations that there are', () => {
  const names = new Set<string>(typedNames())
  for (const name of [...Object.keys(offeredElsewhere), ...Object.keys(notOffered)]) assert.ok(names.has(name), name)
  for (const name of onMenus) assert.ok(names.has(name) && offeredElsewhere[name] === undefined && notOffered[name] === undefined, name)
  for (const name of Object.keys(offeredElsewhere)) assert.ok(!(name in notOffered), name)
})

test('an operation that a file is said to offer is named there', () => {
  for (const [name, where] of Object.entries(offeredElsewhere)) {
    const file = /^[\w/-]+\.tsx?/.exec(where)?.[0]
    if (file !== undefined) assert.ok(readFileSync(join(import.meta.dirname, '..', file), 'utf8').includes(`'${name}'`), `${name} is not in ${file}`)
  }
})

test('every act gives its operation all that it needs, and asks for nothing that the operation does not know', () => {
  for (const act of acts) {
    if (act.does !== 'plan' && act.does !== 'plan-by-role' && act.does !== 'answer' && act.does !== 'now') continue
    const { input, plans } = declared(act.operation)
    const given = new Set(['instance', ...('fields' in act ? (act.fields ?? []) : []).map(({ name }) => name)])
    const isAsked = (name: string): boolean => 'fields' in act && (act.fields ?? []).some(field => field.name === name && field.required === true)
    for (const [name, { required }] of Object.entries(input)) if (required) assert.ok(name === 'instance' || isAsked(name), `${act.name}: ${name}`)
    for (const name of given) assert.ok(name in input, `${act.name}: ${name}`)
    assert.equal(plans, act.does === 'plan' || act.does === 'plan-by-role', `${act.name} shows a plan exactly where there is one`)
  }
})

test('what can lose data or writes asks for a word to be typed', () => {
  for (const act of acts) {
    if (act.does === 'plan' && declared(act.operation).dangerLevel === 3) assert.notEqual(act.typed ?? 'nothing', 'nothing', act.name)
  }
})

const members = [{ name: 'one', isSelf: true }, { name: 'two', isSelf: false }, { name: 'three', isSelf: false }].map(({ name, isSelf }) =>
  ({ name, isSelf, uri: null, votes: name !== 'three', isHeard: true, matched: 1, behind: 0, version: null, backend: null, isLeader: false }))
const group: GroupView = {
  mode: 'raft', self: 'one', state: 'leader', leader: { name: 'one', uri: null }, term: 3, isPartOfQuorum: true, members, log: null,
  says: { code: 'raft-leads', parameters: {}, text: '' }, quorum: { code: 'quorum-holds', parameters: {}, text: '' },
}
const offered = (changes: Partial<GroupView>): readonly string[] => {
  const asked = { ...group, ...changes }
  const onRows = memberActs.flatMap(act => asked.members.filter(member => act.isOffered(asked, member)).map(({ name }) => `${act.name} ${name}`))
  return [...onRows, ...groupActs.filter(act => act.isOffered(asked)).map(({ name }) => name)]
}

test('of managers each act is offered where it can be done: leadership handed over by its holder to a voter, and taken by force only where no majority decides', () => {
  assert.deepEqual(offered({}), ['handOver two', 'remove two', 'remove three', 'add', 'reelect', 'snapshot'])
  assert.deepEqual(offered({ state: 'follower', leader: { name: 'two', uri: null } }), ['remove two', 'remove three', 'add', 'reelect', 'snapshot'])
  assert.deepEqual(offered({ state: 'candidate', leader: null }), ['remove two', 'remove three', 'add', 'snapshot'])
  assert.deepEqual(offered({ members: members.slice(0, 1) }), ['add', 'snapshot'])
  assert.deepEqual(offered({ mode: 'etcd', state: 'follower' }), ['reelect'])
  assert.deepEqual(offered({ mode: 'shared-store' }), ['reelect'])
  assert.deepEqual(offered({ mode: 'shared-store', state: 'follower' }), ['reelect', 'grab'])
})

test('what changes who leads or who is a member asks for a word to be typed, and each act gives its operation all that it needs', () => {
  for (const act of managerActs) {
    const { input, dangerLevel } = declared(act.operation)
    const asked = (act.fields ?? []).map(({ name }) => name)
    assert.ok(dangerLevel === 1 || act.typed !== 'nothing' || asked.length > 0, act.name)
    const given = [...asked, ...('input' in act ? Object.keys(act.input(memberOf('two'))) : [])]
    assert.deepEqual(given.toSorted(), Object.keys(input).toSorted(), act.name)
  }
})

function memberOf(name: string): ManagerMember {
  const found = members.find(member => member.name === name)
  assert.ok(found !== undefined)
  return found
}
