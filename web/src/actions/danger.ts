import type { OperationName } from '../../../src/contract/all.ts'
import type { Typed } from './acts/act.ts'

/**
 * How much an act asks of a person before it is done, in one place (the policy for dangerous acts):
 * 0 nothing, or a form; 1 its plan and a button; 2 also the server's name, typed; 3 also the cluster's alias, typed, and a reason;
 * `all` the words for all clusters, typed, and a reason. `by-role`: on the primary another thing than on a replica.
 */
export type Danger = 0 | 1 | 2 | 3 | 'all' | { readonly primary: 0 | 1 | 2 | 3; readonly replica: 0 | 1 | 2 | 3 }

export const dangers: Readonly<Partial<Record<OperationName, Danger>>> = {
  'refresh': 0,
  'restart-replica-statements': 0,
  'tag': 0,
  'untag': 0,
  'register-candidate': 0,
  'set-cluster-alias': 0,
  'begin-downtime': 0,
  'end-downtime': 0,
  'begin-maintenance': 0,
  'end-maintenance': 0,
  'ack-recovery': 0,
  'submit-primaries': 0,
  'set-heuristic-domain-instance': 0,
  'start-replica': 1,
  'stop-replica': 1,
  'stop-replica-nice': 1,
  'restart-replica': 1,
  'source-position-wait': 1,
  'relocate': 1,
  'relocate-replicas': 1,
  'move-gtid': 1,
  'move-replicas-gtid': 1,
  'move-below': 1,
  'move-equivalent': 1,
  'move-up': 1,
  'move-up-replicas': 1,
  'match': 1,
  'match-replicas': 1,
  'match-up': 1,
  'match-up-replicas': 1,
  'rematch': 1,
  'repoint': 1,
  'repoint-replicas': 1,
  'take-siblings': 1,
  'take-source': 1,
  'make-local-primary': 1,
  'regroup-replicas': 1,
  'regroup-replicas-gtid': 1,
  'regroup-replicas-pgtid': 1,
  'regroup-replicas-bls': 1,
  'detach-replica': 1,
  'reattach-replica': 1,
  'delay-replication': 1,
  'enable-semi-sync-source': 1,
  'disable-semi-sync-source': 1,
  'enable-semi-sync-replica': 1,
  'disable-semi-sync-replica': 1,
  'flush-binary-logs': 1,
  'rejoin-primary': 1,
  'set-read-only': { primary: 3, replica: 1 },
  'set-writeable': { primary: 1, replica: 2 },
  'skip-query': 2,
  'reset-replica': 2,
  'enable-gtid': 2,
  'disable-gtid': 2,
  'gtid-errant-inject-empty': 2,
  'gtid-errant-reset-master': 2,
  'rejoin-primary-inject-empty': 2,
  'reprovision': 2,
  'make-co-primary': 2,
  'purge-binary-logs': 2,
  'kill-query': 2,
  'change-master-credentials': 2,
  'forget': 2,
  'make-primary': 3,
  'graceful-takeover': 3,
  'graceful-takeover-auto': 3,
  'force-failover': 3,
  'force-takeover': 3,
  'forget-cluster': 3,
  'disable-global-recoveries': 'all',
  'enable-global-recoveries': 'all',
}

/** What must be typed for that much danger. */
export const typedFor = (danger: 0 | 1 | 2 | 3): Typed => (danger === 3 ? 'cluster' : danger === 2 ? 'server' : 'nothing')

/** What must be typed for an operation on a server. */
export function typedOf(operation: OperationName, isPrimary: boolean): Typed {
  const danger = dangers[operation] ?? 1
  if (danger === 'all') return 'cluster'
  return typedFor(typeof danger === 'object' ? (isPrimary ? danger.primary : danger.replica) : danger)
}
