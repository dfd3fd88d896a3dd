/**
 * How long it takes to find by Pseudo-GTID where a replica goes on in the log of its source, across a large binary log.
 * `node bench/pseudo-gtid.ts [megabytes]`. Two real servers without GTID; the replica stands, and its logs and those of the source are read. Nothing is changed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { refresh } from '../test/harness/lab/logged-run.ts'
import { Lab } from '../test/harness/lab/lab.ts'
import { Sandbox } from '../test/harness/sandbox/sandbox.ts'
import { machine, table } from './figures.ts'

const megabytes = Number(process.argv[2] ?? 100)
const options = ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF', '--sync-binlog=0', '--innodb-flush-log-at-trx-commit=0', '--max-binlog-size=1G']
await using sandbox = await Sandbox.start({ servers: ['primary', 'replica'].map(name => ({ name, options })) })
await sandbox.replicate('replica', 'primary', { gtid: false })
await using lab = await Lab.start(sandbox, {
  pollSeconds: 60, recovery: { primaryFilters: [], intermediateFilters: [] },
  pseudoGtid: { pattern: 'drop view if exists `_pseudo_gtid_`', isFixedSubstring: true, monotonicHint: 'asc:', injects: true },
})
const [primary, replica] = [sandbox.server('primary'), sandbox.server('replica')]
await primary.sql("GRANT DROP ON `_pseudo_gtid_`.* TO 'orchestrator'@'%'")
await primary.sql('CREATE DATABASE bench')
await primary.sql('CREATE TABLE bench.rows_written (id BIGINT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(1000))')
await primary.sql('CREATE PROCEDURE bench.fill(IN count INT) BEGIN WHILE count > 0 DO INSERT INTO bench.rows_written (text) VALUES (REPEAT(\'x\', 700)); SET count = count - 1; END WHILE; END')

const logBytes = async (): Promise<number> => Number((await primary.row<{ Position: number }>('SHOW BINARY LOG STATUS')).Position)

/** Writes until the log has grown by so much, then waits until the replica has applied it. */
async function write(bytes: number): Promise<void> {
  const end = (await logBytes()) + bytes
  while ((await logBytes()) < end) await primary.sql('CALL bench.fill(2000)')
  for (;;) {
    const [of, on] = await Promise.all([primary, replica].map(server => server.row<{ last: number | null }>('SELECT MAX(id) AS last FROM bench.rows_written')))
    if (Number(of?.last ?? 0) === Number(on?.last ?? 0)) return
    await sleep(100)
  }
}

/** The replica stands; what matching it costs, told by its own process clock. */
async function match(name: string): Promise<readonly string[]> {
  await replica.sql('STOP REPLICA')
  await refresh(lab)
  lab.pseudoGtid.found.forget(lab.key('primary'))
  const [begun, cpu] = [performance.now(), process.cpuUsage()]
  const matched = await lab.pseudoGtid.matcher.match(lab.key('replica'), lab.key('primary'), 600_000)
  const milliseconds = performance.now() - begun
  const used = process.cpuUsage(cpu)
  if (!matched.ok) throw new Error(matched.failure.text)
  await replica.sql('START REPLICA')
  return [name, (milliseconds / 1000).toFixed(1), ((used.user + used.system) / 1e6).toFixed(1), String(matched.value.asked.length), matched.value.events.toLocaleString('en')]
}

console.log(machine())
await lab.pseudoGtid.injector.round()
const rows: (readonly string[])[] = []
await write(megabytes * 1e6)
rows.push(await match(`the newest statement stands at the beginning: ${megabytes} MB are compared`))
// As it is after some minutes of running: where both stood is known.
await refresh(lab)
await lab.pseudoGtid.record(Date.now() - 150_000, false)
await lab.pseudoGtid.injector.round()
await write(2e6)
rows.push(await match('it stands near the end, and where both stood some minutes ago is known'))
const fresh = await Lab.start(sandbox, { pollSeconds: 60, recovery: { primaryFilters: [], intermediateFilters: [] }, pseudoGtid: { pattern: 'drop view if exists `_pseudo_gtid_`', isFixedSubstring: true, monotonicHint: 'asc:' } })
await replica.sql('STOP REPLICA')
const [begun, cpu] = [performance.now(), process.cpuUsage()]
const matched = await fresh.pseudoGtid.matcher.match(fresh.key('replica'), fresh.key('primary'), 600_000)
const used = process.cpuUsage(cpu)
if (!matched.ok) throw new Error(matched.failure.text)
rows.push([
  'it stands near the end, and nothing is known: both logs are searched through', ((performance.now() - begun) / 1000).toFixed(1), ((used.user + used.system) / 1e6).toFixed(1),
  String(matched.value.asked.length), matched.value.events.toLocaleString('en'),
])
await fresh.close()
console.log(table([`Match across a binary log of ${megabytes} MB`, 'seconds', 'our CPU, s', 'readings', 'events compared'], rows))
