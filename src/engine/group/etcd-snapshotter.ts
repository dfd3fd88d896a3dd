import type { Etcd } from '../../ports/etcd.ts'
import type { Random } from '../../ports/random.ts'
import type { StateMachine } from '../raft/state-machine.ts'
import { type EtcdKeys, json, type SnapshotPlace } from './etcd-keys.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'
import { pointTo, writeChunks } from './etcd-snapshots.ts'
import type { GroupMark } from './etcd-view.ts'

export interface EtcdSnapshotterParts {
  readonly etcd: Pick<Etcd, 'transact'>
  readonly random: Random
  readonly machine: Pick<StateMachine, 'snapshot'>
  readonly keys: EtcdKeys
  readonly policy: EtcdGroupPolicy
  readonly events: { kept(place: SnapshotPlace): void; trouble(text: string): void }
}

export const formatVersion = 1

/** Writes what is remembered into etcd: when the group begins, and by the leader now and then. */
export class EtcdSnapshotter {
  readonly #parts: EtcdSnapshotterParts
  #isBusy = false

  constructor(parts: EtcdSnapshotterParts) {
    this.#parts = parts
  }

  /** The first manager of all: what it remembers is where the group begins. Null: there is a group now, this one or another's. */
  async found(): Promise<string | null> {
    const { etcd, random, machine, keys, policy } = this.#parts
    const mark = random.hex(8)
    const guard = { key: keys.group, createRevision: 0 }
    const place = await writeChunks(etcd, keys, policy, guard, { index: 0, term: 0, mark }, await machine.snapshot())
    if (!place.ok) return place.failure.text
    const group: GroupMark = { format: formatVersion, id: mark }
    const founded = await etcd.transact({
      when: [guard],
      acts: [
        { do: 'delete', ...keys.log }, { do: 'put', key: keys.group, value: json({ ...group }) }, { do: 'put', key: keys.last, value: '0' },
        { do: 'put', key: keys.snapshot, value: json({ ...place.value }) },
      ],
      otherwise: [],
    }, policy.requestMilliseconds)
    return founded.ok ? null : founded.failure.text
  }

  /** Between two commands of a leader: the memory is taken now, and written while it goes on. */
  async between(index: number, term: number, from: number): Promise<void> {
    const { machine, policy } = this.#parts
    if (this.#isBusy || index - from < policy.snapshotAfterEntries) return
    this.#isBusy = true
    const state = await machine.snapshot()
    void this.#keep(index, term, state).finally(() => (this.#isBusy = false))
  }

  async #keep(index: number, term: number, state: Uint8Array): Promise<void> {
    const { etcd, random, keys, policy, events } = this.#parts
    const guard = { key: keys.leader, createRevision: term }
    const place = await writeChunks(etcd, keys, policy, guard, { index, term, mark: random.hex(8) }, state)
    const kept = place.ok ? await pointTo(etcd, keys, policy, guard, place.value) : place
    if (!kept.ok) return events.trouble(`no snapshot at ${index}: ${kept.failure.text}`)
    if (kept.value && place.ok) events.kept(place.value)
  }
}
