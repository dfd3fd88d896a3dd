import type { Contract, OperationName } from '../../contract/all.ts'
import type { OutputOf } from '../../contract/operation.ts'
import { regroupCounts, type NotMoved, type Regrouped } from '../../contract/relocation.ts'
import type { Instance } from '../../model/topology/instance.ts'
import { formerAgent, formerSeed, formerSeedState } from './agents.ts'
import { formerAnalysis, formerClusterInfo } from './analysis.ts'
import type { FormerContext } from './context.ts'
import {
  formerChangelog, formerFlush, formerFlushSummary, formerHostNames, formerMaintenance, formerPoll, formerPollSummary, formerPools, formerPromotionRule, formerQueueSummary, formerStoreWrite,
  formerStoreWriteSummary,
} from './facts.ts'
import { formerInstance } from './instance.ts'
import { formerCoordinates, formerKey, formerKeys } from './parts.ts'
import { formerBlockedRecovery, formerDetection, formerLiveRecovery, formerRecovery, formerRecoveryStep } from './recovery.ts'
import { formerAuditEntry, formerHealth, formerRaftState, formerRaftStatus } from './service.ts'

/** A former answer: the bare value, or what goes into the envelope. */
export type FormerAnswer =
  | { readonly bare: unknown; readonly status?: number }
  | { readonly message: string; readonly details: unknown; readonly failed?: boolean }

type Former<Name extends OperationName> = (output: OutputOf<Contract[Name]>, context: FormerContext) => FormerAnswer

const one = (instance: Instance, context: FormerContext): unknown => formerInstance(instance, context)
const many = (instances: readonly Instance[], context: FormerContext): FormerAnswer => ({ bare: instances.map(instance => one(instance, context)) })
/** Lists that the original answers as null when they are empty (contract http-api.md 2); clients know both. */
const manyOrNull = (instances: readonly Instance[], context: FormerContext): FormerAnswer => (instances.length === 0 ? { bare: null } : many(instances, context))

/** The server as read just now; the original leaves what stems from its store empty, and so do we. */
const fresh = (message: (key: string) => string) => (instance: Instance, context: FormerContext): FormerAnswer => ({ message: message(instance.key), details: one(instance, context) })

/** `2 errors: [e1 e2]` */
const errorList = (notMoved: readonly NotMoved[]): string => `${notMoved.length} errors: [${notMoved.map(({ why }) => why.text.trimEnd()).join(' ')}]`

const health = (output: OutputOf<Contract['health']>): FormerAnswer => ({
  message: output.healthy ? 'Application node is healthy' : `Application node is unhealthy ${output.failure}`, details: formerHealth(output), failed: !output.healthy,
})

const leaderCheck = ({ isLeader, status }: OutputOf<Contract['leader-check']>): FormerAnswer => (isLeader ? { bare: 'OK' } : { bare: 'Not leader', status })

const rejoined = ({ server, source }: OutputOf<Contract['rejoin-primary']>, context: FormerContext): FormerAnswer => ({ message: `${server.key} follows ${source}`, details: one(server, context) })

/** Those that stood at the same place are trivial; by GTID the original counts those that moved as moved by Pseudo-GTID. */
function regrouped(output: Regrouped): FormerAnswer {
  const { promoted, notMoved } = output
  const { trivial, searched } = regroupCounts(output)
  return { message: `promoted replica: ${promoted ?? ':0'}, lost: ${notMoved.length}, trivial: ${trivial}, pseudo-gtid: ${searched}`, details: formerKey(promoted) }
}

const agent = (details: OutputOf<Contract['agent']>): FormerAnswer => ({ bare: formerAgent(details) })
const manySeeds = (all: OutputOf<Contract['seeds']>): FormerAnswer => ({ bare: all.map(formerSeed) })

