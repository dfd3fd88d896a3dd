import type { Reason } from '../../kit/reason.ts'
import { fail, type Result } from '../../kit/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Etcd, EtcdEvent, EtcdFailure } from '../../ports/etcd.ts'
import type { Group, GroupRefusal, GroupStanding, Json } from '../../ports/group.ts'
import type { Random } from '../../ports/random.ts'
import { CommandMachine } from '../raft/command-machine.ts'
import type { StateMachine } from '../raft/state-machine.ts'
import { EtcdAnswers } from './etcd-answers.ts'
import { EtcdAppender } from './etcd-appender.ts'
import { EtcdApplier } from './etcd-applier.ts'
import { EtcdKeys, json, readEntry } from './etcd-keys.ts'
import { EtcdOwnLease } from './etcd-lease.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'
import { etcdReason } from './etcd-reasons.ts'
import { pointTo, writeChunks } from './etcd-snapshots.ts'
import { standingOf } from './etcd-standing.ts'
import { type EtcdView, lookActs, viewAfter, viewOf } from './etcd-view.ts'

export interface EtcdGroupParts {
  readonly etcd: Etcd
  readonly clock: Clock
  readonly random: Random
  readonly machine: StateMachine
  readonly policy: EtcdGroupPolicy
  /** Keys of this group begin with it. */
  readonly prefix: string
  readonly name: string
  /** Where the others and their users reach this manager; null: not known. */
  readonly uri: string | null
  readonly events: EtcdGroupEvents
}

export interface EtcdGroupEvents {
  /** etcd did not answer, or not as it should; it is asked again. */
  trouble(text: string): void
  /** This manager takes no part any more, until it is started anew. */
  failed(text: string): void
}

/** Leadership that this process holds. */
interface Office {
  readonly term: number
  /** The log of the leaders before it ends here: it leads once that is applied. */
  readonly needs: number
  /** When etcd was asked, the last time it said that it still holds. */
  confirmedAt: number
  /** Given up, or about to be. */
  isOver: boolean
  appender: EtcdAppender | null
}

