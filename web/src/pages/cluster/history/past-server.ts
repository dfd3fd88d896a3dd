import type { PastView } from '../../../../../src/contract/history.ts'
import type { ClusterView, ServerView } from '../../../../../src/contract/views.ts'
import type { PastServer } from '../../../../../src/model/history/past-server.ts'

/** The cluster as the drawing takes it. What is not kept of another time is unknown, and nothing that shows it stands beside the drawing. */
export function pastCluster(view: PastView, present: Pick<ClusterView, 'name' | 'alias'>): ClusterView {
  const members = view.servers.map(server => pastServer(server, view.servers.filter(({ source }) => source === server.key).map(({ key }) => key)))
  const primary = members.find(({ role }) => role === 'primary')
  const [worst] = primary?.statuses ?? []
  return {
    name: view.cluster?.name ?? present.name, alias: view.cluster?.alias ?? present.alias, domain: '', primary: primary === undefined || worst === undefined ? null : { key: primary.key, status: worst },
    servers: members.length, counts: {}, maxLagSeconds: null, recoversPrimary: false, recoversIntermediate: false, worstFinding: null, findings: 0, lastRecovery: null,
    unpublished: [], snapshot: 0, members, allFindings: [], recoveries: [], blocked: [], formerName: null,
  }
}

function pastServer(past: PastServer, replicas: readonly string[]): ServerView {
  const separator = past.key.lastIndexOf(':')
  const isSource = past.source !== null
  return {
    key: past.key, host: past.key.slice(0, separator), port: Number(past.key.slice(separator + 1)), alias: past.alias, clusterName: past.clusterName,
    // The edge: words of the same program, kept by it; one of another version is shown as it stands.
    role: past.role as ServerView['role'], source: past.source, depth: past.depth,
    statuses: past.statuses.map(({ code, severity, number, text }) => ({
      code: code as ServerView['statuses'][number]['code'], severity, since: null, // the same edge
      reason: { code: 'past', parameters: { isPast: true, ...(number === null ? {} : { number }) }, text },
    })),
    version: past.version, flavour: past.flavour, binlogFormat: past.binlogFormat, binlogRowImage: '', logBin: past.logBin, logReplicaUpdates: past.logReplicaUpdates,
    readOnly: past.readOnly, superReadOnly: past.superReadOnly, gtid: past.gtid as ServerView['gtid'], gtidMode: '', executedGtidSet: '', retrievedGtidSet: '', // the same edge
    purgedGtidSet: '', errantGtidSet: '', serverId: 0, serverUuid: '', uptimeSeconds: 0, dataCenter: past.dataCenter, region: '', promotionRule: past.promotionRule,
    replication: !isSource ? null : {
      receiver: past.receiver ?? 'stopped', applier: past.applier ?? 'stopped', receiverError: null, applierError: null, lagSeconds: null, delaySeconds: past.delaySeconds,
      read: null, executed: null, tls: false, user: '', hasFilters: past.hasFilters, channels: past.channels, isDetached: past.isDetached,
    },
    ...(past.group === null ? {} : { group: { ...past.group, state: '' } }),
    semiSync: past.semiSync, binlog: null, downtime: past.downtime, maintenance: past.maintenance, replicas, lastSeenAt: null, lastCheckedAt: null, pollMilliseconds: 0,
  }
}
