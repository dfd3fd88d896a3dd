import type { BinlogCoordinates } from '../../../model/topology/binlog-coordinates.ts'
import { compareKeys, hostOf, instanceKey, type InstanceKey, portOf } from '../../../model/topology/instance-key.ts'
import { parseVersion } from '../../../model/topology/version.ts'
import type { ServerFacts } from '../../../ports/servers.ts'
import { cellNumber, noRows, type Row, type Rows } from '../driver/rows.ts'
import type { MysqlSettings } from '../settings.ts'
import type { Answers } from './batch.ts'
import { patternPart } from './detect.ts'
import { readGroup } from './group-members.ts'
import type { Knowledge } from './knowledge.ts'
import { readClusterNodes, readConnected, readListing } from './replica-listing.ts'
import { countingLink, readLinks } from './replication-status.ts'
import { readAcknowledgers, readSemiSync } from './semi-sync.ts'
import { Variables } from './variables.ts'

export interface FactsInput {
  readonly asked: InstanceKey
  /** The server's key after it told its own name. */
  readonly key: InstanceKey
  readonly knowledge: Knowledge
  readonly answers: Answers
  readonly variables: Row
  readonly status: Rows
  readonly settings: MysqlSettings
  readonly isIgnoredUser: (user: string) => boolean
  readonly nowMonotonic: number
  /** Our time when the answers had come, ms since 1970. */
  readonly now: number
}

/** Everything a full poll's rows say. Pure; `detected` facts are those of the knowledge and may be replaced by the caller. */
export function fullFacts(input: FactsInput): ServerFacts {
  const { key, knowledge, answers, settings } = input
  const { learnt, detected } = knowledge
  const quick = quickFacts(input)
  const variables = new Variables(input.variables)
  const listing = readListing(answers.rows('listing') ?? noRows, input.isIgnoredUser)
  const connected = readConnected(answers.rows('connected') ?? noRows, portOf(key), input.isIgnoredUser)
  const host = hostOf(key)
  return {
    ...quick,
    binlogCoordinates: ownCoordinates(answers.rows('binlogStatus')),
    listedReplicas: withNodes(listing.works ? listing.replicas : connected, readClusterNodes(answers.rows('clusterNodes') ?? noRows, key)),
    semiSync: readSemiSync(learnt.semiSync, variables, answers.rows('semiSyncStatus'), readAcknowledgers(answers.rows('acknowledgers'), answers.rows('registered') ?? answers.rows('listing')), detected.semiSyncPriority),
    group: readGroup(answers.rows('group') ?? noRows, quick.serverUuid),
    replicationLagSeconds: lagOf(answers.rows('lag')) ?? quick.replication?.secondsBehindSource ?? null,
    alias: detected.alias,
    dataCenter: detected.dataCenter ?? patternPart(settings.dataCenterPattern, host),
    region: detected.region ?? patternPart(settings.regionPattern, host),
    physicalEnvironment: detected.physicalEnvironment ?? patternPart(settings.environmentPattern, host),
    usingPseudoGtid: detected.usingPseudoGtid,
    detectedPromotionRule: detected.promotionRule, detectedClusterAlias: detected.clusterAlias, detectedClusterDomain: detected.clusterDomain,
  }
}