const formatVersion = 1

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
  readonly #answers: EtcdAnswers
  readonly #stop = new AbortController()
  readonly #listeners = new Set<(standing: GroupStanding) => void>()
  #view: EtcdView | null = null
  /** When etcd was asked what it last answered. */
  #answeredAt = -Infinity
  #trouble = ''
  #ended: string | null = null
  #office: Office | null = null
  #standsFrom = 0
  /** The term of the last office that was left, which is not held again: a look that was on its way may still show it. */
  #left: { readonly term: number; readonly at: number } = { term: 0, at: 0 }
  #group: string | null = null
  #wake = new AbortController()
  #stopWatch: (() => void) | null = null
  /** The log reached so far at the last look. A watch that has not told of it by the next one is dead. */
  #lookedLast = 0
  #toldLast = 0
  #isSnapshotting = false
  #told = ''
  #cancelCheck: () => void = () => undefined
  #confirming: { readonly answer: Promise<Reason | null>; began: boolean } | null = null

  constructor(parts: EtcdGroupParts) {
    const { etcd, clock, random, machine, policy, prefix } = parts
    this.#parts = parts
    this.#keys = new EtcdKeys(prefix)
    this.#process = random.hex(8)
    this.#answers = new EtcdAnswers(clock, policy.answerMilliseconds)
    this.#applier = new EtcdApplier(etcd, clock, this.#keys, policy, machine, {
      // A state machine resolves to what its table of commands answers, which is JSON.
      applied: ({ id }, result) => this.#answers.applied(id, result as Json),
      restored: () => this.#tell(),
      pause: index => this.#between(index),
      trouble: failure => this.#met(failure.text),
      failed: text => this.#end(text),
    })
    this.#lease = new EtcdOwnLease(etcd, clock, policy, {
      granted: () => this.#nudge(),
      gone: () => this.#leave(),
      failed: failure => this.#met(failure.text),
    })
    void this.#run()
  }

  isLeader(): boolean {
    const office = this.#office
    return this.#ended === null && office !== null && !office.isOver && office.appender !== null && this.#parts.clock.monotonic() < this.#sureUntil(office)
  }

  standing(): GroupStanding {
    const { clock, name } = this.#parts
    const office = this.#office
    return standingOf({
      self: name, view: this.#view, isLeading: this.isLeader(), isChosen: office !== null && !office.isOver && office.appender === null, needs: office?.needs ?? 0,
      applied: this.#applier.index, last: this.#applier.last, isHeard: clock.monotonic() < this.#answeredAt + this.#lease.sureMilliseconds, trouble: this.#trouble, ended: this.#ended,
    })
  }

  onStanding(listener: (standing: GroupStanding) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async propose(command: Command, id: string): Promise<Result<Json, GroupRefusal>> {
    const { clock, name, policy } = this.#parts
    if (this.#ended !== null) return fail({ kind: 'stopped', leader: null, text: this.#ended })
    const appender = this.isLeader() ? this.#office?.appender ?? null : null
    if (appender === null) return fail(this.#notLeader())
    const data = CommandMachine.encode<Command>({ id, by: name, at: clock.now(), command })
    if (data.length > policy.entryBytesMax) return fail({ kind: 'too-much', leader: null, text: `a command of ${data.length} bytes; etcd takes ${policy.entryBytesMax}` })
    const answer = this.#answers.ask(id, () => this.#trouble || 'etcd is slow')
    if (!appender.add({ id, data })) this.#answers.refuse([id], { kind: 'too-much', leader: null, text: `more than ${policy.waitingMax} commands or ${policy.waitingBytesMax} bytes wait for etcd already` })
    return answer
  }

  /** Those who ask while a round is on its way share the next one: what they ask about may have happened after it began. */
  confirm(): Promise<Reason | null> {
    if (this.#confirming !== null && !this.#confirming.began) return this.#confirming.answer
    const before = this.#confirming?.answer ?? Promise.resolve(null)
    const round = { began: false, answer: before.then(() => { round.began = true; return this.#confirmOnce() }) as Promise<Reason | null> }
    this.#confirming = round
    void round.answer.finally(() => { if (this.#confirming === round) this.#confirming = null })
    return round.answer
  }

  /** Gone from here before etcd is asked, so that nothing is begun meanwhile. */
  async stepAside(to: string | null): Promise<Reason | null> {
    const { etcd, clock, name: self, policy } = this.#parts
    const office = this.#office
    if (!this.isLeader() || office === null) return this.#notLeaderReason()
    const others = [...this.#view?.members.keys() ?? []].filter(name => name !== self)
    if (others.length === 0) return etcdReason('etcd-nobody-else', { self })
    if (to !== null && !others.includes(to)) return etcdReason('etcd-unknown-member', { member: to, members: others.join(', ') })
    office.isOver = true
    this.#standsFrom = clock.monotonic() + policy.handOverSeconds * 1000
    this.#tell()
    const lease = await etcd.grantLease(policy.handOverSeconds, policy.requestMilliseconds)
    const left = await etcd.transact({
      when: [{ key: this.#keys.leader, createRevision: office.term }],
      acts: [{ do: 'delete', key: this.#keys.leader }, ...(lease.ok ? [{ do: 'put', key: this.#keys.next, value: json({ to, by: this.#process }), lease: lease.value.id } as const] : [])],
      otherwise: [],
    }, policy.requestMilliseconds)
    // Without an answer the request may arrive at any time from now on, so that this office must not be held again: it ends with its lease.
    if (!left.ok) this.#lease.drop()
    this.#leave()
    if (left.ok) return null
    return etcdReason('etcd-not-confirmed', { self, text: left.failure.text })
  }

  /** What hangs on the lease goes at once, so that another manager leads without waiting. The etcd is the caller's to close. */
  async close(): Promise<void> {
    if (this.#stop.signal.aborted) return
    if (this.#ended === null) this.#ended = 'it is being stopped'
    this.#halt('stopped')
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

  #nudge(): void {
    this.#wake.abort()
  }

  /** One look, and what follows from it. */
  async #round(): Promise<void> {
    const { etcd, clock, policy } = this.#parts
    const asked = clock.monotonic()
    const applied = this.#applier.index ?? 0
    const looked = await etcd.transact({ when: [], acts: lookActs(this.#keys), otherwise: [] }, policy.requestMilliseconds)
    if (this.#stop.signal.aborted) return
    if (!looked.ok) return this.#met(looked.failure.text)
    const view = viewOf(looked.value)
    if (!this.#isSameEtcd(view, applied)) return
    if (view.group === null) return this.#found()
    if (view.group.format !== formatVersion) return this.#end(`the memory in etcd has format ${view.group.format}; this version reads format ${formatVersion}`)
    this.#group = view.group.id
    this.#trouble = ''
    this.#answeredAt = asked
    if (this.#view === null || view.revision >= this.#view.revision) this.#view = view
    this.#applier.reaches(view.last ?? 0)
    this.#follow(asked, view)
    this.#keepWatch(view)
    await this.#register(view)
    await this.#stand(view)
  }

  /** Whoever set etcd back to an earlier state, or emptied it, has to start the managers anew: what they remember and what it holds are two stories. `applied`: before it was asked. */
  #isSameEtcd(view: EtcdView, applied: number): boolean {
    const known = this.#view
    if (known === null) return true
    if (view.cluster !== known.cluster) this.#end(`another etcd answers than before (${view.cluster}, before ${known.cluster})`)
    else if (view.group?.id !== this.#group) this.#end('etcd no longer holds what these managers remember: somebody has emptied it, or founded another group')
    else if ((view.last ?? 0) < applied) this.#end(`etcd holds ${view.last ?? 0} commands, and ${applied} had been applied here: it was set back to an earlier state`)
    return this.#ended === null
  }

  /** The first manager of all: what it remembers is where the group begins. */
  async #found(): Promise<void> {
    const { etcd, random, machine, policy } = this.#parts
    const mark = random.hex(8)
    const guard = { key: this.#keys.group, createRevision: 0 }
    const place = await writeChunks(etcd, this.#keys, policy, guard, { index: 0, term: 0, mark }, await machine.snapshot())
    if (!place.ok) return this.#met(place.failure.text)
    const founded = await etcd.transact({
      when: [guard],
      acts: [
        { do: 'delete', ...this.#keys.log },
        { do: 'put', key: this.#keys.group, value: json({ format: formatVersion, id: mark }) },
        { do: 'put', key: this.#keys.last, value: '0' },
        { do: 'put', key: this.#keys.snapshot, value: json({ ...place.value }) },
      ],
      otherwise: [],
    }, policy.requestMilliseconds)
    if (!founded.ok) return this.#met(founded.failure.text)
    this.#nudge()
  }

  /** Who leads, as it was just read; `asked` is when. */
  #follow(asked: number, { leader, last }: EtcdView): void {
    const office = this.#office
    if (office !== null && leader?.term !== office.term) this.#leave()
    if (leader === null || leader.process !== this.#process || leader.lease !== this.#lease.id) return
    if (leader.term <= this.#left.term) return asked > this.#left.at ? this.#lease.drop() : undefined // somebody else can lead once it is gone
    if (this.#office === null) this.#take(leader.term, last ?? 0, asked)
    else this.#office.confirmedAt = Math.max(asked, this.#office.confirmedAt)
    this.#openOffice()
  }

  #take(term: number, needs: number, asked: number): void {
    this.#office = { term, needs, confirmedAt: asked, isOver: false, appender: null }
    this.#applier.reaches(needs)
    void this.#applier.reached(needs, this.#parts.policy.answerMilliseconds).then(() => this.#openOffice())
  }

  #openOffice(): void {
    const office = this.#office
    const { etcd, clock, policy } = this.#parts
    if (office === null || office.appender !== null || this.#applier.index === null || this.#applier.index < office.needs) return
    office.appender = new EtcdAppender(etcd, clock, this.#keys, policy, { term: office.term, last: office.needs }, {
      appended: entries => { for (const entry of entries) this.#applier.offer(entry) },
      lost: ids => this.#answers.refuse(ids, { ...this.#notLeader(), kind: 'lost' }),
      deposed: () => { if (this.#office === office) this.#leave() },
      trouble: text => this.#met(text),
    })
    this.#tell()
  }

  #leave(): void {
    const office = this.#office
    this.#office = null
    if (office !== null) this.#left = { term: office.term, at: this.#parts.clock.monotonic() }
    if (office !== null && this.#view?.leader?.term === office.term) this.#view = { ...this.#view, leader: null }
    office?.appender?.stop()
    this.#tell()
    this.#nudge()
  }

  async #register({ members }: EtcdView): Promise<void> {
    const { etcd, name, uri, policy } = this.#parts
    const lease = this.#lease.id
    const known = members.get(name)
    if (lease === null || this.#ended !== null || (known?.process === this.#process && known.lease === lease)) return
    const put = await etcd.transact({ when: [], acts: [{ do: 'put', key: this.#keys.member(name), value: json({ name, uri, process: this.#process }), lease }], otherwise: [] }, policy.requestMilliseconds)
    if (!put.ok) this.#met(put.failure.text)
  }

  /** Takes the office when nobody holds it; only one of all who try can. */
  async #stand({ leader, next }: EtcdView): Promise<void> {
    const { etcd, clock, name, uri, policy } = this.#parts
    const lease = this.#lease.id
    const asked = clock.monotonic()
    const applied = this.#applier.index
    if (leader !== null || lease === null || applied === null || this.#office !== null || this.#ended !== null) return
    const isNamed = next !== null && (next.to === null ? next.by !== this.#process : next.to === name)
    if (next === null ? asked < this.#standsFrom : !isNamed) return
    const stood = await etcd.transact({
      when: [{ key: this.#keys.leader, createRevision: 0 }, ...(isNamed ? [] : [{ key: this.#keys.next, createRevision: 0 }])],
      acts: [{ do: 'put', key: this.#keys.leader, value: json({ name, uri, process: this.#process }), lease }, { do: 'delete', key: this.#keys.next }, ...lookActs(this.#keys)],
      otherwise: [...lookActs(this.#keys)],
    }, policy.requestMilliseconds)
    if (this.#stop.signal.aborted) return
    if (!stood.ok) return this.#met(stood.failure.text)
    const view = viewOf(stood.value)
    if (!this.#isSameEtcd(view, applied)) return
    if (this.#view === null || view.revision >= this.#view.revision) this.#view = view
    this.#follow(asked, view)
  }

  #keepWatch({ revision, last }: EtcdView): void {
    const { etcd, clock, policy } = this.#parts
    if (this.#stopWatch !== null && this.#toldLast < this.#lookedLast) {
      this.#stopWatch()
      this.#stopWatch = null
    }
    this.#lookedLast = last ?? 0
    if (this.#stopWatch !== null) return
    this.#toldLast = this.#lookedLast
    const stop = etcd.watch({ ...this.#keys.all, fromRevision: revision + 1 }, {
      seen: events => { if (this.#stopWatch === stop) this.#seen(events) },
      ended: (failure: EtcdFailure) => {
        if (this.#stopWatch !== stop) return
        this.#stopWatch = null
        if (failure.kind !== 'compacted') this.#parts.events.trouble(failure.text)
        clock.after(policy.againMilliseconds, () => this.#nudge())
      },
    })
    this.#stopWatch = stop
  }

  #seen(events: readonly EtcdEvent[]): void {
    if (this.#view === null || this.#ended !== null) return
    let view = this.#view
    for (const event of events) {
      view = viewAfter(view, event, this.#keys)
      if (event.kind !== 'put' || !event.value.key.startsWith(this.#keys.log.key)) continue
      const number = this.#keys.numberOf(event.value.key)
      this.#toldLast = Math.max(this.#toldLast, number)
      this.#applier.offer(readEntry(number, event.value.value))
    }
    const former = this.#view
    // A revision is told whole or not at all: only then nothing of it is left out.
    this.#view = { ...view, revision: Math.max(view.revision, ...events.map(({ revision }) => revision)) }
    if (this.#office !== null && view.leader?.term !== this.#office.term) this.#leave()
    if (former.leader !== null && view.leader === null) this.#nudge()
    if (former.leader !== view.leader || former.members !== view.members) this.#tell()
  }

  async #between(index: number): Promise<void> {
    const { machine, policy } = this.#parts
    const office = this.#office
    const from = this.#view?.snapshot?.index ?? 0
    if (office === null || office.appender === null || this.#isSnapshotting || index - from < policy.snapshotAfterEntries) return
    this.#isSnapshotting = true
    const state = await machine.snapshot()
    void this.#keepSnapshot(index, office.term, state).finally(() => (this.#isSnapshotting = false))
  }

  async #keepSnapshot(index: number, term: number, state: Uint8Array): Promise<void> {
    const { etcd, random, policy } = this.#parts
    const guard = { key: this.#keys.leader, createRevision: term }
    const place = await writeChunks(etcd, this.#keys, policy, guard, { index, term, mark: random.hex(8) }, state)
    const kept = place.ok ? await pointTo(etcd, this.#keys, policy, guard, place.value) : place
    if (!kept.ok) return this.#parts.events.trouble(`no snapshot at ${index}: ${kept.failure.text}`)
    if (kept.value && place.ok && this.#view !== null) this.#view = { ...this.#view, snapshot: place.value }
  }

  async #confirmOnce(): Promise<Reason | null> {
    const { etcd, clock, name: self, policy } = this.#parts
    const office = this.#office
    if (office === null || !this.isLeader()) return this.#notLeaderReason()
    const asked = clock.monotonic()
    const answer = await etcd.transact({ when: [{ key: this.#keys.leader, createRevision: office.term }], acts: [{ do: 'get', key: this.#keys.last }], otherwise: [] }, policy.confirmMilliseconds)
    if (!answer.ok) return etcdReason('etcd-not-confirmed', { self, text: answer.failure.text })
    if (!answer.value.holds) {
      if (this.#office === office) this.#leave()
      return this.#notLeaderReason()
    }
    office.confirmedAt = Math.max(asked, office.confirmedAt)
    const [last] = answer.value.got[0] ?? []
    const reaches = last === undefined ? 0 : Number(Buffer.from(last.value).toString())
    this.#applier.reaches(reaches)
    if (!(await this.#applier.reached(reaches, policy.confirmMilliseconds))) return etcdReason('etcd-not-applied', { applied: this.#applier.index ?? 0, last: reaches })
    return this.isLeader() && this.#office === office ? null : this.#notLeaderReason()
  }

  #sureUntil({ confirmedAt }: Office): number {
    return Math.min(this.#lease.sureUntil, confirmedAt + this.#lease.sureMilliseconds)
  }

  #notLeader(): GroupRefusal {
    const { leader } = this.standing()
    return leader === null
      ? { kind: 'no-leader', leader: null, text: this.#notLeaderReason().text }
      : { kind: 'not-leader', leader, text: this.#notLeaderReason().text }
  }

  #notLeaderReason(): Reason {
    const { name: self } = this.#parts
    if (this.#ended !== null) return etcdReason('etcd-stopped', { self, text: this.#ended })
    const { leader } = this.standing()
    return leader === null ? etcdReason('etcd-not-leader-nobody', { self }) : etcdReason('etcd-not-leader', { self, leader: leader.name })
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
    this.#halt('failed')
    void this.#lease.close(this.#parts.policy.requestMilliseconds)
    this.#parts.events.failed(text)
  }

  #halt(kind: 'stopped' | 'failed'): void {
    this.#stop.abort()
    this.#leave()
    this.#stopWatch?.()
    this.#stopWatch = null
    this.#applier.stop()
    this.#answers.refuseAll({ kind: 'unknown', leader: null, text: `${kind}: ${this.#ended ?? ''}` })
    this.#cancelCheck()
    this.#tell()
  }

  /** Listeners hear of what changed; that nobody is sure any more is a change too, and comes by itself. */
  #tell(): void {
    const standing = this.standing()
    const told = JSON.stringify({ ...standing, log: null, says: standing.says.code })
    this.#cancelCheck()
    const { clock } = this.#parts
    const until = Math.min(this.#office === null ? Infinity : this.#sureUntil(this.#office), this.#answeredAt + this.#lease.sureMilliseconds)
    if (!this.#stop.signal.aborted && Number.isFinite(until) && until > clock.monotonic()) this.#cancelCheck = clock.after(until - clock.monotonic() + 1, () => this.#tell())
    if (told === this.#told) return
    this.#told = told
    for (const listener of this.#listeners) listener(standing)
  }
}
