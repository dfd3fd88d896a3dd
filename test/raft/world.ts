import { isJoint, isQuorum, isVoter } from '../../src/model/raft/configuration.ts'
import type { RaftState } from '../../src/model/raft/state.ts'
import type { Configuration, LogIndex, MemberId, Message, Output, RaftPolicy } from '../../src/model/raft/types.ts'
import { seededRandom } from '../../src/kit/seeded-random.ts'
import { Agenda } from './agenda.ts'
import { Disk } from './disk.ts'
import { ensure, Invariants } from './invariants.ts'
import { SimulatedMember, type Surroundings } from './member.ts'

/** Small bounds, so that every one of them is met. */
export const worldPolicy: RaftPolicy = {
  electionTicks: 10, heartbeatTicks: 2, storageStallTicks: 20, entriesPerAppendMax: 4, bytesPerAppendMax: 240, appendsInFlightMax: 3,
  uncommittedBytesMax: 2000, readsPendingMax: 8, learnerLagMax: 5, votersMax: 7,
}

export const tickLength = 10
export const electionTime = worldPolicy.electionTicks * tickLength

/** A member's place: a name that stays while disks, and so identities, come and go. */
interface Slot {
  readonly name: string
  member: SimulatedMember
  incarnation: number
}

/** Members, the network between them and their disks, in virtual time, from one seed. Every step is checked. */
export class World implements Surroundings {
  readonly random: () => number
  readonly agenda = new Agenda()
  readonly invariants = new Invariants()
  readonly slots: readonly Slot[]
  /** One-way cuts by `from>to` names. */
  readonly cuts = new Set<string>()
  readonly hungDisks = new Set<string>()
  network = { lost: 0, repeated: 0, delayMax: 8 }
  diskDelayMax = 4
  readonly counts = { steps: 0, elections: 0, restores: 0, reads: 0, committed: 0, crashes: 0, wiped: 0, changes: 0, refused: 0 }
  readonly trace: ((line: string) => void) | null
  /** Identities whose disk is no more. */
  readonly #gone = new Set<MemberId>()
  readonly #disks = new Map<MemberId, Disk>()
  readonly #reads = new Map<string, LogIndex>()
  readonly #machineIsDurable: boolean
  #sequence = 0

  constructor(seed: number, trace: ((line: string) => void) | null = null) {
    this.random = seededRandom(seed)
    this.trace = trace
    this.#machineIsDurable = this.chance(0.5)
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].slice(0, [3, 5, 7][this.below(3)])
    const voters = names.map(name => identity(name, 1))
    this.slots = names.map(name => ({ name, incarnation: 1, member: this.#create(identity(name, 1), { voters, outgoing: [], learners: [] }) }))
    for (const slot of this.slots) this.#tick(slot, tickLength * (0.85 + 0.3 * this.random()))
  }

  chance(probability: number): boolean {
    return this.random() < probability
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)]
  }

  get alive(): readonly SimulatedMember[] {
    return this.slots.map(({ member }) => member).filter(({ isAlive, isPaused }) => isAlive && !isPaused)
  }

  get leaders(): readonly SimulatedMember[] {
    return this.alive.filter(({ state }) => state.role === 'leader').toSorted((left, right) => right.state.term - left.state.term)
  }

  say(line: string): void {
    this.trace?.(`${String(Math.round(this.agenda.now)).padStart(6)} ${line}`)
  }

  // What the members ask of it.

  after(delay: number, act: () => void): void {
    this.agenda.after(delay, act)
  }

