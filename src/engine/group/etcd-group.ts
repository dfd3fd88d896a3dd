import type { Reason } from '../../kit/reason.ts'
import { fail, type Result } from '../../kit/result.ts'
import type { EtcdEvent } from '../../ports/etcd.ts'
import type { Group, GroupRefusal, GroupStanding, Json } from '../../ports/group.ts'
import { CommandMachine } from '../raft/command-machine.ts'
import { EtcdAnswers } from './etcd-answers.ts'
import { EtcdApplier } from './etcd-applier.ts'
import { EtcdCandidate } from './etcd-candidate.ts'
import type { EtcdGroupParts } from './etcd-group-parts.ts'
import { EtcdKeys, readEntry } from './etcd-keys.ts'
import { EtcdOwnLease } from './etcd-lease.ts'
import { EtcdOffice } from './etcd-office.ts'
import { type Answering, EtcdQuestions } from './etcd-questions.ts'
import { etcdReason } from './etcd-reasons.ts'
import { EtcdSnapshotter, formatVersion } from './etcd-snapshotter.ts'
import { standingOf } from './etcd-standing.ts'
import { type EtcdView, lookActs, otherStory, viewAfter, viewOf } from './etcd-view.ts'
import { EtcdWatcher } from './etcd-watcher.ts'
import { SharedRound } from './shared-round.ts'
import { StandingListeners } from './standing-listeners.ts'

/**
 * Managers that are one by an etcd: who holds the key `leader` leads, and commands are numbered keys that only the leader can append. Each manager reads and
 * applies all of them. etcd's own majority decides everything; who does not hear it changes nothing.
 */
export class EtcdGroup<Command> implements Group<Command> {
  readonly mode = 'etcd'
  readonly #parts: EtcdGroupParts
  readonly #keys: EtcdKeys
  readonly #process: string
  readonly #lease: EtcdOwnLease
  readonly #applier: EtcdApplier
  readonly #office: EtcdOffice
  readonly #answers: EtcdAnswers
  readonly #snapshots: EtcdSnapshotter
  readonly #watch: EtcdWatcher
  readonly #questions: EtcdQuestions
  readonly #confirming = new SharedRound(() => this.#confirm())
  readonly #stop = new AbortController()
  readonly #candidate: EtcdCandidate
  readonly #listeners: StandingListeners
  #view: EtcdView | null = null
  /** When etcd was asked what it last answered. */
  #answeredAt = -Infinity
  #trouble = ''
  #ended: string | null = null
  #group: string | null = null
  #wake = new AbortController()
  #cancelCheck: () => void = () => undefined

