import type { Instance, ReplicationLink, SemiSync, ServerFailure } from '../../../src/model/topology/instance.ts'
import { parseInstanceKey, type InstanceKey } from '../../../src/model/topology/instance-key.ts'
import { parseVersion } from '../../../src/model/topology/version.ts'
import { expandLetters, uuidOf } from './uuid-letters.ts'

/** The time at which every case happens; ms since 1970. */
export const caseNow = 1_700_000_000_000

type Writable<Value> = { -readonly [Member in keyof Value]: Value[Member] }

/** A server while its line is read. `link` is null for a primary; attributes of a link on a primary are an error of the case. */
export interface Draft {
  readonly instance: Writable<Instance>
  link: Writable<ReplicationLink> | null
  channels: number
  /** Set explicitly, not from the indentation. */
  source: InstanceKey | null
}

interface Attribute {
  readonly says: string
  readonly apply: (draft: Draft, value: string) => void
}

/** Every word that may stand behind a server's name: `word` or `word=value`, without blanks. To add one, add an entry. */
export const attributes: Readonly<Record<string, Attribute>> = {
  'unreachable': { says: 'the last check failed; =kind names the failure', apply: (draft, value) => fails(draft, failureKind(value)) },
  'partly': { says: 'the failed check got an answer before it failed', apply: ({ instance }) => { instance.check = { ...instance.check, partialSuccess: true } } },
  'stale': { says: 'read well, but an hour ago', apply: ({ instance }) => { instance.check = { ...instance.check, lastAttemptedAt: caseNow - 3_600_000, lastCheckedAt: caseNow - 3_600_000, lastSeenAt: caseNow - 3_600_000 } } },
  'seen': { says: 'seconds since it was read', apply: ({ instance }, value) => { const at = caseNow - 1000 * Number(value); instance.check = { ...instance.check, lastAttemptedAt: at, lastCheckedAt: at, lastSeenAt: at } } },
  'read-only': { says: 'read_only and super_read_only', apply: ({ instance }) => { [instance.readOnly, instance.superReadOnly] = [true, true] } },
  'writable': { says: 'neither read_only nor super_read_only', apply: ({ instance }) => { [instance.readOnly, instance.superReadOnly] = [false, false] } },
  'gtid': { says: 'executed set', apply: ({ instance }, value) => { instance.executedGtidSet = expandLetters(value) } },
  'purged': { says: 'purged set', apply: ({ instance }, value) => { instance.purgedGtidSet = expandLetters(value) } },
  'errant': { says: 'errant set', apply: ({ instance }, value) => { instance.errantGtidSet = expandLetters(value) } },
  'received': { says: 'retrieved set', apply: (draft, value) => { linkOf(draft).retrievedGtidSet = expandLetters(value) } },
  'gtid-mode': { says: '@@gtid_mode', apply: ({ instance }, value) => { instance.gtidMode = value } },
  'mariadb': { says: 'a MariaDB at this GTID position', apply: (draft, value) => {
    Object.assign(draft.instance, { version: parseVersion('10.11.19-MariaDB-log', ''), gtidMode: '', serverUuid: '', executedGtidSet: '', mariadbGtid: { binlogPos: value, slavePos: value, currentPos: value, binlogState: value, strictMode: true } })
    if (draft.link !== null) Object.assign(draft.link, { gtid: 'mariadb-slave-pos', sourceUuid: '' })
  } },
  'by': { says: 'gtid, position, slave-pos or current-pos', apply: (draft, value) => { linkOf(draft).gtid = oneOf(value, { gtid: 'mysql', position: 'none', 'slave-pos': 'mariadb-slave-pos', 'current-pos': 'mariadb-current-pos' }) } },
  'io': { says: 'receiver: running, stopped or connecting', apply: (draft, value) => {
    linkOf(draft).receiver = oneOf(value, { running: 'running', stopped: 'stopped', connecting: 'connecting' })
    if (value === 'connecting') linkOf(draft).receiverError = { number: 2003, text: 'error connecting to source', at: caseNow - 1000 }
  } },
  'sql': { says: 'applier: running or stopped', apply: (draft, value) => { linkOf(draft).applier = oneOf(value, { running: 'running', stopped: 'stopped' }) } },
  'io-error': { says: 'number of the receiver\'s error', apply: (draft, value) => { linkOf(draft).receiverError = { number: Number(value), text: `receiver error ${value}`, at: caseNow - 1000 } } },
  'sql-error': { says: 'number of the applier\'s error', apply: (draft, value) => { linkOf(draft).applierError = { number: Number(value), text: `applier error ${value}`, at: caseNow - 1000 } } },
  'failed-on': { says: 'the transaction at which the applier stands, named by its error', apply: (draft, value) => {
    Object.assign(linkOf(draft), { applier: 'stopped', applierError: { number: 1062, text: `Worker 1 failed executing transaction '${expandLetters(value)}' at source log binlog.000001`, at: caseNow - 1000 } })
  } },
  'unread': { says: 'has read and executed nothing of its source yet', apply: draft => { Object.assign(linkOf(draft), { readCoordinates: null, executedCoordinates: null }) } },
  'heard': { says: 'seconds since the receiver heard of its source', apply: (draft, value) => { linkOf(draft).lastHeardAt = caseNow - 1000 * Number(value) } },
  'heartbeat': { says: 'seconds between heartbeats of its source', apply: (draft, value) => { const link = linkOf(draft); link.options = { ...link.options, heartbeatPeriodSeconds: Number(value) } } },
  'lag': { says: 'seconds, or null', apply: (draft, value) => {
    const seconds = value === 'null' ? null : Number(value)
    linkOf(draft).secondsBehindSource = seconds
    draft.instance.replicationLagSeconds = seconds
  } },
  'delay': { says: 'configured delay in seconds', apply: (draft, value) => { linkOf(draft).delaySeconds = Number(value) } },
  'read': { says: 'position read in the source\'s log', apply: (draft, value) => { linkOf(draft).readCoordinates = { file: 'binlog.000001', position: BigInt(value) } } },
  'exec': { says: 'position executed in the source\'s log', apply: (draft, value) => { linkOf(draft).executedCoordinates = { file: 'binlog.000001', position: BigInt(value) } } },
  'at': { says: 'position of its own binary log', apply: ({ instance }, value) => { instance.binlogCoordinates = { file: 'binlog.000001', position: BigInt(value) } } },
  'filters': { says: 'has replication filters', apply: draft => { linkOf(draft).hasFilters = true } },
  'channels': { says: 'number of replication channels', apply: (draft, value) => { draft.channels = Number(value) } },
  'source': { says: 'follows this server, whatever the indentation', apply: (draft, value) => { draft.source = caseKey(value) } },
  'uuid': { says: 'letters of its server_uuid', apply: ({ instance }, value) => { instance.serverUuid = uuidOf(value) } },
  'server-id': { says: '@@server_id', apply: ({ instance }, value) => { instance.serverId = Number(value) } },
  'version': { says: '@@version', apply: ({ instance }, value) => { instance.version = parseVersion(value, '') } },
  'format': { says: 'STATEMENT, MIXED or ROW', apply: ({ instance }, value) => { instance.binlogFormat = value } },
  'no-binlog': { says: 'log_bin is off', apply: ({ instance }) => { instance.logBin = false } },
  'no-binlog-position': { says: 'does not tell where its binary log ends', apply: ({ instance }) => { instance.binlogCoordinates = null } },
  'no-log-updates': { says: 'log_replica_updates is off', apply: ({ instance }) => { instance.logReplicaUpdates = false } },
  'binlog-server': { says: 'is a binlog server', apply: ({ instance }) => { Object.assign(instance, { isBinlogServer: true, readOnly: true }) } },
  'pseudo-gtid': { says: 'uses Pseudo-GTID', apply: ({ instance }) => { instance.usingPseudoGtid = true } },
  'promotion': { says: 'must, prefer, neutral, prefer_not or must_not', apply: ({ instance }, value) => { instance.promotionRule = oneOf(value, { must: 'must', prefer: 'prefer', neutral: 'neutral', prefer_not: 'prefer_not', must_not: 'must_not' }) } },
  'dc': { says: 'data center', apply: ({ instance }, value) => { instance.dataCenter = value } },
  'region': { says: 'region', apply: ({ instance }, value) => { instance.region = value } },
  'env': { says: 'physical environment', apply: ({ instance }, value) => { instance.physicalEnvironment = value } },
  'alias': { says: 'alias of the server', apply: ({ instance }, value) => { instance.alias = value } },
  'suggests': { says: 'alias it suggests for its cluster', apply: ({ instance }, value) => { instance.suggestedClusterAlias = value } },
  'downtime': { says: 'downtimed; =reason', apply: ({ instance }, value) => { instance.downtime = { owner: 'ops', reason: value || 'work', beginsAt: caseNow - 1000, endsAt: caseNow + 600_000 } } },
  'maintenance': { says: 'under maintenance; =reason', apply: ({ instance }, value) => { instance.maintenance = { id: 1, owner: 'ops', reason: value || 'work', beganAt: caseNow - 1000, endsAt: caseNow + 600_000 } } },
  'no-credentials': { says: 'replication credentials cannot be read from it', apply: ({ instance }) => { [instance.replicationCredentialsAvailable, instance.hasReplicationAccount] = [false, false] } },
  'no-account': { says: 'has no replication account of its own', apply: ({ instance }) => { instance.hasReplicationAccount = false } },
  'group': { says: 'name:ROLE[:STATE] in a replication group', apply: ({ instance }, value) => {
    const [name = '', role = '', state = 'ONLINE'] = value.split(':')
    instance.group = { name, isSinglePrimary: true, memberState: state, memberRole: oneOf(role, { PRIMARY: 'PRIMARY', SECONDARY: 'SECONDARY' }), members: [], primary: null }
  } },
  'semi-sync-source': { says: 'enabled as source; =replicas to wait for', apply: (draft, value) => semiSync(draft, { sourceEnabled: true, sourceActive: true, waitForReplicaCount: Number(value || 1), timeoutMilliseconds: 4_294_967_295n }) },
  'semi-sync-fallen-back': { says: 'the source goes on without acknowledgements', apply: draft => semiSync(draft, { sourceActive: false }) },
  'semi-sync-priority': { says: 'DetectSemiSyncEnforcedQuery\'s answer; as replica it is off', apply: (draft, value) => semiSync(draft, { priority: Number(value) }) },
  'semi-sync-timeout': { says: 'milliseconds after which the source goes on without; otherwise never', apply: (draft, value) => semiSync(draft, { timeoutMilliseconds: BigInt(value) }) },
  'semi-sync-goes-on-alone': { says: 'the source goes on without replicas as soon as too few are connected', apply: draft => semiSync(draft, { goesOnAlone: true }) },
  'semi-sync-clients': { says: 'connected semi-sync replicas', apply: (draft, value) => semiSync(draft, { clients: Number(value) }) },
  'semi-sync-replica': { says: 'enabled as replica; =priority', apply: (draft, value) => semiSync(draft, { replicaEnabled: true, replicaActive: true, priority: Number(value || 1) }) },
}

