import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bareInstance, bareLink } from '../topology/fresh-instance.ts'
import type { Instance, ReplicationLink, SemiSync } from '../topology/instance.ts'
import { instanceKey } from '../topology/instance-key.ts'
import { parseVersion } from '../topology/version.ts'
import type { Check } from './check.ts'
import { clusterChecks } from './cluster-checks.ts'
import { configurationChecks } from './configuration-checks.ts'
import { diagnoseServers } from './diagnose.ts'
import { replicationChecks } from './replication-checks.ts'
import { serverChecks } from './server-checks.ts'
import type { ConfigurationFacts, Examination, Patient, Ward } from './subjects.ts'

const key = instanceKey('db2', 3306)
const sourceKey = instanceKey('db1', 3306)
const mysql = parseVersion('9.7.0', 'MySQL Community Server')
const mariadb = parseVersion('10.11.6-MariaDB-log', 'Debian')
const semiSync: SemiSync = {
  sourcePluginLoaded: true, replicaPluginLoaded: true, newNames: true, sourceEnabled: true, replicaEnabled: true, sourceActive: true, replicaActive: true, clients: 1,
  waitForReplicaCount: 1, timeoutMilliseconds: 10_000n, priority: 0,
}
const link: ReplicationLink = {
  ...bareLink(sourceKey), receiver: 'running', applier: 'running', gtid: 'mysql', readCoordinates: { file: 'binlog.000001', position: 4n },
}
const source: Instance = {
  ...bareInstance(sourceKey), version: mysql, serverId: 1, serverUuid: 'a', logBin: true, logReplicaUpdates: true, binlogFormat: 'ROW', binlogRowImage: 'FULL', gtidMode: 'ON', semiSync,
}
const replica: Instance = {
  ...source, key, serverId: 2, serverUuid: 'b', readOnly: true, superReadOnly: true, replication: link, channels: [link], replicationCredentialsAvailable: true,
}
const values = {
  report_host: 'db2', relay_log_recovery: 'OFF', replica_net_timeout: '10', enforce_gtid_consistency: 'ON', sync_binlog: '1', innodb_flush_log_at_trx_commit: '1',
  rpl_semi_sync_source_wait_point: 'AFTER_SYNC', replica_parallel_workers: '4', replica_preserve_commit_order: 'ON',
}
const examination: Examination = {
  account: "'orc'@'%'", privileges: ['SUPER', 'PROCESS', 'RELOAD', 'REPLICATION SLAVE'], missingGrants: [], heartbeatPeriodSeconds: 5, clockAheadMilliseconds: 3, clockUncertainMilliseconds: 1,
  variables: new Map(Object.entries(values).map(([name, value]) => [name, { name, value }])),
}
/** A replica with which nothing is wrong. */
const well: Patient = { key, instance: replica, source, examination, failure: null, policy: { findsReplicasByReport: true, namesServersByReport: false } }

const told = (changes: Partial<Examination>): Patient => ({ ...well, examination: { ...examination, ...changes } })
const having = (name: keyof typeof values, value: string): Patient =>
  told({ variables: new Map([...examination.variables, [name, { name, value }]]) })
const being = (changes: Partial<Instance>): Patient => ({ ...well, instance: { ...replica, ...changes } })
const linked = (changes: Partial<ReplicationLink>): Patient => being({ replication: { ...link, ...changes }, channels: [{ ...link, ...changes }] })
const primary = (changes: Partial<Instance> = {}): Patient => ({ ...well, key: sourceKey, instance: { ...source, ...changes }, source: null })
const failing = (kind: 'refused' | 'access-denied'): Patient => ({ ...well, instance: null, examination: null, failure: { kind, number: null, text: 'no' } })

