import type { ClusterView, ServerView } from '../../../src/contract/views.ts'
import { worstOf } from '../drawing/trouble.ts'
import type { en } from '../words/en.ts'

export type ActName =
  'move' | 'moveUp' | 'takeSiblings' | 'takeSource' | 'regroup' | 'start' | 'restart' | 'stop' | 'takeover' | 'recover' | 'readOnly' | 'writable' | 'downtimeBegin' | 'downtimeEnd' | 'refresh' | 'forget'
export type WhyNot = keyof typeof en.why

export interface Act {
  readonly name: ActName
  readonly group: 'groupMove' | 'groupReplication' | 'groupServer' | 'groupOther'
  /** Null: it can be asked for; the server judges it once more. */
  readonly whyNot: (server: ServerView, cluster: ClusterView) => WhyNot | null
  /** Not offered at all where it has no meaning (the end of a downtime that is not there). */
  readonly isOffered?: (server: ServerView) => boolean
}

const isSilent = (server: ServerView): boolean => worstOf(server)?.code === 'unreachable'
const isWholeReplica = (server: ServerView): boolean => server.replication?.receiver === 'running' && server.replication.applier === 'running'
const isAllStopped = (server: ServerView): boolean => server.replication?.receiver === 'stopped' && server.replication.applier === 'stopped'
const replicaOr =
  (other: (server: ServerView) => WhyNot | null) =>
  (server: ServerView): WhyNot | null =>
    server.replication === null ? 'noSource' : isSilent(server) ? 'unreachable' : other(server)

/** The menu of a server, the same in tree, list and panel. */
export const acts: readonly Act[] = [
  { name: 'move', group: 'groupMove', whyNot: server => (server.replication === null ? 'noSource' : isSilent(server) ? 'unreachable' : null) },
  { name: 'moveUp', group: 'groupMove', whyNot: replicaOr(server => (server.depth > 1 ? null : 'belowPrimary')) },
  { name: 'takeSiblings', group: 'groupMove', whyNot: replicaOr(() => null) },
  { name: 'takeSource', group: 'groupMove', whyNot: replicaOr(server => (server.depth > 1 ? null : 'belowPrimary')) },
  {
    name: 'regroup',
    group: 'groupMove',
    whyNot: server => (isSilent(server) ? 'unreachable' : null),
    isOffered: server => server.role === 'primary' || server.role === 'intermediate',
  },
  {
    name: 'takeover',
    group: 'groupMove',
    whyNot(server, cluster) {
      if (cluster.primary === null) return 'noPrimary'
      if (server.key === cluster.primary.key) return 'isPrimary'
      if (cluster.primary.status.code === 'unreachable') return 'primaryDead'
      return server.source === cluster.primary.key ? (isSilent(server) ? 'unreachable' : null) : 'notBelowPrimary'
    },
  },
  {
    name: 'recover',
    group: 'groupMove',
    whyNot: (server, cluster) =>
      isSilent(server) || cluster.allFindings.some(finding => finding.server === server.key && finding.severity === 'critical') ? null : 'reachable',
  },
  { name: 'start', group: 'groupReplication', whyNot: replicaOr(server => (isWholeReplica(server) ? 'running' : null)) },
  { name: 'stop', group: 'groupReplication', whyNot: replicaOr(server => (isAllStopped(server) ? 'stopped' : null)) },
  { name: 'restart', group: 'groupReplication', whyNot: replicaOr(() => null) },
  { name: 'readOnly', group: 'groupServer', whyNot: server => (isSilent(server) ? 'unreachable' : server.readOnly ? 'alreadyReadOnly' : null) },
  { name: 'writable', group: 'groupServer', whyNot: server => (isSilent(server) ? 'unreachable' : server.readOnly ? null : 'alreadyWritable') },
  { name: 'downtimeBegin', group: 'groupOther', whyNot: () => null },
  { name: 'downtimeEnd', group: 'groupOther', whyNot: () => null, isOffered: server => server.downtime !== null },
  { name: 'refresh', group: 'groupOther', whyNot: () => null },
  { name: 'forget', group: 'groupOther', whyNot: () => null },
]
