import type { Reason } from '../../kit/reason.ts'
import { fail, ok, type Result } from '../../kit/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ElectionStanding, ElectionStore } from '../../ports/election.ts'
import type { Group, GroupRefusal, GroupStanding, Json, ManagerAbout } from '../../ports/group.ts'
import type { LeaseHolder } from '../../ports/leases.ts'
import type { Log } from '../../ports/log.ts'
import { Once } from './once.ts'
import { sharedStoreReason } from './shared-store-reasons.ts'
import { sharedStoreStanding } from './shared-store-standing.ts'
import { StandingListeners } from './standing-listeners.ts'

export interface SharedStoreParts<Command> {
  readonly election: ElectionStore
  /** Services that gave a sign of life a moment ago and could act, this one included. */
  services(): Promise<readonly (LeaseHolder & { readonly about?: ManagerAbout })[]>
  readonly about?: ManagerAbout
  readonly clock: Clock
  readonly log: Log
  readonly self: LeaseHolder
  /** False: it never holds the row, and learns who does. */
  readonly stands: boolean
  /** Another process acted until now: what it did is read, and the servers are looked at, before this one acts. Not called when nobody else did. */
  takeUp(): Promise<void>
  /** A change of the shared memory is one of the database: it is carried out at once. */
  carryOut(command: Command): Promise<Json>
}

/** How often the row is renewed by its holder and looked at by others, in ms. A file has its processes on one machine, and nobody is in a hurry. */
const paces = { shared: { renew: 500, look: 250 }, file: { renew: 1000, look: 1000 } } as const
/** So long before its lease is over for others a holder has given up by its own clock. */
const marginMilliseconds = 500
/** A renewal this young is as good as asking again. */
const justRenewedMilliseconds = 700
/** Whoever gave the row up leaves it to others for so long, where there are others. */
const leavesMilliseconds = 1500
/** Who lives is asked for so often. */
const servicesMilliseconds = 1000

/** Processes that share a database as one: whoever holds the row of `active_node` acts for all. */
export class SharedStoreGroup<Command> implements Group<Command> {
  readonly mode = 'shared-store'
  readonly #parts: SharedStoreParts<Command>
  readonly #pace: { readonly renew: number; readonly look: number }
  readonly #listeners: StandingListeners
  readonly #once = new Once<Result<Json, GroupRefusal>>()
  readonly #closed = new AbortController()
  #loop: Promise<void> = Promise.resolve()
  #seen: ElectionStanding | null = null
  /** On the monotonic clock: when the question was put that was answered last, and the one whose answer was that this process holds the row. */
  #heardAt = -Infinity
  #confirmedAt = -Infinity
  #confirmedWallAt = 0
  #trouble = ''
  #readyTerm: number | null = null
  #isPreparing = false
  #othersActed = false
  #leavesUntil = -Infinity
  #others: Awaited<ReturnType<SharedStoreParts<Command>['services']>> = []
  #servicesAt = -Infinity
  #cancelExpiry = (): void => undefined

  constructor(parts: SharedStoreParts<Command>) {
    this.#parts = parts
    this.#listeners = new StandingListeners(error => parts.log.error('a listener of the group failed', { text: textOf(error) }))
    this.#pace = parts.election.isShared ? paces.shared : paces.file
  }

  /** Asks once, so that what comes after it knows who acts, and goes on asking. Rejects when the database does not answer the first time. */
  async start(grabs = false): Promise<void> {
    const askedAt = this.#now
    this.#note(grabs && this.#parts.stands ? await this.#parts.election.grab(this.#parts.self) : await this.#ask(), askedAt)
    await this.#askWhoLives()
    this.#tell()
    this.#loop = this.#rounds()
  }

  isLeader(): boolean {
    return this.#holds && this.#readyTerm === this.#seen?.term && !this.#closed.signal.aborted
  }

  standing(): GroupStanding {
    const { self, stands, about } = this.#parts
    return sharedStoreStanding({
      self: self.hostname, stands, seen: this.#seen, isHeard: this.#now - this.#heardAt < this.#belief, trouble: this.#trouble, isLeader: this.isLeader(),
      isPreparing: this.#holds && !this.isLeader(), isClosed: this.#closed.signal.aborted, others: this.#others,
      ...(about === undefined ? {} : { about }),
    })
  }

