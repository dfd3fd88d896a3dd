import { type RaftState, startMember } from '../../src/model/raft/state.ts'
import type { step } from '../../src/model/raft/step.ts'
import type { Configuration, Input, MemberId, Message, RaftPolicy } from '../../src/model/raft/types.ts'
import { Disk, partsOf } from './disk.ts'
import { digestAfter, Invariants } from './invariants.ts'
import { type Called, mirrored, type Place, plainly, SituationText } from './situation-text.ts'

export interface Bounds {
  /** No election for a higher term begins by a timer. */
  readonly terms: number
  readonly proposals: number
  readonly crashes: number
  /** Turns of somebody's clock: each lets a follower forget its leader, or stand for election, or a leader send heartbeats. */
  readonly clocks: number
  /** Messages that arrive, and will arrive once more. */
  readonly repeats: number
  /** Members that a leader is asked to take out, to take in as a learner, or to make a voter. */
  readonly changes: number
}

/** Small, so that time is a handful of ticks: four let a leader be forgotten, eight bring an election. */
const policy: RaftPolicy = {
  electionTicks: 4, heartbeatTicks: 1, storageStallTicks: 1000, entriesPerAppendMax: 4, bytesPerAppendMax: 4096, appendsInFlightMax: 2,
  uncommittedBytesMax: 4096, readsPendingMax: 1, learnerLagMax: 1, votersMax: 3,
}
const [forgets, stands] = [policy.electionTicks, policy.electionTicks * 2]
const everybody = ['a', 'b', 'c'] as readonly string[] as readonly MemberId[] // ids are texts here
const first = 'a' as string as MemberId
/** The longest time-out, so that to forget is not to stand. */
const random = 2 ** 32 - 1
const text = new SituationText(stands)

/** One situation of three members, never changed: a move makes the next. What is on its way may arrive in any order, or never. */
export class SmallWorld {
  readonly #bounds: Bounds
  readonly #step: typeof step
  readonly #places: ReadonlyMap<MemberId, Place>
  readonly #onTheWay: readonly Message[]
  readonly #left: Bounds
  readonly #invariants: Invariants

  private constructor(bounds: Bounds, stepped: typeof step, places: ReadonlyMap<MemberId, Place>, onTheWay: readonly Message[], left: Bounds, invariants: Invariants) {
    this.#bounds = bounds
    this.#step = stepped
    this.#places = places
    this.#onTheWay = onTheWay.some(message => isIdle(message, places)) ? onTheWay.filter(message => !isIdle(message, places)) : onTheWay
    this.#left = left
    this.#invariants = invariants
  }

