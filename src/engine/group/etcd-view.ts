import type { EtcdAct, EtcdAnswer, EtcdEvent } from '../../ports/etcd.ts'
import { type EtcdKeys, jsonOf, type NextLeader, type OfficeHolder, type SnapshotPlace, textOf } from './etcd-keys.ts'

export interface GroupMark {
  readonly format: number
  /** Another founding is another group. */
  readonly id: string
}

export interface LeaderSeen extends OfficeHolder {
  readonly term: number
  readonly lease: string | null
}

/** What stands in etcd, at one revision. */
export interface EtcdView {
  readonly revision: number
  readonly cluster: string
  readonly group: GroupMark | null
  readonly leader: LeaderSeen | null
  readonly last: number | null
  readonly snapshot: SnapshotPlace | null
  readonly next: NextLeader | null
  readonly members: ReadonlyMap<string, OfficeHolder & { readonly lease: string | null }>
}

/** The acts that read all of it at once; `viewOf` takes their answer. */
export const lookActs = ({ group, leader, last, snapshot, next, members }: EtcdKeys): readonly EtcdAct[] =>
  [...[group, leader, last, snapshot, next].map(key => ({ do: 'get', key } as const)), { do: 'get', ...members }]

export function viewOf({ got, revision, cluster }: EtcdAnswer): EtcdView {
  const [group, leader, last, snapshot, next] = got.map(values => values[0])
  return {
    revision,
    cluster,
    group: group === undefined ? null : jsonOf<GroupMark>(group),
    leader: leader === undefined ? null : { ...jsonOf<OfficeHolder>(leader), term: leader.createRevision, lease: leader.lease },
    last: last === undefined ? null : Number(textOf(last)),
    snapshot: snapshot === undefined ? null : jsonOf<SnapshotPlace>(snapshot),
    next: next === undefined ? null : jsonOf<NextLeader>(next),
    members: new Map((got[5] ?? []).map(value => {
      const holder = jsonOf<OfficeHolder>(value)
      return [holder.name, { ...holder, lease: value.lease }]
    })),
  }
}

/** The view after a change that a watch told of. Commands are no part of it, nor what is older than it. */
export function viewAfter(view: EtcdView, event: EtcdEvent, keys: EtcdKeys): EtcdView {
  if (event.revision <= view.revision) return view
  const key = event.kind === 'put' ? event.value.key : event.key
  const value = event.kind === 'put' ? event.value : null
  switch (key) {
    case keys.leader: return { ...view, leader: value === null ? null : { ...jsonOf<OfficeHolder>(value), term: value.createRevision, lease: value.lease } }
    case keys.last: return { ...view, last: value === null ? null : Number(textOf(value)) }
    case keys.snapshot: return { ...view, snapshot: value === null ? null : jsonOf<SnapshotPlace>(value) }
    case keys.next: return { ...view, next: value === null ? null : jsonOf<NextLeader>(value) }
    default:
  }
  if (!key.startsWith(keys.members.key)) return view
  const members = new Map(view.members)
  if (value !== null) members.set(jsonOf<OfficeHolder>(value).name, { ...jsonOf<OfficeHolder>(value), lease: value.lease })
  else members.delete(decodeURIComponent(key.slice(keys.members.key.length)))
  return { ...view, members }
}

/**
 * Why what etcd holds now does not go on from what was known; null: it does. Whoever set etcd back to an earlier state, or emptied it, has to start the
 * managers anew: what they remember and what it holds are two stories.
 */
export function otherStory(known: EtcdView, now: EtcdView, { group, applied }: { readonly group: string | null; readonly applied: number }): string | null {
  if (now.cluster !== known.cluster) return `another etcd answers than before (${now.cluster}, before ${known.cluster})`
  if (now.group?.id !== group) return 'etcd no longer holds what these managers remember: somebody has emptied it, or founded another group'
  const last = now.last ?? 0
  return last < applied ? `etcd holds ${last} commands, and ${applied} had been applied here: it was set back to an earlier state` : null
}
