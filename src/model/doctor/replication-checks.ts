import { type Instance, isReplica } from '../topology/instance.ts'
import { compareMajorVersions, unknownVersion } from '../topology/version.ts'
import { checksOf } from './check.ts'
import { isMariadb, isOn, variableOf, when } from './server-checks.ts'
import type { Patient } from './subjects.ts'

const check = checksOf<Patient>()

/** The instance, when it is one that replicates. */
const replicaIn = ({ instance }: Patient): Instance | null => (instance !== null && isReplica(instance) ? instance : null)
const isRead = ({ version }: Instance): boolean => version.text !== unknownVersion.text

const netTimeoutMost = 60
/** A day: outages that people mend are shorter. */
const triesSecondsLeast = 86_400

/** A server as a replica. */
export const replicationChecks = [
  check({
    code: 'report-host-missing', looksAt: 'the server reports its own name', severity: 'bad',
    says: '{server} has no report_host: with {setting} it is not found, or not named',
    mend: 'start {server} with --report-host set to the name that others reach it by, and --report-port where it is not the port',
    find: patient => {
      const { findsReplicasByReport, namesServersByReport } = patient.policy
      const variable = variableOf(patient, 'report_host')
      if (variable === null || !(namesServersByReport || (findsReplicasByReport && replicaIn(patient) !== null))) return null
      return when(variable.value === '', { server: patient.key, setting: namesServersByReport ? 'MySQLHostnameResolveMethod @@report_host' : 'DiscoverByShowSlaveHosts' })
    },
  }),
  check({
    code: 'replica-updates-not-logged', looksAt: 'replicas log what they apply', severity: 'bad',
    says: '{server} does not write what it applies to its binary log: it can be no source of others, and no promotion of it keeps them',
    mend: 'start it with --log-replica-updates (before MySQL 8.0.26, and on MariaDB: --log-slave-updates)',
    find: patient => {
      const replica = replicaIn(patient)
      return replica === null || !replica.logBin ? null : when(!replica.logReplicaUpdates, { server: patient.key })
    },
  }),
  check({
    code: 'auto-position-off', looksAt: 'replicas use the GTIDs that they have', severity: 'warning',
    says: '{server} replicates by file and position although GTIDs are on',
    mend: 'orchestrator -c enable-gtid -i {server}',
    find: patient => {
      const replica = replicaIn(patient)
      if (replica === null || !(isMariadb(replica) || (replica.gtidMode === 'ON' && patient.source?.gtidMode === 'ON'))) return null
      return when(replica.replication?.gtid === 'none', { server: patient.key })
    },
  }),
  check({
    code: 'relay-log-recovery', looksAt: 'a restart keeps what was received', severity: 'warning',
    says: '{server} has relay_log_recovery on: a restart throws away what it received and has not applied, which nobody else may have when its source is dead',
    mend: 'set relay_log_recovery = 0 in the option file; with GTIDs the server needs it for nothing',
    find: patient => {
      const variable = variableOf(patient, 'relay_log_recovery')
      return variable === null || replicaIn(patient) === null ? null : when(isOn(variable), { server: patient.key })
    },
  }),
  check({
    code: 'net-timeout-long', looksAt: 'replicas notice a silent source in time', severity: 'warning',
    says: '{server} notices only after {seconds} s that its source is silent ({variable})',
    mend: 'SET GLOBAL {variable} = 10, and in the option file; the heartbeat period follows at the next CHANGE that names it, or is half of it by default',
    find: patient => {
      const variable = variableOf(patient, 'replica_net_timeout')
      return variable === null || replicaIn(patient) === null ? null : when(Number(variable.value) > netTimeoutMost, { server: patient.key, seconds: Number(variable.value), variable: variable.name })
    },
  }),
  check({
    code: 'heartbeat-too-rare', looksAt: 'heartbeats come before the replica gives up', severity: 'bad',
    says: '{server} expects a heartbeat every {period} s and gives up after {seconds} s ({variable}): a quiet source looks dead, and it reconnects again and again',
    mend: 'set the heartbeat period of the channel to at most half of {variable}: STOP the receiver, CHANGE … HEARTBEAT_PERIOD = {half}, START',
    find: patient => {
      const variable = variableOf(patient, 'replica_net_timeout')
      const period = patient.examination?.heartbeatPeriodSeconds ?? patient.instance?.replication?.options.heartbeatPeriodSeconds ?? null
      if (variable === null || period === null || replicaIn(patient) === null) return null
      const seconds = Number(variable.value)
      return when(period === 0 || period >= seconds, { server: patient.key, period, seconds, variable: variable.name, half: seconds / 2 })
    },
  }),
  check({
    code: 'receiver-gives-up', looksAt: 'receivers go on trying while their source is away', severity: 'warning',
    says: '{server} gives up after {attempts} attempts, {minutes} min: a source that is away for longer is not followed when it returns, until somebody starts the receiver',
    mend: 'STOP REPLICA IO_THREAD; CHANGE REPLICATION SOURCE TO SOURCE_RETRY_COUNT = {wanted}; START REPLICA IO_THREAD (from MySQL 8.4 on 10 attempts are the default)',
    find: patient => {
      const { retryCount, connectRetrySeconds } = replicaIn(patient)?.replication?.options ?? { retryCount: null, connectRetrySeconds: null }
      if (retryCount === null || connectRetrySeconds === null) return null
      const seconds = retryCount * connectRetrySeconds
      return when(retryCount > 0 && seconds < triesSecondsLeast, { server: patient.key, attempts: retryCount, minutes: Math.round(seconds / 6) / 10, wanted: 86_400 })
    },
  }),
  check({
    code: 'several-channels', looksAt: 'servers have one replication channel', severity: 'bad',
    says: '{server} replicates over {channels} channels: it is shown, and never changed',
    mend: 'keep one channel, or leave failovers of this server to people',
    find: ({ key, instance }) => (instance === null || instance.channels.length === 0 ? null : when(instance.channels.length > 1, { server: key, channels: instance.channels.length })),
  }),
  check({
    code: 'replication-filters', looksAt: 'replicas apply everything', severity: 'warning',
    says: '{server} filters what it applies: it lacks data, and must not be promoted',
    mend: "CHANGE REPLICATION FILTER to none; or forbid its promotion: orchestrator -c register-candidate -i {server} --promotion-rule must_not",
    find: ({ key, instance }) => {
      if (instance === null || instance.channels.length === 0) return null
      return when(instance.promotionRule !== 'must_not' && instance.channels.some(channel => channel.hasFilters), { server: key })
    },
  }),
  check({
    code: 'replica-writable', looksAt: 'replicas refuse writes', severity: 'bad',
    says: '{server} is a replica and accepts writes',
    mend: 'orchestrator -c set-read-only -i {server}, and read_only = 1 in the option file',
    find: patient => {
      const replica = replicaIn(patient)
      return replica === null || replica.isCoPrimary ? null : when(!replica.readOnly, { server: patient.key })
    },
  }),
  check({
    code: 'super-read-only-off', looksAt: 'replicas refuse writes of administrators too', severity: 'warning',
    says: '{server} is a replica and accepts writes of administrators (super_read_only is off)',
    mend: 'SET PERSIST super_read_only = ON; with UseSuperReadOnly Orchestrator sets it as well',
    find: patient => {
      const replica = replicaIn(patient)
      return replica === null || replica.isCoPrimary || isMariadb(replica) || !replica.readOnly ? null : when(!replica.superReadOnly, { server: patient.key })
    },
  }),
  check({
    code: 'older-than-source', looksAt: 'no replica is older than its source', severity: 'bad',
    says: '{server} ({version}) is older than its source {source} ({sourceVersion}): it may not understand what it is sent',
    mend: 'upgrade {server} before its source',
    find: patient => {
      const replica = replicaIn(patient)
      const { source } = patient
      if (replica === null || source === null || !isRead(source) || isMariadb(replica) !== isMariadb(source)) return null
      return when(compareMajorVersions(replica.version, source.version) < 0, { server: patient.key, version: replica.version.text, source: source.key, sourceVersion: source.version.text })
    },
  }),
  check({
    code: 'commits-out-of-order', looksAt: 'replicas commit in the order of their source', severity: 'warning',
    says: '{server} applies with {workers} workers and does not keep the order of commits: what it has ends in gaps',
    mend: 'SET PERSIST replica_preserve_commit_order = ON with the applier stopped',
    find: patient => {
      const workers = variableOf(patient, 'replica_parallel_workers')
      const order = variableOf(patient, 'replica_preserve_commit_order')
      return workers === null || order === null || replicaIn(patient) === null ? null : when(Number(workers.value) > 1 && !isOn(order), { server: patient.key, workers: Number(workers.value) })
    },
  }),
  check({
    code: 'credentials-unknown', looksAt: 'the replication account can be given to others in a takeover', severity: 'bad',
    says: '{server}: its replication account cannot be read, so that a former primary cannot be made a replica after a takeover',
    mend: 'let our account read it (MySQL: GRANT SELECT ON mysql.slave_master_info), or set ReplicationCredentialsQuery',
    find: patient => {
      const replica = replicaIn(patient)
      return replica === null ? null : when(!replica.replicationCredentialsAvailable, { server: patient.key })
    },
  }),
]
