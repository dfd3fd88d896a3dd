import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail } from '../../src/kit/result.ts'
import type { Servers } from '../../src/ports/servers.ts'
import { Lab } from '../harness/lab/lab.ts'
import { refresh } from '../harness/lab/logged-run.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

const verbose = process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}
const off = ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF']

/** `primary` ← `one`, `two`; `two` ← `below`. `gtid` names those that use auto-position. */
async function servers(options: readonly string[], gtid: readonly string[] = []): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ servers: ['primary', 'one', 'two', 'below'].map(name => ({ name, options })) })
  for (const [name, source] of [['one', 'primary'], ['two', 'primary'], ['below', 'two']] as const) {
    await sandbox.replicate(name, source, { gtid: gtid.includes(name) })
    await sandbox.server(name).sql('SET GLOBAL super_read_only = ON')
  }
  return sandbox
}

const sourceOf = async (sandbox: Sandbox, name: string): Promise<string> => {
  const [row] = await sandbox.server(name).sql<{ Source_Port: number; Auto_Position: number; Replica_IO_Running: string; Replica_SQL_Running: string }>('SHOW REPLICA STATUS')
  const source = sandbox.servers.find(({ port }) => port === row?.Source_Port)?.name ?? 'nobody'
  return row === undefined ? 'nobody' : `${source}${Number(row.Auto_Position) === 1 ? ' by GTID' : ''} ${row.Replica_IO_Running} ${row.Replica_SQL_Running}`
}

async function untilEveryRowIsEverywhere(sandbox: Sandbox, lab: Lab, writer: Writer): Promise<void> {
  for (const server of sandbox.servers) await lab.until(`${server.name} has every acknowledged row`, async () => (await writer.missingOn(server)) === 0)
  const sums = await Promise.all(sandbox.servers.map(server => server.row('CHECKSUM TABLE drill.rows_written')))
  assert.equal(new Set(sums.map(row => String(row['Checksum']))).size, 1, 'every server has the same rows, none of them twice')
}

/** The steps until the successor takes writes. */
const stepsBefore = [
  'read-coordinates primary', 'wait-position one', 'set-read-only primary', 'read-coordinates primary', 'wait-position one', 'read-coordinates one', 'read-coordinates one', 'set-writable one',
]

/** The n-th step is not sent, nor once more. */
function failAt(lab: Lab, nth: number): { readonly seen: string[]; restore(): void } {
  const perform = lab.servers.perform.bind(lab.servers)
  const seen: string[] = []
  const failing: Servers['perform'] = async (step, on, options) => {
    seen.push(`${step.do} ${lab.nameOf(step.on)}`)
    if (seen.length !== nth && !(seen.length === nth + 1 && seen[nth] === 'set-writable one')) return perform(step, on, options)
    return fail({ kind: 'connection-lost', number: null, text: `lost at step ${nth}` })
  }
  Object.assign(lab.servers, { perform: failing })
  return { seen, restore: () => void Object.assign(lab.servers, { perform }) }
}

test('a takeover without GTID that fails at any step before the successor takes writes is undone: the old primary takes writes, and everybody stands below it as before', async () => {
  await using sandbox = await servers(off)
  await using lab = await Lab.start(sandbox, verbose)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await using writable = WritableServers.watch(sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 20)
  for (const [index, step] of stepsBefore.entries()) {
    const injected = failAt(lab, index + 1)
    const taken = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { designated: lab.key('one'), auto: true, by: 'test' })
    injected.restore()
    const where = `step ${index + 1}, ${step}`
    assert.deepEqual([injected.seen[index], taken.ok], [step, false], where)
    const count = writer.acknowledged.length
    await lab.until(`rows are written again after ${where}`, () => writer.acknowledged.length > count + 5)
    assert.deepEqual(await Promise.all(['primary', 'one', 'two', 'below'].map(name => sourceOf(sandbox, name))), ['nobody', 'primary Yes Yes', 'primary Yes Yes', 'two Yes Yes'], where)
    await lab.recoveries.acknowledge({ clusterName: lab.key('primary') }, { at: Date.now(), by: 'test', comment: where })
  }
  await writer.stop()
  assert.deepEqual(writable.pairs, [])
  await untilEveryRowIsEverywhere(sandbox, lab, writer)
})

