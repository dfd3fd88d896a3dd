import { setTimeout as sleep } from 'node:timers/promises'
import type { GroupView } from '../../src/contract/raft.ts'
import { quantile } from '../figures.ts'
import { processCost } from '../process-cost.ts'
import type { Group } from './group.ts'

const idleMilliseconds = 20_000
const loadMilliseconds = 5000
const entriesOfALongLog = 100_000
const clientsThatFillIt = 50
const catchUpMilliseconds = 300_000

/** What an idle manager costs, its leader and the others. */
export async function idle(group: Group): Promise<readonly string[]> {
  const leader = await group.settled()
  const before = group.members.map(({ pid }) => processCost(pid))
  await sleep(idleMilliseconds)
  return group.members.map((member, place) => {
    const { cpuSeconds, residentMegabytes } = processCost(member.pid)
    const share = (cpuSeconds - (before[place]?.cpuSeconds ?? 0)) / (idleMilliseconds / 1000)
    return `idle ${member === leader ? 'leader' : 'follower'}: ${(100 * share).toFixed(1)} % of one core, ${residentMegabytes.toFixed(0)} MiB`
  })
}

/** Writes until `isOver`, so many at a time; how long each took. */
async function load(group: Group, atOnce: number, isOver: (done: number) => boolean): Promise<{ readonly took: readonly number[]; readonly seconds: number; readonly refused: number }> {
  const leader = await group.settled()
  const took: number[] = []
  let [next, refused] = [0, 0]
  const began = performance.now()
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (!isOver(took.length)) {
      const at = performance.now()
      if (await leader.write(`k${(next += 1) % 1000}=${next}`, 10_000)) took.push(performance.now() - at)
      else refused += 1
      if (refused > 1000) throw new Error(`${refused} writes were refused: ${leader.log.slice(-2000)}`)
    }
  }))
  return { took, seconds: (performance.now() - began) / 1000, refused }
}

/** Writes through the API of the leader, each durable on two of three and in the leader's database. */
export async function commits(group: Group): Promise<readonly string[]> {
  const lines: string[] = []
  for (const atOnce of [1, 10, 50]) {
    const end = performance.now() + loadMilliseconds
    const { took, seconds, refused } = await load(group, atOnce, () => performance.now() > end)
    lines.push(`${atOnce} writes at once: ${(took.length / seconds).toFixed(0)} a second, median ${quantile(took, 0.5).toFixed(1)} ms, p99 ${quantile(took, 0.99).toFixed(1)} ms, ${refused} refused`)
  }
  return lines
}

/** Restart after so many entries: of a follower until it has applied all, and of all until somebody leads. */
export async function longLog(group: Group, entries = entriesOfALongLog): Promise<readonly string[]> {
  const { seconds } = await load(group, clientsThatFillIt, done => done >= entries)
  const leader = await group.settled()
  const [follower] = group.others(leader)
  if (follower === undefined) throw new Error('there is no follower')
  const logOf = async (member: typeof follower): Promise<GroupView['log']> => (await member.get<GroupView>('/api/v2/group'))?.log ?? null
  const whole = await logOf(leader)
  const last = whole?.last ?? 0
  follower.signal('SIGKILL')
  await follower.ended()
  const from = performance.now()
  const starting = follower.start()
  let listens = 0
  void starting.then(() => { listens = performance.now() - from }, () => undefined)
  while (((await logOf(follower))?.applied ?? 0) < last) {
    if (performance.now() - from > catchUpMilliseconds) throw new Error(`${follower.name} did not catch up: ${follower.log.slice(-2000)}`)
    await sleep(10)
  }
  const applied = performance.now() - from
  await starting
  for (const member of group.members) member.signal('SIGKILL')
  await Promise.all(group.members.map(member => member.ended()))
  await using watch = group.watch()
  const again = watch.now
  const started = Promise.all(group.members.map(member => member.start()))
  const { milliseconds } = await watch.nextLeader(again, [], catchUpMilliseconds)
  await started
  return [
    `${entries} entries written by ${clientsThatFillIt} clients in ${seconds.toFixed(0)} s; the log ends at ${last}, the snapshot stands at ${whole?.snapshot}`,
    `a follower killed and started: listens after ${listens.toFixed(0)} ms, all applied after ${applied.toFixed(0)} ms (process start included)`,
    `all killed and started: somebody leads after ${milliseconds.toFixed(0)} ms`,
  ]
}
