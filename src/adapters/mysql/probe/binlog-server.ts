import { fail, ok, type Result } from '../../../kit/result.ts'
import type { ReplicationLink, ServerFailure } from '../../../model/topology/instance.ts'
import { hostOf, instanceKey, type InstanceKey, portOf } from '../../../model/topology/instance-key.ts'
import { parseVersion } from '../../../model/topology/version.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { ProbeOptions, ServerFacts } from '../../../ports/servers.ts'
import { maxscale, maxscaleStatements } from '../dialects/maxscale.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection, Statement } from '../driver/driver.ts'
import { cellNumber, noRows, type Rows } from '../driver/rows.ts'
import type { MysqlSettings } from '../settings.ts'
import { patternPart } from './detect.ts'
import { noFacts } from './facts.ts'
import type { Knowledge, Learnt } from './knowledge.ts'
import { readListing } from './replica-listing.ts'
import { countingLink, readLinks } from './replication-status.ts'

/** Null: it is no MaxScale. A server that refuses the question is none either. */
export async function learnMaxscale(connection: Connection, deadline: Deadline, clock: Pick<Clock, 'monotonic'>): Promise<Result<Learnt | null, ServerFailure>> {
  const asked = await connection.run([maxscaleStatements.isIt], deadline, 'stop')
  if (!asked.ok) return asked
  const [rows] = asked.value
  const told = rows?.ok === true ? rows.value.rows.find(([name]) => String(name).toUpperCase() === 'MAXSCALE_VERSION') : undefined
  if (told === undefined) return ok(null)
  connection.isOneByOne = true
  const [, version] = told
  return ok({
    version: parseVersion(`${String(version ?? '') || '0.0.0'}-maxscale`, ''), dialect: maxscale, account: '', plainBackslash: false, utcOffsetMinutes: null,
    startedAtMonotonic: clock.monotonic(), semiSync: null, hasGroupPlugin: false, readable: new Set(), storedOptions: new Map(),
  })
}

export interface BinlogServerInput {
  readonly key: InstanceKey
  readonly knowledge: Knowledge
  readonly settings: MysqlSettings
  readonly isIgnoredUser: (user: string) => boolean
  readonly depth: ProbeOptions['depth']
}

/**
 * The facts of a binlog server (contract discovery.md 2.4). What it does not tell is what all of them are: read-only, and writing the log
 * that it reads. Its replicas are those that registered with it.
 */
export async function readBinlogServer(connection: Connection, input: BinlogServerInput, deadline: Deadline): Promise<Result<ServerFacts, ServerFailure>> {
  const { key, knowledge: { learnt, lastFacts }, settings, isIgnoredUser, depth } = input
  const isFirst = learnt.version.text.includes('1.1.0')
  const asked: readonly Statement[] = [
    maxscale.replicaStatus, isFirst ? maxscaleStatements.firstServerId : maxscaleStatements.serverId, isFirst ? maxscaleStatements.firstHostname : maxscaleStatements.serverUuid,
    ...(depth === 'full' ? [maxscale.binlogStatus, maxscale.listReplicas] : []),
  ]
  const sent = await connection.run(asked, deadline, 'go on')
  if (!sent.ok) return sent
  const [status, serverId, third, own, listing] = sent.value
  if (status === undefined || !status.ok) return fail(status?.failure ?? { kind: 'not-mysql', number: null, text: `${key} does not answer as a binlog server` })
  const links = readLinks(status.value, { dialect: maxscale, utcOffsetMinutes: null, storedOptions: new Map(), lastHeardAt: new Map() })
  if (links.length === 0) return fail({ kind: 'configuration', number: null, text: `No 'SHOW SLAVE STATUS' output found for a MaxScale instance: ${key}` })
  const channels = isFirst ? links.map(link => asFirst(link, String(firstCell(third) ?? ''), status.value)) : links
  const replication = countingLink(channels)
  const row = rowsOf(own).first
  const binlogCoordinates = row === null || row.text('file') === '' ? null : { file: row.text('file'), position: row.bigint('position') }
  return ok({
    ...(lastFacts ?? noFacts(key)),
    key, hostname: hostOf(key), serverId: cellNumber(firstCell(serverId)) ?? 0, serverUuid: isFirst ? '' : String(firstCell(third) ?? ''), version: learnt.version,
    uptimeSeconds: 0, readOnly: true, superReadOnly: false, logBin: true, logReplicaUpdates: true, binlogFormat: 'INHERIT', isBinlogServer: true,
    replication, channels, replicationLagSeconds: replication?.secondsBehindSource ?? null,
    dataCenter: patternPart(settings.dataCenterPattern, hostOf(key)), region: patternPart(settings.regionPattern, hostOf(key)),
    physicalEnvironment: patternPart(settings.environmentPattern, hostOf(key)),
    ...(depth === 'full' ? { binlogCoordinates: binlogCoordinates ?? replication?.executedCoordinates ?? null, listedReplicas: readListing(rowsOf(listing), isIgnoredUser).replicas } : {}),
    probeWay: { way: 'status', missingGrants: [] },
  })
}

/** 1.1.0 tells its source by its own host name, and always says that it runs. */
function asFirst(link: ReplicationLink, sourceHost: string, status: Rows): ReplicationLink {
  const receives = status.first?.text('slave_io_state') === 'Binlog Dump'
  return { ...link, source: sourceHost === '' ? link.source : instanceKey(sourceHost, portOf(link.source)), receiver: link.receiver === 'running' && !receives ? 'stopped' : link.receiver }
}

/** What was refused tells nothing. */
const rowsOf = (outcome: Result<Rows, ServerFailure> | undefined): Rows => (outcome?.ok === true ? outcome.value : noRows)
const firstCell = (outcome: Result<Rows, ServerFailure> | undefined): string | number | null => rowsOf(outcome).first?.at(0) ?? null