/** Code → a subject on which the check fires, and one more (beside the healthy one) on which it is silent. */
const patients: Readonly<Record<string, { readonly fires: Patient; readonly silent: Patient }>> = {
  'server-unreachable': { fires: failing('refused'), silent: failing('access-denied') },
  'access-denied': { fires: failing('access-denied'), silent: failing('refused') },
  'privilege-missing': { fires: told({ privileges: ['SUPER', 'PROCESS', 'REPLICATION SLAVE'] }), silent: told({ privileges: ['ALL PRIVILEGES'] }) },
  'privilege-wanted': { fires: told({ privileges: ['SUPER', 'RELOAD', 'REPLICATION SLAVE'] }), silent: told({ privileges: ['ALL PRIVILEGES'] }) },
  'table-not-readable': { fires: told({ missingGrants: ["GRANT SELECT ON mysql.slave_master_info TO 'orc'@'%'"] }), silent: primary() },
  'server-id-zero': { fires: being({ serverId: 0 }), silent: primary() },
  'binary-log-off': { fires: being({ logBin: false }), silent: primary() },
  'binlog-format': { fires: being({ binlogFormat: 'STATEMENT' }), silent: being({ binlogFormat: 'MIXED', logBin: false }) },
  'binlog-row-image': { fires: being({ binlogRowImage: 'MINIMAL' }), silent: being({ binlogRowImage: 'full' }) },
  'commits-not-durable': { fires: having('sync_binlog', '0'), silent: primary() },
  'gtid-off': { fires: being({ gtidMode: 'OFF_PERMISSIVE' }), silent: being({ version: mariadb, gtidMode: '' }) },
  'gtid-not-enforced': { fires: having('enforce_gtid_consistency', 'WARN'), silent: having('enforce_gtid_consistency', '1') },
  'clock-differs': { fires: told({ clockAheadMilliseconds: -5000 }), silent: told({ clockAheadMilliseconds: 5000, clockUncertainMilliseconds: 4000 }) },
  'semi-sync-too-few': { fires: primary({ semiSync: { ...semiSync, clients: 1, waitForReplicaCount: 2 } }), silent: primary() },
  'semi-sync-after-commit': { fires: having('rpl_semi_sync_source_wait_point', 'AFTER_COMMIT'), silent: primary() },
  'semi-sync-goes-on-alone': { fires: primary({ semiSync: { ...semiSync, goesOnAlone: true } }), silent: primary({ semiSync: { ...semiSync, goesOnAlone: false } }) },
  'semi-sync-replica-idle': { fires: being({ semiSync: { ...semiSync, replicaActive: false } }), silent: being({ semiSync: { ...semiSync, replicaEnabled: false, replicaActive: false } }) },
  'report-host-missing': { fires: having('report_host', ''), silent: { ...having('report_host', ''), policy: { findsReplicasByReport: false, namesServersByReport: false } } },
  'replica-updates-not-logged': { fires: being({ logReplicaUpdates: false }), silent: primary({ logReplicaUpdates: false }) },
  'auto-position-off': { fires: linked({ gtid: 'none' }), silent: { ...linked({ gtid: 'none' }), source: { ...source, gtidMode: 'OFF' } } },
  'relay-log-recovery': { fires: having('relay_log_recovery', 'ON'), silent: { ...having('relay_log_recovery', 'ON'), instance: source } },
  'net-timeout-long': { fires: having('replica_net_timeout', '3600'), silent: having('replica_net_timeout', '60') },
  'heartbeat-too-rare': { fires: told({ heartbeatPeriodSeconds: 10 }), silent: told({ heartbeatPeriodSeconds: null }) },
  'receiver-gives-up': { fires: linked({ options: { ...link.options, connectRetrySeconds: 60, retryCount: 10 } }), silent: linked({ options: { ...link.options, connectRetrySeconds: 60, retryCount: 0 } }) },
  'several-channels': { fires: being({ channels: [link, { ...link, channel: 'second' }] }), silent: primary() },
  'replication-filters': { fires: linked({ hasFilters: true }), silent: being({ channels: [{ ...link, hasFilters: true }], promotionRule: 'must_not' }) },
  'replica-writable': { fires: being({ readOnly: false }), silent: being({ readOnly: false, isCoPrimary: true }) },
  'super-read-only-off': { fires: being({ superReadOnly: false }), silent: being({ superReadOnly: false, version: mariadb }) },
  'older-than-source': { fires: being({ version: parseVersion('8.4.2', 'MySQL') }), silent: being({ version: parseVersion('9.7.9', 'MySQL') }) },
  'commits-out-of-order': { fires: having('replica_preserve_commit_order', 'OFF'), silent: { ...having('replica_preserve_commit_order', 'OFF'), instance: source } },
  'credentials-unknown': { fires: being({ replicationCredentialsAvailable: false }), silent: primary({ replicationCredentialsAvailable: false }) },
}

const ward = (changes: Partial<Instance>): Ward => ({ cluster: 'db1:3306', members: [source, { ...replica, ...changes }] })
const wards: Readonly<Record<string, { readonly fires: Ward; readonly silent: Ward }>> = {
  'duplicate-server-id': { fires: ward({ serverId: 1 }), silent: ward({}) },
  'duplicate-server-uuid': { fires: ward({ serverUuid: 'a' }), silent: { cluster: 'm', members: [{ ...source, serverUuid: '' }, { ...replica, serverUuid: '' }] } },
  'gtid-modes-differ': { fires: ward({ gtidMode: 'OFF' }), silent: ward({ gtidMode: '' }) },
  'not-published': { fires: { ...ward({}), unpublished: [{ target: 'consul http://kv:8500', text: 'no route' }] }, silent: { ...ward({}), unpublished: [] } },
  'durability-not-kept': {
    fires: { ...ward({}), promise: { policy: 'semi-sync', unproven: 'it had no semi-sync replica' } }, silent: { ...ward({}), promise: { policy: 'semi-sync', unproven: null } },
  },
}

const configured: ConfigurationFacts = {
  userOfServers: 'orc', knownClusters: 2, unknownKeys: [], remarks: [], filters: [{ setting: 'RecoverMasterClusterFilters', text: '*', matches: true }],
  hooks: [{ setting: 'PreFailoverProcesses', program: 'echo', state: 'unknown' }, { setting: 'PostFailoverProcesses', program: '/bin/x', state: 'runs' }],
}
const hook = (state: 'not-found' | 'not-executable'): ConfigurationFacts =>
  ({ ...configured, hooks: [{ setting: 'PostFailoverProcesses', program: '/opt/hook', state }] })
