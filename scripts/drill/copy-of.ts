import type { ClusterView, ServerView } from '../../src/contract/views.ts'

/** One server of the copy, and what it stands for. */
export interface CopyServer {
  readonly name: string
  readonly serverId: number
  readonly of: ServerView
  readonly flavour: 'mysql' | 'mariadb'
  /** The name of its source in the copy; null: the primary. */
  readonly below: string | null
  readonly options: readonly string[]
  readonly readOnly: 'no' | 'yes' | 'super'
}

export interface ClusterCopy {
  readonly servers: readonly CopyServer[]
  /** What the copy is not: to be told before anybody draws conclusions. */
  readonly differs: readonly string[]
}

const firstServerId = 101

/** A copy of at most so many servers: the primary, then level by level, those that others follow before those that nobody follows. */
export function copyOf(cluster: ClusterView, serversMax: number): ClusterCopy | { readonly refused: string } {
  const primary = cluster.members.find(({ key }) => key === cluster.primary?.key)
  if (primary === undefined) return { refused: `cluster ${cluster.alias || cluster.name} has no primary that answers: there is nothing to rehearse on` }
  if (primary.source !== null) return { refused: `${primary.key} replicates from ${primary.source}: a circle of primaries cannot be copied` }
  const chosen: ServerView[] = [primary]
  for (let at = 0; at < chosen.length && chosen.length < serversMax; at++) {
    const below = cluster.members.filter(({ source, key }) => source === chosen[at]?.key && !chosen.some(each => each.key === key))
    chosen.push(...below.toSorted((left, right) => right.replicas.length - left.replicas.length || left.key.localeCompare(right.key)).slice(0, serversMax - chosen.length))
  }
  if (chosen.length < 2) return { refused: `${primary.key} has no replica: nobody could take its place` }
  const nameOf = new Map(chosen.map(({ key }, index) => [key, `s${index + 1}`]))
  const servers = chosen.map((of, index): CopyServer => ({
    name: nameOf.get(of.key) ?? '', serverId: firstServerId + index, of, flavour: isMariadb(of) ? 'mariadb' : 'mysql',
    below: of.source === null ? null : (nameOf.get(of.source) ?? null), options: optionsOf(of), readOnly: !of.readOnly ? 'no' : of.superReadOnly ? 'super' : 'yes',
  }))
  return { servers, differs: differencesOf(cluster, chosen) }
}

const isMariadb = ({ flavour }: ServerView): boolean => /mariadb/i.test(flavour)

function optionsOf(server: ServerView): readonly string[] {
  const { semiSync } = server
  const mariadb = isMariadb(server)
  return [
    ...(server.logReplicaUpdates ? [] : [mariadb ? '--log-slave-updates=OFF' : '--log-replica-updates=OFF']),
    ...(server.binlogRowImage === '' || server.binlogRowImage.toUpperCase() === 'FULL' ? [] : [`--binlog-row-image=${server.binlogRowImage}`]),
    ...(mariadb || server.gtidMode === 'ON' ? [] : ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF']),
    ...(mariadb || semiSync === null ? [] : [
      '--plugin-load-add=semisync_source.so', '--plugin-load-add=semisync_replica.so',
      `--loose-rpl-semi-sync-source-enabled=${semiSync.sourceEnabled ? 'ON' : 'OFF'}`, `--loose-rpl-semi-sync-replica-enabled=${semiSync.replicaEnabled ? 'ON' : 'OFF'}`,
      `--loose-rpl-semi-sync-source-wait-for-replica-count=${Math.max(1, semiSync.waitFor)}`,
    ]),
  ]
}

function differencesOf(cluster: ClusterView, chosen: readonly ServerView[]): readonly string[] {
  const versions = [...new Set(chosen.map(({ version }) => version))]
  const broken = chosen.filter(({ replication }) => replication !== null && (replication.receiver !== 'running' || replication.applier !== 'running'))
  return [
    `versions: the cluster has ${versions.join(', ')}`,
    'data: the copy is empty but for the rows that the rehearsal writes; lags and long transactions of the cluster are not copied',
    ...(chosen.length < cluster.members.length ? [`size: ${chosen.length} of ${cluster.members.length} servers are copied`] : []),
    ...(broken.length > 0 ? [`${broken.map(({ key }) => key).join(', ')}: broken or stopped in the cluster, and replicating in the copy`] : []),
    ...(chosen.some(({ semiSync }) => semiSync?.sourceEnabled === true) ? ['semi-sync: the timeout of a source is the default of the server'] : []),
  ]
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
const byServerId = (servers: readonly CopyServer[], of: (server: CopyServer) => string): string =>
  `select case @@server_id ${servers.map(server => `when ${server.serverId} then ${quoted(of(server))}`).join(' ')} else '' end`

/** What the copied service is told, so that it judges the copy as the cluster is judged: names, sites, promotion rules. */
export function settingsOf(cluster: ClusterView, servers: readonly CopyServer[]): Readonly<Record<string, unknown>> {
  return {
    DetectClusterAliasQuery: `select ${quoted(cluster.alias || cluster.name)}`,
    DetectInstanceAliasQuery: byServerId(servers, ({ of }) => of.alias || of.key),
    DetectDataCenterQuery: byServerId(servers, ({ of }) => of.dataCenter),
    DetectRegionQuery: byServerId(servers, ({ of }) => of.region),
    DetectPromotionRuleQuery: byServerId(servers, ({ of }) => of.promotionRule),
  }
}

/** Settings of recovery that a rehearsal takes over from the configuration; hooks and places of publication never. */
export const rehearsedSettings: readonly string[] = [
  'AutoPseudoGTID', 'DetectPseudoGTIDQuery', 'PseudoGTIDMonotonicHint', 'PseudoGTIDPattern', 'PseudoGTIDPatternIsFixedSubstring',
  'ApplyMySQLPromotionAfterMasterFailover', 'CoMasterRecoveryMustPromoteOtherCoMaster', 'DelayMasterPromotionIfSQLThreadNotUpToDate',
  'DetachLostReplicasAfterMasterFailover', 'DetachLostSlavesAfterMasterFailover', 'DurabilityPolicy', 'EnforceExactSemiSyncReplicas',
  'FailMasterPromotionIfSQLThreadNotUpToDate', 'FailMasterPromotionOnLagMinutes', 'FailureConfirmationMilliseconds', 'InstancePollSeconds',
  'MasterFailoverDetachReplicaMasterHost', 'MasterFailoverDetachSlaveMasterHost', 'MasterFailoverLostInstancesDowntimeMinutes',
  'PostponeReplicaRecoveryOnLagMinutes', 'PostponeSlaveRecoveryOnLagMinutes', 'PreventCrossDataCenterMasterFailover', 'PreventCrossRegionMasterFailover',
  'ReasonableLockedSemiSyncMasterSeconds', 'RecoverLockedSemiSyncMaster', 'RecoveryPollSeconds', 'UseSuperReadOnly',
]

/** The settings of a configuration that hold in a rehearsal. */
export const rehearsed = (configuration: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(rehearsedSettings.flatMap(name => (configuration[name] === undefined ? [] : [[name, configuration[name]] as const])))