  onStanding(listener: (standing: GroupStanding) => void): () => void {
    return this.#listeners.on(listener)
  }

  propose(command: Command, id: string): Promise<Result<Json, GroupRefusal>> {
    return this.#once.do(id, () => this.#carryOut(command))
  }

  async confirm(): Promise<Reason | null> {
    const { election, clock, self } = this.#parts
    if (!this.isLeader()) return this.#notLeader()
    const [term, askedAt, wallAge] = [this.#seen?.term, this.#now, clock.now() - this.#confirmedWallAt]
    // A machine that was asleep may have stopped the one clock, but hardly both.
    if (askedAt - this.#confirmedAt < justRenewedMilliseconds && wallAge >= 0 && wallAge < justRenewedMilliseconds) return null
    try {
      this.#note(await election.stand(self), askedAt)
    } catch (error) {
      this.#failed(error)
      // Nobody else can have the row before the lease is over; of a file's processes there is no other that could act.
      if (election.isShared && !(this.isLeader() && wallAge >= 0 && wallAge < this.#belief)) return sharedStoreReason('store-not-confirmed', { self: self.hostname, text: this.#trouble })
      return null
    }
    return this.isLeader() && this.#seen?.term === term ? null : this.#notLeader()
  }

  async stepAside(to: string | null): Promise<Reason | null> {
    const { election, self } = this.#parts
    if (!this.isLeader()) return this.#notLeader()
    await this.#askWhoLives(true)
    if (this.#others.length === 0) return sharedStoreReason('store-nobody-else', { self: self.hostname })
    if (to === null) return this.reelect()
    const other = this.#others.find(({ hostname }) => hostname === to)
    if (other === undefined) return sharedStoreReason('store-unknown-member', { member: to, members: this.#others.map(({ hostname }) => hostname).join(', ') })
    return this.#attempt(async () => {
      this.#giveUp()
      await election.give(self, other)
      await election.acknowledge(self)
    })
  }

  /** The row is this process's from now on, whoever had it; it acts as soon as that one has noticed. */
  grab(): Promise<Reason | null> {
    return this.#attempt(async () => {
      const askedAt = this.#now
      this.#note(await this.#parts.election.grab(this.#parts.self), askedAt)
    })
  }

  /** The row is nobody's from now on: whoever looks first takes it, most likely another. */
  reelect(): Promise<Reason | null> {
    return this.#attempt(async () => {
      const hadIt = this.#holds
      if (hadIt) this.#giveUp()
      await this.#parts.election.vacate()
      if (hadIt) await this.#parts.election.acknowledge(this.#parts.self)
    })
  }

  /** Asks no more and never acts again. What is left of it in the database is taken away by whoever wrote it (`leave`). */
  async close(): Promise<void> {
    this.#closed.abort()
    this.#cancelExpiry()
    await this.#loop
    this.#tell()
    this.#listeners.clear()
  }

  get #now(): number {
    return this.#parts.clock.monotonic()
  }

