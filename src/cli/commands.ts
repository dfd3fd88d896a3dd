import type { Contract, OperationName } from '../contract/all.ts'
import type { CommandSection, OutputOf } from '../contract/operation.ts'
import { regroupCounts, type Regrouped, type Relocated } from '../contract/relocation.ts'
import { coordinatesText } from '../model/topology/binlog-coordinates.ts'
import type { Instance } from '../model/topology/instance.ts'
import type { Recovery } from '../model/recovery/records.ts'
import type { Described } from './described.ts'
import { factCommands } from './fact-commands.ts'
import { managerCommands } from './manager-commands.ts'
import { scriptCommands } from './script-commands.ts'

/** One command: which operation it runs, and how the answer is printed. */
export interface Command {
  readonly names: readonly [string, ...string[]]
  readonly section: CommandSection
  readonly says: string
  readonly operation: OperationName
  readonly print: (output: unknown, context: Described) => readonly string[]
  /** What is printed when no cluster is found; without it the command fails. */
  readonly withoutCluster?: 'empty-line' | 'nothing' | 'all'
  /** Flags that must be given, with what is said when they are not. */
  readonly needs?: Readonly<Partial<Record<'i' | 'd' | 'reason' | 'pattern' | 'binlog' | 'pool' | 'hostname' | 'seconds', string>>>
  /** Runs once for all of -i, not once for each. */
  readonly isAllAtOnce?: true
  /** The cluster is told by -alias or -i, and is never taken from the name of this machine. */
  readonly isOfNamedCluster?: true
  /** Why the command ends with exit status 1 although it was done; null: it does not. */
  readonly failure?: (output: unknown) => string | null
  /** Refusals that end the command well, with nothing printed. */
  readonly quiet?: ReadonlySet<string>
  /** Refusals that this command says in its own words. */
  readonly words?: Readonly<Record<string, (parameters: Readonly<Record<string, unknown>>) => string>>
}

type Print<Name extends OperationName> = (output: OutputOf<Contract[Name]>, context: Described) => readonly string[]
export type MakeCommand = typeof command
type More = Omit<Command, 'names' | 'section' | 'says' | 'operation' | 'print'>

function command<Name extends OperationName>(section: CommandSection, names: readonly [string, ...string[]], says: string, operation: Name, print: Print<Name>, more: More = {}): Command {
  // The table joins each operation with the printer of its own output.
  return { section, names, says, operation, print: print as Command['print'], ...more }
}

const keys = (instances: readonly Instance[]): readonly string[] => instances.map(instance => instance.key)
const key = (instance: Instance): readonly string[] => [instance.key]
const below: More = { needs: { d: 'Cannot deduce destination: ' } }
const movedOne = ({ replica, source }: Relocated): readonly string[] => [`${replica.key}<${source}`]
const notFound: More = { words: { 'instance-unknown': ({ instance }) => `Instance not found: ${String(instance)}` } }
const recovered: More = {
  quiet: new Set(['recovery-not-attempted']), words: { 'recovery-without-successor': () => 'Recovery attempted yet no replica promoted' },
}
const acknowledged: More = { needs: { reason: '--reason option required (comment your ack)' } }
const successor = (recovery: Recovery): readonly string[] => (recovery.successor === null ? [] : [recovery.successor])

