import { fail, ok, type Result } from '../../kit/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Etcd } from '../../ports/etcd.ts'
import { type EtcdKeys, json } from './etcd-keys.ts'
import type { EtcdOwnLease } from './etcd-lease.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'
import { type EtcdView, lookActs, viewOf } from './etcd-view.ts'

export interface EtcdCandidateParts {
  readonly etcd: Pick<Etcd, 'grantLease' | 'transact'>
  readonly clock: Clock
  readonly keys: EtcdKeys
  readonly policy: EtcdGroupPolicy
  readonly name: string
  readonly uri: string | null
  /** Tells two lives of the same manager apart. */
  readonly process: string
  readonly lease: () => EtcdOwnLease
}

/** This manager as one that could lead: its entry among the members, its bid for the office, and how it leaves the office to another. */
export class EtcdCandidate {
  readonly #parts: EtcdCandidateParts
  /** Who stepped aside does not stand again before. */
  #standsFrom = 0

  constructor(parts: EtcdCandidateParts) {
    this.#parts = parts
  }

  /** Answers what failed; null: it is registered, or has no lease to hang its entry on. */
  async register({ members }: EtcdView): Promise<string | null> {
    const { etcd, keys, name, policy, process } = this.#parts
    const lease = this.#parts.lease().id
    const known = members.get(name)
    if (lease === null || (known?.process === process && known.lease === lease)) return null
    const acts = [{ do: 'put', key: keys.member(name), value: this.#holder, lease } as const]
    const put = await etcd.transact({ when: [], acts, otherwise: [] }, policy.requestMilliseconds)
    return put.ok ? null : put.failure.text
  }

  /** Takes the office when nobody holds it; only one of all who try can. What stands in etcd after it; null: it does not try. */
  async stand({ leader, next }: EtcdView): Promise<Result<EtcdView, string> | null> {
    const { etcd, clock, keys, name, policy, process } = this.#parts
    const lease = this.#parts.lease().id
    if (leader !== null || lease === null) return null
    const isNamed = next !== null && (next.to === null ? next.by !== process : next.to === name)
    if (next === null ? clock.monotonic() < this.#standsFrom : !isNamed) return null
    const stood = await etcd.transact({
      when: [{ key: keys.leader, createRevision: 0 }, ...(isNamed ? [] : [{ key: keys.next, createRevision: 0 }])],
      acts: [{ do: 'put', key: keys.leader, value: this.#holder, lease }, { do: 'delete', key: keys.next }, ...lookActs(keys)],
      otherwise: lookActs(keys),
    }, policy.requestMilliseconds)
    return stood.ok ? ok(viewOf(stood.value)) : fail(stood.failure.text)
  }

  /** From now on it stands no more, for as long as another may need. */
  yields(): void {
    const { clock, policy } = this.#parts
    this.#standsFrom = clock.monotonic() + policy.handOverSeconds * 1000
  }

  /** Leaves the office of that term to somebody (null: whoever is first). Answers what failed: then the request may arrive at any time. */
  async leave(term: number, to: string | null): Promise<string | null> {
    const { etcd, keys, policy, process } = this.#parts
    const lease = await etcd.grantLease(policy.handOverSeconds, policy.requestMilliseconds)
    const left = await etcd.transact({
      when: [{ key: keys.leader, createRevision: term }],
      acts: [
        { do: 'delete', key: keys.leader },
        ...(lease.ok ? [{ do: 'put', key: keys.next, value: json({ to, by: process }), lease: lease.value.id } as const] : []),
      ],
      otherwise: [],
    }, policy.requestMilliseconds)
    return left.ok ? null : left.failure.text
  }

  get #holder(): string {
    const { name, uri, process } = this.#parts
    return json({ name, uri, process })
  }
}