  /** One leads its first term, everybody knows it, and nothing is on its way. */
  static begin(bounds: Bounds, stepped: typeof step): SmallWorld {
    const voters = everybody
    const places = new Map(voters.map(id => {
      const disk = new Disk({ index: 0, term: 0, configuration: { voters, outgoing: [], learners: [] } })
      return [id, { state: startMember(id, disk.stored(0), policy, random), disk, saves: [], held: [] } satisfies Place]
    }))
    let world = new SmallWorld(bounds, stepped, places, [], bounds, new Invariants())
    // Whoever starts takes it that there is a leader.
    for (const id of voters) world = world.#take(id, { kind: 'tick', count: id === first ? stands : forgets, random })
    for (;;) { // ends when all that was said has arrived
      const [busy] = [...world.#places].filter(([, { saves }]) => saves.length > 0)
      const [message] = world.#onTheWay
      if (busy !== undefined) world = world.#written(busy[0])
      else if (message !== undefined) world = world.#take(message.to, { kind: 'message', message }, {}, world.#onTheWay.slice(1))
      else if (world.#place(first).state.role === 'leader') return world
      else throw new Error(`${first} does not lead, and nothing more happens`)
    }
  }

  /** Everything that may happen next; each throws where it breaks an invariant. */
  *next(): Generator<{ readonly says: string; readonly world: () => SmallWorld }> {
    for (const [place, message] of this.#onTheWay.entries()) {
      const rest = this.#onTheWay.toSpliced(place, 1)
      yield { says: `${message.kind} of ${message.from} to ${message.to} in term ${message.term} arrives`, world: () => this.#take(message.to, { kind: 'message', message }, {}, rest) }
      if (this.#left.repeats > 0) {
        const repeats = this.#left.repeats - 1
        yield { says: `${message.kind} of ${message.from} to ${message.to} in term ${message.term} arrives, not for the last time`, world: () => this.#take(message.to, { kind: 'message', message }, { repeats }) }
      }
    }
    for (const [id, place] of this.#places) {
      const { state, saves } = place
      if (saves.length > 0) yield { says: `the disk of ${id} has written`, world: () => this.#written(id) }
      if (this.#left.crashes > 0) {
        const parts = saves.reduce((sum, save) => sum + partsOf(save), 0)
        for (let kept = 0; kept <= parts; kept += 1) yield { says: `${id} is killed after ${kept} of ${parts} parts, and starts again`, world: () => this.#crash(id, kept) }
      }
      if (state.role === 'leader' && this.#left.proposals > 0) {
        const data = Uint8Array.of(0, 0, 0, this.#left.proposals)
        yield { says: `${id} is asked to write ${this.#left.proposals}`, world: () => this.#take(id, { kind: 'propose', proposals: [{ id: 'p', data }] }, { proposals: this.#left.proposals - 1 }) }
      }
      if (state.role === 'leader' && this.#left.changes > 0) {
        for (const [says, wanted] of changesOf(state)) {
          yield { says: `${id} is asked to ${says}`, world: () => this.#take(id, { kind: 'change-members', id: 'm', ...wanted }, { changes: this.#left.changes - 1 }) }
        }
      }
      if (this.#left.clocks === 0) continue
      const clocks = this.#left.clocks - 1
      if (state.role === 'leader') yield { says: `the clock of the leader ${id} ticks`, world: () => this.#take(id, { kind: 'tick', count: 1, random }, { clocks }) }
      else {
        if (state.term < this.#bounds.terms) yield { says: `${id} hears nothing for long`, world: () => this.#take(id, { kind: 'tick', count: stands, random }, { clocks }) }
        if (state.leaderHeardAt !== null && state.now - state.leaderHeardAt < forgets) yield { says: `${id} hears nothing for a while`, world: () => this.#take(id, { kind: 'tick', count: forgets, random }, { clocks }) }
      }
    }
  }

  /** The same for situations from which the same may follow, but that two members have changed their names. */
  get key(): string {
    const plain = this.#textBy(plainly)
    // With changes of members it matters in which order a configuration names them.
    if (this.#bounds.changes > 0) return plain
    const other = this.#textBy(mirrored)
    return plain < other ? plain : other
  }

  #textBy(called: Called): string {
    return `${text.of(this.#places, this.#onTheWay, called)}\n${Object.values(this.#left).join()} ${this.#invariants.summary(called)}`
  }

  #place(id: MemberId): Place {
    const place = this.#places.get(id)
    if (place === undefined) throw new Error(`there is no ${id}`)
    return place
  }

  #take(id: MemberId, input: Input, spent: Partial<Bounds> = {}, onTheWay = this.#onTheWay, from = this.#place(id), released: readonly Message[] = [], invariants = this.#invariants.copy()): SmallWorld {
    const { state, output } = this.#step(from.state, input)
    const disks = new Map([...this.#places].map(([other, { disk }]) => [other, other === id ? from.disk : disk]))
    invariants.afterStep(from.state, state, output, disks)
    let digest = invariants.digestAt(from.state.handedOver)
    for (const entry of output.committed) {
      digest = digestAfter(digest, entry)
      invariants.applied(id, entry.index, digest)
    }
    const saves = output.save === null ? from.saves : [...from.saves, output.save]
    const now = output.messages.filter(({ after }) => after <= state.savesDone).map(({ message }) => message)
    for (const message of [...released, ...now]) invariants.sent(message, from.disk)
    const held = [...from.held, ...output.messages.filter(({ after }) => after > state.savesDone)]
    const places = new Map(this.#places).set(id, { ...from, state, saves, held })
    return new SmallWorld(this.#bounds, this.#step, places, [...onTheWay, ...released, ...now], { ...this.#left, ...spent }, invariants)
  }

  /** All that waits becomes durable at once. */
  #written(id: MemberId): SmallWorld {
    const { state, disk: before, saves, held } = this.#place(id)
    const disk = before.copy()
    for (const save of saves) disk.write(save)
    const upTo = saves.at(-1)?.number ?? 0
    const ready = held.filter(({ after }) => after <= upTo).map(({ message }) => message)
    return this.#take(id, { kind: 'saved', upTo }, {}, this.#onTheWay, { state, disk, saves: [], held: held.filter(({ after }) => after > upTo) }, ready)
  }

  #crash(id: MemberId, kept: number): SmallWorld {
    const { disk: before, saves } = this.#place(id)
    const disk = before.copy()
    let parts = kept
    for (const save of saves) {
      disk.write(save, parts)
      parts = Math.max(0, parts - partsOf(save))
    }
    const places = new Map(this.#places).set(id, { state: startMember(id, disk.stored(0), policy, random), disk, saves: [], held: [] })
    return new SmallWorld(this.#bounds, this.#step, places, this.#onTheWay, { ...this.#left, crashes: this.#left.crashes - 1 }, this.#invariants)
  }
}

/** An answer of a term that is over, for the disk of whom it is for too, is of no use to anybody, whatever happens. */
function isIdle({ kind, term, to }: Message, places: ReadonlyMap<MemberId, Place>): boolean {
  return kind.endsWith('-reply') && term < (places.get(to)?.disk.hardState.term ?? 0)
}

type Change = readonly [says: string, wanted: Pick<Configuration, 'voters' | 'learners'>]

/** What a leader may be asked now, where it would not refuse: one change at a time, one member at a time. */
function changesOf({ commit, leading, log }: RaftState): readonly Change[] {
  const { voters, outgoing, learners } = log.configuration
  if (leading === null || commit < leading.firstIndex || outgoing.length > 0 || log.configurationIndex > commit) return []
  const others = (members: readonly MemberId[], id: MemberId): readonly MemberId[] => members.filter(member => member !== id)
  return everybody.flatMap((id): readonly Change[] => {
    if (learners.includes(id)) return [[`make ${id} a voter`, { voters: [...voters, id], learners: others(learners, id) }]]
    if (!voters.includes(id)) return [[`take in ${id}`, { voters, learners: [...learners, id] }]]
    return voters.length > 1 ? [[`take out ${id}`, { voters: others(voters, id), learners }]] : []
  })
}
