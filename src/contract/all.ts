import { accessToken } from './access-token.ts'
import {
  agent, agentAbortSeed, agentActiveSeeds, agentCreateSnapshot, agentCustomCommand, agentMount, agentRecentSeeds, agentRemoveVolume, agents, agentSeed, agentSeedDetails, agentSeedStates,
  agentStartMysql, agentStopMysql, agentUnmount, seeds,
} from './agents.ts'
import { replicationAnalysis } from './analysis.ts'
import { audit } from './audit.ts'
import { bulkPromotionRules, registerCandidate } from './candidates.ts'
import { flushBinaryLogs, purgeBinaryLogs } from './binary-logs.ts'
import { cluster, clusterInfo, clusters, clustersInfo, primaries, primary, setClusterAlias, topology, topologyTabulated } from './clusters.ts'
import { reloadClusterAlias, reloadConfiguration } from './configuration.ts'
import { asyncDiscover, discover, forget, forgetCluster, refresh } from './discovery.ts'
import { doctor } from './doctor.ts'
import { cloneProgress, rejoinPrimary, rejoinPrimaryInjectEmpty, reprovision, returnedPrimaries } from './returned.ts'
import { beginDowntime, downtimed, endDowntime } from './downtime.ts'
import { disableGtid, enableGtid, gtidErrantInjectEmpty, gtidErrantResetSource, locateGtidErrant } from './gtid.ts'
import { allInstances, bulkInstances, find, instance, instanceReplicas, problems, search } from './instances.ts'
import { beginMaintenance, endMaintenance, inMaintenance, maintenance } from './maintenance.ts'
import {
  backendQueryMetricsAggregated, backendQueryMetricsRaw, discoveryMetricsAggregated, discoveryMetricsRaw, discoveryQueueMetricsAggregated, discoveryQueueMetricsRaw,
  writeBufferMetricsAggregated, writeBufferMetricsRaw,
} from './metrics.ts'
import {
  deregisterHostnameUnresolve, hostnameResolveCache, registerHostnameUnresolve, resetHostnameResolveCache, resolve, showResolveHosts, showUnresolveHosts,
} from './names.ts'
import type { AnyOperation } from './operation.ts'
import { clusterPoolInstances, heuristicClusterPoolInstances, heuristicClusterPoolLag, submitPoolInstances } from './pools.ts'
import {
  correlateBinlogPosition, correlateRelayPosition, findBinlogEntry, lastExecutedRelayEntry, lastPseudoGtid, match, matchReplicas, matchUp, matchUpReplicas, rematch,
} from './pseudo-gtid.ts'
import {
  ackAllRecoveries, ackRecovery, activeClusterRecovery, auditFailureDetection, auditRecovery, auditRecoverySteps, automatedRecoveryFilters,
  blockedRecoveries, checkGlobalRecoveries, disableGlobalRecoveries, enableGlobalRecoveries, forceFailover, forceTakeover, gracefulTakeover, gracefulTakeoverAuto,
  recentlyActiveClusterRecovery, recentlyActiveInstanceRecovery, recover, recoverLite,
} from './recovery.ts'
import {
  makeCoPrimary, makeLocalPrimary, makePrimary, moveBelow, moveGtid, moveReplicasGtid, moveUp, moveUpReplicas, regroupReplicas, regroupReplicasBls, regroupReplicasGtid, regroupReplicasPgtid, moveEquivalent, sourceEquivalent, relocate,
  relocateReplicas, repoint, repointReplicas, takeSiblings, takeSource,
} from './relocation.ts'
import { submitPrimaries } from './publication.ts'
import {
  changeSourceCredentials, delayReplication, detachReplica, killQuery, reattachReplica, resetReplica, restartReplica, restartReplicaStatements, setReadOnly, setWriteable,
  skipQuery, sourcePositionWait, startReplica, stopReplica, stopReplicaNice,
} from './replication.ts'
import { disableSemiSyncReplica, disableSemiSyncSource, enableSemiSyncReplica, enableSemiSyncSource } from './semi-sync.ts'
import { snapshotTopologies } from './snapshots.ts'
import { tag, taggedInstances, tagsOfInstance, tagValue, untag, untagAll } from './tags.ts'
import {
  candidateReplica, canReplicateFrom, canReplicateFromGtid, clusterGhostReplicas, clusterHeuristicLag, clusterOscReplicas, heuristicDomainInstance,
  replicationAnalysisChangelog, setHeuristicDomainInstance, topologyTags, suggestPromotedReplacement,
} from './which.ts'
import { whatIf } from './what-if.ts'
import { activeNodes, grabElection, health, lbCheck, leaderCheck, reelect, routedLeaderCheck, status } from './service.ts'
import {
  raftAddPeer, raftFollowerHealthReport, raftHealth, raftLeader, raftPeers, raftRemovePeer, raftSnapshot, raftState, raftStatus, raftYield, raftYieldHint,
} from './raft.ts'

