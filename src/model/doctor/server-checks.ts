import type { Instance } from '../topology/instance.ts'
import { isReplica } from '../topology/instance.ts'
import { checksOf } from './check.ts'
import { missingPrivileges } from './privileges.ts'
import type { Patient, ServerVariable } from './subjects.ts'

const check = checksOf<Patient>()

/** Once where it holds, not at all where it does not. */
export const when = <Found>(holds: boolean, found: Found): readonly Found[] => (holds ? [found] : [])
export const variableOf = ({ examination }: Patient, name: string): ServerVariable | null => examination?.variables.get(name) ?? null
export const isOn = ({ value }: ServerVariable): boolean => /^(?:1|on|yes|true)$/i.test(value)
export const isMariadb = ({ version }: Instance): boolean => version.flavour === 'MariaDB'

const secondsOfClockMost = 2
const grantHelps: ReadonlySet<string> = new Set(['access-denied', 'privilege-missing'])

/** The server by itself: can we reach it and act there, does it keep what it promises, is its clock right. */
export const serverChecks = [
  check({
    code: 'server-unreachable', looksAt: 'the server answers', severity: 'bad',
    says: '{server} cannot be read: {text}',
    mend: 'see that it runs and can be reached from here; a server that is gone for good: orchestrator -c forget -i {server}',
    find: ({ key, failure }) => when(failure !== null && !grantHelps.has(failure.kind), { server: key, text: failure?.text ?? '' }),
  }),
  check({
    code: 'access-denied', looksAt: 'our account may log in and read', severity: 'bad',
    says: '{server} does not let us in: {text}',
    mend: 'create there the account of MySQLTopologyUser with its password, and: {grant}',
    find: ({ key, failure }) => when(failure !== null && grantHelps.has(failure.kind), {
      server: key, text: failure?.text ?? '', grant: failure?.grant ?? 'GRANT SUPER, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT, RELOAD ON *.* TO it',
    }),
  }),
  check({
    code: 'privilege-missing', looksAt: 'our account has the privileges for recoveries', severity: 'bad',
    says: '{server}: our account lacks {privilege}, which is for {purpose}',
    mend: 'GRANT {privilege} ON *.* TO {account}',
    find: ({ key, instance, examination }) =>
      (examination === null || instance === null ? null : missingPrivileges(examination, instance.version, true)?.map(missing => ({ server: key, ...missing })) ?? null),
  }),
  check({
    code: 'privilege-wanted', looksAt: 'our account has the privileges for everything else', severity: 'warning',
    says: '{server}: our account lacks {privilege}, which is for {purpose}',
    mend: 'GRANT {privilege} ON *.* TO {account}',
    find: ({ key, instance, examination }) =>
      (examination === null || instance === null ? null : missingPrivileges(examination, instance.version, false)?.map(missing => ({ server: key, ...missing })) ?? null),
  }),
  check({
    code: 'table-not-readable', looksAt: 'the tables that tell more of replication can be read', severity: 'warning',
    says: '{server}: we may not read {table}, and so know less of its replication',
    mend: '{grant}',
    find: ({ key, examination }) => examination?.missingGrants.map(grant => ({ server: key, grant, table: /^GRANT SELECT ON (\S+)/.exec(grant)?.[1] ?? grant })) ?? null,
  }),
  check({
    code: 'server-id-zero', looksAt: 'the server has an id', severity: 'bad',
    says: '{server} has server_id 0: it can neither have a source nor replicas',
    mend: 'SET PERSIST server_id to a number that no other server has (MariaDB: SET GLOBAL, and the option file)',
    find: ({ key, instance }) => (instance === null ? null : when(instance.serverId === 0, { server: key })),
  }),
  check({
    code: 'binary-log-off', looksAt: 'a binary log is written', severity: 'warning',
    says: '{server} writes no binary log: it can never be promoted, nor have replicas',
    mend: 'start it with --log-bin',
    find: ({ key, instance }) => (instance === null ? null : when(!instance.logBin, { server: key })),
  }),
  check({
    code: 'binlog-format', looksAt: 'binlog_format is ROW', severity: 'warning',
    says: '{server} has binlog_format {format}: a statement may do something else on a replica than on its source',
    mend: "SET GLOBAL binlog_format = 'ROW', and in the option file",
    find: ({ key, instance }) => (instance === null || !instance.logBin ? null : when(instance.binlogFormat !== 'ROW', { server: key, format: instance.binlogFormat })),
  }),
  check({
    code: 'binlog-row-image', looksAt: 'binlog_row_image is FULL', severity: 'warning',
    says: '{server} has binlog_row_image {image}: rows cannot be told apart on a replica that differs, nor taken back from the log',
    mend: "SET GLOBAL binlog_row_image = 'FULL', and in the option file",
    find: ({ key, instance }) =>
      (instance === null || !instance.logBin || instance.binlogRowImage === '' ? null : when(instance.binlogRowImage.toUpperCase() !== 'FULL', { server: key, image: instance.binlogRowImage })),
  }),
  check({
    code: 'commits-not-durable', looksAt: 'commits are on disk before they are acknowledged', severity: 'warning',
    says: '{server} has {variable} = {value}: acknowledged transactions are lost when its machine stops, and replicas may have them',
    mend: 'SET GLOBAL {variable} = 1, and in the option file',
    find: patient => {
      const found = ['sync_binlog', 'innodb_flush_log_at_trx_commit'].flatMap(name => variableOf(patient, name) ?? [])
      return found.length === 0 ? null : found.filter(({ value }) => value !== '1').map(({ name, value }) => ({ server: patient.key, variable: name, value }))
    },
  }),
  check({
    code: 'gtid-off', looksAt: 'GTIDs are on', severity: 'warning',
    says: '{server} has gtid_mode {mode}: moves and failovers go by file and position, or not at all',
    mend: 'take gtid_mode to ON step by step on all servers of the cluster (OFF_PERMISSIVE, ON_PERMISSIVE, ON), after enforce_gtid_consistency',
    find: ({ key, instance }) => (instance === null || isMariadb(instance) || instance.gtidMode === '' ? null : when(instance.gtidMode !== 'ON', { server: key, mode: instance.gtidMode })),
  }),
  check({
    code: 'gtid-not-enforced', looksAt: 'statements that GTIDs cannot carry are refused', severity: 'warning',
    says: '{server} has {variable} = {value}: statements that GTIDs cannot carry go through',
    mend: 'SET GLOBAL {variable} = ON, and in the option file',
    find: patient => {
      const variable = variableOf(patient, 'enforce_gtid_consistency') ?? variableOf(patient, 'gtid_strict_mode')
      return variable === null ? null : when(!isOn(variable), { server: patient.key, variable: variable.name, value: variable.value })
    },
  }),
  check({
    code: 'clock-differs', looksAt: 'the clocks of the server and of this machine agree', severity: 'warning',
    says: "{server}'s clock is {seconds} s {direction} of ours: lags and the age of what replicas hold are judged wrongly",
    mend: 'keep both machines to the time by NTP',
    find: ({ key, examination }) => {
      if (examination === null) return null
      const { clockAheadMilliseconds: ahead, clockUncertainMilliseconds: uncertain } = examination
      const surely = Math.abs(ahead) - uncertain
      return when(surely > secondsOfClockMost * 1000, { server: key, seconds: Math.round(Math.abs(ahead) / 100) / 10, direction: ahead > 0 ? 'ahead' : 'behind' })
    },
  }),
  check({
    code: 'semi-sync-too-few', looksAt: 'a semi-sync source has the replicas that it waits for', severity: 'bad',
    says: '{server} waits for {wanted} semi-sync replicas and has {clients}: writes stand still until the timeout of {milliseconds} ms, then nothing is acknowledged by a replica',
    mend: 'switch semi-sync on at more replicas: orchestrator -c enable-semi-sync-replica -i REPLICA',
    find: ({ key, instance }) => {
      const semiSync = instance?.semiSync
      if (semiSync === null || semiSync === undefined || !semiSync.sourceEnabled || instance?.readOnly === true) return null
      const { clients, waitForReplicaCount: wanted, timeoutMilliseconds } = semiSync
      return when(clients < Math.max(1, wanted), { server: key, wanted: Math.max(1, wanted), clients, milliseconds: String(timeoutMilliseconds) })
    },
  }),
  check({
    code: 'semi-sync-after-commit', looksAt: 'semi-sync waits before a commit can be seen', severity: 'warning',
    says: '{server} has {variable} = {value}: others see a transaction before a replica has it, and it may be lost after that',
    mend: "SET GLOBAL {variable} = 'AFTER_SYNC', and in the option file",
    find: patient => {
      const variable = variableOf(patient, 'rpl_semi_sync_source_wait_point')
      return variable === null || patient.instance?.semiSync?.sourceEnabled !== true ? null : when(variable.value.toUpperCase() !== 'AFTER_SYNC', { server: patient.key, variable: variable.name, value: variable.value })
    },
  }),
  check({
    code: 'semi-sync-goes-on-alone', looksAt: 'a semi-sync source waits also while too few replicas are connected', severity: 'warning',
    says: '{server} has {variable} = OFF: as soon as too few semi-sync replicas are connected it acknowledges writes that no replica has, and none of its timeouts is waited for',
    mend: 'SET GLOBAL {variable} = ON, and in the option file',
    find: ({ key, instance }) => {
      if (instance === null) return null
      const { semiSync } = instance
      const variable = semiSync?.newNames === true ? 'rpl_semi_sync_source_wait_no_replica' : 'rpl_semi_sync_master_wait_no_slave'
      return when(semiSync?.sourceEnabled === true && semiSync.goesOnAlone === true, { server: key, variable })
    },
  }),
  check({
    code: 'semi-sync-replica-idle', looksAt: 'a semi-sync replica acknowledges', severity: 'warning',
    says: '{server} is to be a semi-sync replica, yet acknowledges nothing',
    mend: 'see that semi-sync is on at its source, then restart its receiver: orchestrator -c restart-replica -i {server}',
    find: ({ key, instance }) => {
      if (instance === null || instance.semiSync?.replicaEnabled !== true || !isReplica(instance) || instance.replication?.receiver !== 'running') return null
      return when(!instance.semiSync.replicaActive, { server: key })
    },
  }),
]
