import { type Recording, recordings } from './recordings.ts'

/**
 * Which walk holds which recording, in the order in which it is asked: later ones show what earlier ones did. Each recording stands in exactly one.
 * An address is asked between them, for what it does.
 */

const under = (folder: string, ...names: readonly string[]): readonly string[] => names.map(name => `${folder}/${name}.json`)
const all = (folder: string): readonly string[] => Object.keys(recordings).filter(name => name.startsWith(`${folder}/`))

/** Nothing was discovered yet, and nothing was written to the audit. */
export const nothingYet: readonly string[] = [
  ...all('empty-backend'), ...under('audit', 'audit-empty'), ...under('analysis', 'replication-analysis-changelog'), ...under('problems', 'problems-mysql'),
  ...under('recovery', 'audit-recovery-empty', 'blocked-recoveries-empty', 'active-cluster-recovery-empty', 'audit-recovery-steps-unknown', 'ack-all-recoveries-none'),
  ...under('status', 'health', 'status', 'health-mysql-backend', 'health-after-reelect', 'lb-check', 'ping', 'leader-check', 'leader-check-503', 'routed-leader-check', 'headers'),
  'errors/head-method.txt', ...under('metrics', 'debug-metrics', 'debug-vars'), ...all('agents-disabled'), ...all('raft-disabled'),
]

/** The four servers are remembered, and none is asked: one section after the other. */
export const remembered: Readonly<Record<string, readonly string[]>> = {
  'servers and clusters are told': [
    ...under('instance', 'instance-3308', 'instance-3309', 'instance-3311', 'instance-mysql-backend', 'instance-replicas', 'instance-replicas-leaf', 'bulk-instances'),
    ...under('cluster', 'all-instances', 'cluster', 'cluster-alias', 'cluster-instance', 'cluster-by-hint-alias', 'cluster-by-member', 'cluster-info', 'cluster-info-alias', 'clusters', 'clusters-info',
      'master', 'masters', 'topology', 'topology-tabulated', 'topology-by-instance', 'topology-tags-empty', 'cluster-osc-replicas', 'cluster-osc-slaves'),
    ...all('search'), ...under('problems', 'problems', 'problems-cluster'),
    ...under('analysis', 'replication-analysis', 'replication-analysis-cluster', 'replication-analysis-instance'),
    ...under('edge', 'trailing-slash', 'replication-analysis-cluster-unknown', 'replication-analysis-instance-unknown'),
    ...under('replication', 'can-replicate-from', 'can-replicate-from-child', 'can-replicate-from-gtid', 'master-equivalent'), ...under('kv', 'submit-masters-to-kv-stores-cluster'),
  ],
  'what cannot be done is answered with the reason': [
    ...under('errors', 'cluster-alias-unknown', 'cluster-info-unknown', 'cluster-info-colon', 'cluster-instance-unknown', 'cluster-unknown', 'instance-bad-port', 'instance-port-zero', 'instance-unknown',
      'instance-unknown-ip', 'master-unknown', 'topology-unknown', 'downtimed-unknown-cluster', 'graceful-takeover-unknown-cluster', 'submit-masters-unknown', 'heuristic-cluster-pool-lag-unknown',
      'can-replicate-from-self', 'can-replicate-from-unknown', 'discover-bad-port', 'reload-cluster-alias', 'master-equivalent-nan', 'resolve-refused'),
    'errors/not-found.txt', 'errors/double-slash.txt', 'errors/post-method.txt', 'errors/put-method.txt', 'errors/register-hostname-unresolve-badport.txt',
  ],
  'tags are set, read, searched and removed': [
    ...under('tags', 'tags-none', 'tag', 'tag-path', 'tag-b', 'tag-noval', 'tags'), ...under('cluster', 'topology-tags'),
    ...under('tags', 'tag-value', 'tag-value-path', 'tag-value-empty', 'tagged', 'tagged-eq', 'tagged-and', 'tagged-and-not', 'tagged-not', 'tagged-none'),
    ...under('errors', 'tag-value-none', 'tag-bad', 'tag-empty', 'tagged-empty', 'untag-all-no-value', 'untag-all-path'),
    ...under('tags', 'untag', 'untag-nomatch', 'untag-path'), '/api/untag/127.0.0.1/3311?tag=role', ...under('tags', 'untag-all'), ...under('edge', 'tag-value-with-newline', 'tags-after-newline'),
  ],
  'promotion rules are registered, shown and listed': [...under('instance', 'register-candidate', 'bulk-promotion-rules'), ...under('errors', 'register-candidate-bad-rule')],
  'pools are submitted and read': [
    ...under('pools', 'submit-pool-instances', 'submit-pool-instances-unknown', 'cluster-pool-instances-name', 'cluster-pool-instances-pool', 'cluster-pool-instances-nopool', 'cluster-pool-instances',
      'heuristic-cluster-pool-instances-nopool', 'heuristic-cluster-pool-instances', 'heuristic-cluster-pool-instances-pool', 'heuristic-cluster-pool-lag', 'heuristic-cluster-pool-lag-pool',
      'heuristic-cluster-pool-lag-nopool', 'submit-pool-instances-empty', 'cluster-pool-instances-after-empty'),
    ...under('instance', 'register-candidate-neutral'),
  ],
  'maintenance and downtime are begun, seen and ended': [
    ...under('maintenance', 'maintenance-empty', 'in-maintenance-not', 'begin-maintenance'), ...under('errors', 'begin-maintenance-again'), ...under('maintenance', 'maintenance', 'in-maintenance', 'end-maintenance'),
    ...under('edge', 'end-maintenance-id-unknown', 'end-maintenance-not-in'), ...under('errors', 'end-maintenance-id-nan'),
    ...under('downtime', 'downtimed-empty', 'begin-downtime', 'begin-downtime-default', 'downtimed', 'downtimed-cluster', 'instance-downtimed', 'topology-downtimed', 'end-downtime', 'end-downtime-b'),
    ...under('edge', 'end-downtime-not-in', 'begin-downtime-unknown-instance'), ...under('errors', 'begin-downtime-bad-duration'),
  ],
  'virtual names and snapshots': under('meta', 'register-hostname-unresolve', 'instance-unresolved', 'deregister-hostname-unresolve', 'reset-hostname-resolve-cache', 'snapshot-topologies'),
  'automatic recovery is switched, and recoveries are acknowledged': [
    ...under('recovery', 'check-global-recoveries', 'disable-global-recoveries', 'check-global-recoveries-disabled', 'enable-global-recoveries', 'automated-recovery-filters', 'ack-recovery-id',
      'ack-recovery-uid', 'ack-all-recoveries', 'ack-recovery-instance', 'recently-active-cluster-recovery-alias', 'audit-recovery-page', 'audit-failure-detection-page'),
    ...under('errors', 'ack-no-comment', 'ack-recovery-nan'), ...under('edge', 'ack-recovery-unknown-id'),
  ],
  'figures': [
    ...under('metrics', 'backend-query-metrics-raw', 'backend-query-metrics-aggregated', 'discovery-metrics-aggregated', 'discovery-queue-metrics-raw', 'discovery-queue-metrics-raw-queue',
      'discovery-queue-metrics-aggregated', 'discovery-queue-metrics-aggregated-queue', 'write-buffer-metrics-aggregated'),
    ...under('errors', 'discovery-metrics-raw-0', 'discovery-metrics-raw-nan', 'discovery-queue-unknown', 'queue-nan', 'backend-nan'),
  ],
  'the audit, more than two pages of it': [
    ...Array.from({ length: 42 }, (_, number) => `/api/begin-downtime/127.0.0.1/3309/o/number%20${number}/1m`),
    ...under('audit', 'audit', 'audit-page', 'audit-bad-page', 'audit-far-page', 'audit-instance', 'audit-instance-page', 'audit-mysql'), '/api/end-downtime/127.0.0.1/3309',
  ],
  'a cluster is given an alias': [...under('cluster', 'set-cluster-alias', 'cluster-info-override'), ...under('kv', 'submit-masters-to-kv-stores'), ...under('cluster', 'set-cluster-alias-back')],
  'the configuration, and the office': [...under('status', 'reload-configuration'), ...under('meta', 'grab-election', 'reelect')],
}

