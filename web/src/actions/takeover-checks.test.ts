import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RecoverySummary, ServerView } from '../../../src/contract/views.ts'
import { server } from '../drawing/example-servers.ts'
import { takeoverChecks } from './takeover-checks.ts'
import { pausedMilliseconds, pauseIn } from './write-pause.ts'

const limit = 20
const replica = (name: string, more: Partial<ServerView> = {}): ServerView => server(name, 'db140', 'replicating', more)
const lagging = (name: string, lagSeconds: number | null, delaySeconds = 0): ServerView => {
  const { replication } = replica(name)
  assert.ok(replication)
  return replica(name, { replication: { ...replication, lagSeconds, delaySeconds } })
}

function judged(primary: ServerView, successor: ServerView, others: readonly ServerView[] = [], more: { readonly recoveries?: readonly Partial<RecoverySummary>[]; readonly blockedBy?: number } = {}): readonly string[] {
  const recoveries = (more.recoveries ?? []) as readonly RecoverySummary[] // only what is looked at
  const blocked = more.blockedBy === undefined ? [] : [{ server: primary.key, code: 'DeadMaster', blockedBy: more.blockedBy }]
  return takeoverChecks({ members: [primary, successor, ...others], recoveries, blocked }, primary, successor, limit)
    .filter(({ state }) => state !== 'ok')
    .map(({ says, state, fix }) => `${state} ${says}${fix === null ? '' : ` fix ${fix.act} ${fix.server}`}`)
}

const primary = server('db140', null)

test('a takeover to a replica that is well, beside others that are, has nothing to say against it', () => {
  assert.deepEqual(judged(primary, replica('db141'), [replica('db142'), server('db143', 'db141')]), [])
})

test('lag beyond the limit and lag that is unknown stop it; a delay that is meant counts as none', () => {
  assert.deepEqual(judged(primary, lagging('db141', 21)), ['stop lagToo'])
  assert.deepEqual(judged(primary, lagging('db141', null)), ['stop lagUnknown'])
  assert.deepEqual(judged(primary, lagging('db141', 3600, 3600)), [])
})

test('transactions of its own, and a log without what it applies, stop it', () => {
  assert.deepEqual(judged(primary, replica('db141', { errantGtidSet: 'uuid:1' })), ['stop errantToo'])
  assert.deepEqual(judged(primary, replica('db141', { logReplicaUpdates: false })), ['stop logsNot'])
})

test('what others lack is a warning with what mends it', () => {
  const others = [server('db142', 'db140', 'stopped'), server('db143', 'db141', 'replicating', { readOnly: false })]
  assert.deepEqual(judged(primary, replica('db141'), others), ['warning replicateNot fix start db142:3306', 'warning readOnlyNot fix readOnly db143:3306'])
  assert.deepEqual(judged(primary, replica('db141', { version: '9.6.0' })), ['warning versionOther'])
  assert.deepEqual(judged(primary, replica('db141', { downtime: { owner: 'bob', reason: '', endsAt: 1 } })), ['warning marksSome fix downtimeEnd db141:3306'])
})

test('too few replicas that would acknowledge are a warning, and where nobody waits for them it is not asked', () => {
  const [source, acknowledging] = [{ sourceEnabled: true, replicaEnabled: false, clients: 1, waitFor: 1 }, { sourceEnabled: false, replicaEnabled: true, clients: 0, waitFor: 1 }]
  const waiting = server('db140', null, 'writable', { semiSync: source })
  assert.deepEqual(judged(waiting, replica('db141', { semiSync: acknowledging })), ['warning semiSyncFew'])
  assert.deepEqual(judged(waiting, replica('db141'), [replica('db142', { semiSync: acknowledging })]), [])
})

test('a recovery at work stops it, one that blocks is a warning', () => {
  assert.deepEqual(judged(primary, replica('db141'), [], { recoveries: [{ id: 3, endedAt: null }] }), ['stop recoveryOther'])
  assert.deepEqual(judged(primary, replica('db141'), [], { blockedBy: 3 }), ['warning recoveryBlocks'])
})

const step = (stage: string, message: string, at: number, durationMilliseconds: number | null = null) => ({ stage, message, at, durationMilliseconds, outcome: 'done' as const })

test('writes pause from the read-only step on, until the program says how long it was, or everything was undone', () => {
  const fence = [step('fence', 'read-executed', 900), step('fence', 'set super_read_only=1', 1000, 3)]
  assert.equal(pausedMilliseconds([], 2000), null)
  assert.deepEqual(pausedMilliseconds(fence, 1400), { milliseconds: 400, isOver: false })
  assert.deepEqual(pausedMilliseconds([...fence, step('promote', 'promoted replica: db141:3306', 1800, 120)], 9000), { milliseconds: 120, isOver: true })
  assert.deepEqual(pausedMilliseconds([...fence, step('undo', 'db140:3306 is writable again', 1500)], 9000), { milliseconds: 500, isOver: true })
})

test('in a plan the pause lies between refusing writes on one server and taking them on the other', () => {
  // The edge: only what is looked at.
  const steps = ['wait-executed', 'set-read-only', 'read-executed', 'set-writable', 'start-replication'].map((action, index) => ({ action, number: index + 1 })) as unknown as Parameters<typeof pauseIn>[0]['steps']
  assert.deepEqual(pauseIn({ steps }), { from: 2, to: 4 })
  assert.equal(pauseIn({ steps: steps.slice(0, 3) }), null)
})
