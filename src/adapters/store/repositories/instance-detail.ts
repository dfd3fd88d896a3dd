import type { BinlogCoordinates } from '../../../model/topology/binlog-coordinates.ts'
import type { Instance, ReplicationLink, SemiSync, ServerFailure, ThreadError } from '../../../model/topology/instance.ts'

/** What is known of a server beyond the original's columns; kept as JSON in `instance_detail`. */
export interface InstanceDetail {
  readonly hostname: string
  readonly superReadOnly: boolean
  readonly mariadbGtid: Instance['mariadbGtid']
  readonly semiSync: Pick<SemiSync, 'sourcePluginLoaded' | 'replicaPluginLoaded' | 'newNames' | 'goesOnAlone'> | null
  readonly link: LinkDetail | null
  /** Only where there is more than the one channel. */
  readonly channels: readonly StoredLink[] | null
  readonly failure: ServerFailure | null
  readonly lagSeconds: number | null
}

type LinkDetail = Pick<ReplicationLink, 'channel' | 'user' | 'gtid' | 'retrievedGtidSet' | 'lastHeardAt' | 'options'> & {
  readonly receiverError: Omit<ThreadError, 'text'>
  readonly applierError: Omit<ThreadError, 'text'>
}

type StoredCoordinates = readonly [file: string, position: string] | null
type StoredLink = Omit<ReplicationLink, 'readCoordinates' | 'executedCoordinates' | 'relayLogCoordinates'> & {
  readonly readCoordinates: StoredCoordinates
  readonly executedCoordinates: StoredCoordinates
  readonly relayLogCoordinates: StoredCoordinates
}

export function instanceDetail(instance: Instance): InstanceDetail {
  const { replication: link, channels, semiSync } = instance
  return {
    hostname: instance.hostname, superReadOnly: instance.superReadOnly, mariadbGtid: instance.mariadbGtid,
    semiSync:
      semiSync === null
        ? null
        : { sourcePluginLoaded: semiSync.sourcePluginLoaded, replicaPluginLoaded: semiSync.replicaPluginLoaded, newNames: semiSync.newNames, ...(semiSync.goesOnAlone === undefined ? {} : { goesOnAlone: semiSync.goesOnAlone }) },
    link: link === null ? null : linkDetail(link),
    channels: channels.length === (link === null ? 0 : 1) ? null : channels.map(storedLink),
    failure: instance.check.failure,
    lagSeconds: instance.replicationLagSeconds,
  }
}

/** The detail without what changes with every poll: equal texts mean that the detail need not be written again. */
export function stableText({ mariadbGtid, link, channels, failure, lagSeconds: _lag, ...rest }: InstanceDetail): string {
  const still = <Link extends LinkDetail | StoredLink>({ retrievedGtidSet: _set, lastHeardAt: _heard, ...kept }: Link): object => kept
  return JSON.stringify([
    rest, mariadbGtid?.strictMode, link === null ? null : still(link), failure === null ? null : [failure.kind, failure.number, failure.grant],
    channels?.map(channel => ({ ...still(channel), secondsBehindSource: null, readCoordinates: null, executedCoordinates: null, relayLogCoordinates: null })),
  ])
}

function linkDetail(link: ReplicationLink): LinkDetail {
  const { channel, user, gtid, retrievedGtidSet, lastHeardAt, options, receiverError, applierError } = link
  return {
    channel, user, gtid, retrievedGtidSet, lastHeardAt, options,
    receiverError: { number: receiverError.number, at: receiverError.at }, applierError: { number: applierError.number, at: applierError.at },
  }
}

const storedCoordinates = (coordinates: BinlogCoordinates | null): StoredCoordinates =>
  coordinates === null ? null : [coordinates.file, String(coordinates.position)]
const coordinates = (stored: StoredCoordinates): BinlogCoordinates | null => (stored === null ? null : { file: stored[0], position: BigInt(stored[1]) })

function storedLink(link: ReplicationLink): StoredLink {
  return {
    ...link, readCoordinates: storedCoordinates(link.readCoordinates), executedCoordinates: storedCoordinates(link.executedCoordinates),
    relayLogCoordinates: storedCoordinates(link.relayLogCoordinates),
  }
}

export function linkFrom(stored: StoredLink): ReplicationLink {
  return {
    ...stored, readCoordinates: coordinates(stored.readCoordinates), executedCoordinates: coordinates(stored.executedCoordinates),
    relayLogCoordinates: coordinates(stored.relayLogCoordinates),
  }
}
