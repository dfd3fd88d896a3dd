import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GroupView } from '../../src/contract/raft.ts'
import { Network } from '../../test/harness/network/network.ts'
import { LeaderWatch } from '../../test/harness/recorded/leader-watch.ts'
import { temporaryFolder } from '../../test/harness/recorded/program.ts'
import { FreezableDisk } from './freezable-disk.ts'
import { Member } from './member.ts'

const names = ['one', 'two', 'three'] as const
const httpPort = 3000
const raftPort = 10_008
const settleMilliseconds = 60_000
const lookMilliseconds = 5

type Folder = ReturnType<typeof temporaryFolder>

export interface GroupWish {
  /** Beside address, store and the keys of Raft; by the member's name. */
  readonly settings?: (name: string) => Readonly<Record<string, unknown>>
}

/** Three managers on hosts of their own, each with a database and a disk, and the benchmark on a fourth that reaches them all. */
export class Group implements AsyncDisposable {
  readonly members: readonly Member[]
  readonly network: Network
  readonly disks: ReadonlyMap<string, FreezableDisk>
  readonly #folder: Folder
  #writes = 0

  private constructor(network: Network, members: readonly Member[], disks: ReadonlyMap<string, FreezableDisk>, folder: Folder) {
    this.network = network
    this.members = members
    this.disks = disks
    this.#folder = folder
  }

  static async start({ settings = () => ({}) }: GroupWish = {}): Promise<Group> {
    const network = await Network.open([...names, 'bench'], { prefix: '10.79', self: 'bench' })
    const folder = temporaryFolder()
    const disks = new Map(names.map(name => [name as string, FreezableDisk.make(join(folder.path, `${name}-disk`))]))
    const members = names.map(name => new Member({
      name, folder: join(folder.path, name), address: `http://${network.address(name)}:${httpPort}`, inside: network.command(name),
      settings: {
        RaftEnabled: true, RaftDataDir: join(disks.get(name)?.path ?? '', 'raft'), RaftBind: `${network.address(name)}:${raftPort}`,
        RaftNodes: names.map(other => `${network.address(other)}:${raftPort}`), RaftSecret: 'known to these three alone', ...settings(name),
      },
    }))
    const group = new Group(network, members, disks, folder)
    try {
      await Promise.all(members.map(member => member.start()))
      await group.settled()
      return group
    } catch (error) {
      await group[Symbol.asyncDispose]()
      throw error
    }
  }

  others(than: Member): readonly Member[] {
    return this.members.filter(member => member !== than)
  }

  member(name: string): Member {
    const member = this.members.find(one => one.name === name)
    if (member === undefined) throw new Error(`there is no member ${name}`)
    return member
  }

  /** All run, vote, have applied everything and follow one leader, which takes writes; it comes back. */
  async settled(): Promise<Member> {
    const end = performance.now() + settleMilliseconds
    for (;;) { // ends with the time
      for (const member of this.members) member.assertRuns()
      const views = await Promise.all(this.members.map(member => member.get<GroupView>('/api/v2/group')))
      const place = views.findIndex(view => view?.state === 'leader')
      const last = views[place]?.log?.last ?? -1
      const isOne = views.every(view => view !== null && view.leader !== null && view.leader.name === views[place]?.self && view.members.filter(({ votes }) => votes).length === names.length && view.log?.applied === last)
      const leader = this.members[place]
      if (isOne && leader !== undefined && await leader.write('settled=1')) return leader
      if (performance.now() > end) throw new Error(`the managers did not become one: ${JSON.stringify(views)}\n${this.members.map(({ name, log }) => `== ${name}\n${log.slice(-3000)}`).join('\n')}`)
      await sleep(50)
    }
  }

  watch(): LeaderWatch {
    return new LeaderWatch(new Map(this.members.map(member => [member.name, () => (member.runs ? member.address : null)])), lookMilliseconds)
  }

  /** Milliseconds since `from` until one of these has accepted a write, asked of one after the other. */
  async firstWrite(from: number, members: readonly Member[]): Promise<number> {
    const end = from + settleMilliseconds
    for (let place = 0; performance.now() < end; place += 1) {
      const member = members[place % members.length]
      if (member !== undefined && await member.write(`round=${this.#writes += 1}`)) return performance.now() - from
      await sleep(lookMilliseconds)
    }
    throw new Error('no write was accepted')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const disk of this.disks.values()) disk.thaw()
    for (const member of this.members) member.signal('SIGKILL')
    await Promise.all(this.members.map(member => member.ended()))
    for (const disk of this.disks.values()) disk[Symbol.dispose]()
    await this.network.close()
    this.#folder[Symbol.dispose]()
  }
}