/** Other settings, by the recording. */
export const configured: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'auth/basic-no-credentials.txt': { AuthenticationMethod: 'basic', HTTPAuthUser: 'u', HTTPAuthPassword: 'p', URLPrefix: '/orc' },
  'auth/message-prefix.json': { PrependMessagesWithOrcIdentity: 'custom', CustomOrcIdentity: 'me' },
  'auth/unauthorized.json': { ReadOnly: true },
  'metrics/write-buffer-metrics-raw.json': {},
  'cluster/clusters-info-no-auto-recovery.json': { RecoverMasterClusterFilters: ['nosuch'], RecoverIntermediateMasterClusterFilters: ['nosuch'] },
  'status/automated-recovery-filters-none.json': { RecoverMasterClusterFilters: [], RecoverIntermediateMasterClusterFilters: ['nosuch'] },
}

const isOf = (note: string) => ([, recording]: [string, Recording]): boolean => recording.note === note
const ofGroup = [...Object.entries(recordings).filter(isOf('raft leader')), ...Object.entries(recordings).filter(isOf('raft follower'))].map(([name]) => name)

/** What needs three processes, of which the leader knows servers. */
export const managers: readonly string[] = under('raft', 'follower-clusters-info', 'follower-discover-proxied', 'follower-tag-proxied', 'follower-hostname-resolve-cache', 'follower-reload-configuration')

/** What a group answers, tried on one manager that is told what it is (src/http/former/raft.test.ts). */
export const group: readonly string[] = ofGroup.filter(name => !managers.includes(name))

/** What is told of servers that died, of recoveries and of takeovers (test/long/http-walk-recovery.test.ts). */
export const recoveries: readonly string[] = ((): readonly string[] => {
  const elsewhere: ReadonlySet<string> = new Set([...nothingYet, ...Object.values(remembered).flat()])
  return [
    ...all('im'), ...all('recovery').filter(name => !elsewhere.has(name)), ...under('errors', 'discover-dead', 'stop-replica-dead'), ...under('cluster', 'cluster-dead-master'), ...under('problems', 'problems-dead-master'),
    ...under('analysis', 'replication-analysis-changelog-dead', 'replication-analysis-dead-master', 'replication-analysis-dead-master-instance'),
  ]
})()

/** Asked by none, and why. */
export const leftOut: Readonly<Record<string, string>> = Object.fromEntries(managers.map(name => [name, 'that a member passes a request on, and what it answers itself, is tried on real groups in test/integration/raft-managers.test.ts; the values are of the servers that were recorded']))

/** The rest is asked of a service that polls real servers (test/long/http-walk.test.ts). */
export const servers: readonly string[] = ((): readonly string[] => {
  const elsewhere: ReadonlySet<string> = new Set([...nothingYet, ...Object.values(remembered).flat(), ...Object.keys(configured), ...group, ...recoveries, ...Object.keys(leftOut)])
  return Object.keys(recordings).filter(name => !elsewhere.has(name))
})()
