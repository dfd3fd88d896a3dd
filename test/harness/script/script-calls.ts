/**
 * What the original's client script asks of the API for each of its commands, and what it takes of the answer (contract cli.md 4), said in jq's language.
 * The script itself is not here; these are its calls, as it makes them with curl and jq.
 */

/** What its options say. */
export interface Given {
  /** host/port of -i. */
  readonly instance: string
  /** host/port of -d; '' without. */
  readonly destination: string
  /** The alias, or else -i as given. */
  readonly cluster: string
  readonly owner: string
  readonly reason: string
  readonly duration: string
  readonly rule: string
  readonly tag: string
  readonly pool: string
  readonly hostname: string
  readonly path: string
  readonly query: string
  readonly binlog: string
  readonly seconds: string
  readonly instances: string
  readonly alias: string
}

export interface Call {
  /** Below /api/. */
  readonly path: string
  readonly jq: string
  /** Asked first; what it must answer, where that matters. */
  readonly before?: { readonly path: string; readonly answers?: string }
}

const text = '(.Hostname + ":" + (.Port | tostring))'
const key = `.Key | ${text}`
const detailsKey = `.Details.Key | ${text}`
const detailsIsKey = `.Details | ${text}`
const keys = `.[].Key | ${text}`
const detailsKeys = `.Details[].Key | ${text}`
const below = `.Details | (.Key | ${text}) + "<" + (.MasterKey | ${text})`
const successor = `.Details.SuccessorKey | ${text}`
const both = (state: number): string => `select(.ReplicationSQLThreadState == ${state} and .ReplicationIOThreadState == ${state}) | ${key}`
const encoded = encodeURIComponent

type Make = (given: Given, command: string) => Call

const onInstance = (jq: string): Make => ({ instance }, command) => ({ path: `${command}/${instance}`, jq })
const onPair = (jq: string): Make => ({ instance, destination }, command) => ({ path: `${command}/${instance}/${destination}`, jq })
const onCluster = (jq: string, path?: string): Make => ({ cluster }, command) => ({ path: `${path ?? command}/${cluster}`, jq })
const fixed = (path: string, jq: string): Make => () => ({ path, jq })
const takeover: Make = ({ cluster, destination }, command) => ({ path: `${command}/${cluster}${destination === '' ? '' : `/${destination}`}`, jq: successor })

const sameWay = (names: readonly string[], make: Make): Readonly<Record<string, Make>> => Object.fromEntries(names.map(name => [name, make]))