  send(message: Message): void {
    const copies = this.chance(this.network.repeated) ? 2 : 1
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.chance(this.network.lost)) continue
      this.agenda.after(1 + this.random() * this.network.delayMax, () => this.#deliver(message))
    }
  }

  sent(message: Message, disk: Disk): void {
    this.invariants.sent(message, disk)
  }

  stepped(member: SimulatedMember, before: RaftState, output: Output): void {
    this.counts.steps += 1
    this.invariants.afterStep(before, member.state, output, this.#disks)
    for (const notice of output.notices) {
      if (notice.kind === 'role') this.say(`${member.id}: ${notice.role} in term ${notice.term} (${notice.why})`)
      if (notice.kind === 'role' && notice.role === 'leader') this.counts.elections += 1
    }
    this.counts.committed = this.invariants.commit
    if (output.restore !== null) this.counts.restores += 1
    for (const read of output.reads) {
      const askedAt = this.#reads.get(read.id)
      if (askedAt === undefined) continue
      if ('index' in read) this.invariants.read(read.id, askedAt, read.index)
      this.counts.reads += 'index' in read ? 1 : 0
    }
    for (const answer of [...output.proposals, ...output.members]) if ('refusal' in answer) this.counts.refused += 1
  }

  applied(member: SimulatedMember, index: LogIndex, digest: number): void {
    this.invariants.applied(member.id, index, digest)
  }

  diskDelay(member: SimulatedMember): number | null {
    return this.hungDisks.has(nameOf(member.id)) ? null : this.random() * this.diskDelayMax
  }

  // What happens to them.

  propose(member: SimulatedMember, bytes = this.below(this.chance(0.02) ? 400 : 60)): void {
    const data = new Uint8Array(4 + bytes)
    new DataView(data.buffer).setUint32(0, this.#sequence += 1)
    member.take({ kind: 'propose', proposals: [{ id: `p${this.#sequence}`, data }] })
  }

  read(member: SimulatedMember): void {
    const id = `r${this.#sequence += 1}`
    this.#reads.set(id, this.invariants.commit)
    member.take({ kind: 'read', ids: [id] })
  }

  crash(slot: Slot): void {
    if (!slot.member.isAlive) return
    this.say(`${slot.member.id}: killed`)
    this.counts.crashes += 1
    slot.member.crash()
  }

  restart(slot: Slot): void {
    if (slot.member.isAlive) return
    this.say(`${slot.member.id}: started`)
    slot.member.restart()
  }

  /** The disk is lost. Only where enough other disks are left for every configuration that anybody still knows: else no algorithm could help. */
  wipe(slot: Slot): void {
    const lost = new Set([...this.#gone, slot.member.id])
    const known = this.slots.flatMap(({ member }) => [...member.state.log.configurations.map(({ configuration }) => configuration), ...configurationsOn(member.disk)])
    if (known.some(configuration => configuration.voters.length > 0 && !isQuorum(configuration, member => !lost.has(member)))) return
    if (slot.member.isAlive) slot.member.crash()
    this.#gone.add(slot.member.id)
    this.counts.wiped += 1
    slot.incarnation += 1
    const nobody = { voters: [], outgoing: [], learners: [] }
    slot.member = this.#create(identity(slot.name, slot.incarnation), nobody)
    this.say(`${slot.member.id}: begins with an empty disk`)
  }

  /** What an operator does: first whoever is new becomes a learner, then it may vote. */
  changeMembers(leader: SimulatedMember, wanted: readonly MemberId[]): void {
    const { configuration } = leader.state.log
    const present = [...configuration.voters, ...configuration.learners]
    const living = new Set(this.slots.map(({ member }) => member.id))
    const fresh = wanted.filter(member => !present.includes(member))
    const change = fresh.length > 0
      ? { voters: configuration.voters, learners: [...configuration.learners.filter(member => living.has(member)), ...fresh] }
      : { voters: wanted, learners: present.filter(member => living.has(member) && !wanted.includes(member)) }
    const index = leader.state.log.lastIndex
    leader.take({ kind: 'change-members', id: 'members', ...change })
    if (leader.state.log.lastIndex === index) return
    this.counts.changes += 1
    this.say(`${leader.id}: voters ${leader.state.log.configuration.voters.join()}, outgoing ${leader.state.log.configuration.outgoing.join()}, learners ${leader.state.log.configuration.learners.join()}`)
  }

  heal(): void {
    this.say('healed')
    this.cuts.clear()
    this.hungDisks.clear()
    this.network = { lost: 0, repeated: 0, delayMax: 8 }
    this.diskDelayMax = 4
    for (const slot of this.slots) {
      this.restart(slot)
      if (slot.member.isPaused) slot.member.resume()
      slot.member.flush()
    }
  }

  /** After everything healed: a leader within ten election times; then the members become as wanted, and everyone has everything. */
  checkProgress(): void {
    this.agenda.runUntil(this.agenda.now + 10 * electionTime)
    ensure(this.leaders.length > 0, () => `no leader ten election times after everything healed: ${this.#describe()}`)
    const wanted = this.slots.map(({ member }) => member.id)
    const isAsWanted = ({ state: { log, commit } }: SimulatedMember): boolean =>
      !isJoint(log.configuration) && log.configurationIndex <= commit && wanted.every(member => log.configuration.voters.includes(member)) && log.configuration.voters.length === wanted.length
    for (let turn = 0; turn < 40; turn += 1) {
      const [leader] = this.leaders
      if (leader !== undefined && isAsWanted(leader)) break
      if (leader !== undefined) this.changeMembers(leader, wanted)
      this.agenda.runUntil(this.agenda.now + electionTime)
    }
    const [leader] = this.leaders
    ensure(leader !== undefined && isAsWanted(leader), () => `the members never became ${wanted.join()}: ${this.#describe()}`)
    if (leader === undefined) return
    const before = this.invariants.commit
    this.propose(leader, 8)
    this.read(leader)
    const reads = this.counts.reads
    this.agenda.runUntil(this.agenda.now + 5 * electionTime)
    ensure(this.invariants.commit > before, () => `nothing was committed after everything healed: ${this.#describe()}`)
    ensure(this.counts.reads > reads, () => `no read was answered after everything healed: ${this.#describe()}`)
    for (const { member } of this.slots) ensure(member.applied === this.invariants.commit, () => `${member.id} has applied ${member.applied} of ${this.invariants.commit}: ${this.#describe()}`)
    ensure(this.leaders.length === 1, () => `${this.leaders.length} leaders after everything healed: ${this.#describe()}`)
  }

  #describe(): string {
    return this.slots.map(({ member: { id, state } }) => `${id} ${state.role} term ${state.term} log ${state.log.before}-${state.log.lastIndex} commit ${state.commit}${isVoter(state.log.configuration, id) ? '' : ' (no voter)'}`).join('; ')
  }

  #create(id: MemberId, configuration: Configuration): SimulatedMember {
    const disk = new Disk({ index: 0, term: 0, configuration })
    this.#disks.set(id, disk)
    return new SimulatedMember(id, disk, worldPolicy, this, this.#machineIsDurable)
  }

  #tick(slot: Slot, length: number): void {
    this.agenda.after(length, () => {
      if (slot.member.isAlive) slot.member.tick()
      this.#tick(slot, length)
    })
  }

  #deliver(message: Message): void {
    const slot = this.slots.find(({ name }) => name === nameOf(message.to))
    if (slot === undefined || !slot.member.isAlive || this.cuts.has(`${nameOf(message.from)}>${slot.name}`)) return
    if (slot.member.isPaused) slot.member.mail.push(message)
    else slot.member.take({ kind: 'message', message })
  }
}

const identity = (name: string, incarnation: number): MemberId => `${name}${incarnation}` as MemberId // the one place that makes identities
const nameOf = (id: MemberId): string => id.slice(0, 1)
const configurationsOn = ({ entries, snapshot }: Disk): readonly Configuration[] =>
  [snapshot.mark.configuration, ...entries.flatMap(entry => (entry.kind === 'configuration' ? [entry.configuration] : []))]
