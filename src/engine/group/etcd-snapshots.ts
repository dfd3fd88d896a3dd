import { fail, ok, type Result } from '../../kit/result.ts'
import type { Etcd, EtcdCondition, EtcdFailure } from '../../ports/etcd.ts'
import { type EtcdKeys, json, type SnapshotPlace } from './etcd-keys.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'

/** Writes the parts of a snapshot, each only while `guard` holds. Nobody looks for them before the pointer names their folder. */
export async function writeChunks(
  etcd: Pick<Etcd, 'transact'>, keys: EtcdKeys, policy: EtcdGroupPolicy, guard: EtcdCondition, place: Pick<SnapshotPlace, 'index' | 'term'> & { readonly mark: string }, bytes: Uint8Array,
): Promise<Result<SnapshotPlace, EtcdFailure>> {
  const folder = keys.snapshotFolder(place.index, place.mark)
  let chunks = 0
  for (let at = 0; at < bytes.length; at += policy.chunkBytes) {
    const written = await etcd.transact({ when: [guard], acts: [{ do: 'put', key: keys.chunk(folder, chunks), value: bytes.subarray(at, at + policy.chunkBytes) }], otherwise: [] }, policy.requestMilliseconds)
    if (!written.ok) return written
    if (!written.value.holds) return fail({ kind: 'refused', text: 'somebody else has taken over meanwhile' })
    chunks += 1
  }
  return ok({ index: place.index, term: place.term, folder, chunks, bytes: bytes.length })
}

/** Puts the pointer to a new snapshot, and deletes older ones and the commands that nobody needs any more, all at once. */
export async function pointTo(etcd: Pick<Etcd, 'transact'>, keys: EtcdKeys, policy: EtcdGroupPolicy, guard: EtcdCondition, place: SnapshotPlace): Promise<Result<boolean, EtcdFailure>> {
  const done = await etcd.transact({
    when: [guard],
    acts: [
      { do: 'put', key: keys.snapshot, value: json({ ...place }) },
      { do: 'delete', key: keys.snapshots.key, upTo: place.folder },
      { do: 'delete', key: keys.log.key, upTo: keys.entry(Math.max(1, place.index - policy.snapshotKeepsEntries + 1)) },
    ],
    otherwise: [],
  }, policy.requestMilliseconds)
  return done.ok ? ok(done.value.holds) : done
}

/** Null: it is not there any more, because a newer one is. */
export async function readSnapshot(etcd: Pick<Etcd, 'transact'>, keys: EtcdKeys, policy: EtcdGroupPolicy, { folder, chunks, bytes }: SnapshotPlace): Promise<Result<Uint8Array | null, EtcdFailure>> {
  const parts: Uint8Array[] = []
  for (let number = 0; number < chunks; number += 1) {
    const read = await etcd.transact({ when: [], acts: [{ do: 'get', key: keys.chunk(folder, number) }], otherwise: [] }, policy.requestMilliseconds)
    if (!read.ok) return read
    const [part] = read.value.got[0] ?? []
    if (part === undefined) return ok(null)
    parts.push(part.value)
  }
  const whole = Buffer.concat(parts)
  return whole.length === bytes ? ok(whole) : ok(null)
}
