import type { Result } from '../kit/result.ts'

/** A key as etcd holds it. Revisions count every change of the whole etcd; `createRevision` tells two lives of the same key apart. */
export interface EtcdValue {
  readonly key: string
  readonly value: Uint8Array
  readonly createRevision: number
  /** The lease that it goes with; null: it stays until it is deleted. */
  readonly lease: string | null
}

/** `createRevision` 0: there is no such key. */
export type EtcdCondition =
  | { readonly key: string; readonly createRevision: number }
  | { readonly key: string; readonly value: string }

/** `upTo`: all keys from `key` up to it, itself left out, in their order. */
export type EtcdAct =
  | { readonly do: 'put'; readonly key: string; readonly value: string | Uint8Array; readonly lease?: string }
  | { readonly do: 'delete'; readonly key: string; readonly upTo?: string }
  | { readonly do: 'get'; readonly key: string; readonly upTo?: string; readonly limit?: number }

/** All of `acts` at once where everything in `when` holds, else all of `otherwise`. */
export interface EtcdTransaction {
  readonly when: readonly EtcdCondition[]
  readonly acts: readonly EtcdAct[]
  readonly otherwise: readonly EtcdAct[]
}

export interface EtcdAnswer {
  readonly holds: boolean
  /** What each `get` of the branch that was done found, in their order. */
  readonly got: readonly (readonly EtcdValue[])[]
  readonly revision: number
  /** Which etcd answered: another one has another. */
  readonly cluster: string
}

/**
 * Why etcd did not answer. `unreachable`: nobody did in time, or they are no majority; a change may have been made all the same. `lease-gone`: it has expired.
 * `too-large`: more than one request or answer may hold. `full`: its quota of disk is used up. `compacted`: the past that was asked for is no longer kept.
 */
export interface EtcdFailure {
  readonly kind: 'unreachable' | 'denied' | 'lease-gone' | 'too-large' | 'full' | 'compacted' | 'refused'
  readonly text: string
}

export type EtcdEvent =
  | { readonly kind: 'put'; readonly value: EtcdValue; readonly revision: number }
  | { readonly kind: 'deleted'; readonly key: string; readonly revision: number }

export interface EtcdWatch {
  readonly key: string
  readonly upTo: string
  /** The first revision whose changes are told. */
  readonly fromRevision: number
}

export interface EtcdLease {
  readonly id: string
  /** What etcd gives, which may be more than was asked for. */
  readonly seconds: number
}

/**
 * An etcd that somebody runs already. Each request tries the members in turn until its deadline, so that it may be carried out twice: whoever asks must see by
 * what stands there whether it was the first time.
 */
export interface Etcd {
  transact(transaction: EtcdTransaction, deadlineMilliseconds: number): Promise<Result<EtcdAnswer, EtcdFailure>>
  grantLease(seconds: number, deadlineMilliseconds: number): Promise<Result<EtcdLease, EtcdFailure>>
  keepLease(id: string, deadlineMilliseconds: number): Promise<Result<EtcdLease, EtcdFailure>>
  endLease(id: string, deadlineMilliseconds: number): Promise<Result<null, EtcdFailure>>
  /** Tells changes until it is stopped, or until it ends by itself and says why. A watch that tells nothing may be one whose connection is dead: look now and then. */
  watch(what: EtcdWatch, events: { seen(events: readonly EtcdEvent[]): void; ended(failure: EtcdFailure): void }): () => void
  close(): void
}
