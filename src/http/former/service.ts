import type { NodeHealth, NodeRecord } from '../../contract/service.ts'
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
export const formerHealth = (health: NodeHealth) => ({
  Healthy: health.healthy,
  Hostname: health.hostname,
  Token: health.token,
  IsActiveNode: health.isActive,
  ActiveNode: formerNode(health.active),
  Error: health.failure === '' ? null : { Message: health.failure },
  AvailableNodes: health.available.map(formerNode),
  RaftLeader: '',
  IsRaftLeader: false,
  RaftLeaderURI: '',
  RaftAdvertise: '',
  RaftHealthyMembers: null,
})
