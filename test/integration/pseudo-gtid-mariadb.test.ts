import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planMatch, planMatchUp } from '../../src/model/planning/match.ts'
import { defaultRelocatePolicy as policy } from '../../src/model/planning/relocate-judgement.ts'
import type { Topology } from '../../src/model/topology/topology.ts'
import { Lab } from '../harness/lab/lab.ts'
import { loggedRun, refresh, sameStatements } from '../harness/lab/logged-run.ts'
import { Writer } from '../harness/lab/writer.ts'
import { Sandbox } from '../harness/sandbox/sandbox.ts'

test('MariaDB by file and position is matched up and below a sibling, by its binary and by its relay logs, and loses nothing', async () => {
  await using sandbox = await Sandbox.start({
    servers: ['primary', 'one', 'sub'].map(name => ({ name, flavour: 'mariadb' as const, options: name === 'sub' ? ['--log-slave-updates=OFF'] : [] })),
  })
  await sandbox.replicate('one', 'primary', { gtid: false })
  await sandbox.replicate('sub', 'one', { gtid: false })
  for (const name of ['one', 'sub']) await sandbox.server(name).sql('SET GLOBAL read_only = ON')
  await using lab = await Lab.start(sandbox, {
    pollSeconds: 60, recovery: { primaryFilters: [], intermediateFilters: [] }, ...(process.env['LAB_VERBOSE'] ? { onLog: console.log } : {}),
    pseudoGtid: { pattern: 'drop view if exists `_pseudo_gtid_`', isFixedSubstring: true, monotonicHint: 'asc:', injects: true },
  })
  await using writer = await Writer.start(sandbox.server('primary'), () => [sandbox.server('primary')])
  await sandbox.server('primary').sql("GRANT DROP ON `_pseudo_gtid_`.* TO 'orchestrator'@'%'")
  await lab.until('rows are written', () => writer.acknowledged.length > 30)
  const planning = (topology: Topology) => ({ topology, policy, now: Date.now() })
  for (const [source, plan] of [['primary', (topology: Topology) => planMatchUp(lab.key('sub'), planning(topology))], ['one', (topology: Topology) => planMatch(lab.key('sub'), lab.key('one'), planning(topology))]] as const) {
    assert.deepEqual(await lab.pseudoGtid.injector.round(), [lab.instance('primary').clusterName])
    const before = writer.acknowledged.length
    await lab.until('more rows are written', () => writer.acknowledged.length > before + 10)
    const run = await loggedRun(lab, plan)
    assert.equal(run.outcome.state, 'done', run.outcome.failure?.text)
    for (const [name, sent] of Object.entries(run.sent)) assert.ok(sameStatements(run.shown[name] ?? [], sent), `${name} was told\n${sent.join('\n')}\nand not\n${(run.shown[name] ?? []).join('\n')}`)
    await refresh(lab)
    assert.equal(lab.nameOf(lab.instance('sub').replication?.source ?? null), source)
  }
  await writer.stop()
  for (const name of ['one', 'sub']) await lab.until(`${name} has every row`, async () => (await writer.missingOn(sandbox.server(name))) === 0)
  const sums = await Promise.all(sandbox.servers.map(server => server.row('CHECKSUM TABLE drill.rows_written')))
  assert.equal(new Set(sums.map(row => String(row['Checksum']))).size, 1, 'every server has the same rows')
})
