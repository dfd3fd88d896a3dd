import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { planMatch, planMatchReplicas, planMatchUp, planRematch } from '../../src/model/planning/match.ts'
import { defaultRelocatePolicy as policy } from '../../src/model/planning/relocate-judgement.ts'
import type { Planning } from '../../src/model/planning/moves.ts'
import type { Planned } from '../../src/model/planning/plan.ts'
import type { Topology } from '../../src/model/topology/topology.ts'
import { Lab } from '../harness/lab/lab.ts'
import { type LoggedRun, loggedRun, refresh, sameStatements } from '../harness/lab/logged-run.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

// MySQL 9.7 without GTID: `primary` ← `one`, `two`, `relays`, which logs nothing of what it applies; `two` ← `sub`.
const withoutGtid = ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF']
const pattern = { pattern: 'drop view if exists `_pseudo_gtid_`', isFixedSubstring: true, monotonicHint: 'asc:' }

const names = ['primary', 'one', 'two', 'sub', 'relays']

let sandbox: Sandbox
let lab: Lab
let writer: Writer

before(async () => {
  sandbox = await Sandbox.start({
    servers: names.map(name => ({ name, options: [...withoutGtid, ...(name === 'relays' ? ['--log-replica-updates=OFF'] : [])] })),
  })
  await Promise.all(['one', 'two', 'relays'].map(name => sandbox.replicate(name, 'primary', { gtid: false })))
  await sandbox.replicate('sub', 'two', { gtid: false })
  await Promise.all(['one', 'two', 'sub', 'relays'].map(name => sandbox.server(name).sql('SET GLOBAL super_read_only = ON')))
  lab = await Lab.start(sandbox, {
    pollSeconds: 60, recovery: { primaryFilters: [], intermediateFilters: [] }, pseudoGtid: { ...pattern, injects: true }, ...(process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}),
  })
  writer = await Writer.start(sandbox.server('primary'), () => [sandbox.server('primary')])
  await sandbox.server('primary').sql("GRANT DROP ON `_pseudo_gtid_`.* TO 'orchestrator'@'%'")
  await until(() => writer.acknowledged.length > 50)
})

after(async () => {
  await writer?.stop()
  await lab?.close()
  await sandbox?.stop()
})

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isTrue()) return
    await sleep(50)
  }
  throw new Error('it did not come to pass within 10 s')
}

const planning = (topology: Topology): Planning => ({ topology, policy, now: Date.now() })

/** Runs a plan under the writer: done, and every server was told exactly what the plan showed, in that order. */
async function done(planned: (planning: Planning) => Planned): Promise<LoggedRun> {
  await lab.pseudoGtid.injector.round()
  const run = await loggedRun(lab, topology => planned(planning(topology)))
  assert.equal(run.outcome.state, 'done', run.outcome.failure?.text)
  for (const [name, sent] of Object.entries(run.sent)) {
    assert.ok(sameStatements(run.shown[name] ?? [], sent), `${name} was told\n${sent.join('\n')}\nand not\n${(run.shown[name] ?? []).join('\n')}`)
  }
  await refresh(lab)
  return run
}

const sourceOf = (name: string): string => lab.nameOf(lab.instance(name).replication?.source ?? null)

test('the account that may drop in its schema writes a unique statement on the primary alone, and from then on the cluster is seen to have them', async () => {
  assert.deepEqual(await lab.pseudoGtid.injector.round(), [lab.instance('primary').clusterName])
  await refresh(lab)
  assert.deepEqual(names.map(name => [name, lab.instance(name).usingPseudoGtid]), names.map(name => [name, true]))
  const [before, , last] = [await lab.pseudoGtid.matcher.last(lab.key('primary'), 10_000), await lab.pseudoGtid.injector.round(), await lab.pseudoGtid.matcher.last(lab.key('primary'), 10_000)]
  assert.ok(before.ok && last.ok && last.value.text > before.value.text, 'later ones are larger as text')
})

test('a replica is matched up, below its sibling and back, by the statements that both logs have', async () => {
  const up = await done(planning => planMatchUp(lab.key('sub'), planning))
  assert.equal(up.plan.method, 'pseudo-gtid')
  assert.equal(sourceOf('sub'), 'primary')
  await done(planning => planMatch(lab.key('sub'), lab.key('one'), planning))
  assert.equal(sourceOf('sub'), 'one')
  await done(planning => planRematch(lab.key('sub'), planning))
  assert.equal(sourceOf('sub'), 'one')
  await done(planning => planMatch(lab.key('sub'), lab.key('two'), planning))
  assert.equal(sourceOf('sub'), 'two')
})

test('a replica that logs nothing of what it applies is matched by its relay logs', async () => {
  const { outcome } = await done(planning => planMatch(lab.key('relays'), lab.key('one'), planning))
  assert.equal(sourceOf('relays'), 'one')
  assert.ok(outcome.steps.some(({ statements }) => statements.some(statement => statement.includes('RELAYLOG'))), 'its relay logs were read')
  await done(planning => planMatch(lab.key('relays'), lab.key('primary'), planning))
  assert.equal(sourceOf('relays'), 'primary')
})

test('the replicas of a server are matched below one of them at the same time', async () => {
  const run = await done(planning => planMatchReplicas({ instance: lab.key('primary'), target: lab.key('one') }, planning))
  assert.deepEqual([sourceOf('two'), sourceOf('relays'), sourceOf('one')], ['one', 'one', 'primary'])
  assert.deepEqual([...run.outcome.parts.values()], [null, null])
})

test('a server that is ahead of the other is left as it was, and the answer says to try the other way round', async () => {
  await lab.pseudoGtid.injector.round()
  const before = lab.instance('two').replication?.source
  // `relays` stops, so that it has less than `two`, which is below `one`.
  await sandbox.server('relays').sql('STOP REPLICA')
  await until(async () => (await sandbox.server('two').row<{ n: number }>('SELECT COUNT(*) AS n FROM drill.rows_written')).n > 60)
  await lab.pseudoGtid.injector.round()
  await sleep(500)
  await refresh(lab)
  const plan = planMatch(lab.key('sub'), lab.key('relays'), planning(lab.inventory.topology))
  // It does not log what it applies, so nobody may follow it.
  assert.ok('refused' in plan && plan.refused.code === 'cannot-replicate')
  assert.equal(lab.instance('two').replication?.source, before)
  await sandbox.server('relays').sql('START REPLICA')
})

test('every acknowledged row is on every server in the end, and all have the same rows', async () => {
  await writer.stop()
  for (const name of ['one', 'two', 'sub', 'relays']) {
    await sandbox.untilReplicating(name)
    await until(async () => (await writer.missingOn(sandbox.server(name))) === 0)
  }
  const sums = await Promise.all(sandbox.servers.map(server => server.row('CHECKSUM TABLE drill.rows_written')))
  assert.equal(new Set(sums.map(row => String(row['Checksum']))).size, 1)
})
