import type { NodeRecord, ProcessHealth, RaftHealth } from '../../contract/service.ts'
import type { GroupView, RaftStatus } from '../../contract/raft.ts'
import type { AuditEntry } from '../../model/recovery/records.ts'
import { formerKey, formerTime } from './parts.ts'

export const formerAuditEntry = (entry: AuditEntry) => ({
  AuditId: entry.id,
  AuditTimestamp: formerTime(entry.at),
  AuditType: entry.kind,
  AuditInstanceKey: formerKey(entry.key),
  Message: entry.message,
})

const noTime = '0001-01-01T00:00:00Z'

const formerNode = (node: NodeRecord | null) => ({
  Hostname: node?.hostname ?? '',
  Token: node?.token ?? '',
  AppVersion: node?.version ?? '',
  FirstSeenActive: formerTime(node?.firstSeenAt ?? null),
  LastSeenActive: formerTime(node?.lastSeenAt ?? null),
  ExtraInfo: '',
  Command: node?.command ?? '',
  DBBackend: node?.backend ?? '',
  LastReported: noTime,
})

/** HealthStatus (contract http-api.md 5.7). */
export const formerHealth = (health: ProcessHealth) => ({
  Healthy: health.healthy,
  Hostname: health.hostname,
  Token: health.token,
  IsActiveNode: health.isActive,
  ActiveNode: formerNode(health.active),
  Error: health.failure === '' ? null : { Message: health.failure },
  AvailableNodes: health.available.map(formerNode),
  ...formerRaftHealth(health.raft),
})

const formerRaftHealth = (raft: RaftHealth | null) => ({
  RaftLeader: raft?.leader ?? '',
  IsRaftLeader: raft?.isLeader ?? false,
  RaftLeaderURI: raft?.leaderUri ?? '',
  RaftAdvertise: raft?.advertise ?? '',
  RaftHealthyMembers: raft?.healthyMembers ?? null,
})

const raftStates: Readonly<Record<GroupView['state'], string>> = { leader: 'Leader', follower: 'Follower', learner: 'Follower', candidate: 'Candidate', stopped: 'Shutdown' }

/** The word of the original; one that learns follows. */
export const formerRaftState = (state: GroupView['state']): string => raftStates[state]

export const formerRaftStatus = (status: RaftStatus) => ({
  RaftBind: status.bind,
  RaftAdvertise: status.advertise,
  State: formerRaftState(status.state),
  Healthy: status.healthy,
  IsPartOfQuorum: status.isPartOfQuorum,
  Leader: status.leader,
  LeaderURI: status.leaderUri,
  Peers: status.peers,
})
