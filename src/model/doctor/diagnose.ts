import { type Diagnosis, lookAt, together } from './check.ts'
import { clusterChecks } from './cluster-checks.ts'
import { configurationChecks } from './configuration-checks.ts'
import { replicationChecks } from './replication-checks.ts'
import { serverChecks } from './server-checks.ts'
import type { ConfigurationFacts, Patient, Ward } from './subjects.ts'

/** Servers, each by itself, and among the members of their cluster where that is asked for. */
export function diagnoseServers(patients: readonly Patient[], wards: readonly Ward[]): Diagnosis {
  return together([
    lookAt([...serverChecks, ...replicationChecks], patients, ({ key }) => key),
    lookAt(clusterChecks, wards, () => null),
  ])
}

export const diagnoseConfiguration = (facts: ConfigurationFacts): Diagnosis => together([lookAt(configurationChecks, [facts], () => null)])
