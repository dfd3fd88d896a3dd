/** Commands in the order in which the original lists them within their sections; ours alone come behind. */
export const helpOrder: readonly string[] = [
  'relocate', 'relocate-below', 'relocate-replicas', 'take-siblings', 'regroup-replicas', 'move-up', 'move-up-replicas', 'move-below', 'move-equivalent',
  'repoint', 'repoint-replicas', 'take-master', 'make-co-master', 'get-candidate-replica', 'regroup-replicas-bls', 'move-gtid', 'move-replicas-gtid',
  'regroup-replicas-gtid', 'match', 'match-up', 'rematch', 'match-replicas', 'match-up-replicas', 'regroup-replicas-pgtid', 'enable-gtid', 'disable-gtid',
  'which-gtid-errant', 'gtid-errant-reset-master', 'skip-query', 'stop-replica', 'start-replica', 'restart-replica', 'reset-replica',
  'change-master-credentials', 'detach-replica-master-host', 'reattach-replica-master-host', 'master-pos-wait', 'enable-semi-sync-master',
  'disable-semi-sync-master', 'enable-semi-sync-replica', 'disable-semi-sync-replica', 'restart-replica-statements', 'can-replicate-from', 'is-replicating',
  'is-replication-stopped', 'set-read-only', 'set-writeable', 'flush-binary-logs', 'purge-binary-logs', 'last-pseudo-gtid', 'locate-gtid-errant',
  'last-executed-relay-entry', 'correlate-relaylog-pos', 'find-binlog-entry', 'correlate-binlog-pos', 'submit-pool-instances', 'cluster-pool-instances',
  'which-heuristic-cluster-pool-instances', 'find', 'search', 'clusters', 'clusters-alias', 'all-clusters-masters', 'topology', 'topology-tabulated',
  'topology-tags', 'all-instances', 'which-instance', 'which-cluster', 'which-cluster-alias', 'which-cluster-domain', 'which-heuristic-domain-instance',
  'which-cluster-master', 'which-cluster-instances', 'which-cluster-osc-replicas', 'which-cluster-gh-ost-replicas', 'which-master',
  'which-downtimed-instances', 'which-replicas', 'which-lost-in-recovery', 'instance-status', 'get-cluster-heuristic-lag', 'submit-masters-to-kv-stores',
  'tags', 'tag-value', 'tagged', 'tag', 'untag', 'untag-all', 'discover', 'forget', 'begin-maintenance', 'end-maintenance', 'in-maintenance',
  'begin-downtime', 'end-downtime', 'recover', 'recover-lite', 'force-master-failover', 'force-master-takeover', 'graceful-master-takeover',
  'graceful-master-takeover-auto', 'replication-analysis', 'ack-all-recoveries', 'ack-cluster-recoveries', 'ack-instance-recoveries', 'register-candidate',
  'register-hostname-unresolve', 'deregister-hostname-unresolve', 'set-heuristic-domain-instance', 'snapshot-topologies', 'continuous', 'active-nodes',
  'access-token', 'resolve', 'reset-hostname-resolve-cache', 'dump-config', 'show-resolve-hosts', 'show-unresolve-hosts', 'redeploy-internal-db',
  'internal-suggest-promoted-replacement', 'custom-command', 'disable-global-recoveries', 'enable-global-recoveries', 'check-global-recoveries',
  'bulk-instances', 'bulk-promotion-rules',
]

/** The place of a command in its section's list. */
export function placeInHelp(name: string): number {
  const place = helpOrder.indexOf(name)
  return place < 0 ? helpOrder.length : place
}
