import type { ChannelView, ServerRole, ServerView } from '../../../contract/views.ts'
import { coordinatesText } from '../../../model/topology/binlog-coordinates.ts'
import { isDetachedFromSource } from '../../../model/topology/describe.ts'
import { type FreshnessPolicy, isDowntimed, isUnderMaintenance } from '../../../model/topology/freshness.ts'
import type { Instance, ReplicationLink, ThreadError } from '../../../model/topology/instance.ts'
import { hostOf, portOf } from '../../../model/topology/instance-key.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import type { ServerLabels } from './labels.ts'
import { statusesOf } from './server-status.ts'

/** One server as the page shows it. */
export function serverView(topology: Topology, instance: Instance, labels: ServerLabels, policy: FreshnessPolicy, now: number): ServerView {
  const replicas = topology.replicasOf(instance.key)
  const { replication, version, semiSync, downtime, maintenance, check, group } = instance
  return {
    key: instance.key, host: hostOf(instance.key), port: portOf(instance.key), alias: instance.alias, clusterName: instance.clusterName,
    role: roleOf(instance, replicas.length), source: replication?.source ?? null, depth: instance.replicationDepth,
    statuses: statusesOf(instance, replicas.length, policy, now),
    version: version.text, flavour: version.flavour, binlogFormat: instance.binlogFormat, binlogRowImage: instance.binlogRowImage,
    logBin: instance.logBin, logReplicaUpdates: instance.logReplicaUpdates, readOnly: instance.readOnly, superReadOnly: instance.superReadOnly,
    gtid: gtidOf(instance), gtidMode: instance.gtidMode, executedGtidSet: instance.executedGtidSet, retrievedGtidSet: replication?.retrievedGtidSet ?? '',
    purgedGtidSet: instance.purgedGtidSet, errantGtidSet: instance.errantGtidSet, serverId: instance.serverId, serverUuid: instance.serverUuid,
    uptimeSeconds: instance.uptimeSeconds, dataCenter: instance.dataCenter, region: instance.region, promotionRule: instance.promotionRule,
    replication: replication === null ? null : linkView(instance, replication),
    ...(instance.channels.length > 1 ? { channels: instance.channels.map(channelView) } : {}),
    ...(labels.tags.length > 0 ? { tags: labels.tags } : {}), ...(labels.pools.length > 0 ? { pools: labels.pools } : {}),
    ...(group !== null && group.name !== '' ? { group: { name: group.name, state: group.memberState, isSinglePrimary: group.isSinglePrimary } } : {}),
    semiSync: semiSync === null ? null
      : { sourceEnabled: semiSync.sourceEnabled, replicaEnabled: semiSync.replicaEnabled, clients: semiSync.clients, waitFor: semiSync.waitForReplicaCount },
    binlog: instance.binlogCoordinates === null ? null : coordinatesText(instance.binlogCoordinates),
    downtime: downtime !== null && isDowntimed(instance, now) ? { owner: downtime.owner, reason: downtime.reason, endsAt: downtime.endsAt } : null,
    maintenance: maintenance !== null && isUnderMaintenance(instance, now) ? { owner: maintenance.owner, reason: maintenance.reason } : null,
    replicas: replicas.map(replica => replica.key),
    lastSeenAt: check.lastSeenAt, lastCheckedAt: check.lastCheckedAt, pollMilliseconds: Math.round(check.latencyMilliseconds * 10) / 10,
  }
}

function linkView(instance: Instance, link: ReplicationLink): NonNullable<ServerView['replication']> {
  return {
    receiver: link.receiver, applier: link.applier, receiverError: errorView(link.receiverError), applierError: errorView(link.applierError),
    lagSeconds: instance.replicationLagSeconds, delaySeconds: link.delaySeconds,
    read: link.readCoordinates === null ? null : coordinatesText(link.readCoordinates),
    executed: link.executedCoordinates === null ? null : coordinatesText(link.executedCoordinates),
    tls: link.options.tlsAllowed, user: link.user, hasFilters: link.hasFilters, channels: instance.channels.length, isDetached: isDetachedFromSource(instance),
  }
}

const channelView = ({ channel, source, receiver, applier, secondsBehindSource, receiverError, applierError }: ReplicationLink): ChannelView =>
  ({ name: channel, source, receiver, applier, lagSeconds: secondsBehindSource, error: receiverError.text || applierError.text || null })

const errorView = (error: ThreadError): ThreadError | null => (error.number === 0 ? null : error)

export function roleOf(instance: Instance, replicas: number): ServerRole {
  if (instance.check.lastSeenAt === null) return 'unknown'
  if (instance.group !== null && instance.group.name !== '') return instance.group.memberRole === 'PRIMARY' ? 'group-primary' : 'group-member'
  if (instance.isBinlogServer) return 'binlog-server'
  if (instance.isCoPrimary) return 'co-primary'
  if (instance.replication === null) return 'primary'
  return replicas > 0 ? 'intermediate' : 'replica'
}

export function gtidOf(instance: Instance): ServerView['gtid'] {
  const kind = instance.replication?.gtid ?? 'none'
  if (kind === 'mysql' || (instance.replication === null && instance.gtidMode === 'ON')) return 'mysql'
  if (kind !== 'none' || (instance.replication === null && instance.mariadbGtid !== null)) return 'mariadb'
  return instance.usingPseudoGtid ? 'pseudo' : 'none'
}
