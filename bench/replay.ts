/**
 * How long a manager of a Raft group takes to carry out its log again when it starts: `npm run bench:replay -- [--commands 10000] [--entries 100000]`.
 * Changes of tags, in a file of SQLite and in a real MySQL that synchronises each commit, one by one and as members do it, many in one transaction; and the log's own files.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fileRaftDisks } from '../src/adapters/raft/disk/file-raft-disk.ts'
import type { Command } from '../src/engine/journal/commands.ts'
import { commandTable, type GroupRemembered, SharedWorld } from '../src/engine/journal/shared-world.ts'
import { CommandMachine } from '../src/engine/raft/command-machine.ts'
import { instanceKey } from '../src/model/topology/instance-key.ts'
import type { Entry, MemberId } from '../src/model/raft/types.ts'
import { mysqlEngine, sqliteEngine, type StoreEngine } from '../test/conformance/store-engines.ts'
import { machine, table } from './figures.ts'

const { values } = parseArgs({ options: { commands: { type: 'string', default: '10000' }, entries: { type: 'string', default: '100000' } } })
const [commands, entries] = [Number(values.commands), Number(values.entries)]
if (!(Number.isInteger(commands) && commands > 0 && Number.isInteger(entries) && entries > 0)) throw new Error(`--commands ${values.commands} --entries ${values.entries}: whole numbers above 0 are expected`)

/** As members write them at most in one transaction (engine/raft/applier.ts). */
const together = 100
/** Nothing is shown here. */
const shows: GroupRemembered = {
  setDowntime: () => undefined, setMaintenance: () => undefined, setAlias: () => undefined, renameCluster: () => undefined, setPromotionRule: () => undefined, setVirtualName: () => undefined,
  setRecoveriesDisabled: () => undefined, clusterNameOf: () => '', addBare: () => false, believe: () => false, forget: () => Promise.resolve(),
}
const entryOf = (number: number): Uint8Array => CommandMachine.encode<Command>({
  id: `id-of-command-${number}`, by: '10.0.0.1:10008', at: 1_700_000_000_000 + number,
  command: { do: 'put-tag', tag: { key: instanceKey('10.9.9.9', 3306), name: `k${number % 1000}`, value: String(number) }, at: 1_700_000_000_000 + number },
})
const timed = async (act: () => Promise<void>): Promise<{ readonly wall: string; readonly cpu: string }> => {
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  await act()
  const { user, system } = process.cpuUsage(cpu)
  return { wall: `${(performance.now() - began).toFixed(0)} ms`, cpu: `${((user + system) / 1000).toFixed(0)} ms` }
}

async function carriedOut(engine: StoreEngine, atOnce: number): Promise<{ readonly wall: string; readonly cpu: string }> {
  await engine.reset()
  const store = await engine.open()
  const world = new SharedWorld({ memory: store.shared, remembered: shows, audit: { write: () => undefined } })
  const log = new CommandMachine(commandTable, world)
  await log.restore(new Uint8Array())
  const [adopts] = await world.adoption('bench')
  if (adopts !== undefined) await log.apply({ index: 1, term: 1 }, CommandMachine.encode<Command>({ id: 'adopts', by: '', at: 0, command: adopts }))
  const took = await timed(async () => {
    for (let begin = 0; begin < commands; begin += atOnce) {
      const some = async (): Promise<void> => { for (let number = begin; number < Math.min(commands, begin + atOnce); number += 1) await log.apply({ index: number + 2, term: 1 }, entryOf(number)) }
      await (atOnce === 1 ? some() : log.together(some))
    }
  })
  await store.close()
  return took
}

const rows: (readonly string[])[] = []
for (const [says, make] of [['SQLite', sqliteEngine], ['MySQL', mysqlEngine]] as const) {
  const engine = await make()
  try {
    for (const atOnce of [1, together]) {
      const { wall, cpu } = await carriedOut(engine, atOnce)
      rows.push([`${commands} commands, ${says}, ${atOnce === 1 ? 'one by one' : `${atOnce} in one transaction`}`, wall, cpu])
      console.log(rows.at(-1)?.join(': '))
    }
  } finally {
    await engine.end()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'orchestrator-replay-'))
try {
  const disks = fileRaftDisks()
  const self = 'a.000000000000' as string as MemberId // ids are texts here
  const opened = await disks.open(join(folder, 'raft'))
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
  const disk = opened.value
  await disk.begin({ member: self, group: 'bench' }, { index: 0, term: 0, configuration: { voters: [self], outgoing: [], learners: [] } }, new Uint8Array())
  for (let begin = 1; begin <= entries; begin += together) {
    const some = Array.from({ length: Math.min(together, entries + 1 - begin) }, (_, place): Entry => ({ kind: 'command', index: begin + place, term: 1, data: entryOf(begin + place) }))
    await disk.save([{ number: begin, hardState: null, piece: null, install: null, entries: some, dropUpTo: null }])
  }
  await disk.close()
  const { wall, cpu } = await timed(async () => {
    const again = await disks.open(join(folder, 'raft'))
    if (!again.ok) throw new Error(JSON.stringify(again.failure))
    if (again.value.found?.stored.entries.length !== entries) throw new Error('not every entry was read')
    await again.value.close()
  })
  rows.push([`the log's files with ${entries} entries read and checked`, wall, cpu])
} finally {
  rmSync(folder, { recursive: true })
}
console.log(`\n${machine()}\n\n${table(['', 'took', 'CPU of this process'], rows)}`)
