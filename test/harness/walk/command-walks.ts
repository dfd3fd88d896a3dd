import { golden } from '../recorded/recorded-topology.ts'

/** A command of the original, and how it ended (test/fixtures/golden/cli/index.json). */
export interface CommandRecording {
  readonly args: readonly string[]
  readonly exit: number
  readonly stdout: string
  readonly stderr?: string
}

// The index has this shape.
export const commandRecordings = JSON.parse(golden('cli/index.json')) as Readonly<Record<string, CommandRecording>>

/** A recording, or a command that is run for what it does. */
export type CommandStep = string | readonly string[]

const on3309 = ['-i', '127.0.0.1:3309']

/** They need no server: what they print is compared byte by byte, in this order (test/integration/cli.test.ts). */
export const ofStore: readonly CommandStep[] = [
  'all-clusters-masters', 'all-instances', 'bulk-instances', 'clusters', 'clusters-alias', 'find', 'search', 'topology', 'topology-alias', 'topology-tabulated', 'topology-unknown', 'which-cluster',
  'which-cluster-unknown', 'which-cluster-alias', 'which-cluster-domain', 'which-cluster-instances', 'which-cluster-master', 'which-instance', 'which-master', 'which-master-of-master', 'which-replicas',
  'which-slaves', 'which-gtid-errant', 'instance-status', 'is-replicating', 'is-replicating-master', 'multi-instance', 'cli-positional-command', 'replication-analysis',
  'check-global-recoveries', 'disable-global-recoveries', 'check-global-recoveries-disabled', 'enable-global-recoveries',
  'ack-all-recoveries', 'ack-cluster-recoveries', 'ack-instance-recoveries', 'ack-all-recoveries-noreason',
  'begin-downtime', 'which-downtimed-instances', 'which-downtimed-instances-all', 'end-downtime', 'begin-downtime-badduration', 'begin-downtime-noreason',
  'begin-maintenance', 'begin-maintenance-again', 'begin-maintenance-noreason', 'in-maintenance', 'end-maintenance', 'in-maintenance-not',
  'can-replicate-from', 'can-replicate-from-no', 'register-candidate', 'bulk-promotion-rules', 'register-candidate-must', 'bad-promotion-rule', 'register-candidate-neutral',
  'register-hostname-unresolve', 'show-unresolve-hosts', 'deregister-hostname-unresolve', 'show-resolve-hosts', 'reset-hostname-resolve-cache', 'resolve-refused',
  'submit-pool-instances', 'cluster-pool-instances', 'which-heuristic-cluster-pool-instances', 'submit-pool-nopool',
  'tag', 'tags', 'tag-value', 'tag-bad', 'tag-value-none', ['-c', 'tag', ...on3309, '--tag', 'role=backup'], ['-c', 'tag', '-i', '127.0.0.1:3311', '--tag', 'role=backup'], 'tagged',
  'untag', 'topology-tags', 'untag-all-novalue', 'untag-all',
  'get-candidate-replica', 'get-candidate-slave', 'get-cluster-heuristic-lag', 'which-cluster-gh-ost-replicas', 'which-cluster-osc-replicas', 'which-cluster-osc-slaves',
  'which-heuristic-domain-instance', 'set-heuristic-domain-instance', 'snapshot-topologies', 'submit-masters-to-kv-stores',
  ['-c', 'begin-downtime', '-i', '127.0.0.1:3308', '-reason', 'lost-in-recovery'], 'which-lost-in-recovery', ['-c', 'end-downtime', '-i', '127.0.0.1:3308'],
  'find-nopattern', 'search-nopattern', 'forget-noinstance', 'forget-unknown', 'relocate-both', 'relocate-nodest', 'which-instance-unknown', 'help-topic-unknown', 'noop-set-read-only', 'noop-reset-replica',
  'force-master-takeover-nodest', 'master-pos-wait-nobinlog', 'purge-binary-logs-nobinlog', 'find-binlog-entry-nopattern',
]

/** What is before any store, or of the program itself: each by a process of its own (test/integration/cli.test.ts). `lines`: descriptions are ours, and so are commands and flags beside the original's. `keys`: of one line of JSON, each with a value of the same type. */
export const ofProgram: Readonly<Record<string, 'whole' | 'lines' | 'last' | 'status' | 'keys'>> = {
  'unknown-flag': 'lines', 'missing-value': 'lines', 'help-flag': 'lines', 'help-c': 'lines', 'help-positional': 'lines', 'unknown-command': 'lines', 'cli-positional': 'lines',
  'missing-config': 'last', 'bad-positional': 'status', 'no-args': 'status', 'version': 'status', 'help-topic': 'status', 'help-topic-c': 'status', 'help-topic-slave': 'status',
  'redeploy-internal-db': 'whole', 'dump-config': 'keys',
}

/** Asked of four real servers, through the database of a service that polls them (test/long/command-walk.test.ts). */
export const ofServers: readonly string[] = [
  'discover', 'discover-unreachable', 'relocate', 'relocate-s', 'relocate-illegal', 'relocate-replicas', 'relocate-slaves', 'take-siblings', 'regroup-replicas', 'regroup-replicas-gtid', 'repoint', 'repoint-replicas',
  'move-up', 'move-up-replicas', 'move-below', 'move-gtid', 'move-replicas-gtid', 'stop-slave', 'is-replication-stopped', 'start-slave', 'start-replica', 'restart-replica', 'restart-slave-statements',
  'stop-slave-master', 'set-read-only', 'set-writeable', 'skip-query', 'enable-gtid', 'flush-binary-logs', 'detach-replica', 'reattach-replica', 'locate-gtid-errant', 'correlate-binlog-pos',
  'last-executed-relay-entry', 'graceful-nodest', 'graceful-master-takeover', 'graceful-master-takeover-auto', 'recover-healthy', 'which-gtid-errant-some', 'locate-gtid-errant-some',
  'replication-analysis-errant', 'replication-analysis-dead', 'topology-dead', 'topology-after-failover',
]

const otherConfiguration = 'the configuration that was used is not recorded; what each mistake in a file says is tried in src/config and test/integration/cli.test.ts'

/** Compared with nothing, and why. */
export const commandsLeftOut: Readonly<Record<string, string>> = {
  'config-bad-json': otherConfiguration, 'config-bad-type': otherConfiguration, 'config-lenient': otherConfiguration, 'config-sqlite-nofile': otherConfiguration,
  'raft-help': 'the text is free but for its beginning, which is tried in test/integration/managers-cli.test.ts', 'raft-refused': 'the text is free but for its beginning, which is tried in test/integration/managers-cli.test.ts',
  'raft-help-topic': 'as without Raft', 'raft-ignore': 'as without Raft',
  'resolve': 'the servers listen on another address here; the route of that name is compared in test/long/http-walk.test.ts',
  'access-token': 'a new one every time; that it lets its owner in is tried in test/integration/every-route.test.ts', 'active-nodes': 'the original prints how it holds them in memory; ours is tried in test/integration/managers-cli.test.ts',
}