  constructor(parts: EtcdGroupParts) {
    const { etcd, clock, random, machine, policy, prefix, name, uri } = parts
    this.#parts = parts
    this.#listeners = new StandingListeners(error => parts.events.trouble(`a listener failed: ${error instanceof Error ? error.message : String(error)}`))
    const keys = this.#keys = new EtcdKeys(prefix)
    this.#process = random.hex(8)
    this.#answers = new EtcdAnswers(clock, policy.answerMilliseconds)
    this.#snapshots = new EtcdSnapshotter({
      etcd, random, machine, keys, policy,
      events: { kept: snapshot => { if (this.#view !== null) this.#view = { ...this.#view, snapshot } }, trouble: text => parts.events.trouble(text) },
    })
    this.#applier = new EtcdApplier(etcd, clock, keys, policy, machine, {
      // A state machine resolves to what its table of commands answers, which is JSON.
      applied: ({ id }, result) => this.#answers.applied(id, result as Json),
      restored: () => this.#tell(),
      pause: async index => { if (this.#office.isLeading) await this.#snapshots.between(index, this.#office.term ?? 0, this.#view?.snapshot?.index ?? 0) },
      trouble: failure => this.#met(failure.text),
      failed: text => this.#end(text),
    })
    this.#office = new EtcdOffice({
      etcd, clock, keys, policy, process: this.#process, lease: () => this.#lease, applier: this.#applier,
      events: { opened: () => this.#tell(), left: () => this.#left(), lost: ids => this.#answers.refuse(ids, { ...this.#notLeader(), kind: 'lost' }), trouble: text => this.#met(text) },
    })
    this.#watch = new EtcdWatcher(etcd, clock, keys, policy, {
      seen: events => this.#seen(events),
      ended: text => {
        if (!this.#stop.signal.aborted) parts.events.trouble(text)
        this.#wake.abort()
      },
    })
    this.#candidate = new EtcdCandidate({ etcd, clock, keys, policy, name, uri, process: this.#process, lease: () => this.#lease })
    this.#questions = new EtcdQuestions({ etcd, clock, random, keys, policy, name, lease: () => this.#lease.id })
    this.#lease = new EtcdOwnLease(etcd, clock, policy, { granted: () => this.#wake.abort(), gone: () => this.#office.leave(), failed: failure => this.#met(failure.text) })
    void this.#run()
  }

  isLeader(): boolean {
    return this.#ended === null && this.#office.isLeading
  }

  standing(): GroupStanding {
    const { clock, name } = this.#parts
    return standingOf({
      self: name, view: this.#view, isLeading: this.isLeader(), needs: this.#office.needs, applied: this.#applier.index, last: this.#applier.last,
      isHeard: clock.monotonic() < this.#answeredAt + this.#lease.sureMilliseconds, trouble: this.#trouble, ended: this.#ended,
    })
  }

  onStanding(listener: (standing: GroupStanding) => void): () => void {
    return this.#listeners.on(listener)
  }

  async propose(command: Command, id: string): Promise<Result<Json, GroupRefusal>> {
    const { clock, name, policy } = this.#parts
    if (this.#ended !== null) return fail({ kind: 'stopped', leader: null, text: this.#ended })
    const { appender } = this.#office
    if (appender === null) return fail(this.#notLeader())
    const data = CommandMachine.encode<Command>({ id, by: name, at: clock.now(), command })
    if (data.length > policy.entryBytesMax) return fail({ kind: 'too-much', leader: null, text: `a command of ${data.length} bytes; etcd takes ${policy.entryBytesMax}` })
    const answer = this.#answers.ask(id, () => this.#trouble || 'etcd is slow')
    if (!appender.add({ id, data })) this.#answers.refuse([id], { kind: 'too-much', leader: null, text: `more than ${policy.waitingMax} commands or ${policy.waitingBytesMax} bytes wait for etcd already` })
    return answer
  }

  confirm(): Promise<Reason | null> {
    return this.#confirming.join()
  }

  /** Gone from here before etcd is asked, so that nothing is begun meanwhile. */
  async stepAside(to: string | null): Promise<Reason | null> {
    const { name: self } = this.#parts
    const { term } = this.#office
    if (!this.isLeader() || term === null) return this.#notLeaderReason()
    const others = [...this.#view?.members.keys() ?? []].filter(name => name !== self)
    if (others.length === 0) return etcdReason('etcd-nobody-else', { self })
    if (to !== null && !others.includes(to)) return etcdReason('etcd-unknown-member', { member: to, members: others.join(', ') })
    this.#office.giveUp()
    this.#candidate.yields()
    this.#tell()
    const failed = await this.#candidate.leave(term, to)
    // Without an answer the request may arrive at any time from now on, so that this office must not be held again: it ends with its lease.
    if (failed !== null) this.#lease.drop()
    this.#office.leave()
    return failed === null ? null : etcdReason('etcd-not-confirmed', { self, text: failed })
  }

  /** Asks another manager something of the program above. */
  ask(name: string, topic: string, body: Json, milliseconds: number): Promise<Result<Json, string>> {
    return this.#questions.ask(name, topic, body, milliseconds)
  }

  answer(topic: string, answering: Answering): void {
    this.#questions.answer(topic, answering)
  }

  /** What hangs on the lease goes at once, so that another manager leads without waiting. The etcd is the caller's to close. */
  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return
    this.#ended ??= 'it is being stopped'
    this.#halt()
    await this.#lease.close(this.#parts.policy.requestMilliseconds)
  }

  async #run(): Promise<void> {
    const { clock, policy } = this.#parts
    while (!this.#stop.signal.aborted) { // ends with `close`, or when it fails
      this.#wake = new AbortController()
      try {
        await this.#round()
      } catch (error) {
        this.#end(error instanceof Error ? error.message : String(error))
      }
      this.#tell()
      await clock.sleep(this.#trouble === '' ? policy.lookMilliseconds : policy.againMilliseconds, AbortSignal.any([this.#stop.signal, this.#wake.signal]))
    }
  }

  /** One look, and what follows from it. */
  async #round(): Promise<void> {
    const { etcd, clock, policy } = this.#parts
    const [asked, applied] = [clock.monotonic(), this.#applier.index ?? 0]
    const looked = await etcd.transact({ when: [], acts: lookActs(this.#keys), otherwise: [] }, policy.requestMilliseconds)
    if (this.#stop.signal.aborted) return
    if (!looked.ok) return this.#met(looked.failure.text)
    const view = viewOf(looked.value)
    if (!this.#isSameEtcd(view, applied)) return
    if (view.group === null) {
      const why = await this.#snapshots.found()
      return why === null ? this.#wake.abort() : this.#met(why)
    }
    if (view.group.format !== formatVersion) return this.#end(`the memory in etcd has format ${view.group.format}; this version reads format ${formatVersion}`)
    this.#group = view.group.id
    this.#trouble = ''
    this.#answeredAt = asked
    this.#take(view)
    this.#applier.reaches(view.last ?? 0)
    this.#office.follow(asked, view)
    this.#watch.keep(view)
    const failed = this.#ended === null ? await this.#candidate.register(view) : null
    if (failed !== null) this.#met(failed)
    await this.#stand(view)
  }

  /** Ends this manager where etcd tells another story than before. `applied`: before it was asked. */
  #isSameEtcd(view: EtcdView, applied: number): boolean {
    const other = this.#view === null ? null : otherStory(this.#view, view, { group: this.#group, applied })
    if (other !== null) this.#end(other)
    return other === null
  }

  /** The watch may have told more already. */
  #take(view: EtcdView): void {
    if (this.#view === null || view.revision >= this.#view.revision) this.#view = view
  }

  async #stand(view: EtcdView): Promise<void> {
    const [asked, applied] = [this.#parts.clock.monotonic(), this.#applier.index]
    if (applied === null || this.#office.term !== null || this.#ended !== null) return
    const stood = await this.#candidate.stand(view)
    if (stood === null || this.#stop.signal.aborted) return
    if (!stood.ok) return this.#met(stood.failure)
    if (!this.#isSameEtcd(stood.value, applied)) return
    this.#take(stood.value)
    this.#office.follow(asked, stood.value)
  }

  #seen(events: readonly EtcdEvent[]): void {
    const former = this.#view
    if (former === null || this.#ended !== null) return
    let view = former
    for (const event of events) {
      view = viewAfter(view, event, this.#keys)
      this.#questions.seen(event)
      if (event.kind !== 'put' || !event.value.key.startsWith(this.#keys.log.key)) continue
      this.#applier.offer(readEntry(this.#keys.numberOf(event.value.key), event.value.value))
    }
    // A revision is told whole or not at all: only then nothing of it is left out.
    this.#view = { ...view, revision: Math.max(view.revision, ...events.map(({ revision }) => revision)) }
    if (this.#office.term !== null && view.leader?.term !== this.#office.term) this.#office.leave()
    if (former.leader !== null && view.leader === null) this.#wake.abort()
    if (former.leader !== view.leader || former.members !== view.members) this.#tell()
  }

  async #confirm(): Promise<Reason | null> {
    const { name: self, policy } = this.#parts
    const { term } = this.#office
    if (term === null || !this.isLeader()) return this.#notLeaderReason()
    const reaches = await this.#office.stillHolds(term)
    if (!reaches.ok) return etcdReason('etcd-not-confirmed', { self, text: reaches.failure })
    if (reaches.value === null) return this.#notLeaderReason()
    this.#applier.reaches(reaches.value)
    const isApplied = await this.#applier.reached(reaches.value, policy.confirmMilliseconds)
    if (!isApplied) return etcdReason('etcd-not-applied', { applied: this.#applier.index ?? 0, last: reaches.value })
    return this.isLeader() && this.#office.term === term ? null : this.#notLeaderReason()
  }

  #notLeader(): GroupRefusal {
    const { leader } = this.standing()
    return { kind: leader === null ? 'no-leader' : 'not-leader', leader, text: this.#notLeaderReason().text }
  }

  #notLeaderReason(): Reason {
    const { name: self } = this.#parts
    if (this.#ended !== null) return etcdReason('etcd-stopped', { self, text: this.#ended })
    const { leader } = this.standing()
    return leader === null ? etcdReason('etcd-not-leader-nobody', { self }) : etcdReason('etcd-not-leader', { self, leader: leader.name })
  }

  #left(): void {
    if (this.#view?.leader?.process === this.#process) this.#view = { ...this.#view, leader: null }
    this.#tell()
    this.#wake.abort()
  }

  #met(text: string): void {
    if (this.#stop.signal.aborted) return
    if (text !== this.#trouble) this.#parts.events.trouble(text)
    this.#trouble = text
    this.#tell()
  }

  /** What cannot go on: the state machine failed, or etcd tells another story than the one that was applied here. */
  #end(text: string): void {
    if (this.#ended !== null) return
    this.#ended = text
    this.#halt()
    void this.#lease.close(this.#parts.policy.requestMilliseconds)
    this.#parts.events.failed(text)
  }

  #halt(): void {
    this.#stop.abort()
    this.#office.leave()
    this.#watch.stop()
    this.#applier.stop()
    this.#answers.refuseAll({ kind: 'unknown', leader: null, text: this.#ended ?? '' })
    this.#cancelCheck()
    this.#tell()
  }

  /** Listeners hear of what changed; that nobody is sure any more is a change too, and comes by itself. */
  #tell(): void {
    const { clock } = this.#parts
    const standing = this.standing()
    this.#cancelCheck()
    const until = Math.min(this.#office.sureUntil, this.#answeredAt + this.#lease.sureMilliseconds)
    if (!this.#stop.signal.aborted && until > clock.monotonic()) this.#cancelCheck = clock.after(until - clock.monotonic() + 1, () => this.#tell())
    this.#listeners.tell(standing)
  }
}