/** Every operation under its name. Routes are tried, and commands listed, in this order. */
export const contract = {
  'relocate': relocate,
  'relocate-replicas': relocateReplicas,
  'take-siblings': takeSiblings,
  'regroup-replicas': regroupReplicas,
  'regroup-replicas-bls': regroupReplicasBls,
  'submit-primaries': submitPrimaries,
  'move-up': moveUp,
  'move-up-replicas': moveUpReplicas,
  'move-below': moveBelow,
  'repoint': repoint,
  'repoint-replicas': repointReplicas,
  'take-source': takeSource,
  'make-co-primary': makeCoPrimary,
  'make-primary': makePrimary,
  'make-local-primary': makeLocalPrimary,
  'move-gtid': moveGtid,
  'move-replicas-gtid': moveReplicasGtid,
  'regroup-replicas-gtid': regroupReplicasGtid,
  'regroup-replicas-pgtid': regroupReplicasPgtid,
  'move-equivalent': moveEquivalent,
  'source-equivalent': sourceEquivalent,
  'match': match,
  'match-up': matchUp,
  'rematch': rematch,
  'match-replicas': matchReplicas,
  'match-up-replicas': matchUpReplicas,
  'last-pseudo-gtid': lastPseudoGtid,
  'find-binlog-entry': findBinlogEntry,
  'correlate-binlog-pos': correlateBinlogPosition,
  'correlate-relaylog-pos': correlateRelayPosition,
  'last-executed-relay-entry': lastExecutedRelayEntry,
  'stop-replica': stopReplica,
  'start-replica': startReplica,
  'restart-replica': restartReplica,
  'set-read-only': setReadOnly,
  'set-writeable': setWriteable,
  'skip-query': skipQuery,
  'gtid-errant-inject-empty': gtidErrantInjectEmpty,
  'gtid-errant-reset-master': gtidErrantResetSource,
  'locate-gtid-errant': locateGtidErrant,
  'detach-replica': detachReplica,
  'reattach-replica': reattachReplica,
  'reset-replica': resetReplica,
  'enable-gtid': enableGtid,
  'disable-gtid': disableGtid,
  'enable-semi-sync-source': enableSemiSyncSource,
  'disable-semi-sync-source': disableSemiSyncSource,
  'enable-semi-sync-replica': enableSemiSyncReplica,
  'disable-semi-sync-replica': disableSemiSyncReplica,
  'delay-replication': delayReplication,
  'flush-binary-logs': flushBinaryLogs,
  'purge-binary-logs': purgeBinaryLogs,
  'kill-query': killQuery,
  'stop-replica-nice': stopReplicaNice,
  'restart-replica-statements': restartReplicaStatements,
  'change-master-credentials': changeSourceCredentials,
  'source-position-wait': sourcePositionWait,
  'find': find,
  'search': search,
  'clusters': clusters,
  'clusters-info': clustersInfo,
  'primaries': primaries,
  'topology': topology,
  'topology-tabulated': topologyTabulated,
  'all-instances': allInstances,
  'instance': instance,
  'cluster-info': clusterInfo,
  'primary': primary,
  'cluster': cluster,
  'downtimed': downtimed,
  'instance-replicas': instanceReplicas,
  'problems': problems,
  'set-cluster-alias': setClusterAlias,
  'discover': discover,
  'async-discover': asyncDiscover,
  'refresh': refresh,
  'forget': forget,
  'forget-cluster': forgetCluster,
  'begin-downtime': beginDowntime,
  'end-downtime': endDowntime,
  'recover': recover,
  'recover-lite': recoverLite,
  'graceful-takeover': gracefulTakeover,
  'graceful-takeover-auto': gracefulTakeoverAuto,
  'force-failover': forceFailover,
  'force-takeover': forceTakeover,
  'replication-analysis': replicationAnalysis,
  'automated-recovery-filters': automatedRecoveryFilters,
  'audit-failure-detection': auditFailureDetection,
  'audit-recovery': auditRecovery,
  'audit-recovery-steps': auditRecoverySteps,
  'active-cluster-recovery': activeClusterRecovery,
  'recently-active-cluster-recovery': recentlyActiveClusterRecovery,
  'recently-active-instance-recovery': recentlyActiveInstanceRecovery,
  'ack-all-recoveries': ackAllRecoveries,
  'ack-recovery': ackRecovery,
  'blocked-recoveries': blockedRecoveries,
  'disable-global-recoveries': disableGlobalRecoveries,
  'enable-global-recoveries': enableGlobalRecoveries,
  'check-global-recoveries': checkGlobalRecoveries,
  'bulk-instances': bulkInstances,
  'audit': audit,
  'tags': tagsOfInstance,
  'tag-value': tagValue,
  'tagged': taggedInstances,
  'tag': tag,
  'untag': untag,
  'untag-all': untagAll,
  'submit-pool-instances': submitPoolInstances,
  'cluster-pool-instances': clusterPoolInstances,
  'heuristic-cluster-pool-instances': heuristicClusterPoolInstances,
  'heuristic-cluster-pool-lag': heuristicClusterPoolLag,
  'register-candidate': registerCandidate,
  'bulk-promotion-rules': bulkPromotionRules,
  'begin-maintenance': beginMaintenance,
  'end-maintenance': endMaintenance,
  'in-maintenance': inMaintenance,
  'maintenance': maintenance,
  'resolve': resolve,
  'hostname-resolve-cache': hostnameResolveCache,
  'reset-hostname-resolve-cache': resetHostnameResolveCache,
  'show-resolve-hosts': showResolveHosts,
  'show-unresolve-hosts': showUnresolveHosts,
  'register-hostname-unresolve': registerHostnameUnresolve,
  'deregister-hostname-unresolve': deregisterHostnameUnresolve,
  'topology-tags': topologyTags,
  'cluster-osc-replicas': clusterOscReplicas,
  'cluster-gh-ost-replicas': clusterGhostReplicas,
  'cluster-heuristic-lag': clusterHeuristicLag,
  'can-replicate-from': canReplicateFrom,
  'can-replicate-from-gtid': canReplicateFromGtid,
  'candidate-replica': candidateReplica,
  'suggest-promoted-replacement': suggestPromotedReplacement,
  'heuristic-domain-instance': heuristicDomainInstance,
  'set-heuristic-domain-instance': setHeuristicDomainInstance,
  'replication-analysis-changelog': replicationAnalysisChangelog,
  'snapshot-topologies': snapshotTopologies,
  'discovery-metrics-raw': discoveryMetricsRaw,
  'discovery-metrics-aggregated': discoveryMetricsAggregated,
  'discovery-queue-metrics-raw': discoveryQueueMetricsRaw,
  'discovery-queue-metrics-aggregated': discoveryQueueMetricsAggregated,
  'backend-query-metrics-raw': backendQueryMetricsRaw,
  'backend-query-metrics-aggregated': backendQueryMetricsAggregated,
  'write-buffer-metrics-raw': writeBufferMetricsRaw,
  'write-buffer-metrics-aggregated': writeBufferMetricsAggregated,
  'what-if': whatIf,
  'doctor': doctor,
  'returned-primaries': returnedPrimaries, 'rejoin-primary': rejoinPrimary, 'rejoin-primary-inject-empty': rejoinPrimaryInjectEmpty,
  'reprovision': reprovision, 'clone-progress': cloneProgress,
  'access-token': accessToken,
  'active-nodes': activeNodes, 'grab-election': grabElection, 'reelect': reelect,
  'reload-configuration': reloadConfiguration, 'reload-cluster-alias': reloadClusterAlias,
  'health': health,
  'status': status,
  'lb-check': lbCheck,
  'leader-check': leaderCheck,
  'routed-leader-check': routedLeaderCheck,
  'raft-status': raftStatus, 'raft-peers': raftPeers, 'raft-state': raftState, 'raft-leader': raftLeader, 'raft-health': raftHealth, 'raft-snapshot': raftSnapshot,
  'raft-follower-health-report': raftFollowerHealthReport, 'raft-add-peer': raftAddPeer, 'raft-remove-peer': raftRemovePeer,
  'agents': agents, 'agent': agent, 'agent-umount': agentUnmount, 'agent-mount': agentMount, 'agent-create-snapshot': agentCreateSnapshot, 'agent-removelv': agentRemoveVolume,
  'agent-mysql-stop': agentStopMysql, 'agent-mysql-start': agentStartMysql, 'agent-seed': agentSeed, 'agent-active-seeds': agentActiveSeeds, 'agent-recent-seeds': agentRecentSeeds,
  'agent-seed-details': agentSeedDetails, 'agent-seed-states': agentSeedStates, 'agent-abort-seed': agentAbortSeed, 'agent-custom-command': agentCustomCommand, 'seeds': seeds,
  'raft-yield': raftYield, 'raft-yield-hint': raftYieldHint,
} as const satisfies Readonly<Record<string, AnyOperation>>

export type Contract = typeof contract
export type OperationName = keyof Contract

/** An operation by its name, or by one of its former commands. */
const byName: ReadonlyMap<string, OperationName> = new Map([
  ...typedNames().flatMap(name => contract[name].former.commands.map(command => [command, name] as const)),
  ...typedNames().map(name => [name, name] as const),
])

export const operationNamed = (name: string): OperationName | undefined => byName.get(name)

export function typedNames(): readonly OperationName[] {
  // Object.keys loses the literal names; these are exactly the keys of the object above.
  return Object.keys(contract) as OperationName[]
}
