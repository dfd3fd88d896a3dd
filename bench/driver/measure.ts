/** Measures one library against one server in a process of its own. Reads its task as JSON from the first argument, prints its answer as JSON. */
import type { Flavour } from '../../test/harness/sandbox/server-binary.ts'
import { type Address, type Library, connect } from './client.ts'
import { pollStatement } from './poll-statement.ts'

export interface Task {
  readonly kind: 'connect' | 'connect-uncached' | 'poll' | 'hold'
  readonly library: Library
  readonly flavour: Flavour
  readonly address: Address
  /** Who empties the server's memory of passwords, so that each login is a whole one. */
  readonly administrator: Address
  readonly batches: number
  readonly perBatch: number
}

export interface Measured {
  readonly cpuMicros: readonly number[]
  readonly wallMicros: readonly number[]
  readonly residentMegabytes: number
  /** Memory of one connection that is kept open and has polled once; only for `hold`. */
  readonly heldKilobytes: number
}

const [text = ''] = process.argv.slice(2)
const task: Task = JSON.parse(text)
const open = connect[task.library]
const holds = 80 // connections held at once, below the server's limit
if (task.kind === 'hold') {
  console.log(JSON.stringify(await hold()))
  process.exit(0)
}
const prepare = { connect: prepareConnect, 'connect-uncached': prepareUncached, poll: preparePoll }
const { act, before, close } = await prepare[task.kind]()

const cpuMicros: number[] = []
const wallMicros: number[] = []
for (let batch = 0; batch <= task.batches; batch++) {
  let [cpu, wall] = [0, 0]
  for (let turn = 0; turn < task.perBatch; turn++) {
    await before()
    const [cpuBegun, wallBegun] = [process.cpuUsage(), process.hrtime.bigint()]
    await act()
    const used = process.cpuUsage(cpuBegun)
    cpu += used.user + used.system
    wall += Number(process.hrtime.bigint() - wallBegun) / 1000
  }
  if (batch === 0) continue // the first one warms the compiler
  cpuMicros.push(cpu / task.perBatch)
  wallMicros.push(wall / task.perBatch)
}
await close()
const answer: Measured = { cpuMicros, wallMicros, residentMegabytes: process.memoryUsage().rss / 1024 / 1024, heldKilobytes: 0 }
console.log(JSON.stringify(answer))

async function hold(): Promise<Measured> {
  const statement = pollStatement(task.flavour)
  const first = await open(task.address)
  await first.query(statement)
  const before = liveBytes()
  const held = []
  for (let index = 0; index < holds; index++) {
    const client = await open(task.address)
    await client.query(statement)
    held.push(client)
  }
  const heldKilobytes = (liveBytes() - before) / holds / 1024
  await Promise.all([first, ...held].map(client => client.end()))
  return { cpuMicros: [], wallMicros: [], residentMegabytes: process.memoryUsage().rss / 1024 / 1024, heldKilobytes }
}

function liveBytes(): number {
  if (!globalThis.gc) throw new Error('Run with --expose-gc')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

interface Prepared { act(): Promise<unknown>; before(): Promise<unknown>; close(): Promise<unknown> }

async function prepareConnect(): Promise<Prepared> {
  return { act: connectOnce, before: async () => {}, close: async () => {} }
}

async function prepareUncached(): Promise<Prepared> {
  const administrator = await open(task.administrator)
  return { act: connectOnce, before: () => administrator.query('FLUSH PRIVILEGES'), close: () => administrator.end() }
}

async function preparePoll(): Promise<Prepared> {
  const client = await open(task.address)
  const statement = pollStatement(task.flavour)
  const [row] = await client.query(statement)
  if (Object.keys(row ?? {}).length < 38) throw new Error('The poll statement answers too few columns')
  return { act: () => client.query(statement), before: async () => {}, close: () => client.end() }
}

async function connectOnce(): Promise<void> {
  const client = await open(task.address)
  await client.end()
}