/** Identity, read-only state, GTID sets and replication; the rest as the last full poll left it. */
export function quickFacts({ key, knowledge, answers, variables: row, status, settings, nowMonotonic, now }: FactsInput): ServerFacts {
  const { learnt } = knowledge
  const variables = new Variables(row)
  const isMariadb = learnt.dialect.family === 'mariadb'
  const channels = readLinks(status, {
    dialect: learnt.dialect, utcOffsetMinutes: learnt.utcOffsetMinutes, storedOptions: learnt.storedOptions, lastHeardAt: lastHeard(answers.rows('receiverTimes'), now),
  })
  const replication = countingLink(channels)
  const version = parseVersion(variables.text('version'), variables.text('versionComment'))
  return {
    ...(knowledge.lastFacts ?? noFacts(key)),
    key, hostname: variables.text('hostname'), serverId: variables.number('serverId'), serverUuid: variables.text('serverUuid'), version,
    uptimeSeconds: Math.max(0, Math.floor((nowMonotonic - learnt.startedAtMonotonic) / 1000)),
    readOnly: variables.flag('readOnly'), superReadOnly: variables.flag('superReadOnly'), logBin: variables.flag('logBin'),
    logReplicaUpdates: variables.flag('logReplicaUpdates'), binlogFormat: variables.text('binlogFormat'), binlogRowImage: variables.text('binlogRowImage'),
    gtidMode: variables.text('gtidMode'), executedGtidSet: variables.text('gtidExecuted'), purgedGtidSet: variables.text('gtidPurged'),
    mariadbGtid: isMariadb
      ? {
          binlogPos: variables.text('gtidBinlogPos'), slavePos: variables.text('gtidSlavePos'), currentPos: variables.text('gtidCurrentPos'),
          binlogState: variables.text('gtidBinlogState'), strictMode: variables.flag('gtidStrictMode'),
        }
      : null,
    replication, channels,
    replicationCredentialsAvailable: settings.credentialsQuery !== '' || [...learnt.storedOptions.values()].some(stored => stored.hasUser),
    hasReplicationAccount: channels.some(({ user }) => user !== '') || [...learnt.storedOptions.values()].some(stored => stored.hasUser),
    replicationLagSeconds: settings.lagQuery === '' ? (replication?.secondsBehindSource ?? null) : (knowledge.lastFacts?.replicationLagSeconds ?? null),
    isBinlogServer: version.flavour === 'MaxScale',
    probeWay: knowledge.probeWay,
  }
}

const withNodes = (replicas: readonly InstanceKey[], nodes: readonly InstanceKey[]): readonly InstanceKey[] =>
  (nodes.length === 0 ? replicas : [...new Set([...replicas, ...nodes])].sort(compareKeys))

export function noFacts(key: InstanceKey): Omit<ServerFacts, 'version' | 'replication' | 'channels'> {
  return {
    key, alias: '', hostname: '', serverId: 0, serverUuid: '', uptimeSeconds: 0, readOnly: false, superReadOnly: false, logBin: false,
    logReplicaUpdates: false, binlogFormat: '', binlogRowImage: '', binlogCoordinates: null, gtidMode: '', executedGtidSet: '', purgedGtidSet: '',
    mariadbGtid: null, replicationCredentialsAvailable: false, hasReplicationAccount: false, listedReplicas: [], replicationLagSeconds: null, semiSync: null, group: null,
    isBinlogServer: false, usingPseudoGtid: false, dataCenter: '', region: '', physicalEnvironment: '',
    detectedPromotionRule: null, detectedClusterAlias: '', detectedClusterDomain: '',
  }
}

function ownCoordinates(rows: Rows | null): BinlogCoordinates | null {
  const row = rows?.first ?? null
  return row === null || row.text('file') === '' ? null : { file: row.text('file'), position: row.bigint('position') }
}

/** The lag query's answer; negative becomes 0. */
function lagOf(rows: Rows | null): number | null {
  const lag = cellNumber(rows?.first?.at(0) ?? null)
  return lag === null ? null : Math.max(0, lag)
}

/**
 * Channel → the later one of the last heartbeat and the last transaction that was queued, ms since 1970 on our clock: what counts is how long ago
 * it was by the server's clock, which may differ from ours by any amount. In the midst of a transaction the receiver hears right now.
 */
function lastHeard(rows: Rows | null, now: number): ReadonlyMap<string, number> {
  const heard = new Map<string, number>()
  for (const row of rows?.all() ?? []) {
    const readAt = row.number('read_at')
    const at = Math.max(row.number('heartbeat_at') ?? 0, row.number('queued_at') ?? 0)
    if (readAt === null || (at === 0 && !row.flag('is_queueing'))) continue
    const secondsAgo = row.flag('is_queueing') ? 0 : Math.max(0, readAt - at)
    heard.set(row.text('channel_name'), Math.round(now - secondsAgo * 1000))
  }
  return heard
}

/** The name a server is filed under (contract discovery.md 3, step 2); null when it was to tell its report_host and has none. */
export function resolvedKey(asked: InstanceKey, method: string, variables: Row): InstanceKey | null {
  const port = portOf(asked)
  switch (method.toLowerCase()) {
    case 'default':
    case 'hostname':
    case '@@hostname': {
      const hostname = variables.text('hostname')
      return hostname === '' ? asked : instanceKey(hostname, port)
    }
    case 'report_host':
    case '@@report_host': {
      const reportHost = variables.text('reporthost')
      return reportHost === '' ? null : instanceKey(reportHost, port)
    }
    default:
      return asked
  }
}
