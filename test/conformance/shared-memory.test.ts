import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Command } from '../../src/engine/journal/commands.ts'
import { commandTable, type GroupRemembered, SharedWorld } from '../../src/engine/journal/shared-world.ts'
import { CommandMachine } from '../../src/engine/raft/command-machine.ts'
import { type InstanceKey, instanceKey } from '../../src/model/topology/instance-key.ts'
import type { Json } from '../../src/ports/group.ts'
import type { Store } from '../../src/ports/store.ts'
import { commandKinds, plainTexts, randomCommands } from './random-commands.ts'
import { mysqlEngine, sqliteEngine, type StoreEngine } from './store-engines.ts'

/** What a member shows, beside what it stores. */
class Shown implements GroupRemembered {
  readonly what = new Map<string, unknown>()
  readonly servers = new Set<InstanceKey>()
  #set(name: string, value: unknown, none: unknown): void {
    if (value === none) this.what.delete(name)
    else this.what.set(name, value)
  }

  setDowntime(key: InstanceKey, downtime: unknown): void { this.#set(`downtime ${key}`, downtime, null) }
  setMaintenance(key: InstanceKey, maintenance: unknown): void { this.#set(`maintenance ${key}`, maintenance, null) }
  setAlias(clusterName: string, alias: string): void { this.#set(`alias ${clusterName}`, alias, '') }
  setPromotionRule(key: InstanceKey, rule: string): void { this.#set(`rule ${key}`, rule, 'neutral') }
  setVirtualName(host: string, name: string): void { this.#set(`virtual ${host}`, name, '') }
  setRecoveriesDisabled(disabled: unknown): void { this.#set('disabled', disabled, null) }
  clusterNameOf(): string { return 'c' }
  addBare(key: InstanceKey): boolean {
    if (this.servers.has(key)) return false
    this.servers.add(key)
    return true
  }

  believe(): boolean { return false }
  async forget(keys: readonly InstanceKey[]): Promise<void> { for (const key of keys) this.servers.delete(key) }
  renameCluster(from: string, to: string): void {
    const alias = this.what.get(`alias ${from}`)
    if (alias === undefined || from === to) return
    this.what.delete(`alias ${from}`)
    this.what.set(`alias ${to}`, alias)
  }
}

interface Member {
  readonly store: Store
  readonly shown: Shown
  readonly world: SharedWorld
  readonly machine: CommandMachine<SharedWorld, Command>
  readonly audited: string[]
  apply(commands: readonly { readonly command: Command; readonly at: number }[], from?: number): Promise<readonly Json[]>
  /** As a member does that has many to carry out. */
  applyTogether(commands: readonly { readonly command: Command; readonly at: number }[], from?: number): Promise<readonly Json[]>
  /** A statement beside it. */
  sql(text: string): Promise<readonly Record<string, unknown>[]>
  dump(): Promise<Json>
  /** The process ends and begins again, with the database and the log that it had. */
  again(): Promise<Member>
}

const ends: (() => Promise<void>)[] = []
after(async () => { for (const end of ends) await end() })

/** A member on a database of its own, whose clock is its own as well. */
async function member(make: () => Promise<StoreEngine>, clockAt: number): Promise<Member> {
  const engine = await make()
  await engine.reset()
  engine.clock.at = clockAt
  const opened: Store[] = []
  ends.push(async () => {
    await opened.at(-1)?.close()
    await engine.end()
  })
  const open = async (): Promise<Member> => {
    await opened.at(-1)?.close()
    const store = await engine.open()
    opened.push(store)
    const shown = new Shown()
    const audited: string[] = []
    const world = new SharedWorld({ memory: store.shared, remembered: shown, audit: { write: (kind, key) => void audited.push(`${kind} ${key}`) } })
    const machine = new CommandMachine(commandTable, world)
    const one = ({ command, at }: { readonly command: Command; readonly at: number }, index: number): Promise<Json> =>
      machine.apply({ index, term: 1 }, CommandMachine.encode({ id: `p${index}`, by: 'm1', at, command }))
    return {
      store, shown, world, machine, audited, sql: text => engine.sql(text),
      async apply(commands, from = 1) {
        const answers: Json[] = []
        for (const [at, command] of commands.entries()) answers.push(await one(command, from + at))
        return answers
      },
      async applyTogether(commands, from = 1) {
        const answers: Json[] = []
        for (let begin = 0; begin < commands.length; begin += together) {
          await machine.together(async () => { for (const [at, command] of commands.slice(begin, begin + together).entries()) answers.push(await one(command, from + begin + at)) })
        }
        return answers
      },
      dump: () => world.dump(),
      again: open,
    }
  }
  return open()
}

const adoption = async (of: Member): Promise<{ readonly command: Command; readonly at: number }[]> => (await of.world.adoption('the-group')).map(command => ({ command, at: 1 }))

async function alike(one: Member, other: Member): Promise<void> {
  assert.deepEqual(await other.dump(), await one.dump())
  assert.deepEqual(new Map([...other.shown.what].sort()), new Map([...one.shown.what].sort()))
}

const count = 700
/** So many at once. */
const together = 100

test('the same commands come to the same answers and the same memory on three databases, whatever the clock of each, and one by one or many at once', async () => {
  const members = [await member(sqliteEngine, 0), await member(sqliteEngine, Date.UTC(2031, 1, 1)), await member(sqliteEngine, Date.UTC(1999, 1, 1))] as const
  for (const one of members) await one.machine.restore(new Uint8Array())
  const commands = [...(await adoption(members[0])), ...randomCommands(7, count)]
  assert.deepEqual(commandKinds.filter(kind => !commands.some(({ command }) => command.do === kind)), [], 'every kind of command is tried')
  const [first, second, third] = [await members[0].apply(commands), await members[1].apply(commands), await members[2].applyTogether(commands)]
  assert.deepEqual(second, first)
  assert.deepEqual(third, first)
  await alike(members[0], members[1])
  await alike(members[0], members[2])
  assert.ok(members[0].shown.what.size > 5 && JSON.stringify(await members[0].dump()).length > 10_000, 'there was something to compare')
})

test('a member that takes over a snapshot goes on as if it had carried out everything', async () => {
  const [one, late] = [await member(sqliteEngine, 5), await member(sqliteEngine, 6)]
  await one.machine.restore(new Uint8Array())
  const commands = [...(await adoption(one)), ...randomCommands(8, count)]
  await one.apply(commands.slice(0, 250))
  // It remembers something else from before, which is not the group's.
  await late.store.tags.put({ key: instanceKey('old', 1), name: 'old', value: 'x' }, 5)
  await late.machine.restore(await one.machine.snapshot())
  await alike(one, late)
  assert.deepEqual(await late.apply(commands.slice(250), 251), await one.apply(commands.slice(250), 251))
  await alike(one, late)
})

test('a number is not given again after its row was purged, by a member that never saw the row either', async () => {
  const [one, late] = [await member(sqliteEngine, 5), await member(sqliteEngine, 6)]
  await one.machine.restore(new Uint8Array())
  const begin = (at: number): { readonly command: Command; readonly at: number } => ({
    command: { do: 'begin-maintenance', key: instanceKey('db1', 3306), maintenance: { owner: 'ann', reason: 'disk', beganAt: at, endsAt: null } }, at,
  })
  const at = Date.UTC(2026, 10, 22)
  const before = [
    ...(await adoption(one)), begin(at), { command: { do: 'end-maintenance', key: instanceKey('db1', 3306) }, at }, { command: { do: 'purge', limits: { maintenances: at + 60_000 } }, at },
  ] as const
  assert.deepEqual((await one.apply(before)).slice(1, 3), [1, true])
  assert.deepEqual(await one.store.maintenances.endById(1), null)
  await late.machine.restore(await one.machine.snapshot())
  for (const each of [one, late]) assert.deepEqual(await each.apply([begin(at + 1000)], before.length + 1), [2])
  await alike(one, late)
})

test('after a crash everything is carried out again to the same end, and nothing of it is told twice', async () => {
  const one = await member(sqliteEngine, 5)
  await one.machine.restore(new Uint8Array())
  const commands = [...(await adoption(one)), ...randomCommands(9, 300)]
  const answers = await one.apply(commands.slice(0, 250))
  const dumped = await one.dump()
  const shown = new Map(one.shown.what)
  assert.ok(one.audited.length > 20)
  const again = await one.again()
  await again.machine.restore(new Uint8Array())
  assert.deepEqual(await again.apply(commands.slice(0, 250)), answers)
  assert.deepEqual(await again.dump(), dumped)
  assert.deepEqual(new Map([...again.shown.what].sort()), new Map([...shown].sort()))
  assert.deepEqual(again.audited, [])
  await again.apply(commands.slice(250), 251)
  assert.ok(again.audited.length > 0, 'what is new is told')
})

test('what is carried out together is there as a whole or not at all, and is carried out again to the same end', async () => {
  const [one, other] = [await member(sqliteEngine, 5), await member(sqliteEngine, 6)]
  for (const each of [one, other]) await each.machine.restore(new Uint8Array())
  const commands = [...(await adoption(one)), ...randomCommands(11, 60)]
  await other.applyTogether(commands)
  await one.applyTogether(commands.slice(0, 20))
  const before = await one.dump()
  await assert.rejects(one.machine.together(async () => {
    for (const [at, { command, at: proposedAt }] of commands.slice(20, 40).filter(({ command: { do: kind } }) => kind !== 'forget').entries())
      await one.machine.apply({ index: 21 + at, term: 1 }, CommandMachine.encode({ id: `q${at}`, by: 'm1', at: proposedAt, command }))
    throw new Error('the disk is full')
  }), /the disk is full/)
  assert.deepEqual(tablesIn(await one.dump()), tablesIn(before))
  const again = await one.again()
  await again.machine.restore(new Uint8Array())
  await again.applyTogether(commands)
  assert.deepEqual(await again.dump(), await other.dump())
  assert.equal(again.store.shared.carriedOutTo, commands.length)
})

test('the memory of a group is that of its founder: what others had is replaced, and a second founder changes nothing', async () => {
  const [founder, other] = [await member(sqliteEngine, 5), await member(sqliteEngine, 6)]
  await founder.store.tags.put({ key: instanceKey('db1', 3306), name: 'of', value: 'founder' }, 5)
  await founder.store.maintenances.begin(instanceKey('db1', 3306), { owner: 'ann', reason: 'disk', beganAt: 5_000_000, endsAt: null })
  await other.store.tags.put({ key: instanceKey('db1', 3306), name: 'of', value: 'other' }, 5)
  for (const one of [founder, other]) await one.machine.restore(new Uint8Array())
  assert.ok(founder.world.isUnnamed && other.world.isUnnamed)
  assert.deepEqual((await other.store.tags.list({})).map(({ value }) => value), ['other'], 'nothing is thrown away before there is something in its place')
  const own = await adoption(founder)
  const late = (await other.world.adoption('too-late')).map(command => ({ command, at: 1 }))
  const begin: Command = { do: 'begin-maintenance', key: instanceKey('db2', 3306), maintenance: { owner: 'ann', reason: 'disk', beganAt: 5_000_000, endsAt: null } }
  const all = [...own, ...late, { command: begin, at: 9 }]
  assert.deepEqual(await founder.apply(all), await other.apply(all))
  await alike(founder, other)
  assert.deepEqual((await other.store.tags.list({})).map(({ value }) => value), ['founder'])
  assert.deepEqual([...(await other.store.maintenances.active()).values()].map(({ id }) => id), [1, 2], 'numbers go on from those that were taken over')
})

test('a memory that is too large for one command is adopted in parts, and only when all of them came', async () => {
  const [founder, other] = [await member(sqliteEngine, 5), await member(sqliteEngine, 6)]
  for (let number = 0; number < 40; number += 1) await founder.store.keyValues.put([{ key: `k${number}`, value: 'v'.repeat(16_000) }], 5)
  for (const one of [founder, other]) await one.machine.restore(new Uint8Array())
  const parts = await adoption(founder)
  assert.ok(parts.length >= 3, `${parts.length} parts`)
  // The founder lost its leadership after one part; whoever follows begins anew.
  await other.apply(parts.slice(0, 1))
  assert.ok(other.world.isUnnamed)
  const late = await member(sqliteEngine, 7)
  await late.machine.restore(await other.machine.snapshot())
  const again = (await founder.world.adoption('second')).map(command => ({ command, at: 1 }))
  for (const one of [other, late]) await one.apply(again, 2)
  await alike(other, late)
  assert.equal((await late.store.keyValues.get(['k39'])).get('k39')?.length, 16_000)
})

test('MySQL holds the same as SQLite, and takes over its snapshot', async () => {
  const [one, mysql] = [await member(sqliteEngine, 5), await member(mysqlEngine, Date.UTC(2031, 1, 1))]
  for (const each of [one, mysql]) await each.machine.restore(new Uint8Array())
  const commands = [...(await adoption(one)), ...randomCommands(10, 200, plainTexts)]
  assert.deepEqual(await mysql.apply(commands.slice(0, 150)), await one.apply(commands.slice(0, 150)))
  await alike(one, mysql)
  await mysql.machine.restore(await one.machine.snapshot())
  await alike(one, mysql)
  const rest = commands.slice(150)
  const alone = rest.filter(({ command }) => command.do === 'forget').length
  const transactions = await transactionsIn(mysql)
  assert.deepEqual(await mysql.applyTogether(rest, 151), await one.apply(rest, 151))
  await alike(one, mysql)
  const [needed, most] = [(await transactionsIn(mysql)) - transactions, 3 * alone + 2]
  assert.ok(needed <= most && needed < rest.length / 2, `${rest.length} commands in ${needed} transactions, at most ${most}`)
})

const tablesIn = (dumped: Json): unknown => (dumped as { readonly memory: { readonly tables: unknown } }).memory.tables

/** How many transactions its server has carried out. */
async function transactionsIn({ sql }: Member): Promise<number> {
  const [row] = await sql('select @@global.gtid_executed as gtids')
  const last = /[-:](\d+)$/.exec(String(row?.['gtids']))?.[1]
  assert.ok(last !== undefined, 'the server counts its transactions')
  return Number(last)
}
