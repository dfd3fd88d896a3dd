/**
 * Three members under load, killed and frozen at random, and what their clients saw judged: `npm run raft:shake -- --blows 500 --seed 1 [--state FILE]`.
 * Every ten blows begin a new register, whose history is judged for itself. Ends with status 1 at the first that is wrong. With `--state` what was done is kept
 * in a file after each history, and a run that was ended goes on from there, with a new group. A history whose end cannot be read in time, on a machine that
 * has much else to do, is judged by nobody: it is told, counted, and followed by a new group, a few times.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Answered } from '../../../src/engine/raft/answers.ts'
import { seededRandom } from '../../../src/kit/seeded-random.ts'
import { type Append, judgeAppends, type Read } from './append-history.ts'
import { noAnswer } from './asked-process.ts'
import { MemberGroup, until } from './member-process.ts'

const { values } = parseArgs({ options: { blows: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' }, state: { type: 'string' } } })
const [blows, seed] = [Number(values.blows), Number(values.seed)]
if (!Number.isInteger(blows) || blows < 1 || !Number.isInteger(seed)) throw new Error(`--blows ${values.blows} --seed ${values.seed}: whole numbers are expected`)

const names = ['a', 'b', 'c'] as const
const clients = 4
const blowsOfOneRegister = 10
/** A machine with other work may leave the members little: slow is not wrong. */
const patienceMilliseconds = 900_000
const unjudgedMax = 10
const none = { blows: 0, kills: 0, freezes: 0, acknowledged: 0, unknown: 0, reads: 0, registers: 0, unjudged: 0 }
// Written below.
const total = values.state !== undefined && existsSync(values.state) ? JSON.parse(readFileSync(values.state, 'utf8')) as typeof none : none
// One that goes on does not repeat what it did before.
const random = seededRandom(seed + 1_000_003 * total.blows)
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item // never of an empty row
const pause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

let broken = false

/** Appends again and again through any member; the same id is asked for until somebody says what came of it, or the history is over. */
async function append(group: MemberGroup, client: number, key: string, appends: Append[], isOver: () => boolean): Promise<void> {
  for (let number = 0; !isOver(); number += 1) {
    const one: Append = { id: `${client}.${number}`, began: performance.now(), ended: null }
    appends.push(one)
    while (one.ended === null && !isOver()) {
      const answer = await group.member(pick(names)).propose(`${key}-${one.id}`, { do: 'append', key, value: one.id }, 1000)
      if (answer.ok) one.ended = performance.now()
      else await pause(5)
    }
  }
}

async function read(group: MemberGroup, key: string, reads: Read[], isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const began = performance.now()
    const answer = await group.member(pick(names)).ask({ what: 'read', key }, 1000)
    // As member-program.ts makes it.
    if (answer !== noAnswer && (answer as Answered).ok) reads.push({ began, ended: performance.now(), seen: listed((answer as { value: string | null }).value) })
    await pause(20)
  }
}

const listed = (value: string | null): readonly string[] => (value ?? '').split(',').filter(id => id !== '')

async function blow(group: MemberGroup): Promise<void> {
  const name = pick(names)
  const member = group.member(name)
  if (random() < 0.7) {
    total.kills += 1
    await member.kill()
    await pause(random() * 300)
    group.startMember(name)
    return
  }
  total.freezes += 1
  member.signal('SIGSTOP')
  await pause(random() * 1500)
  member.signal('SIGCONT')
}

/** One register, and what was wrong with its history; rejects when its end could not be read. */
async function history(group: MemberGroup, key: string): Promise<readonly string[]> {
  const appends: Append[] = []
  const reads: Read[] = []
  let over = false
  const busy = [...Array.from({ length: clients }, (_, client) => append(group, client, key, appends, () => over)), read(group, key, reads, () => over)]
  try {
    for (let number = 0; number < blowsOfOneRegister && total.blows < blows; number += 1) {
      await pause(100 + random() * 500)
      await blow(group)
      total.blows += 1
    }
    await pause(300)
  } finally {
    over = true
  }
  await Promise.all(busy)
  await until(() => ([...group.members.values()].every(({ isReady }) => isReady) ? true : null), () => `all are up:\n${group.described}`, patienceMilliseconds)
  const finals = await Promise.all(names.map(async name => listed(await group.read(name, key, patienceMilliseconds))))
  const wrong = [...judgeAppends(finals[0] ?? [], appends, reads)]
  for (const [place, final] of finals.entries()) if (final.join() !== finals[0]?.join()) wrong.push(`${names[place]} holds ${final.length} appends in another order than a`)
  for (const member of group.members.values()) if (member.complaint !== '') wrong.push(`${member.name}: ${member.complaint}`)
  total.registers += 1
  total.acknowledged += appends.filter(({ ended }) => ended !== null).length
  total.unknown += appends.filter(({ ended }) => ended === null).length
  total.reads += reads.length
  return wrong
}

/** Histories of one group, until the blows are dealt, one is wrong, or one cannot be judged. */
async function histories(): Promise<void> {
  await using group = await MemberGroup.start({ policy: { snapshotAfterEntries: 400, snapshotKeepsEntries: 100 } })
  await group.leader([], patienceMilliseconds)
  while (total.blows < blows && !broken) {
    const key = `register-${total.blows}`
    const wrong = await history(group, key)
    if (values.state !== undefined) writeFileSync(values.state, JSON.stringify(total))
    if (total.registers % 10 === 0) console.log(`${total.registers} histories, ${total.kills} kills, ${total.freezes} freezes so far`)
    if (wrong.length === 0) continue
    broken = true
    console.error(`${key} (seed ${seed}):\n${wrong.slice(0, 20).join('\n')}`)
  }
}

while (total.blows < blows && !broken) {
  try {
    await histories()
  } catch (error) {
    total.unjudged += 1
    console.error(`a history could not be judged: ${error instanceof Error ? error.message : String(error)}`)
    if (total.unjudged > unjudgedMax) throw error
  }
}
console.log(`${total.kills} kills, ${total.freezes} freezes; ${total.registers} histories, ${total.unjudged} more that could not be judged, ${total.acknowledged} appends acknowledged, ${total.unknown} of unknown outcome, ${total.reads} reads: ${broken ? 'WRONG' : 'all linearisable'}`)
process.exitCode = broken ? 1 : 0
