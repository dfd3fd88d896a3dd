import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { bareInstance, bareLink } from './fresh-instance.ts'
import type { Instance } from './instance.ts'
import { type InstanceKey, instanceKey } from './instance-key.ts'
import { canReplicate, defaultReplicationPolicy, isGtidCompatible } from './replication-rules.ts'
import { parseVersion } from './version.ts'

interface PublicRecord {
  readonly Key?: { Hostname: string; Port: number }
  readonly Version: string
  readonly VersionComment?: string
  readonly ServerID: number
  readonly ServerUUID?: string
  readonly LogBinEnabled: boolean
  readonly LogReplicationUpdatesEnabled: boolean
  readonly Binlog_format: string
  readonly MasterKey?: { Hostname: string; Port: number }
  readonly ReadBinlogCoordinates?: { LogFile: string; LogPos: number }
  readonly UsingOracleGTID?: boolean
  readonly UsingMariaDBGTID?: boolean
  readonly SupportsOracleGTID?: boolean
  readonly HasReplicationFilters?: boolean
  readonly SQLDelay?: number
}
interface Row {
  readonly id: string
  readonly name: string
  readonly replica: PublicRecord
  readonly source: PublicRecord
  readonly config: { LowerReplicaVersionAllowed?: boolean; VerifyReplicationFilters?: boolean; ReasonableMaintenanceReplicationLagSeconds?: number }
  readonly expected: { readonly allowed: boolean; readonly reason: string; readonly message: string; readonly gtidCompatible: boolean }
}
// The file is the contract's own table; its shape is stated above once and every field is compared below.
const table = JSON.parse(readFileSync(new URL('../../../test/fixtures/can-replicate-cases.json', import.meta.url), 'utf8')) as { readonly cases: readonly Row[] }

function instanceOf(record: PublicRecord, key: InstanceKey): Instance {
  const source = instanceKey(record.MasterKey?.Hostname ?? '', record.MasterKey?.Port ?? 0)
  return {
    ...bareInstance(record.Key === undefined ? key : instanceKey(record.Key.Hostname, record.Key.Port)),
    version: parseVersion(record.Version, record.VersionComment ?? ''), isBinlogServer: record.Version.includes('maxscale'),
    serverId: record.ServerID, serverUuid: record.ServerUUID ?? '', logBin: record.LogBinEnabled, logReplicaUpdates: record.LogReplicationUpdatesEnabled,
    binlogFormat: record.Binlog_format, gtidMode: record.SupportsOracleGTID === true ? 'ON' : 'OFF',
    replication: {
      ...bareLink(source), hasFilters: record.HasReplicationFilters ?? false, delaySeconds: record.SQLDelay ?? 0,
      gtid: record.UsingOracleGTID === true ? 'mysql' : record.UsingMariaDBGTID === true ? 'mariadb-slave-pos' : 'none',
      readCoordinates: record.ReadBinlogCoordinates === undefined ? null : { file: record.ReadBinlogCoordinates.LogFile, position: BigInt(record.ReadBinlogCoordinates.LogPos) },
    },
  }
}

test('the table of replication rules is whole', () => assert.equal(table.cases.length, 87))

for (const row of table.cases) {
  test(`replication rule ${row.id}: ${row.name}`, () => {
    const [replica, source] = [instanceOf(row.replica, instanceKey('h', 1)), instanceOf(row.source, instanceKey('h', 2))]
    const answer = canReplicate(replica, source, {
      lowerReplicaVersionAllowed: row.config.LowerReplicaVersionAllowed ?? defaultReplicationPolicy.lowerReplicaVersionAllowed,
      verifyReplicationFilters: row.config.VerifyReplicationFilters ?? defaultReplicationPolicy.verifyReplicationFilters,
      reasonableMaintenanceLagSeconds: row.config.ReasonableMaintenanceReplicationLagSeconds ?? defaultReplicationPolicy.reasonableMaintenanceLagSeconds,
    })
    const reason = answer.allowed ? answer.warning : answer.obstacle
    assert.deepEqual({
      allowed: answer.allowed, reason: reason === null ? '' : answer.allowed ? `warning:${reason.code}` : reason.code,
      message: reason?.text ?? '', gtidCompatible: isGtidCompatible(replica, source),
    }, row.expected)
  })
}