/** All commands, in the order in which `help` lists them. */
export const commands: readonly Command[] = [
  command('Smart relocation', ['relocate', 'relocate-below'], 'Make a replica follow another server', 'relocate', movedOne,
    below),
  command('Smart relocation', ['relocate-replicas', 'relocate-slaves'], 'Make the replicas of a server follow another one', 'relocate-replicas', ({ moved }) => keys(moved), below),
  command('Smart relocation', ['take-siblings', 'enslave-siblings'], 'Make the siblings of a replica follow it', 'take-siblings', ({ replica }) => [replica.key]),
  command('Smart relocation', ['regroup-replicas', 'regroup-slaves'], 'Make the replicas of a server follow the most advanced of them', 'regroup-replicas',
    regrouped => regroupedLines(regrouped)),

  command('Classic file:pos relocation', ['move-up'], 'Make a replica follow the source of its source', 'move-up', movedOne),
  command('Classic file:pos relocation', ['move-up-replicas', 'move-up-slaves'], 'Make the replicas of a replica follow its source', 'move-up-replicas', ({ moved }) => keys(moved)),
  command('Classic file:pos relocation', ['move-below'], 'Make a replica follow its sibling', 'move-below', movedOne, below),
  command('Classic file:pos relocation', ['move-equivalent'], 'Make a replica follow -d from a position that is known to be the same there', 'move-equivalent', movedOne, below),
  command('Classic file:pos relocation', ['repoint'], 'Make a replica follow -d from where it is, or its present source anew', 'repoint', movedOne),
  command('Classic file:pos relocation', ['repoint-replicas', 'repoint-slaves'], 'Make the replicas of a server follow -d, or the server itself anew', 'repoint-replicas',
    ({ moved, source }) => moved.map(replica => `${replica.key}<${source}`)),
  command('Classic file:pos relocation', ['take-master', 'enslave-master'], 'Let a replica and its source change places', 'take-source', key),
  command('Classic file:pos relocation', ['make-co-master'], 'Make the source of a replica replicate from it as well', 'make-co-primary', key),

  command('Binlog server relocation', ['regroup-replicas-bls'], 'Make the binlog servers below a server follow the one that has read furthest', 'regroup-replicas-bls',
    ({ promoted }) => (promoted === null ? [] : [promoted])),

  command('GTID relocation', ['move-gtid'], 'Make a replica follow another server by GTID', 'move-gtid', movedOne, below),
  command('GTID relocation', ['move-replicas-gtid', 'move-slaves-gtid'], 'Make the replicas of a server follow another one by GTID', 'move-replicas-gtid', ({ moved }) => keys(moved), below),
  command('GTID relocation', ['regroup-replicas-gtid', 'regroup-slaves-gtid'], 'Make the replicas of a server follow the most advanced of them, by GTID', 'regroup-replicas-gtid',
    ({ promoted, moved, notMoved }) => (promoted === null ? [] : [promoted, `${promoted} lost: ${notMoved.length}, moved: ${moved.length}`])),

  command('Pseudo-GTID relocation', ['regroup-replicas-pgtid', 'regroup-slaves-pgtid'], 'Make the replicas of a server follow the most advanced of them, by Pseudo-GTID', 'regroup-replicas-pgtid',
    regrouped => regroupedLines(regrouped)),
  command('Pseudo-GTID relocation', ['match'], 'Make a replica follow another server by Pseudo-GTID', 'match', movedOne, below),
  command('Pseudo-GTID relocation', ['match-up'], 'Make a replica follow the source of its source by Pseudo-GTID', 'match-up', movedOne),
  command('Pseudo-GTID relocation', ['rematch'], 'Find the place of a replica below its present source anew', 'rematch', movedOne),
  command('Pseudo-GTID relocation', ['match-replicas', 'match-slaves'], 'Make the replicas of a server follow another one by Pseudo-GTID', 'match-replicas', ({ moved }) => keys(moved), below),
  command('Pseudo-GTID relocation', ['match-up-replicas', 'match-up-slaves'], 'Make the replicas of a replica follow its source by Pseudo-GTID', 'match-up-replicas', ({ moved }) => keys(moved)),

  command('Replication, general', ['stop-replica', 'stop-slave'], 'Stop replication on a replica', 'stop-replica', key),
  command('Replication, general', ['start-replica', 'start-slave'], 'Start replication on a replica', 'start-replica', key),
  command('Replication, general', ['restart-replica', 'restart-slave'], 'Stop and start replication on a replica', 'restart-replica', key),
  command('Replication, general', ['enable-gtid'], 'Make a replica use GTID', 'enable-gtid', key),
  command('Replication, general', ['disable-gtid'], 'Make a replica use file and position', 'disable-gtid', key),
  command('Replication, general', ['which-gtid-errant'], 'Transactions that a replica has and its source has not', 'instance', instance => [instance.errantGtidSet], notFound),
  command('Replication, general', ['gtid-errant-reset-master'], 'Make a replica forget the transactions that only it has, and its binary logs', 'gtid-errant-reset-master', key),
  command('Replication, general', ['skip-query'], 'Skip the one transaction at which replication fails', 'skip-query', key),
  command('Replication, general', ['reset-replica', 'reset-slave'], 'Make a replica forget its source', 'reset-replica', key),
  command('Replication, general', ['change-master-credentials'], 'Write the replication account of a stopped replica again', 'change-master-credentials', key),
  command('Replication, general', ['detach-replica-master-host', 'detach-replica', 'detach-slave', 'detach-slave-master-host'], 'Write the host of the source so that nobody connects to it', 'detach-replica', key),
  command('Replication, general', ['reattach-replica-master-host', 'reattach-replica', 'reattach-slave', 'reattach-slave-master-host'], 'Undo a detach and start replication', 'reattach-replica', key),
  command('Replication, general', ['master-pos-wait'], 'Wait until a replica has applied its source up to -binlog', 'source-position-wait', key, { needs: { binlog: 'Expecing --binlog argument as file:pos' } }),
  command('Replication, general', ['enable-semi-sync-master'], 'Switch semi-sync on as source', 'enable-semi-sync-source', key),
  command('Replication, general', ['disable-semi-sync-master'], 'Switch semi-sync off as source', 'disable-semi-sync-source', key),
  command('Replication, general', ['enable-semi-sync-replica'], 'Switch semi-sync on as replica', 'enable-semi-sync-replica', key),
  command('Replication, general', ['disable-semi-sync-replica'], 'Switch semi-sync off as replica', 'disable-semi-sync-replica', key),
  command('Replication, general', ['restart-replica-statements', 'restart-slave-statements'], 'Print what stops replication, runs -statement and starts it again', 'restart-replica-statements', ({ statements }) => statements),

  command('Replication information', ['is-replicating'], 'Print the server if both replication threads run', 'instance', instance =>
    (instance.replication?.receiver === 'running' && instance.replication.applier === 'running' ? [instance.key] : []), notFound),
  command('Replication information', ['is-replication-stopped'], 'Print the server if both replication threads are stopped', 'instance', instance =>
    (instance.replication?.receiver === 'stopped' && instance.replication.applier === 'stopped' ? [instance.key] : []), notFound),

  command('Instance', ['set-read-only'], 'Make a server refuse writes', 'set-read-only', key),
  command('Instance', ['set-writeable'], 'Make a server accept writes', 'set-writeable', key),

  command('Binary logs', ['flush-binary-logs'], 'Begin a new binary log, or as many as lead to -binlog', 'flush-binary-logs', key),
  command('Binary logs', ['purge-binary-logs'], 'Remove the binary logs before -binlog', 'purge-binary-logs', key, { needs: { binlog: 'expecting --binlog value' } }),
  command('Binary logs', ['locate-gtid-errant'], 'The binary logs with transactions that only this replica has', 'locate-gtid-errant', files => files),

  command('Binary logs', ['last-pseudo-gtid'], 'The newest Pseudo-GTID statement of a server', 'last-pseudo-gtid', ({ at, text }) => [`${at}:${text}`]),
  command('Binary logs', ['last-executed-relay-entry'], 'The last event of its relay logs that a replica has executed', 'last-executed-relay-entry', ({ at, nextPosition, type, text }) =>
    [`{Coordinates:${at} NextEventPos:${nextPosition} EventType:${type} Info:${text}}:${nextPosition}`]),
  command('Binary logs', ['correlate-relaylog-pos'], 'Where the relay logs of the sibling -d have an event of this replica', 'correlate-relaylog-pos', ({ own, found, next }) => [`${own};${found};${next}`], below),
  command('Binary logs', ['find-binlog-entry'], 'Where the binary logs of a server have the event -pattern', 'find-binlog-entry', ({ at }) => [at], { needs: { pattern: 'No pattern given' } }),
  command('Binary logs', ['correlate-binlog-pos'], 'Where the binary log of -d has an event of this server', 'correlate-binlog-pos', ({ at }) => [at], below),

  command('Information', ['find'], 'Servers whose host:port matches -pattern', 'find', keys, { needs: { pattern: 'No pattern given' } }),
  command('Information', ['search'], 'Servers in which the text of -pattern occurs', 'search', keys, { needs: { pattern: 'No pattern given' } }),
  command('Information', ['clusters'], 'Names of all clusters', 'clusters', names => (names.length === 0 ? [''] : names)),
  command('Information', ['clusters-alias'], 'Names and aliases of all clusters', 'clusters-info', all => all.map(({ name, alias }) => `${name}\t${alias}`)),
  command('Information', ['all-clusters-masters'], 'The writable primary of each cluster', 'primaries', keys),
  command('Information', ['topology'], 'A cluster as an indented text', 'topology', ({ text }) => [text], { withoutCluster: 'empty-line' }),
  command('Information', ['topology-tabulated'], 'A cluster as a text in columns', 'topology-tabulated', ({ text }) => [text], { withoutCluster: 'empty-line' }),
  command('Information', ['all-instances'], 'All known servers', 'all-instances', keys),
  command('Information', ['which-instance'], 'The full host:port of a server', 'instance', key, notFound),
  command('Information', ['which-cluster'], 'Name of the cluster', 'cluster-info', ({ name }) => [name], { withoutCluster: 'empty-line' }),
  command('Information', ['which-cluster-alias'], 'Alias of the cluster', 'cluster-info', ({ alias }) => [alias], { withoutCluster: 'empty-line' }),
  command('Information', ['which-cluster-domain'], 'Domain name of the cluster', 'cluster-info', ({ domain }) => [domain], { withoutCluster: 'empty-line' }),
  command('Information', ['which-cluster-master'], 'Primary of the cluster', 'primary', key,
    { words: { 'no-primary': ({ cluster }) => `No writeable masters found for cluster ${String(cluster)}` } }),
  command('Information', ['which-cluster-instances'], 'Servers of the cluster', 'cluster', keys, { withoutCluster: 'nothing' }),
  command('Information', ['which-master'], 'Source of a replica', 'instance', ({ replication }) => (replication === null ? [] : [replication.source]), notFound),
  command('Information', ['which-downtimed-instances'], 'Servers in downtime', 'downtimed', keys, { withoutCluster: 'all' }),
  command('Information', ['which-replicas', 'which-slaves'], 'Direct replicas of a server', 'instance-replicas', keys),
  command('Information', ['which-lost-in-recovery'], 'Servers that a recovery gave up', 'downtimed', instances =>
    keys(instances.filter(({ downtime }) => downtime?.reason === 'lost-in-recovery')), { withoutCluster: 'all' }),
  command('Information', ['instance-status'], 'What is known of a server, in brackets', 'instance', (instance, { describe }) => [describe(instance)], notFound),

  command('Key-value', ['submit-masters-to-kv-stores'], 'Tell all key-value stores, ProxySQL and webhooks who takes writes', 'submit-primaries', pairs => pairs.map(({ key: name, value }) => `${name}:${value}`),
    { withoutCluster: 'all' }),

  command('Instance management', ['discover'], 'Read a server and remember it', 'discover', instance => (instance === null ? [] : [instance.key])),
  command('Instance management', ['forget'], 'Forget a server', 'forget', forgotten => [forgotten], { needs: { i: 'Cannot deduce instance: ' } }),
  command('Instance management', ['begin-downtime'], 'Put a server in downtime', 'begin-downtime', downtimed => [downtimed], { needs: { reason: '--reason option required' } }),
  command('Instance management', ['end-downtime'], 'End the downtime of a server', 'end-downtime', downtimed => [downtimed]),

  command('Recovery', ['recover'], 'Recover a failed server', 'recover', successor, recovered),
  command('Recovery', ['recover-lite'], 'Recover a failed server without hooks', 'recover-lite', successor, recovered),
  command('Recovery', ['returned-primaries'], 'Primaries that were replaced and follow nobody yet', 'returned-primaries',
    returned => returned.flatMap(({ server, because, offers }) => [`${server}: ${because.text}`, ...offers.map(({ says }) => `  ${says.text}`)])),
  command('Recovery', ['rejoin-primary'], 'Let a replaced primary follow the new one', 'rejoin-primary', ({ server, source }) => [`${server.key}<${source}`]),
  command('Recovery', ['rejoin-primary-inject-empty'], 'The same for one with transactions of its own, which stay on it alone', 'rejoin-primary-inject-empty', ({ server, source }) => [`${server.key}<${source}`]),
  command('Recovery', ['reprovision'], 'Replace all data of a replaced primary by those of the donor -d, and let it follow the new one', 'reprovision', ({ server, source }) => [`${server.key}<${source}`]),
  command('Recovery', ['clone-progress'], 'How far a server is that replaces its data', 'clone-progress',
    ({ state, stages }) => [state, ...stages.map(stage => `${stage.stage}: ${stage.state} ${stage.bytesDone}/${stage.bytesEstimated}`)]),
  command('Recovery', ['force-master-failover'], 'Replace the primary now, whether it lives or not', 'force-failover', successor),
  command('Recovery', ['force-master-takeover'], 'Replace the primary by the replica -d now, whether it lives or not', 'force-takeover', successor,
    { needs: { d: 'Cannot deduce destination, the instance to promote in place of the master. Please provide with -d' } }),
  command('Recovery', ['graceful-master-takeover'], 'Swap the live primary for the replica -d', 'graceful-takeover', takenOver),
  command('Recovery', ['graceful-master-takeover-auto'], 'Swap the live primary for its best replica, or -d', 'graceful-takeover-auto', takenOver),
  command('Recovery', ['replication-analysis'], 'What is wrong now', 'replication-analysis', findings =>
    findings.filter(finding => !finding.skippableDueToDowntime).map(finding => {
      const problems = [...(finding.code === 'NoProblem' ? [] : [finding.code]), ...finding.warnings]
      return `${finding.key} (cluster ${finding.clusterName}): ${problems.join(', ')}`
    })),
  command('Recovery', ['ack-all-recoveries'], 'Acknowledge all recoveries', 'ack-all-recoveries', ({ count }) => [`${count} recoveries acknowledged`], acknowledged),
  command('Recovery', ['ack-cluster-recoveries'], 'Acknowledge the recoveries of a cluster', 'ack-recovery', ({ count }) => [`${count} recoveries acknowledged`], acknowledged),
  command('Recovery', ['ack-instance-recoveries'], 'Acknowledge the recoveries of a failed server', 'ack-recovery', ({ count }) => [`${count} recoveries acknowledged`], acknowledged),

  command('', ['disable-global-recoveries'], 'Switch automatic recovery off everywhere', 'disable-global-recoveries', () => ['OK: Orchestrator recoveries DISABLED globally']),
  command('', ['enable-global-recoveries'], 'Switch automatic recovery on', 'enable-global-recoveries', () => ['OK: Orchestrator recoveries ENABLED globally']),
  command('', ['check-global-recoveries'], 'Is automatic recovery switched off?', 'check-global-recoveries', ({ enabled }) => [`OK: Global recoveries disabled: ${!enabled}`]),
  command('', ['bulk-instances'], 'All known servers, sorted', 'bulk-instances', all => all),
  ...factCommands(command), ...managerCommands(command), ...scriptCommands(command),
]

/** Who leads, and how many follow; nothing where there is nobody. */
function regroupedLines(regrouped: Regrouped): readonly string[] {
  const { promoted, notMoved } = regrouped
  const { trivial, searched } = regroupCounts(regrouped)
  return promoted === null ? [] : [promoted, `${promoted} lost: ${notMoved.length}, trivial: ${trivial}, pseudo-gtid: ${searched}`]
}

/** The successor, and on a second line where it stood when it took over. */
function takenOver(recovery: Recovery): readonly string[] {
  return [...successor(recovery), ...(recovery.successorCoordinates === null ? [] : [coordinatesText(recovery.successorCoordinates)])]
}

export const commandNamed = (name: string): Command | undefined => commands.find(({ names }) => names.includes(name))
