import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BinlogCoordinates } from '../../../src/model/topology/binlog-coordinates.ts'
import { bareInstance, bareLink } from '../../../src/model/topology/fresh-instance.ts'
import type { Instance } from '../../../src/model/topology/instance.ts'
import { instanceKey, type InstanceKey } from '../../../src/model/topology/instance-key.ts'
import { parseVersion } from '../../../src/model/topology/version.ts'

export const goldenFolder = join(import.meta.dirname, '..', '..', 'fixtures', 'golden')

export const golden = (name: string): string => readFileSync(join(goldenFolder, name), 'utf8')

interface FormerKey {
  readonly Hostname: string
  readonly Port: number
}
type Former = Readonly<Record<string, unknown>>

// The recording's members have the types of contract discovery.md section 16.
const text = (from: Former, name: string): string => from[name] as string
const number = (from: Former, name: string): number => from[name] as number
const flag = (from: Former, name: string): boolean => from[name] as boolean
const keyOf = (value: unknown): InstanceKey => instanceKey((value as FormerKey).Hostname, (value as FormerKey).Port)
const nullable = (value: unknown): number | null => ((value as { Valid: boolean }).Valid ? (value as { Int64: number }).Int64 : null)

function coordinates(value: unknown): BinlogCoordinates | null {
  const { LogFile, LogPos } = value as { readonly LogFile: string; readonly LogPos: number }
  return LogFile === '' ? null : { file: LogFile, position: BigInt(LogPos) }
}

/** A server of a recording as a record of the model; checked `ago` milliseconds before `now`. */
export function instanceFromRecording(former: Former, now: number): Instance {
  const key = keyOf(former['Key'])
  const isReplica = (former['MasterKey'] as FormerKey).Hostname !== ''
  const states = { '-1': 'stopped', '0': 'stopped', '1': 'running', '2': 'connecting' } as const
  const state = (name: string) => states[String(number(former, name)) as keyof typeof states]
  return {
    ...bareInstance(key),
    alias: text(former, 'InstanceAlias'), serverId: number(former, 'ServerID'), serverUuid: text(former, 'ServerUUID'), uptimeSeconds: number(former, 'Uptime'),
    version: parseVersion(text(former, 'Version'), text(former, 'VersionComment')), readOnly: flag(former, 'ReadOnly'), binlogFormat: text(former, 'Binlog_format'),
    binlogRowImage: text(former, 'BinlogRowImage'), logBin: flag(former, 'LogBinEnabled'), logReplicaUpdates: flag(former, 'LogReplicationUpdatesEnabled'),
    binlogCoordinates: coordinates(former['SelfBinlogCoordinates']), gtidMode: text(former, 'GTIDMode'), executedGtidSet: text(former, 'ExecutedGtidSet'),
    purgedGtidSet: text(former, 'GtidPurged'), errantGtidSet: text(former, 'GtidErrant'), replicationCredentialsAvailable: flag(former, 'ReplicationCredentialsAvailable'),
    replication: isReplica
      ? {
          ...bareLink(keyOf(former['MasterKey'])), sourceUuid: text(former, 'MasterUUID'), user: 'repl',
          receiver: state('ReplicationIOThreadState'), applier: state('ReplicationSQLThreadState'),
          readCoordinates: coordinates(former['ReadBinlogCoordinates']), executedCoordinates: coordinates(former['ExecBinlogCoordinates']),
          relayLogCoordinates: coordinates(former['RelaylogCoordinates']), gtid: flag(former, 'UsingOracleGTID') ? 'mysql' : 'none',
          secondsBehindSource: nullable(former['SecondsBehindMaster']), delaySeconds: number(former, 'SQLDelay'), hasFilters: flag(former, 'HasReplicationFilters'),
          options: { ...bareLink(key).options, tlsAllowed: flag(former, 'AllowTLS') },
        }
      : null,
    listedReplicas: (former['Replicas'] as readonly FormerKey[]).map(keyOf), replicationLagSeconds: nullable(former['ReplicationLagSeconds']),
    clusterName: text(former, 'ClusterName'), suggestedClusterAlias: text(former, 'SuggestedClusterAlias'), replicationDepth: number(former, 'ReplicationDepth'),
    ancestryUuid: text(former, 'AncestryUUID'),
    check: { lastAttemptedAt: now, lastCheckedAt: now, lastSeenAt: now, partialSuccess: true, failure: null, latencyMilliseconds: number(former, 'LastDiscoveryLatency') / 1e6 },
  }
}

/** The four servers of the recording: 3308, below it 3309 and 3310, below 3309 3311. */
export function recordedTopology(now: number): readonly Instance[] {
  // The file is a list of instances.
  const all = JSON.parse(golden('cluster/all-instances.json')) as readonly Former[]
  return all.map(former => instanceFromRecording(former, now))
}
