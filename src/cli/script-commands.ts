import type { Instance } from '../model/topology/instance.ts'
import type { Command, MakeCommand } from './commands.ts'

const keys = (instances: readonly Instance[]): readonly string[] => instances.map(instance => instance.key)
const key = (instance: Instance): readonly string[] => [instance.key]
const unknown = { words: { 'instance-unknown': ({ instance }: Readonly<Record<string, unknown>>) => `Instance not found: ${String(instance)}` } }

/** Commands that the original has in its client script alone (contract cli.md 4). */
export const scriptCommands = (command: MakeCommand): readonly Command[] => [
  command('Replication, general', ['stop-replica-nice', 'stop-slave-nice'], 'Stop replication once everything received is applied', 'stop-replica-nice', key),
  command('Replication, general', ['delay-replication'], 'Make a replica apply -seconds late', 'delay-replication', ({ seconds }) => [String(seconds)], { needs: { seconds: '--seconds option required' } }),
  command('Replication, general', ['gtid-errant-inject-empty'], 'Commit an empty transaction on the primary for each one that only this replica has', 'gtid-errant-inject-empty', ({ replica }) => [replica.key]),
  command('Replication information', ['can-replicate-from-gtid'], 'Print -d if the server may replicate from it by GTID', 'can-replicate-from-gtid', ({ source, allowed }) => (allowed ? [source] : []),
    { ...unknown, needs: { d: 'Cannot deduce destination: ' }, quiet: new Set(['cannot-replicate']) }),

  command('Information', ['instance'], 'The full host:port of a server', 'instance', key, unknown),
  command('Information', ['which-broken-replicas'], 'Direct replicas whose replication has stopped with an error', 'instance-replicas', replicas => keys(replicas.filter(isBroken))),
  command('Information', ['which-cluster-osc-running-replicas'], 'Replicas that a schema change should watch, and that replicate', 'cluster-osc-replicas', replicas => keys(replicas.filter(runs)), { withoutCluster: 'nothing' }),
  command('Information', ['dominant-dc'], 'The data centre in which most primaries are', 'primaries', mostFrequent),
  command('Information', ['downtimed'], 'Servers in downtime, of the cluster or of all', 'downtimed', keys, { isOfNamedCluster: true }),

  command('Instance management', ['async-discover'], 'Let a service read a server in the background', 'async-discover', asked => [asked]),
  command('Instance management', ['forget-cluster'], 'Forget all servers of a cluster', 'forget-cluster', () => [], { isOfNamedCluster: true }),
]

const runs = ({ replication }: Instance): boolean => replication?.receiver === 'running' && replication.applier === 'running'

const isBroken = (replica: Instance): boolean =>
  replica.replication !== null && !runs(replica) && (replica.replication.receiverError.text !== '' || replica.replication.applierError.text !== '')

/** Of two that are equally frequent the later by name, as the sorted counts of the original's script have it. */
function mostFrequent(primaries: readonly Instance[]): readonly string[] {
  const counts = [...Map.groupBy(primaries, ({ dataCenter }) => dataCenter)].map(([name, of]) => ({ name, count: of.length }))
  const [first] = counts.toSorted((left, right) => right.count - left.count || (left.name < right.name ? 1 : -1))
  return first === undefined ? [] : [first.name]
}