const unmatched = [{ setting: 'RecoverMasterClusterFilters', text: 'nosuch', matches: false }]
const configurations: Readonly<Record<string, { readonly fires: ConfigurationFacts; readonly silent: ConfigurationFacts }>> = {
  'no-account': { fires: { ...configured, userOfServers: '' }, silent: configured },
  'unknown-key': { fires: { ...configured, unknownKeys: ['unknown key Nosuch'] }, silent: { ...configured, remarks: ['other'] } },
  'setting-remark': { fires: { ...configured, remarks: ['Old has no effect.'] }, silent: { ...configured, unknownKeys: ['unknown key Nosuch'] } },
  'recovery-off': { fires: { ...configured, filters: [{ setting: 'RecoverIntermediateMasterClusterFilters', text: '*', matches: true }] }, silent: { ...configured, filters: unmatched } },
  'filter-matches-nothing': { fires: { ...configured, filters: unmatched }, silent: { ...configured, filters: unmatched, knownClusters: 0 } },
  'hook-not-found': { fires: hook('not-found'), silent: hook('not-executable') },
  'hook-not-executable': { fires: hook('not-executable'), silent: hook('not-found') },
}

function provesEach<Subject>(checks: readonly Check<Subject>[], subjects: Readonly<Record<string, { readonly fires: Subject; readonly silent: Subject }>>, healthy: Subject): void {
  test('each check has a subject on which it fires and one on which it does not', () => {
    assert.deepEqual(checks.map(({ code }) => code).sort(), Object.keys(subjects).sort())
  })
  for (const { code, look, severity } of checks) {
    test(`${code} fires where it should, in whole sentences, and nowhere else`, () => {
      const subject = subjects[code]
      assert.ok(subject)
      const found = look(subject.fires)
      assert.ok(found !== null && found.length > 0, 'it does not fire')
      for (const { says, mend, severity: said } of found) {
        assert.equal(said, severity)
        assert.deepEqual([says.code, mend.code], [code, `mend-${code}`])
        for (const { text } of [says, mend]) assert.doesNotMatch(text, /\{\w+\}|undefined|null|NaN|^$/)
      }
      for (const silent of [subject.silent, healthy]) assert.deepEqual(look(silent) ?? [], [])
    })
  }
}

describe('checks of one server', () => provesEach([...serverChecks, ...replicationChecks], patients, well))
describe('checks of a cluster', () => provesEach(clusterChecks, wards, ward({})))
describe('checks of the configuration', () => provesEach(configurationChecks, configurations, configured))

test('what was not looked at is not said to be well', () => {
  const { complaints, well: foundWell } = diagnoseServers([failing('refused')], [])
  assert.deepEqual(complaints.map(({ code, server }) => [code, server]), [['server-unreachable', key]])
  assert.deepEqual(foundWell.map(({ code }) => code), ['access-denied'])
})

test('bad things come before warnings, and a check that fired on one server is not well on the others', () => {
  const { complaints, well: foundWell } = diagnoseServers([having('sync_binlog', '0'), being({ readOnly: false, superReadOnly: false }), well], [ward({})])
  assert.deepEqual(complaints.map(({ code }) => code), ['replica-writable', 'commits-not-durable'])
  assert.ok(!foundWell.some(({ code }) => code === 'replica-writable'))
  assert.deepEqual(foundWell.find(({ code }) => code === 'several-channels')?.count, 3)
})

describe('privileges by version', () => {
  const lacks = (version: Instance['version'], privileges: readonly string[]): readonly string[] =>
    diagnoseServers([{ ...being({ version }), examination: { ...examination, privileges } }], []).complaints
      .filter(({ code }) => code.startsWith('privilege-')).map(({ says }) => String(says.parameters['privilege']))

  test('SUPER is enough on MySQL and MariaDB 10, and not on MariaDB 11', () => {
    const privileges = ['SUPER', 'RELOAD', 'PROCESS', 'REPLICATION SLAVE', 'REPLICATION MASTER ADMIN']
    assert.deepEqual(lacks(mysql, privileges), [])
    assert.deepEqual(lacks(mariadb, privileges), [])
    assert.deepEqual(lacks(parseVersion('11.8.2-MariaDB', ''), privileges), ['SLAVE MONITOR', 'BINLOG MONITOR', 'REPLICATION SLAVE ADMIN', 'READ_ONLY ADMIN', 'CONNECTION ADMIN'])
  })

  test('what SUPER was split into is named only where it exists', () => {
    const old = lacks(parseVersion('5.7.44', 'MySQL'), ['USAGE'])
    assert.deepEqual(old, ['REPLICATION CLIENT', 'SUPER', 'RELOAD', 'PROCESS', 'REPLICATION SLAVE', 'SUPER'])
    assert.ok(lacks(mysql, ['USAGE']).includes('REPLICATION_SLAVE_ADMIN'))
  })

  test('a server that does not tell is not accused', () => assert.deepEqual(lacks(mysql, []), []))
})
