import { setTimeout as sleep } from 'node:timers/promises'
import type { GroupView } from '../../src/contract/raft.ts'
import type { LeaderWatch } from '../../test/harness/recorded/leader-watch.ts'
import type { Group } from './group.ts'
import type { Member } from './member.ts'

/** Figures of one round in milliseconds, by name, and what went otherwise than it must. */
export interface BlowRound {
  readonly figures: Readonly<Record<string, number>>
  readonly wrong: readonly string[]
}

type Blow = (group: Group, leader: Member, watch: LeaderWatch) => Promise<BlowRound>

const leads = 'another leads'
const writes = 'first write accepted'
const silent = 'the former one says no more that it leads'
/** So long nobody may lead at one time with another, after a blow and after its end. */
const aftermathMilliseconds = 2500

/** From the blow on: who leads next, and when the others have accepted a write. */
async function succession(group: Group, leader: Member, watch: LeaderWatch, from: number): Promise<Record<string, number>> {
  const [next, written] = await Promise.all([watch.nextLeader(from, [leader.name], 30_000), group.firstWrite(from, group.others(leader))])
  return { [leads]: next.milliseconds, [writes]: written }
}

/** The last time at which it said that it leads, after the blow; one that never did any more was silent at once. */
const lastYes = (watch: LeaderWatch, { name }: Member, from: number): number => Math.max(0, (watch.answers.findLast(answer => answer.leads && answer.name === name)?.at ?? from) - from)

/** The longest time in which nobody said that it leads. */
function longestGap(watch: LeaderWatch, from: number, to: number): number {
  const times = [from, ...watch.answers.filter(({ leads: does, at }) => does && at >= from && at <= to).map(({ at }) => at).toSorted((one, other) => one - other), to]
  return Math.max(...times.slice(1).map((at, place) => at - (times[place] ?? at)))
}

const termOf = async (group: Group): Promise<number> => Math.max(...(await Promise.all(group.members.map(member => member.get<GroupView>('/api/v2/group')))).map(view => view?.term ?? 0))
const twoAtOnce = (watch: LeaderWatch): readonly string[] => (watch.both.length > 0 ? [`two led at one time: ${watch.both.join(', ')}`] : [])

/** After the end of the blow the one that leads goes on leading, in its term. */
async function healed(group: Group, watch: LeaderWatch, heal: () => Promise<void> | void): Promise<BlowRound> {
  const term = await termOf(group)
  const at = watch.now
  await heal()
  await sleep(aftermathMilliseconds)
  const after = await termOf(group)
  return {
    figures: { 'longest time without an answer of a leader while it returns': longestGap(watch, at, watch.now) },
    wrong: [...(after === term ? [] : [`the return caused an election: term ${term} became ${after}`]), ...twoAtOnce(watch)],
  }
}

const both = (first: Record<string, number>, second: BlowRound): BlowRound => ({ figures: { ...first, ...second.figures }, wrong: second.wrong })

/** What is done to a group and measured. To add one, add an entry. */
export const blows: Readonly<Record<string, { readonly says: string; readonly blow: Blow }>> = {
  kill: {
    says: 'leader killed (kill -9), started again',
    blow: async (group, leader, watch) => {
      const from = watch.now
      leader.signal('SIGKILL')
      const figures = await succession(group, leader, watch, from)
      return both(figures, await healed(group, watch, () => leader.start()))
    },
  },
  isolate: {
    says: 'leader cut from the others, both ways, and healed',
    blow: async (group, leader, watch) => {
      const from = watch.now
      await Promise.all(group.others(leader).map(({ name }) => group.network.cutBoth(leader.name, name)))
      const figures = await succession(group, leader, watch, from)
      await sleep(aftermathMilliseconds)
      figures[silent] = lastYes(watch, leader, from)
      return both(figures, await healed(group, watch, () => group.network.heal()))
    },
  },
  unheard: {
    says: 'leader cut from the others, one way: it hears, and is not heard',
    blow: async (group, leader, watch) => {
      const from = watch.now
      await Promise.all(group.others(leader).map(({ name }) => group.network.cut(leader.name, name)))
      const figures = await succession(group, leader, watch, from)
      await sleep(aftermathMilliseconds)
      figures[silent] = lastYes(watch, leader, from)
      return both(figures, await healed(group, watch, () => group.network.heal()))
    },
  },
  freeze: {
    says: 'leader frozen (SIGSTOP), and thawed',
    blow: async (group, leader, watch) => {
      const from = watch.now
      leader.signal('SIGSTOP')
      const figures = await succession(group, leader, watch, from)
      const second = await healed(group, watch, () => leader.signal('SIGCONT'))
      const woke = watch.answers.filter(({ name, leads: does, askedAt }) => does && name === leader.name && askedAt > from)
      return { figures: { ...figures, ...second.figures }, wrong: [...second.wrong, ...(woke.length > 0 ? ['it said that it leads after it woke up'] : [])] }
    },
  },
  disk: {
    says: 'disk of the leader stands still (fsfreeze), and goes on',
    blow: async (group, leader, watch) => {
      const from = watch.now
      group.disks.get(leader.name)?.freeze()
      const figures = await succession(group, leader, watch, from)
      await sleep(500)
      figures[silent] = lastYes(watch, leader, from)
      return both(figures, await healed(group, watch, () => group.disks.get(leader.name)?.thaw()))
    },
  },
  stop: {
    says: 'leader told to end (SIGTERM), started again',
    blow: async (group, leader, watch) => {
      const from = watch.now
      leader.signal('SIGTERM')
      const figures = await succession(group, leader, watch, from)
      await leader.ended()
      figures['it has ended'] = watch.now - from
      return both(figures, await healed(group, watch, () => leader.start()))
    },
  },
  all: {
    says: 'all killed and started again',
    blow: async (group, _, watch) => {
      for (const member of group.members) member.signal('SIGKILL')
      await Promise.all(group.members.map(member => member.ended()))
      const from = watch.now
      const started = Promise.all(group.members.map(member => member.start()))
      const [next, written] = await Promise.all([watch.nextLeader(from, [], 60_000), group.firstWrite(from, group.members)])
      await started
      return { figures: { 'somebody leads, since they were started': next.milliseconds, [writes]: written }, wrong: twoAtOnce(watch) }
    },
  },
}
