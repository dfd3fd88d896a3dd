import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LeaderWatch } from '../../test/harness/recorded/leader-watch.ts'
import { databaseStatements, onMysql } from '../../test/harness/recorded/managers.ts'
import { temporaryFolder } from '../../test/harness/recorded/program.ts'
import { Sandbox } from '../../test/harness/sandbox/sandbox.ts'
import { Member } from './member.ts'

const patienceMilliseconds = 30_000

/** Three processes on one MySQL: the active one killed, until another one acts and has accepted a write. */
export async function sharedStore(rounds: number, say: (line: string) => void): Promise<{ readonly leads: readonly number[]; readonly writes: readonly number[]; readonly wrong: readonly string[] }> {
  await using sandbox = await Sandbox.start({ servers: [{ name: 'backend' }] })
  for (const statement of databaseStatements) await sandbox.server('backend').sql(statement)
  using folder = temporaryFolder()
  const members = ['one', 'two', 'three'].map((name, place) => new Member({
    name, folder: join(folder.path, name), address: `http://127.0.0.1:${3001 + place}`, inside: [], settings: onMysql(sandbox.server('backend')),
  }))
  const [leads, writes, wrong]: [number[], number[], string[]] = [[], [], []]
  try {
    for (const member of members) await member.start()
    for (let round = 1; round <= rounds; round += 1) {
      await using watch = new LeaderWatch(new Map(members.map(member => [member.name, () => (member.runs ? member.address : null)])), 5)
      const { name } = await watch.nextLeader(watch.now, [], patienceMilliseconds)
      await sleep(1000 + (round * 137) % 1000)
      const active = members.find(member => member.name === name)
      if (active === undefined) throw new Error(`${name} is nobody`)
      const from = watch.now
      active.signal('SIGKILL')
      const next = await watch.nextLeader(from, [name], patienceMilliseconds)
      const others = members.filter(member => member !== active)
      let written = false
      while (!written) { // ends with the time
        for (const member of others) written ||= await member.write(`round=${round}`)
        if (watch.now - from > patienceMilliseconds) throw new Error('no write was accepted')
      }
      leads.push(next.milliseconds)
      writes.push(watch.now - from)
      await active.ended()
      await active.start()
      if (watch.both.length > 0) wrong.push(`round ${round}: two acted at one time: ${watch.both.join(', ')}`)
      say(`shared ${round}: another leads ${next.milliseconds.toFixed(0)}  first write accepted ${writes.at(-1)?.toFixed(0)}`)
    }
  } finally {
    for (const member of members) member.signal('SIGKILL')
    await Promise.all(members.map(member => member.ended()))
  }
  return { leads, writes, wrong }
}