  /** So long after a renewal was asked for this process believes that it holds the row. */
  get #belief(): number {
    return this.#parts.election.leaseMilliseconds - marginMilliseconds
  }

  get #holds(): boolean {
    return this.#seen?.isActive === true && this.#now - this.#confirmedAt < this.#belief
  }

  async #rounds(): Promise<void> {
    const { clock } = this.#parts
    const { signal } = this.#closed
    for (;;) {
      await clock.sleep(this.#seen?.isActive === true ? this.#pace.renew : this.#pace.look, signal)
      if (signal.aborted) return
      const askedAt = this.#now
      try {
        const answer = await this.#ask()
        if (!signal.aborted) this.#note(answer, askedAt)
        await this.#askWhoLives()
      } catch (error) {
        this.#failed(error)
        await this.#keepUnwritten()
      }
      this.#tell()
    }
  }

  /**
   * A file that cannot be written, on a full disk or while another program holds it, can still be read: the row is this process's, and no other one that could
   * act has left a sign of life in it, so nobody else can have taken it. Of a database that others share no such thing can be known.
   */
  async #keepUnwritten(): Promise<void> {
    const { election, self, services } = this.#parts
    if (election.isShared || this.#seen?.active?.token !== self.token) return
    const readAt = this.#now
    try {
      const [seen, alive] = [await election.read(self), await services()]
      if (seen.isActive && alive.every(({ token }) => token === self.token)) this.#note(seen, readAt, this.#trouble)
    } catch (error) {
      this.#failed(error)
    }
  }

  /** Looking costs the holder nothing; only what may be taken, or is one's own, is written. */
  async #ask(): Promise<ElectionStanding> {
    const { election, self, stands } = this.#parts
    const isMine = this.#seen?.active?.token === self.token
    if (stands && isMine) return election.stand(self)
    const seen = await election.read(self)
    const isFree = seen.active === null || seen.active.token === self.token || seen.active.silentMilliseconds >= election.leaseMilliseconds
    return stands && isFree && (this.#now >= this.#leavesUntil || this.#others.length === 0) ? election.stand(self) : seen
  }

  #note(seen: ElectionStanding, askedAt: number, trouble = ''): void {
    // Two questions may be under way at once; what was asked earlier tells nothing new.
    if (askedAt < this.#heardAt) return
    const { self, clock, log } = this.#parts
    const before = this.#seen
    this.#seen = seen
    this.#heardAt = askedAt
    this.#trouble = trouble
    if (seen.active !== null && seen.active.token !== self.token) this.#othersActed = true
    if (before?.active?.token !== seen.active?.token) log.info('the process that acts for all is another one', { host: seen.active?.hostname ?? 'nobody', term: seen.term })
    if (seen.isActive) {
      this.#confirmedAt = askedAt
      this.#confirmedWallAt = clock.now() - (this.#now - askedAt)
      this.#cancelExpiry()
      this.#cancelExpiry = clock.after(Math.max(0, askedAt + this.#belief - this.#now), () => this.#tell())
      if (this.#readyTerm !== seen.term && !this.#isPreparing) void this.#prepare(seen.term)
    } else {
      this.#readyTerm = null
      // What it had may be another's only when it knows.
      if (before?.active?.token === self.token && seen.active?.token !== self.token) void this.#attempt(() => this.#parts.election.acknowledge(self))
    }
    this.#tell()
  }

  async #prepare(term: number): Promise<void> {
    if (!this.#othersActed) {
      this.#readyTerm = term
      return
    }
    this.#isPreparing = true
    try {
      await this.#parts.takeUp()
      this.#othersActed = this.#seen?.active?.token !== this.#parts.self.token
      this.#readyTerm = term
    } catch (error) {
      this.#parts.log.error('what another process did could not be read, so this one does not act yet', { text: textOf(error) })
    } finally {
      this.#isPreparing = false
    }
    this.#tell()
  }

  /** From here on this process does not act, whatever the database says of it until it was asked again. */
  #giveUp(): void {
    this.#leavesUntil = this.#now + leavesMilliseconds
    this.#readyTerm = null
    this.#confirmedAt = -Infinity
    this.#heardAt = this.#now
    this.#seen = this.#seen === null ? null : { ...this.#seen, isActive: false, active: null }
    this.#tell()
  }

  async #askWhoLives(now = false): Promise<void> {
    if (!now && this.#now - this.#servicesAt < servicesMilliseconds) return
    this.#servicesAt = this.#now
    this.#others = (await this.#parts.services()).filter(({ token }) => token !== this.#parts.self.token)
  }

  async #carryOut(command: Command): Promise<Result<Json, GroupRefusal>> {
    try {
      return ok(await this.#parts.carryOut(command))
    } catch (error) {
      return fail({ kind: 'unknown', leader: this.standing().leader, text: textOf(error) })
    }
  }

  /** Null: done; else what the database said. */
  async #attempt(act: () => Promise<void>): Promise<Reason | null> {
    try {
      await act()
      return null
    } catch (error) {
      this.#failed(error)
      return sharedStoreReason('store-silent', { self: this.#parts.self.hostname, text: this.#trouble })
    }
  }

  #failed(error: unknown): void {
    const text = textOf(error)
    if (this.#trouble === '') this.#parts.log.warning('the database cannot be asked who acts for all', { text })
    this.#trouble = text
  }

  #notLeader(): Reason {
    const { leader, self } = this.standing()
    return leader === null ? sharedStoreReason('store-nobody-leads', { self }) : sharedStoreReason('store-not-leader', { self, leader: leader.name })
  }

  /** Tells what has changed, once. */
  #tell(): void {
    this.#listeners.tell(this.standing())
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