test('a takeover without GTID under a writer loses nothing: siblings and the old primary go on from the place where the successor stood; back again too', async t => {
  await using sandbox = await servers(off)
  await using lab = await Lab.start(sandbox, verbose)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 50)
  // Places in the middle of a log prove less than those at its beginning, too.
  await sandbox.server('primary').sql('FLUSH BINARY LOGS')
  const writable = WritableServers.watch(sandbox.servers)
  const begun = performance.now()
  const taken = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { designated: lab.key('one'), auto: true, by: 'test' })
  assert.ok(taken.ok, taken.ok ? '' : taken.failure.text)
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 30)
  t.diagnostic(`write gap ${Math.round(writer.gap(begun))} ms`)
  assert.deepEqual([lab.nameOf(taken.value.successor), taken.value.errors, taken.value.lostReplicas], ['one', [], []])
  assert.deepEqual(await Promise.all(['primary', 'one', 'two', 'below'].map(name => sourceOf(sandbox, name))), ['one Yes Yes', 'nobody', 'one Yes Yes', 'two Yes Yes'])
  assert.deepEqual(await lab.store.intents.open(), [])
  await lab.recoveries.acknowledge({ clusterName: lab.key('primary') }, { at: Date.now(), by: 'test', comment: 'back again' })
  await refresh(lab)
  const back = await lab.recoveries.gracefulTakeover(lab.instance('one').clusterName, { designated: lab.key('primary'), auto: true, by: 'test' })
  assert.ok(back.ok, back.ok ? '' : back.failure.text)
  const again = writer.acknowledged.length
  await lab.until('rows are written once more', () => writer.acknowledged.length > again + 30)
  await writer.stop()
  await writable[Symbol.asyncDispose]()
  assert.deepEqual(writable.pairs, [], 'never two that take writes')
  assert.deepEqual(await Promise.all(['primary', 'one', 'two'].map(name => sourceOf(sandbox, name))), ['nobody', 'primary Yes Yes', 'primary Yes Yes'])
  await untilEveryRowIsEverywhere(sandbox, lab, writer)
})

test('a takeover where some use GTID and some do not: each goes on in its own way, whichever of them takes over', async () => {
  await using sandbox = await servers([], ['one', 'below'])
  await using lab = await Lab.start(sandbox, verbose)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 20)
  const taken = await lab.recoveries.gracefulTakeover(lab.instance('primary').clusterName, { designated: lab.key('one'), auto: true, by: 'test' })
  assert.ok(taken.ok, taken.ok ? '' : taken.failure.text)
  assert.deepEqual([taken.value.errors, taken.value.lostReplicas], [[], []])
  assert.deepEqual(await Promise.all(['primary', 'two', 'below'].map(name => sourceOf(sandbox, name))), ['one by GTID Yes Yes', 'one Yes Yes', 'two by GTID Yes Yes'])
  await lab.recoveries.acknowledge({ clusterName: lab.key('primary') }, { at: Date.now(), by: 'test', comment: 'the other way' })
  await refresh(lab)
  const other = await lab.recoveries.gracefulTakeover(lab.instance('one').clusterName, { designated: lab.key('two'), auto: true, by: 'test' })
  assert.ok(other.ok, other.ok ? '' : other.failure.text)
  const count = writer.acknowledged.length
  await lab.until('rows are written again', () => writer.acknowledged.length > count + 10)
  await writer.stop()
  assert.deepEqual(await Promise.all(['primary', 'one', 'below'].map(name => sourceOf(sandbox, name))), ['two by GTID Yes Yes', 'two Yes Yes', 'two by GTID Yes Yes'])
  await untilEveryRowIsEverywhere(sandbox, lab, writer)
})
