import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail } from '../../src/kit/result.ts'
import type { Step } from '../../src/model/planning/step.ts'
import type { Servers } from '../../src/ports/servers.ts'
import { Lab } from '../harness/lab/lab.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

/** The steps up to the moment in which the successor takes writes, in their order. */
const stepsBefore = ['read-executed primary', 'wait-executed replica-1', 'set-read-only primary', 'read-executed primary', 'wait-executed replica-1', 'set-writable replica-1'] as const

/** The n-th step fails, also where it is sent once more: nothing reaches the server, or only the answer is lost. */
function failAt(lab: Lab, nth: number, how: 'not sent' | 'answer lost'): { readonly seen: string[]; restore(): void } {
  const perform = lab.servers.perform.bind(lab.servers)
  const seen: string[] = []
  const nameOf = ({ do: act, on }: Step): string => `${act} ${lab.sandbox.servers.find(server => server.key === on)?.name ?? on}`
  const failing: Servers['perform'] = async (step, on, options) => {
    seen.push(nameOf(step))
    const isRepeated = seen.length === nth + 1 && seen[nth] === seen[nth - 1]
    if (seen.length !== nth && !isRepeated) return perform(step, on, options)
    if (how === 'answer lost') await perform(step, on, options)
    return fail({ kind: 'connection-lost', number: null, text: `lost at ${nameOf(step)}` })
  }
  Object.assign(lab.servers, { perform: failing })
  return { seen, restore: () => void Object.assign(lab.servers, { perform }) }
}

test('a takeover that fails at any step before the successor takes writes leaves the old primary writable and everybody below it, and says so', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox)
  await using writer = await Writer.start(sandbox.server('primary'), () => sandbox.servers)
  await lab.until('rows are written', () => writer.acknowledged.length > 50)
  const [cluster, wish] = [lab.instance('primary').clusterName, { designated: lab.key('replica-1'), auto: true, by: 'test' }]
  const writable = async (name: string): Promise<boolean> => Object.values(await sandbox.server(name).row('SELECT @@read_only AS ro')).every(value => Number(value) === 0)
  for (const how of ['not sent', 'answer lost'] as const) {
    for (const [index, step] of stepsBefore.entries()) {
      const isLast = how === 'answer lost' && index === stepsBefore.length - 1
      const injected = failAt(lab, index + 1, how)
      const taken = await lab.recoveries.gracefulTakeover(cluster, wish)
      injected.restore()
      const where = `${step}, ${how}`
      assert.equal(injected.seen[index], step, `${where}: ${injected.seen.join(', ')}; ${taken.ok ? 'taken over' : taken.failure.text}\n${lab.lines.slice(-40).join('\n')}`)
      assert.ok(!taken.ok && taken.failure.text.length > 0, where)
      if (isLast) {
        // Nobody knows whether the successor took writes, and it did: the old primary must not take them as well.
        assert.deepEqual([await writable('primary'), await writable('replica-1')], [false, true], where)
        break
      }
      assert.deepEqual([await writable('primary'), await writable('replica-1')], [true, false], where)
      for (const name of ['replica-1', 'replica-2']) {
        const status = await sandbox.server(name).row<{ Source_Port: number; Replica_IO_Running: string; Replica_SQL_Running: string }>('SHOW REPLICA STATUS')
        assert.deepEqual([status.Source_Port, status.Replica_IO_Running, status.Replica_SQL_Running], [sandbox.server('primary').port, 'Yes', 'Yes'], `${where}: ${name}`)
      }
      const count = writer.acknowledged.length
      await lab.until(`rows are written again after ${where}`, () => writer.acknowledged.length > count + 5)
      const [record] = await lab.store.recoveries.list({ page: 0 })
      assert.ok(record !== undefined && record.successor === null, `${where}: the record names nobody`)
      await lab.recoveries.acknowledge({ clusterName: cluster }, { at: Date.now(), by: 'test', comment: where })
    }
  }
  await writer.stop()
  assert.equal(await writer.missingOn(sandbox.server('replica-1')), 0, 'the one that takes writes has every acknowledged row')
})

test('before a takeover it is said how many transactions are open on the primary, and when that cannot be told', async () => {
  await using sandbox = await Sandbox.fourServers()
  await using lab = await Lab.start(sandbox)
  const primary = sandbox.server('primary')
  await primary.sql('CREATE DATABASE work')
  await primary.sql('CREATE TABLE work.orders (id INT PRIMARY KEY)')
  await sandbox.untilCaughtUp('replica-1', 'primary')
  const wish = { designated: lab.key('replica-1'), auto: true, by: 'test' }
  const warnings = async (): Promise<readonly string[]> => {
    const shown = await lab.recoveries.previewTakeover(lab.instance('primary').clusterName, wish)
    assert.ok(shown.ok, shown.ok ? '' : shown.failure.text)
    return shown.value.plan.warnings.map(({ code, parameters }) => `${code} ${String(parameters['count'] ?? '')} ${String(parameters['waiting'] ?? '')}`.trim())
  }
  const about = (lines: readonly string[]): readonly string[] => lines.filter(line => line.startsWith('open-transactions'))
  assert.deepEqual(about(await warnings()), [])
  const session = await primary.connect()
  await session.query('START TRANSACTION')
  await session.query('INSERT INTO work.orders VALUES (1)')
  // The server tells the same again until nobody has asked for 0.1 s.
  await lab.until('the open transaction is named', async () => {
    await sleep(150)
    return about(await warnings()).join() === 'open-transactions 1 0'
  })
  await session.end()
  // What is not known is not none. Global privileges are those of the login, so that the manager must come anew.
  await primary.sql("REVOKE PROCESS ON *.* FROM 'orchestrator'@'%'")
  for (const { id } of await primary.sql<{ id: number }>("SELECT id FROM information_schema.processlist WHERE user = 'orchestrator'")) await primary.sql(`KILL ${id}`).catch(() => undefined)
  await lab.until('it is said that nobody knows', async () => {
    await lab.discovery.look(lab.key('primary'), 3000, 'full')
    const shown = await lab.recoveries.previewTakeover(lab.instance('primary').clusterName, wish)
    return shown.ok && shown.value.plan.warnings.some(({ code, text }) => code === 'open-transactions-unknown' && text.includes('GRANT PROCESS'))
  })
})