/** How each operation is answered on its former route. A missing entry does not compile. */
export const formerAnswers: { readonly [Name in OperationName]: Former<Name> } = {
  'relocate': ({ replica, source }, context) => ({ message: `Instance ${replica.key} relocated below ${source}`, details: one(replica, context) }),
  'relocate-replicas': ({ of, source, moved, notMoved }, context) =>
    ({ message: `Relocated ${moved.length} replicas of ${of} below ${source}; ${errorList(notMoved)}`, details: moved.map(instance => one(instance, context)) }),
  'take-siblings': ({ replica, moved }, context) => ({ message: `Took ${moved.length} siblings of ${replica.key}`, details: one(replica, context) }),
  'regroup-replicas': regrouped, 'regroup-replicas-pgtid': regrouped,
  'regroup-replicas-gtid': ({ promoted, moved, notMoved }) =>
    ({ message: `promoted replica: ${promoted ?? ':0'}, lost: ${notMoved.length}, moved: ${moved.length}`, details: formerKey(promoted) }),
  'regroup-replicas-bls': ({ promoted }) => ({ message: `promoted binlog server: ${promoted ?? ':0'}`, details: formerKey(promoted) }),
  'submit-primaries': pairs => ({ message: `Submitted ${pairs.length} masters`, details: pairs.length === 0 ? null : pairs.map(({ key, value }) => ({ Key: key, Value: value })) }),
  'move-up': ({ replica }, context) => ({ message: `Instance ${replica.key} moved up`, details: one(replica, context) }),
  // The original names the server itself as the one below which its replicas went.
  'move-up-replicas': ({ of, moved, notMoved }, context) =>
    ({ message: `Moved up ${moved.length} replicas of ${of} below ${of}; ${errorList(notMoved)}`, details: moved.map(instance => one(instance, context)) }),
  'move-equivalent': ({ replica, source }, context) => ({ message: `Instance ${replica.key} relocated via equivalence coordinates below ${source}`, details: one(replica, context) }),
  'source-equivalent': ({ places }) => ({
    message: `Found ${places.length} equivalent coordinates`,
    details: places.length === 0 ? null : places.map(({ server, at }) => ({ Key: formerKey(server), Coordinates: formerCoordinates(at) })),
  }),
  'move-below': ({ replica, source }, context) => ({ message: `Instance ${replica.key} moved below ${source}`, details: one(replica, context) }),
  'repoint': ({ replica, source }, context) => ({ message: `Instance ${replica.key} repointed below ${source}`, details: one(replica, context) }),
  'repoint-replicas': ({ of, moved }, context) => ({ message: `Repointed ${moved.length} replicas of ${of}`, details: moved.map(instance => one(instance, context)) }),
  'take-source': (instance, context) => ({ message: `${instance.key} took its master`, details: one(instance, context) }),
  'make-co-primary': fresh(key => `Instance made co-master: ${key}`),
  'make-primary': fresh(key => `Instance ${key} now made master`),
  'make-local-primary': fresh(key => `Instance ${key} now made local master`),
  'move-gtid': ({ replica, source }, context) => ({ message: `Instance ${replica.key} moved below ${source} via GTID`, details: one(replica, context) }),
  'move-replicas-gtid': ({ of, source, moved, notMoved }) =>
    ({ message: `Moved ${moved.length} replicas of ${of} below ${source} via GTID; ${errorList(notMoved)}`, details: formerKey(source) }),
  'match': ({ replica, source, at }, context) => ({ message: `Instance ${replica.key} matched below ${source} at ${at}`, details: one(replica, context) }),
  'match-up': ({ replica, at }, context) => ({ message: `Instance ${replica.key} matched up at ${at}`, details: one(replica, context) }),
  'rematch': ({ replica, source, at }, context) => ({ message: `Instance ${replica.key} matched below ${source} at ${at}`, details: one(replica, context) }),
  'match-replicas': ({ of, source, moved, notMoved }) => ({ message: `Matched ${moved.length} replicas of ${of} below ${source}; ${errorList(notMoved)}`, details: formerKey(source) }),
  'match-up-replicas': ({ of, source, moved, notMoved }) => ({ message: `Matched up ${moved.length} replicas of ${of} below ${source}; ${errorList(notMoved)}`, details: formerKey(source) }),
  'last-pseudo-gtid': ({ at, text }) => ({ message: at, details: text }),
  'find-binlog-entry': ({ at, text }) => ({ message: at, details: text }),
  'correlate-binlog-pos': ({ at }) => ({ message: at, details: at }),
  'correlate-relaylog-pos': ({ own, found, next }) => ({ message: `${own};${found};${next}`, details: [own, found, next] }),
  'last-executed-relay-entry': event => ({ message: event.at, details: event }),
  'stop-replica': fresh(key => `Replica stopped: ${key}`),
  'start-replica': fresh(key => `Replica started: ${key}`),
  'restart-replica': fresh(key => `Replica restarted: ${key}`),
  'set-read-only': fresh(() => 'Server set as read-only'),
  'set-writeable': fresh(() => 'Server set as writeable'),
  'skip-query': fresh(key => `Query skipped on ${key}`),
  'gtid-errant-inject-empty': ({ replica, primary, count }, context) => ({ message: `Have injected ${count} transactions on cluster master ${primary}`, details: one(replica, context) }),
  'gtid-errant-reset-master': fresh(key => `Removed errant GTID on ${key} and issued a RESET MASTER`),
  'locate-gtid-errant': files => ({ message: 'located errant GTID', details: files }),
  'detach-replica': fresh(key => `Replica detached: ${key}`),
  'reattach-replica': fresh(key => `Replica reattached: ${key}`),
  'reset-replica': fresh(key => `Replica reset on ${key}`),
  'enable-gtid': fresh(key => `Enabled GTID on ${key}`),
  'disable-gtid': fresh(key => `Disabled GTID on ${key}`),
  'enable-semi-sync-source': fresh(() => 'master semi-sync set to true'),
  'disable-semi-sync-source': fresh(() => 'master semi-sync set to false'),
  'enable-semi-sync-replica': fresh(() => 'replica semi-sync set to true'),
  'disable-semi-sync-replica': fresh(() => 'replica semi-sync set to false'),
  'delay-replication': ({ replica, seconds }) => ({ message: `Replication delayed: ${replica.key}`, details: seconds }),
  'flush-binary-logs': fresh(key => `Binary logs flushed on: ${key}`),
  'purge-binary-logs': fresh(key => `Binary logs flushed on: ${key}`),
  'kill-query': fresh(key => `Query killed on : ${key}`),
  'stop-replica-nice': fresh(key => `Replica stopped nicely: ${key}`),
  'restart-replica-statements': ({ replica, statements }) => ({ message: `statements for: ${replica.key}`, details: statements }),
  'change-master-credentials': fresh(key => `Replication credentials re-applied on ${key}`),
  'source-position-wait': fresh(key => key),

  'find': many,
  'search': many,
  'all-instances': many,
  'instance-replicas': many,
  'cluster': many,
  'downtimed': many,
  'problems': manyOrNull,
  'primaries': manyOrNull,
  'instance': (instance, context) => ({ bare: one(instance, context) }),
  'primary': (instance, context) => ({ bare: one(instance, context) }),
  'bulk-instances': keys => ({ bare: formerKeys(keys) }),
  'clusters': names => ({ bare: names.length === 0 ? null : names }),
  'clusters-info': summaries => ({ bare: summaries.map(formerClusterInfo) }),
  'cluster-info': summary => ({ bare: formerClusterInfo(summary) }),
  'topology': ({ cluster, text }) => ({ message: `Topology for cluster ${cluster}`, details: text }),
  'topology-tabulated': ({ cluster, text }) => ({ message: `Topology for cluster ${cluster}`, details: text }),
  'set-cluster-alias': ({ cluster, alias }) => ({ message: `Cluster ${cluster} now has alias '${alias}'`, details: null }),

  'discover': (instance, context) =>
    (instance === null ? { message: 'No instances discovered', details: null } : { message: `Instance discovered: ${instance.key}`, details: one(instance, context) }),
  'async-discover': key => ({ message: `Asynchronous discovery initiated for Instance: ${key}`, details: null }),
  'refresh': key => ({ message: `Instance refreshed: ${key}`, details: formerKey(key) }),
  'forget': key => ({ message: `Instance forgotten: ${key}`, details: formerKey(key) }),
  'forget-cluster': ({ cluster }) => ({ message: `Cluster forgotten: ${cluster}`, details: null }),
  'begin-downtime': key => ({ message: `Downtime begun: ${key}`, details: formerKey(key) }),
  'end-downtime': key => ({ message: `Downtime ended: ${key}`, details: formerKey(key) }),

  'replication-analysis': (findings, context) => ({
    message: 'Analysis',
    details: findings.map(finding => {
      const alias = context.aliasOf(finding.clusterName)
      return formerAnalysis({
        key: finding.key, code: finding.code, description: finding.description, replicas: finding.replicas, finding, now: context.now, node: context.node,
        instance: context.topology.get(finding.key) ?? null, startActivePeriod: '', isActionable: false, commandHint: '',
        // The original counts no servers here, and a cluster without a domain has its name for one (contract failure-detection.md 7).
        cluster: {
          name: finding.clusterName, alias, domain: context.topology.decisions.domains.get(finding.clusterName) ?? finding.clusterName, servers: 0,
          ...context.recovers({ name: finding.clusterName, alias }),
        },
      })
    }),
  }),
  'recover': recovery => ({ message: `Recovery executed on ${recovery.key}`, details: formerKey(recovery.successor) }),
  'recover-lite': recovery => ({ message: `Recovery executed on ${recovery.key}`, details: formerKey(recovery.successor) }),
  'graceful-takeover': (recovery, context) => ({ message: 'graceful-master-takeover: successor promoted', details: formerLiveRecovery(recovery, context) }),
  'graceful-takeover-auto': (recovery, context) => ({ message: 'graceful-master-takeover: successor promoted', details: formerLiveRecovery(recovery, context) }),
  'force-failover': (recovery, context) => ({ message: 'Master failed over', details: formerLiveRecovery(recovery, context) }),
  'force-takeover': (recovery, context) => ({ message: 'Master failed over', details: formerLiveRecovery(recovery, context) }),
  'automated-recovery-filters': ({ primary, intermediate, ignoredHosts }) => ({
    message: 'Automated recovery configuration details',
    details: { RecoverIntermediateMasterClusterFilters: intermediate, RecoverMasterClusterFilters: primary, RecoveryIgnoreHostnameFilters: ignoredHosts },
  }),
  'audit-failure-detection': (detections, context) => ({ bare: detections.map(detection => formerDetection(detection, context)) }),
  'audit-recovery': (recoveries, context) => ({ bare: recoveries.map(recovery => formerRecovery(recovery, context)) }),
  'active-cluster-recovery': (recoveries, context) => ({ bare: recoveries.map(recovery => formerRecovery(recovery, context)) }),
  'recently-active-cluster-recovery': (recoveries, context) => ({ bare: recoveries.map(recovery => formerRecovery(recovery, context)) }),
  'recently-active-instance-recovery': (recoveries, context) => ({ bare: recoveries.map(recovery => formerRecovery(recovery, context)) }),
  'audit-recovery-steps': steps => ({ bare: steps.map(formerRecoveryStep) }),
  'ack-recovery': ({ what }) => {
    if ('cluster' in what) return { message: 'Acknowledged cluster recoveries', details: what.cluster }
    if ('instance' in what) return { message: 'Acknowledged instance recoveries', details: formerKey(what.instance) }
    return { message: 'Acknowledged recovery', details: 'id' in what ? what.id : what.all }
  },
  'ack-all-recoveries': ({ what }) => ({ message: 'Acknowledged all recoveries', details: 'all' in what ? what.all : null }),
  'blocked-recoveries': blocked => ({ bare: blocked.map(formerBlockedRecovery) }),
  'disable-global-recoveries': () => ({ message: 'Globally disabled recoveries', details: 'disabled' }),
  'enable-global-recoveries': () => ({ message: 'Globally enabled recoveries', details: 'enabled' }),
  'check-global-recoveries': ({ enabled }) => ({ message: `Global recoveries ${enabled ? 'enabled' : 'disabled'}`, details: enabled ? 'enabled' : 'disabled' }),
  'audit': entries => ({ bare: entries.map(formerAuditEntry) }),

  'tags': tags => ({ bare: tags }),
  'tag-value': value => ({ bare: value }),
  'tagged': keys => ({ bare: formerKeys(keys) }),
  'tag': ({ instance, tag }) => ({ message: `${instance} tagged with ${tag}`, details: formerKey(instance) }),
  'untag': ({ name, removed }) => ({ message: `${name} removed from ${removed.length} instances`, details: formerKeys(removed) }),
  'untag-all': ({ name, removed }) => ({ message: `${name} removed from ${removed.length} instances`, details: formerKeys(removed) }),
  'submit-pool-instances': pool => ({ message: `Applied ${pool} pool instances`, details: pool }),
  'cluster-pool-instances': pools => ({ message: `Read pool instances for cluster ${pools.cluster}`, details: formerPools(pools) }),
  'heuristic-cluster-pool-instances': ({ cluster, instances }, context) => ({
    message: `Heuristic pool instances for cluster ${cluster}`, details: instances.map(instance => one(instance, context)),
  }),
  'heuristic-cluster-pool-lag': ({ cluster, lagSeconds }) => ({ message: `Heuristic pool lag for cluster ${cluster}`, details: lagSeconds }),
  'register-candidate': key => ({ message: 'Registered candidate', details: formerKey(key) }),
  'bulk-promotion-rules': rules => ({ bare: rules.length === 0 ? null : rules.map(formerPromotionRule) }),
  'begin-maintenance': key => ({ message: `Maintenance begun: ${key}`, details: formerKey(key) }),
  'end-maintenance': ended => ({ message: `Maintenance ended: ${ended}`, details: typeof ended === 'number' ? ended : formerKey(ended) }),
  'in-maintenance': ({ instance, isLocked }) => ({ message: String(isLocked), details: isLocked ? instance : '' }),
  'maintenance': (all, { now }) => ({ bare: all.map(entry => formerMaintenance(entry, now)) }),
  'resolve': key => ({ message: 'Instance resolved', details: formerKey(key) }),
  'hostname-resolve-cache': names => ({ message: 'Cache retrieved', details: formerHostNames(names) }),
  'reset-hostname-resolve-cache': () => ({ message: 'Hostname cache cleared', details: null }),
  'show-resolve-hosts': pairs => ({ bare: pairs }),
  'show-unresolve-hosts': pairs => ({ bare: pairs }),
  'register-hostname-unresolve': key => ({ message: 'Hostname register unresolve completed', details: formerKey(key) }),
  'deregister-hostname-unresolve': key => ({ message: 'Hostname deregister unresolve completed', details: formerKey(key) }),
  'topology-tags': ({ cluster, text }) => ({ message: `Topology for cluster ${cluster}`, details: text }),
  'cluster-osc-replicas': many,
  'cluster-gh-ost-replicas': many,
  'cluster-heuristic-lag': lag => ({ bare: lag }),
  'can-replicate-from': ({ source, allowed }) => ({ message: String(allowed), details: formerKey(source) }),
  'can-replicate-from-gtid': ({ source, allowed }) => ({ message: String(allowed), details: formerKey(source) }),
  'candidate-replica': key => ({ bare: formerKey(key) }),
  'suggest-promoted-replacement': key => ({ bare: formerKey(key) }),
  'heuristic-domain-instance': ({ instance }) => ({ bare: formerKey(instance) }),
  'set-heuristic-domain-instance': ({ instance }) => ({ bare: formerKey(instance) }),
  'replication-analysis-changelog': all => ({ bare: all.length === 0 ? null : all.map(formerChangelog) }),
  'snapshot-topologies': ({ milliseconds }) => ({ message: 'Topology Snapshot completed', details: `Took ${milliseconds.toFixed(3)}ms` }),
  'discovery-metrics-raw': polls => ({ bare: polls.map(formerPoll) }),
  'discovery-metrics-aggregated': summary => ({ bare: formerPollSummary(summary) }),
  'discovery-queue-metrics-raw': samples => ({ bare: samples.map(({ active, queued }) => ({ Active: active, Queued: queued })) }),
  'discovery-queue-metrics-aggregated': summary => ({ bare: formerQueueSummary(summary) }),
  'backend-query-metrics-raw': writes => ({ bare: writes.map(formerStoreWrite) }),
  'backend-query-metrics-aggregated': summary => ({ bare: formerStoreWriteSummary(summary) }),
  'write-buffer-metrics-raw': flushes => ({ bare: flushes.length === 0 ? null : flushes.map(formerFlush) }),
  'write-buffer-metrics-aggregated': summary => ({ bare: formerFlushSummary(summary) }),

  'returned-primaries': returned => ({ bare: returned }),
  'rejoin-primary': rejoined, 'rejoin-primary-inject-empty': rejoined, 'reprovision': rejoined,
  'clone-progress': progress => ({ bare: progress }),
  'what-if': foreseen => ({ bare: foreseen }),
  'doctor': report => ({ bare: report }),
  'grab-election': () => ({ message: 'Node elected as leader', details: null }),
  'reload-configuration': ({ also }) => ({ message: 'Config reloaded', details: also }),
  'reload-cluster-alias': () => ({ message: '', details: null }),
  'reelect': () => ({ message: 'Set re-elections', details: null }),
  'access-token': ({ publicToken }) => ({ bare: publicToken }),
  'active-nodes': nodes => ({ bare: nodes }),
  'health': health,
  'status': health,
  'lb-check': () => ({ bare: 'OK' }),
  'leader-check': leaderCheck,
  'routed-leader-check': leaderCheck,
  'agents': all => ({ bare: all.map(formerAgent) }),
  'agent': agent, 'agent-umount': agent, 'agent-mount': agent, 'agent-create-snapshot': agent, 'agent-removelv': agent, 'agent-mysql-stop': agent, 'agent-mysql-start': agent,
  'agent-seed': id => ({ bare: id }),
  'agent-active-seeds': manySeeds, 'agent-recent-seeds': manySeeds, 'agent-seed-details': manySeeds, 'seeds': manySeeds,
  'agent-seed-states': states => ({ bare: states.map(formerSeedState) }),
  'agent-abort-seed': () => ({ bare: true }),
  'agent-custom-command': output => ({ bare: output }),
  'raft-status': status => ({ bare: formerRaftStatus(status) }),
  'raft-peers': peers => ({ bare: peers }),
  'raft-state': state => ({ bare: formerRaftState(state) }),
  'raft-leader': leader => ({ bare: leader }),
  'raft-health': () => ({ bare: 'healthy' }),
  'raft-snapshot': () => ({ bare: 'snapshot created' }),
  'raft-follower-health-report': () => ({ bare: 'health reported' }),
  'raft-add-peer': address => ({ bare: address }),
  'raft-remove-peer': address => ({ bare: address }),
  'raft-yield': () => ({ message: 'Asynchronously yielded', details: null }),
  'raft-yield-hint': hint => ({ message: `Asynchronously yielded by hint ${hint}`, details: hint }),
}
