import type { Contract, OperationName } from '../../contract/all.ts'
import type { OutputOf } from '../../contract/operation.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { Recovery } from '../../model/recovery/records.ts'
import type { Command } from '../commands.ts'

type Print = Command['print']

// The table joins each operation with the printer of its own output, as that of the commands does.
const printed = <Name extends OperationName>(_operation: Name, print: (output: OutputOf<Contract[Name]>) => readonly string[]): Print => print as Print

const source = (instance: Instance): string => instance.replication?.source ?? ':0'
const below = (instance: Instance): readonly string[] => [`${instance.key}<${source(instance)}`]
const successor = (recovery: Recovery): readonly string[] => (recovery.successor === null ? [] : [recovery.successor])

/** Where the original's script prints something else than its program, by name of the command (contract cli.md 4). */
export const clientPrints: Readonly<Record<string, Print>> = {
  'clusters': printed('clusters', names => names),
  'clusters-alias': printed('clusters-info', all => all.map(({ name, alias }) => `${name},${alias}`)),
  'which-master': printed('instance', instance => [source(instance)]),
  'take-siblings': printed('take-siblings', ({ replica }) => below(replica)),
  'take-master': printed('take-source', below),
  'make-co-master': printed('make-co-primary', below),
  'repoint-replicas': printed('repoint-replicas', ({ moved }) => moved.map(({ key }) => key)),
  'forget': printed('forget', () => []),
  'submit-pool-instances': printed('submit-pool-instances', pool => [pool]),
  'restart-replica-statements': printed('restart-replica-statements', ({ statements }) => [`[ ${statements.map(statement => JSON.stringify(statement)).join(', ')} ]`]),
  'last-pseudo-gtid': printed('last-pseudo-gtid', ({ text }) => [text]),
  'replication-analysis': printed('replication-analysis', findings =>
    findings.map(({ key, clusterName, code, warnings }) => `${key} (cluster ${clusterName}): ${code === 'NoProblem' ? warnings[0] ?? '' : code}`)),
  'graceful-master-takeover': printed('graceful-takeover', successor),
  'graceful-master-takeover-auto': printed('graceful-takeover-auto', successor),
  'ack-all-recoveries': printed('ack-all-recoveries', ({ what }) => ('all' in what ? [what.all] : [])),
  'ack-cluster-recoveries': printed('ack-recovery', ({ what }) => ('cluster' in what ? [what.cluster] : [])),
  'snapshot-topologies': printed('snapshot-topologies', ({ milliseconds }) => [`Took ${milliseconds.toFixed(3)}ms`]),
  'disable-global-recoveries': printed('disable-global-recoveries', () => ['disabled']),
  'enable-global-recoveries': printed('enable-global-recoveries', () => ['enabled']),
  'check-global-recoveries': printed('check-global-recoveries', ({ enabled }) => [enabled ? 'enabled' : 'disabled']),
}

/** Where the script of the original prints something that nobody can want, and we do not. */
export const betterThanScript: Readonly<Record<string, string>> = {
  'async-discover': 'the key of the server; the script prints `:null`, for want of it in the answer',
  'move-replicas-gtid': 'the keys of the moved replicas; the script ends with an error of jq after the success',
  'move-gtid': 'the script asks for a route that the original does not have, and always fails',
  'recover': 'recovers once; the script asks twice and fails by its second call after the success of its first, printing a key as JSON',
  'which-cluster-master': 'the key of the primary; the script prints the name of the cluster, which is the same until it is not',
  'ack-cluster-recoveries': 'the whole reason is the comment; the script sends its first word',
  'ack-all-recoveries': 'the whole reason is the comment; the script sends its first word',
  'begin-downtime': 'a reason may have any character; the script fails by one with a slash',
  'api': 'the answer as it came; the script prints it with other blanks',
}
