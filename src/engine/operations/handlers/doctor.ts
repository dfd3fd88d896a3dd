import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import type { Diagnosis } from '../../../model/doctor/check.ts'
import { diagnoseConfiguration, diagnoseServers } from '../../../model/doctor/diagnose.ts'
import type { Patient } from '../../../model/doctor/subjects.ts'
import { clusterAlias } from '../../../model/topology/cluster-hint.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { ClusterFilter } from '../../../model/recovery/cluster-filters.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import type { DoctorReport } from '../../../contract/doctor.ts'

/** Servers examined at the same time. */
const atOnceMax = 16

const doctor: Handler<Contract['doctor']> = async ({ instance, cluster }, parts) => {
  if (instance !== undefined) return server(instance, parts)
  return cluster === undefined ? ok(report({ what: 'configuration', name: '' }, [], configuration(parts))) : wholeCluster(cluster, parts)
}

async function server(key: InstanceKey, parts: OperationParts): Promise<Outcome<DoctorReport>> {
  const [patient] = await examined([key], parts)
  if (patient === undefined) return ok(report({ what: 'server', name: key }, [], { complaints: [], well: [] }))
  const topology = parts.topology()
  const clusterName = patient.instance?.clusterName
  const members = clusterName === undefined ? [] : (topology.clusters.get(clusterName) ?? [])
  return ok(report({ what: 'server', name: key }, [key], diagnoseServers([patient], clusterName === undefined ? [] : [{ cluster: clusterName, members }])))
}

async function wholeCluster(name: string, parts: OperationParts): Promise<Outcome<DoctorReport>> {
  const keys = (parts.topology().clusters.get(name) ?? []).map(({ key }) => key)
  const patients = await examined(keys, parts)
  const members = patients.flatMap(({ instance }) => instance ?? [])
  return ok(report({ what: 'cluster', name: clusterAlias(parts.topology(), name) || name }, keys, diagnoseServers(patients, [{ cluster: name, members }])))
}

/** Reads servers again and examines them, some at a time; an unknown one is examined all the same. */
async function examined(keys: readonly InstanceKey[], parts: OperationParts): Promise<readonly Patient[]> {
  const patients: Patient[] = []
  for (let at = 0; at < keys.length; at += atOnceMax) {
    const some = keys.slice(at, at + atOnceMax)
    const [, ...examinations] = await Promise.all([
      parts.readAgain(some.filter(key => parts.topology().instances.has(key))), ...some.map(async key => ({ key, told: await parts.doctor.examine(key) })),
    ])
    const topology = parts.topology()
    for (const { key, told } of examinations) {
      const instance = topology.get(key) ?? null
      const source = instance === null ? null : (topology.sourceOf(instance) ?? null)
      const failure = told.ok ? (instance?.check.failure ?? null) : told.failure
      patients.push({ key, instance: instance?.check.lastSeenAt === null ? null : instance, source, examination: told.ok ? told.value : null, failure, policy: parts.doctor.policy() })
    }
  }
  return patients
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

const report = (about: DoctorReport['about'], servers: readonly InstanceKey[], { complaints, well }: Diagnosis): DoctorReport =>
  ({ about, servers, complaints, well, isWell: complaints.every(({ severity }) => severity !== 'bad') })

export const doctorHandlers = { 'doctor': doctor }
