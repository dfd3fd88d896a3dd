/**
 * The group of managers alone, three processes on this machine with real files and connections: `npm run bench:raft -- [--rounds N]`.
 * How long until another member leads after the leader was killed, frozen or handed over, and until the first command is carried out; how many commands a second are
 * carried out, each durable on two of three; how long a member with 100,000 entries takes to start; what an idle member costs.
 */
import { parseArgs } from 'node:util'
import { noAnswer } from '../test/harness/raft/asked-process.ts'
import { MemberGroup, type MemberProcess, type MemberStatus, until } from '../test/harness/raft/member-process.ts'
import { machine, quantile, table } from './figures.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } })
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}: a whole number above 0 is expected`)

const millis = (value: number): string => `${value.toFixed(0)} ms`
const spread = (figures: readonly number[]): readonly string[] => [quantile(figures, 0.5), quantile(figures, 0.99), Math.max(...figures)].map(millis)

/** From the blow on: when another answers as leader, and when a command has been carried out. */
async function blow(group: MemberGroup, former: MemberProcess, strike: () => Promise<void> | void, id: string): Promise<{ readonly leads: number; readonly writes: number }> {
  const began = performance.now()
  const struck = strike()
  const next = await group.leader([former.name])
  const leads = performance.now() - began
  const answer = await next.propose(id, { do: 'put', key: 'after', value: id })
  if (!answer.ok) throw new Error(`${next.name} led after ${millis(leads)}, and did not carry out a command: ${JSON.stringify(answer)}`)
  const writes = performance.now() - began
  await struck
  return { leads, writes }
}

async function settled(group: MemberGroup): Promise<MemberProcess> {
  await until(async () => {
    const all = await Promise.all([...group.members.values()].map(member => member.status()))
    return all.every(status => status !== null && status.leader !== null && status.leader === all[0]?.leader) ? true : null
  }, 'all three know the leader')
  return group.leader()
}

const blows: Readonly<Record<string, { readonly strike: (leader: MemberProcess) => Promise<void> | void; readonly heal: (group: MemberGroup, leader: MemberProcess) => void }>> = {
  'leader killed (kill -9)': { strike: leader => leader.kill(), heal: (group, leader) => { group.startMember(leader.name) } },
  'leader frozen (SIGSTOP)': { strike: leader => leader.signal('SIGSTOP'), heal: (_, leader) => leader.signal('SIGCONT') },
  'leader hands over': { strike: async leader => { await leader.ask({ what: 'step-aside' }, 5000) }, heal: () => undefined },
}

console.log(`${machine()}; ${rounds} rounds each`)
const rows: (readonly string[])[] = []
{
  await using group = await MemberGroup.start()
  for (const [name, { strike, heal }] of Object.entries(blows)) {
    const leads: number[] = []
    const writes: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const leader = await settled(group)
      await new Promise(resolve => setTimeout(resolve, 200))
      const took = await blow(group, leader, () => strike(leader), `${name}-${round}`)
      leads.push(took.leads)
      writes.push(took.writes)
      heal(group, leader)
    }
    rows.push([`${name}: another leads`, ...spread(leads)], [`${name}: first command carried out`, ...spread(writes)])
  }
  const leader = await settled(group)
  const idle = async (): Promise<MemberStatus> => until(() => leader.status(), 'the leader answers')
  const before = await idle()
  await new Promise(resolve => setTimeout(resolve, 10_000))
  const after = await idle()
  const cpu = (after.cpuMicroseconds.user + after.cpuMicroseconds.system - before.cpuMicroseconds.user - before.cpuMicroseconds.system) / 10_000_000
  console.log(table(['event', 'median', 'p99', 'longest'], rows))
  console.log(`an idle leader: ${(100 * cpu).toFixed(1)} % of one core, ${(after.memoryBytes / 1024 / 1024).toFixed(0)} MiB`)
  for (const atOnce of [1, 10, 100]) {
    const answer = await (await settled(group)).ask({ what: 'load', commands: atOnce === 1 ? 500 : 5000, atOnce, bytes: 100 }, 120_000)
    if (answer === noAnswer) throw new Error('the load was not carried')
    const { done, milliseconds, took } = answer as { readonly done: number; readonly milliseconds: number; readonly took: readonly number[] } // as member-program.ts makes it
    console.log(`${atOnce} at once: ${(done / milliseconds * 1000).toFixed(0)} commands a second, median ${quantile(took, 0.5).toFixed(1)} ms, p99 ${quantile(took, 0.99).toFixed(1)} ms`)
  }
}
{
  await using group = await MemberGroup.start({ policy: { snapshotAfterEntries: 1_000_000 } })
  for (let missing = 100_000; missing > 0;) { // ends when all are carried out: a busy machine may cost the leader its office in between
    const answer = await (await settled(group)).ask({ what: 'load', commands: missing, atOnce: 500, bytes: 100 }, 300_000)
    if (answer === noAnswer) throw new Error('the load was not carried')
    missing -= (answer as { readonly done: number }).done // as member-program.ts makes it
  }
  const leader = await settled(group)
  const follower = group.member(leader.name === 'a' ? 'b' : 'a')
  const { lastIndex } = await until(() => follower.status(), 'the follower answers')
  await follower.kill()
  const began = performance.now()
  const again = group.startMember(follower.name)
  await until(() => (again.isReady ? true : null), 'it is up', 60_000)
  const up = performance.now() - began
  await until(async () => ((await again.status())?.applied ?? 0) >= lastIndex || null, 'it has applied all', 60_000)
  console.log(`a member with ${lastIndex} entries in its log: up after ${millis(up)} (process start included), all applied after ${millis(performance.now() - began)}`)
}