export function caseKey(text: string): InstanceKey {
  const key = parseInstanceKey(text.replace(/^\/\//, ''))
  if (!key.ok) throw new Error(key.failure)
  // A detached source keeps its two strokes, which no address has.
  return (text.startsWith('//') ? `//${key.value}` : key.value) as InstanceKey
}

function linkOf(draft: Draft): Writable<ReplicationLink> {
  if (draft.link === null) throw new Error(`${draft.instance.key} is no replica: indent it below its source or name one by source=`)
  return draft.link
}

const failureTexts = {
  refused: 'connection refused', unreachable: 'no route to host', timeout: 'no answer in time', 'connection-lost': 'connection lost', 'access-denied': 'access denied',
  'too-many-connections': 'too many connections', 'name-unknown': 'unknown host',
} as const satisfies Partial<Record<ServerFailure['kind'], string>>

const failureKind = (value: string): keyof typeof failureTexts =>
  oneOf(value || 'refused', { refused: 'refused', unreachable: 'unreachable', timeout: 'timeout', 'connection-lost': 'connection-lost', 'access-denied': 'access-denied', 'too-many-connections': 'too-many-connections', 'name-unknown': 'name-unknown' })

function fails({ instance }: Draft, kind: keyof typeof failureTexts): void {
  instance.check = { ...instance.check, lastAttemptedAt: caseNow - 1000, lastCheckedAt: caseNow - 1000, lastSeenAt: caseNow - 20_000, failure: { kind, number: null, text: failureTexts[kind] } }
}

const noSemiSync: SemiSync = {
  sourcePluginLoaded: true, replicaPluginLoaded: true, newNames: true, sourceEnabled: false, replicaEnabled: false, sourceActive: false, replicaActive: false,
  clients: 0, waitForReplicaCount: 1, timeoutMilliseconds: 10_000n, priority: 0,
}

function semiSync({ instance }: Draft, more: Partial<SemiSync>): void {
  instance.semiSync = { ...(instance.semiSync ?? noSemiSync), ...more }
}

function oneOf<Value>(word: string, values: Readonly<Record<string, Value>>): Value {
  const value = values[word]
  if (value === undefined) throw new Error(`'${word}' is none of ${Object.keys(values).join(', ')}`)
  return value
}