/** Every command of the script that asks something; `which-api` asks nothing. */
export const scriptCalls: Readonly<Record<string, Make>> = {
  'api': ({ path }) => ({ path, jq: '.' }),
  'async-discover': onInstance(`.Details.Key | ${text}`),
  'discover': onInstance(detailsKey),
  'forget': onInstance('empty'), 'forget-cluster': onCluster('empty'),
  ...sameWay(['topology', 'topology-tabulated', 'topology-tags'], onCluster('.Details')),
  'snapshot-topologies': fixed('snapshot-topologies', '.Details'),
  'clusters': fixed('clusters-info', '.[].ClusterName'), 'clusters-alias': fixed('clusters-info', '.[] | "\\(.ClusterName),\\(.ClusterAlias)"'),
  'search': ({ instances }) => ({ path: `search?s=${instances}`, jq: keys }),
  ...sameWay(['instance', 'which-instance'], ({ instance }) => ({ path: `instance/${instance}`, jq: key })),
  'which-master': ({ instance }) => ({ path: `instance/${instance}`, jq: `.MasterKey | ${text}` }),
  'which-replicas': ({ instance }) => ({ path: `instance-replicas/${instance}`, jq: keys }),
  'which-broken-replicas': ({ instance }) => ({
    path: `instance-replicas/${instance}`,
    jq: `.[] | select((.ReplicationSQLThreadRuning == false or .ReplicationIOThreadRuning == false) and (.LastSQLError != "" or .LastIOError != "")) | ${key}`,
  }),
  'which-cluster': onCluster('.ClusterName', 'cluster-info'), 'which-cluster-alias': onCluster('.ClusterAlias', 'cluster-info'),
  'which-cluster-master': onCluster('.ClusterName', 'master'), 'which-cluster-instances': onCluster(keys, 'cluster'),
  'all-clusters-masters': fixed('masters', keys), 'all-instances': fixed('all-instances', keys),
  'dominant-dc': fixed('masters', '[.[].DataCenter] | group_by(.) | sort_by(length) | last | first'),
  'which-cluster-osc-replicas': onCluster(keys, 'cluster-osc-replicas'),
  'which-cluster-osc-running-replicas': onCluster(`.[] | select(.ReplicationSQLThreadRuning and .ReplicationIOThreadRuning) | ${key}`, 'cluster-osc-replicas'),
  'downtimed': onCluster(keys),
  'submit-masters-to-kv-stores': ({ alias }) => ({ path: `submit-masters-to-kv-stores/${alias}`, jq: '.Details[] | "\\(.Key):\\(.Value)"' }),
  ...sameWay(['relocate', 'match', 'move-below', 'move-equivalent', 'repoint'], onPair(below)),
  ...sameWay(['match-up', 'move-up', 'make-co-master', 'take-master', 'take-siblings'], onInstance(below)),
  ...sameWay(['relocate-replicas', 'match-up-replicas', 'move-up-replicas', 'repoint-replicas'], onPair(detailsKeys)),
  'move-replicas-gtid': onPair(detailsIsKey),
  'tags': onInstance('.[]'),
  'tag-value': ({ instance, tag }) => ({ path: `tag-value/${instance}?tag=${encoded(tag)}`, jq: '.' }),
  'tag': ({ instance, tag }) => ({ path: `tag/${instance}?tag=${encoded(tag)}`, jq: detailsIsKey }),
  'untag': ({ instance, tag }) => ({ path: `untag/${instance}?tag=${encoded(tag)}`, jq: `.Details[] | ${text}` }),
  'untag-all': ({ tag }) => ({ path: `untag-all?tag=${tag}`, jq: `.Details[] | ${text}` }),
  'tagged': ({ tag }) => ({ path: `tagged/?tag=${encoded(tag)}`, jq: `.[] | ${text}` }),
  'submit-pool-instances': ({ pool, instances }) => ({ path: `submit-pool-instances/${pool}?instances=${encoded(instances)}`, jq: '.Details' }),
  'which-heuristic-cluster-pool-instances': ({ cluster, pool }) => ({ path: `heuristic-cluster-pool-instances/${cluster}/${pool}`, jq: detailsKeys }),
  'begin-downtime': ({ instance, owner, reason, duration }) => ({ path: `begin-downtime/${instance}/${encoded(owner)}/${encoded(reason)}/${duration}`, jq: detailsIsKey }),
  'begin-maintenance': ({ instance, owner, reason }) => ({ path: `begin-maintenance/${instance}/${encoded(owner)}/${encoded(reason)}`, jq: detailsIsKey }),
  ...sameWay(['end-downtime', 'end-maintenance', 'deregister-hostname-unresolve'], onInstance(detailsIsKey)),
  'register-candidate': ({ instance, rule }) => ({ path: `register-candidate/${instance}/${rule}`, jq: detailsIsKey }),
  'register-hostname-unresolve': ({ instance, hostname }) => ({ path: `register-hostname-unresolve/${instance}/${hostname}`, jq: detailsIsKey }),
  ...sameWay([
    'stop-replica', 'stop-replica-nice', 'start-replica', 'restart-replica', 'reset-replica', 'change-master-credentials', 'detach-replica', 'reattach-replica',
    'detach-replica-master-host', 'reattach-replica-master-host', 'skip-query', 'gtid-errant-reset-master', 'gtid-errant-inject-empty', 'enable-semi-sync-master',
    'disable-semi-sync-master', 'enable-semi-sync-replica', 'disable-semi-sync-replica', 'set-read-only', 'set-writeable', 'flush-binary-logs',
  ], onInstance(detailsKey)),
  'purge-binary-logs': ({ instance, binlog }) => ({ path: `purge-binary-logs/${instance}/${binlog}`, jq: detailsKey }),
  'restart-replica-statements': ({ instance, query }) => ({ path: `restart-replica-statements/${instance}?q=${encoded(query)}`, jq: '.Details' }),
  'delay-replication': ({ instance, seconds }) => ({ path: `delay-replication/${instance}/${seconds}`, jq: '.Details' }),
  ...sameWay(['can-replicate-from', 'can-replicate-from-gtid'], onPair(`select(.Message | contains("true")) | ${detailsIsKey}`)),
  'is-replicating': ({ instance }) => ({ path: `instance/${instance}`, jq: both(1) }), 'is-replication-stopped': ({ instance }) => ({ path: `instance/${instance}`, jq: both(0) }),
  'which-gtid-errant': ({ instance }) => ({ path: `instance/${instance}`, jq: '.GtidErrant' }),
  'locate-gtid-errant': onInstance('.Details[]'), 'last-pseudo-gtid': onInstance('.Details'),
  'replication-analysis': fixed('replication-analysis',
    `.Details[] | "\\(.AnalyzedInstanceKey | ${text}) (cluster \\(.ClusterDetails.ClusterName)): \\(if .Analysis == "NoProblem" then .StructureAnalysis[0] else .Analysis end)"`),
  // The script asks twice; what the second call makes of a success of the first stands among what we do better.
  'recover': onInstance(detailsIsKey),
  ...sameWay(['graceful-master-takeover', 'graceful-master-takeover-auto'], takeover),
  'force-master-failover': onCluster(successor),
  'force-master-takeover': ({ cluster, destination }) => ({ path: `force-master-takeover/${cluster}/${destination}`, jq: successor }),
  'ack-cluster-recoveries': ({ cluster, reason }) => ({ path: `ack-recovery/cluster/${cluster}?comment=${encoded(reason.split(' ')[0] ?? '')}`, jq: '.Details' }),
  'ack-all-recoveries': ({ reason }) => ({ path: `ack-all-recoveries?comment=${encoded(reason.split(' ')[0] ?? '')}`, jq: '.Details' }),
  ...sameWay(['disable-global-recoveries', 'enable-global-recoveries', 'check-global-recoveries'], (_given, command) => ({ path: command, jq: '.Details' })),
  'raft-leader': () => ({ before: { path: 'raft-state', answers: 'Leader' }, path: 'raft-leader', jq: '.' }),
  'raft-health': fixed('raft-health', '.'),
  'raft-leader-hostname': () => ({ before: { path: 'raft-state', answers: 'Leader' }, path: 'status', jq: '.Details.Hostname' }),
  'raft-elect-leader': ({ hostname }) => ({ before: { path: 'raft-state' }, path: `raft-yield-hint/${hostname}`, jq: '.Details' }),
}
