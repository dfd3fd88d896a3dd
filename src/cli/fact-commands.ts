import type { Instance } from '../model/topology/instance.ts'
import type { Command, MakeCommand } from './commands.ts'
import { whatIfLines } from './what-if-text.ts'
import { doctorLines, doctorVerdict } from './doctor-text.ts'

const keys = (instances: readonly Instance[]): readonly string[] => instances.map(instance => instance.key)
const unknown = { words: { 'instance-unknown': ({ instance }: Readonly<Record<string, unknown>>) => `Instance not found: ${String(instance)}` } }
const allowed = ({ source, allowed: may }: { readonly source: string; readonly allowed: boolean }): readonly string[] => (may ? [source] : [])
const pairs = (of: readonly { readonly host: string; readonly name: string }[]): readonly string[] => of.map(({ host, name }) => `${host} ${name}`)

/** Commands about facts beside replication. */
export const factCommands = (command: MakeCommand): readonly Command[] => [
  command('Classic file:pos relocation', ['get-candidate-replica', 'get-candidate-slave'], 'The replica of a server that would best take over its others', 'candidate-replica', key => [key], unknown),
  command('Replication information', ['can-replicate-from'], 'Print -d if the server may replicate from it', 'can-replicate-from', allowed, { ...unknown, quiet: new Set(['cannot-replicate']) }),

  command('Pools', ['submit-pool-instances'], 'Say which servers the pool has', 'submit-pool-instances', () => [], { needs: { pool: 'Please submit --pool' }, isAllAtOnce: true }),
  command('Pools', ['cluster-pool-instances'], 'Servers in pools, with cluster and alias', 'cluster-pool-instances', ({ members }) =>
    members.map(({ cluster, alias, pool, instance }) => [cluster, alias, pool, instance].join('\t'))),
  command('Pools', ['which-heuristic-cluster-pool-instances'], 'Usable servers of a cluster that are in a pool', 'heuristic-cluster-pool-instances', ({ instances }) => keys(instances),
    { withoutCluster: 'nothing' }),

  command('Information', ['topology-tags'], 'A cluster as an indented text, with tags', 'topology-tags', ({ text }) => [text], { withoutCluster: 'empty-line' }),
  command('Information', ['which-heuristic-domain-instance'], 'The server noted for the domain of the cluster', 'heuristic-domain-instance', ({ instance }) => [instance]),
  command('Information', ['which-cluster-osc-replicas', 'which-cluster-osc-slaves'], 'Replicas that a schema change should watch', 'cluster-osc-replicas', keys, { withoutCluster: 'nothing' }),
  command('Information', ['which-cluster-gh-ost-replicas', 'which-cluster-gh-ost-slaves'], 'Replicas whose binary log a migration can read', 'cluster-gh-ost-replicas', keys,
    { withoutCluster: 'nothing' }),
  command('Information', ['get-cluster-heuristic-lag'], 'The largest lag among the replicas to watch', 'cluster-heuristic-lag', lag => [String(lag)]),

  command('tags', ['tags'], 'Tags of a server', 'tags', tags => tags),
  command('tags', ['tag-value'], 'Value of one tag of a server', 'tag-value', value => [value], { quiet: new Set(['tag-missing']) }),
  command('tags', ['tagged'], 'Servers with all of the tags in -tag', 'tagged', found => found),
  command('tags', ['tag'], 'Give a server a tag', 'tag', ({ instance }) => [instance]),
  command('tags', ['untag'], 'Take a tag from a server', 'untag', ({ removed }) => removed),
  command('tags', ['untag-all'], 'Take a tag from all servers that have it with that value', 'untag-all', ({ removed }) => removed),

  command('Instance management', ['begin-maintenance'], 'Lock a server against changes of its replication', 'begin-maintenance', key => [key], { needs: { reason: '--reason option required' } }),
  command('Instance management', ['end-maintenance'], 'Release the lock of a server', 'end-maintenance', ended => [String(ended)]),
  command('Instance management', ['in-maintenance'], 'Print the server if it is locked', 'in-maintenance', ({ instance, isLocked }) => (isLocked ? [instance] : [])),

  command('Instance, meta', ['register-candidate'], 'Say how gladly a server is promoted', 'register-candidate', key => [key]),
  command('Instance, meta', ['register-hostname-unresolve'], 'Use -hostname for the host of a server', 'register-hostname-unresolve', key => [key]),
  command('Instance, meta', ['deregister-hostname-unresolve'], 'Use the own name of the host of a server again', 'deregister-hostname-unresolve', key => [key]),
  command('Instance, meta', ['set-heuristic-domain-instance'], 'Note the primary as the server of the domain of the cluster', 'set-heuristic-domain-instance', ({ instance }) => [instance]),

  command('Recovery', ['what-if'], 'What would be done if -i died now, or each leading server of the cluster -alias, or each primary', 'what-if', whatIfLines),

  command('Meta', ['doctor'], 'What is set wrong, and how it is mended: of -i, of the cluster -alias, of everything with -all, or of the configuration', 'doctor', doctorLines, { failure: doctorVerdict }),
  command('Internal', ['internal-suggest-promoted-replacement'], 'The server that should lead in the place of the promoted -d, after -i failed', 'suggest-promoted-replacement', key => [key],
    { ...unknown, needs: { d: 'Cannot deduce destination: ' } }),
  command('Agent', ['custom-command'], 'Let the agent on -hostname run the command -pattern', 'agent-custom-command', output => [output.replace(/\n$/, '')],
    { needs: { hostname: '--hostname option required', pattern: '--pattern option required' } }),
  command('Meta', ['snapshot-topologies'], 'Remember who replicates from whom', 'snapshot-topologies', () => []),
  command('Meta', ['resolve'], 'The canonical name of a server, after connecting to it', 'resolve', key => [key]),
  command('Meta', ['reset-hostname-resolve-cache'], 'Forget all resolved host names', 'reset-hostname-resolve-cache', () => ['hostname resolve cache cleared']),
  command('Meta', ['show-resolve-hosts'], 'Hosts and their resolved names', 'show-resolve-hosts', pairs),
  command('Meta', ['show-unresolve-hosts'], 'Hosts and their virtual names', 'show-unresolve-hosts', pairs),

  command('', ['bulk-promotion-rules'], 'All registered promotion rules, sorted', 'bulk-promotion-rules', rules => rules.map(({ instance, rule }) => `${instance} ${rule}`)),
]
