/**
 * Three members under load, killed and frozen at random, and what their clients saw judged: `npm run raft:shake -- --blows 500 --seed 1`.
 * Every ten blows begin a new register, whose history is judged for itself. Ends with status 1 at the first that is wrong.
 */
import { parseArgs } from 'node:util'
import type { Answered } from '../../../src/engine/raft/answers.ts'
import { seededRandom } from '../../../src/kit/seeded-random.ts'
import { type Append, judgeAppends, type Read } from './append-history.ts'
import { noAnswer } from './asked-process.ts'
import { MemberGroup, until } from './member-process.ts'

const { values } = parseArgs({ options: { blows: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } } })
const [blows, seed] = [Number(values.blows), Number(values.seed)]
if (!Number.isInteger(blows) || blows < 1 || !Number.isInteger(seed)) throw new Error(`--blows ${values.blows} --seed ${values.seed}: whole numbers are expected`)

const names = ['a', 'b', 'c'] as const
const clients = 4
const blowsOfOneRegister = 10
/** A machine with other work may leave the members little: slow is not wrong. */
const patienceMilliseconds = 600_000
const random = seededRandom(seed)
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item // never of an empty row
const pause = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

await using group = await MemberGroup.start({ policy: { snapshotAfterEntries: 400, snapshotKeepsEntries: 100 } })
await group.leader([], patienceMilliseconds)
const total = { kills: 0, freezes: 0, acknowledged: 0, unknown: 0, reads: 0, registers: 0 }
let broken = false

/** Appends again and again through any member; the same id is asked for until somebody says what came of it, or the history is over. */
async function append(client: number, key: string, appends: Append[], isOver: () => boolean): Promise<void> {
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

async function read(key: string, reads: Read[], isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const began = performance.now()
    const answer = await group.member(pick(names)).ask({ what: 'read', key }, 1000)
    // As member-program.ts makes it.
    if (answer !== noAnswer && (answer as Answered).ok) reads.push({ began, ended: performance.now(), seen: listed((answer as { value: string | null }).value) })
    await pause(20)
  }
}

const listed = (value: string | null): readonly string[] => (value ?? '').split(',').filter(id => id !== '')

async function blow(): Promise<void> {
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

for (let done = 0; done < blows && !broken;) { // ends with the blows, or with the first history that is wrong
  const key = `register-${done}`
  const appends: Append[] = []
  const reads: Read[] = []
  let over = false
  const busy = [...Array.from({ length: clients }, (_, client) => append(client, key, appends, () => over)), read(key, reads, () => over)]
  for (let number = 0; number < blowsOfOneRegister && done < blows; number += 1, done += 1) {
    await pause(100 + random() * 500)
    await blow()
  }
  await pause(300)
  over = true
  await Promise.all(busy)
  await until(() => ([...group.members.values()].every(({ isReady }) => isReady) ? true : null), () => `all are up (${total.registers} registers, seed ${seed}):\n${group.described}`, patienceMilliseconds)
  const finals = await Promise.all(names.map(async name => listed(await group.read(name, key, patienceMilliseconds))))
  const wrong = [...judgeAppends(finals[0] ?? [], appends, reads)]
  for (const [place, final] of finals.entries()) if (final.join() !== finals[0]?.join()) wrong.push(`${names[place]} holds ${final.length} appends in another order than a`)
  for (const member of group.members.values()) if (member.complaint !== '') wrong.push(`${member.name}: ${member.complaint}`)
  total.registers += 1
  total.acknowledged += appends.filter(({ ended }) => ended !== null).length
  total.unknown += appends.filter(({ ended }) => ended === null).length
  total.reads += reads.length
  if (total.registers % 10 === 0) console.log(`${total.registers} histories, ${total.kills} kills, ${total.freezes} freezes so far`)
  if (wrong.length > 0) {
    broken = true
    console.error(`${key} (seed ${seed}):\n${wrong.slice(0, 20).join('\n')}`)
  }
}
console.log(`${total.kills} kills, ${total.freezes} freezes; ${total.registers} histories, ${total.acknowledged} appends acknowledged, ${total.unknown} of unknown outcome, ${total.reads} reads: ${broken ? 'WRONG' : 'all linearisable'}`)
process.exitCode = broken ? 1 : 0
