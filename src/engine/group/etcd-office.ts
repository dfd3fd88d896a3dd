import { fail, ok, type Result } from '../../kit/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Etcd } from '../../ports/etcd.ts'
import { EtcdAppender } from './etcd-appender.ts'
import type { EtcdApplier } from './etcd-applier.ts'
import { type EtcdKeys, type LogEntry, textOf } from './etcd-keys.ts'
import type { EtcdOwnLease } from './etcd-lease.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'
import type { EtcdView } from './etcd-view.ts'

export interface EtcdOfficeParts {
  readonly etcd: Pick<Etcd, 'transact'>
  readonly clock: Clock
  readonly keys: EtcdKeys
  readonly policy: EtcdGroupPolicy
  /** Tells two lives of the same manager apart. */
  readonly process: string
  readonly lease: () => EtcdOwnLease
  readonly applier: EtcdApplier
  readonly events: {
    /** It leads from now on. */
    opened(): void
    left(): void
    /** Nothing of these commands happened, and nothing will. */
    lost(ids: readonly string[]): void
    trouble(text: string): void
  }
}

interface Held {
  readonly term: number
  /** The log of the leaders before it ends here: it leads once that is applied. */
  readonly needs: number
  /** When etcd was asked, the last time it said that it still holds. */
  confirmedAt: number
  /** Given up, or about to be. */
  isOver: boolean
  appender: EtcdAppender | null
}

/** The lead, as far as this process holds it. */
export class EtcdOffice {
  readonly #parts: EtcdOfficeParts
  #held: Held | null = null
  /** The last one that was left, which is not held again: a look that was on its way may still show it. */
  #left: { readonly term: number; readonly at: number } = { term: 0, at: 0 }

  constructor(parts: EtcdOfficeParts) {
    this.#parts = parts
  }

  /** Null: it holds none. */
  get term(): number | null {
    return this.#held?.term ?? null
  }

  /** By its own clock alone: false as soon as another may lead. */
  get isLeading(): boolean {
    return this.#held !== null && !this.#held.isOver && this.#held.appender !== null && this.#parts.clock.monotonic() < this.sureUntil
  }

  /** What it has to apply before it leads; null: it leads already, or was not chosen. */
  get needs(): number | null {
    return this.#held !== null && !this.#held.isOver && this.#held.appender === null ? this.#held.needs : null
  }

  get sureUntil(): number {
    const lease = this.#parts.lease()
    return this.#held === null ? Infinity : Math.min(lease.sureUntil, this.#held.confirmedAt + lease.sureMilliseconds)
  }

  get appender(): EtcdAppender | null {
    return this.isLeading ? this.#held?.appender ?? null : null
  }

  /** Who leads, as it was just read; `asked` is when. */
  follow(asked: number, { leader, last }: EtcdView): void {
    const lease = this.#parts.lease()
    if (this.#held !== null && leader?.term !== this.#held.term) this.leave()
    if (leader === null || leader.process !== this.#parts.process || leader.lease !== lease.id) return
    if (leader.term <= this.#left.term) return asked > this.#left.at ? lease.drop() : undefined // somebody else can lead once it is gone
    if (this.#held === null) this.#take(leader.term, last ?? 0, asked)
    else this.confirmed(asked)
    this.#open()
  }

  /** etcd said so; `asked` is when it was asked. */
  confirmed(asked: number): void {
    if (this.#held !== null) this.#held.confirmedAt = Math.max(asked, this.#held.confirmedAt)
  }

  /** Asks etcd whether it still holds that term: how many commands there are then; null: no longer, or no longer surely. Else what failed. */
  async stillHolds(term: number): Promise<Result<number | null, string>> {
    const { etcd, clock, keys, policy } = this.#parts
    const asked = clock.monotonic()
    const wish = { when: [{ key: keys.leader, createRevision: term }], acts: [{ do: 'get', key: keys.last } as const], otherwise: [] }
    const answer = await etcd.transact(wish, policy.confirmMilliseconds)
    if (!answer.ok) return fail(answer.failure.text)
    if (this.term !== term) return ok(null)
    if (!answer.value.holds) {
      this.leave()
      return ok(null)
    }
    this.confirmed(asked)
    const [last] = answer.value.got[0] ?? []
    return ok(last === undefined ? 0 : Number(textOf(last)))
  }

  /** Nothing is begun any more. */
  giveUp(): void {
    if (this.#held !== null) this.#held.isOver = true
  }

  leave(): void {
    const held = this.#held
    if (held === null) return
    this.#held = null
    this.#left = { term: held.term, at: this.#parts.clock.monotonic() }
    held.appender?.stop()
    this.#parts.events.left()
  }

  #take(term: number, needs: number, asked: number): void {
    const { applier, policy } = this.#parts
    this.#held = { term, needs, confirmedAt: asked, isOver: false, appender: null }
    applier.reaches(needs)
    void applier.reached(needs, policy.answerMilliseconds).then(() => this.#open())
  }

  #open(): void {
    const held = this.#held
    const { etcd, clock, keys, policy, applier, events } = this.#parts
    if (held === null || held.appender !== null || applier.index === null || applier.index < held.needs) return
    held.appender = new EtcdAppender(etcd, clock, keys, policy, { term: held.term, last: held.needs }, {
      appended: (entries: readonly LogEntry[]) => { for (const entry of entries) applier.offer(entry) },
      lost: events.lost,
      deposed: () => { if (this.#held === held) this.leave() },
      trouble: events.trouble,
    })
    events.opened()
  }
}
