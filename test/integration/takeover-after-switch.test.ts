import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail } from '../../src/kit/result.ts'
import type { Step, StepKind } from '../../src/model/planning/step.ts'
import type { Servers } from '../../src/ports/servers.ts'
import { Lab } from '../harness/lab/lab.ts'
import { refresh } from '../harness/lab/logged-run.ts'
import { WritableServers } from '../harness/lab/writable-servers.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

type Role = 'old' | 'successor' | 'sibling'
type How = 'never sent' | 'answer lost' | 'once not sent'

/** After the successor takes writes, a kind of step fails on one server, every time or once. */
function failAfterSwitch(lab: Lab, kind: StepKind, name: string, how: How): { readonly seen: Step[]; restore(): void } {
  const perform = lab.servers.perform.bind(lab.servers)
  const seen: Step[] = []
  let hasSwitched = false
  const failing: Servers['perform'] = async (step, on, options) => {
    const isIt = hasSwitched && step.do === kind && lab.nameOf(step.on) === name
    if (step.do === 'set-writable') hasSwitched = true
    if (!isIt || (how === 'once not sent' && seen.length > 0)) return perform(step, on, options)
    seen.push(step)
    if (how === 'answer lost') await perform(step, on, options)
    return fail({ kind: 'connection-lost', number: null, text: `lost at ${kind} of ${name}` })
  }
  Object.assign(lab.servers, { perform: failing })
  return { seen, restore: () => void Object.assign(lab.servers, { perform }) }
}

/** What fails after the switch; `left`: the sibling is named as one that was not moved; `says`: the record has an error. */
const failures: readonly { readonly kind: StepKind; readonly on: Role; readonly how: How; readonly left: boolean; readonly says: boolean }[] = [
  { kind: 'stop-receiver', on: 'successor', how: 'never sent', left: false, says: true },
  { kind: 'stop-receiver', on: 'sibling', how: 'never sent', left: true, says: true },
  { kind: 'change-source', on: 'sibling', how: 'never sent', left: true, says: true },
  { kind: 'change-source', on: 'sibling', how: 'answer lost', left: true, says: true },
  { kind: 'start-receiver', on: 'sibling', how: 'once not sent', left: true, says: true },
  { kind: 'change-source', on: 'old', how: 'never sent', left: false, says: true },
  { kind: 'change-source', on: 'old', how: 'answer lost', left: false, says: true },
  { kind: 'start-replication', on: 'old', how: 'never sent', left: false, says: true },
  { kind: 'forget-source', on: 'successor', how: 'once not sent', left: false, says: false },
]

test('whatever fails after the successor of a takeover takes writes: it stays the only one, the record says what is left, siblings go on receiving, and nothing acknowledged is lost', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await using writable = WritableServers.watch(sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 50)
  let [old, successor] = ['primary', 'replica-1']
  const sibling = 'replica-2'
  for (const { kind, on, how, left, says } of failures) {
    const where = `${kind} of the ${on}, ${how}`
    const injected = failAfterSwitch(lab, kind, { old, successor, sibling }[on], how)
    const taken = await lab.recoveries.gracefulTakeover(lab.instance(old).clusterName, { designated: lab.key(successor), auto: true, by: 'test' })
    injected.restore()
    assert.ok(injected.seen.length > 0, `${where}: it was tried`)
    assert.ok(taken.ok, `${where}: ${taken.ok ? '' : taken.failure.text}`)
    const { isSuccessful, successor: named, lostReplicas, errors } = taken.value
    assert.deepEqual([isSuccessful, lab.nameOf(named), lostReplicas.map(key => lab.nameOf(key)), errors.length > 0], [true, successor, left ? [sibling] : [], says], `${where}: ${errors.join('; ')}`)
    assert.deepEqual(await sandbox.server(old).row('SELECT @@read_only AS ro, @@super_read_only AS sro'), { ro: 1, sro: 1 }, where)
    const count = writer.acknowledged.length
    await lab.until(`rows are written again after ${where}`, () => writer.acknowledged.length > count + 5)
    // Below whichever of the two: its receiver runs, so that it goes on getting everything as soon as the old primary does.
    assert.equal((await sandbox.server(sibling).row<{ Replica_IO_Running: string }>('SHOW REPLICA STATUS')).Replica_IO_Running === 'No', false, `${where}: the sibling fetches`)
    assert.deepEqual(await sandbox.server(successor).sql('SHOW REPLICA STATUS'), [], `${where}: the successor follows nobody`)
    await lab.recoveries.acknowledge({ clusterName: lab.key(old) }, { at: Date.now(), by: 'test', comment: where })
    // A person puts right what the record names.
    for (const name of [old, sibling]) {
      await sandbox.server(name).sql('STOP REPLICA')
      await sandbox.replicate(name, successor)
      await sandbox.untilCaughtUp(name, successor)
    }
    await refresh(lab)
    ;[old, successor] = [successor, old]
  }
  await writer.stop()
  for (const server of sandbox.servers) {
    await lab.until(`${server.name} has every acknowledged row`, async () => (await writer.missingOn(server)) === 0)
  }
  assert.deepEqual(writable.pairs, [], 'never two that take writes')
})
