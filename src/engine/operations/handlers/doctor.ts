import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import { type Diagnosis, together } from '../../../model/doctor/check.ts'
import { diagnoseConfiguration, diagnoseServers } from '../../../model/doctor/diagnose.ts'
import type { Patient, Ward } from '../../../model/doctor/subjects.ts'
import { clusterAlias } from '../../../model/topology/cluster-hint.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { ClusterFilter } from '../../../model/recovery/cluster-filters.ts'
import { eachBounded } from '../../execution/bounded.ts'
import { standingPromise } from '../../recovery/durability.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import type { DoctorReport } from '../../../contract/doctor.ts'

/** Servers examined at the same time; one that hangs holds up one place, not the others. */
const atOnceMax = 16
/** Of one run; whoever asks waits no longer than this and the time that one server takes. */
const runTimeMaxMilliseconds = 120_000

const doctor: Handler<Contract['doctor']> = async ({ instance, cluster, all }, parts) => {
  if (instance !== undefined) return server(instance, parts)
  if (cluster !== undefined) return wholeCluster(cluster, parts)
  return ok(all === true ? await everything(parts) : report({ what: 'configuration', name: '' }, nobody, configuration(parts)))
}

/** Who was examined, and for whom there was no time. */
interface Examined {
  readonly patients: readonly Patient[]
  readonly unexamined: readonly InstanceKey[]
}
const nobody: Examined = { patients: [], unexamined: [] }

async function server(key: InstanceKey, parts: OperationParts): Promise<Outcome<DoctorReport>> {
  const examined = await examine([key], parts)
  const topology = parts.topology()
  const clusterName = examined.patients[0]?.instance?.clusterName
  const members = clusterName === undefined ? [] : (topology.clusters.get(clusterName) ?? [])
  return ok(report({ what: 'server', name: key }, examined, diagnoseServers(examined.patients, clusterName === undefined ? [] : [wardOf(clusterName, members, parts)])))
}

async function wholeCluster(name: string, parts: OperationParts): Promise<Outcome<DoctorReport>> {
  const examined = await examine((parts.topology().clusters.get(name) ?? []).map(({ key }) => key), parts)
  const members = examined.patients.flatMap(({ instance }) => instance ?? [])
  const about = { what: 'cluster', name: clusterAlias(parts.topology(), name) || name } as const
  return ok(report(about, examined, diagnoseServers(examined.patients, [wardOf(name, members, parts)])))
}

/** The configuration and every known server; what must hold within a cluster is looked at in each. */
async function everything(parts: OperationParts): Promise<DoctorReport> {
  const examined = await examine([...parts.topology().instances.keys()], parts)
  const wards = [...parts.topology().clusters].map(([cluster, members]) => wardOf(cluster, members, parts))
  return report({ what: 'fleet', name: '' }, examined, together([configuration(parts), diagnoseServers(examined.patients, wards)]))
}

const wardOf = (cluster: string, members: Ward['members'], parts: OperationParts): Ward =>
  ({ cluster, members, promise: standingPromise(parts.policy().durability, parts.topology(), cluster), unpublished: parts.unpublished(cluster) })

/** Reads servers again and examines them, some at a time; an unknown one is examined all the same. */
async function examine(keys: readonly InstanceKey[], parts: OperationParts): Promise<Examined> {
  const until = parts.clock.now() + runTimeMaxMilliseconds
  const answers = await eachBounded(keys, atOnceMax, async key => (parts.clock.now() < until ? examineOne(key, parts) : key))
  return {
    patients: answers.filter(answer => typeof answer !== 'string'),
    unexamined: answers.filter(answer => typeof answer === 'string'),
  }
}

async function examineOne(key: InstanceKey, parts: OperationParts): Promise<Patient> {
  const isKnown = parts.topology().instances.has(key)
  const [told] = await Promise.all([parts.doctor.examine(key), ...(isKnown ? [parts.readAgain([key])] : [])])
  const topology = parts.topology()
  const instance = topology.get(key) ?? null
  const source = instance === null ? null : (topology.sourceOf(instance) ?? null)
  const failure = told.ok ? (instance?.check.failure ?? null) : told.failure
  return { key, instance: instance?.check.lastSeenAt === null ? null : instance, source, examination: told.ok ? told.value : null, failure, policy: parts.doctor.policy() }
}

function configuration(parts: OperationParts): Diagnosis {
  const topology = parts.topology()
  const clusters = [...topology.clusters.keys()].map(name => ({ name, alias: clusterAlias(topology, name) }))
  const { recoverPrimary, recoverIntermediate } = parts.policy()
  const facts = (setting: string, filters: readonly ClusterFilter[]): { setting: string; text: string; matches: boolean }[] =>
    filters.map(filter => ({ setting, text: filter.text, matches: clusters.some(cluster => filter.matches(cluster)) }))
  const { primary, intermediate } = parts.doctor.filterSettings
  return diagnoseConfiguration({
    ...parts.doctor.configuration(), knownClusters: clusters.length,
    filters: [...facts(primary, recoverPrimary.filters), ...facts(intermediate, recoverIntermediate.filters)],
  })
}

const report = (about: DoctorReport['about'], { patients, unexamined }: Examined, { complaints, well }: Diagnosis): DoctorReport =>
  ({ about, servers: patients.map(({ key }) => key), unexamined, complaints, well, isWell: complaints.every(({ severity }) => severity !== 'bad') })

export const doctorHandlers = { 'doctor': doctor }
