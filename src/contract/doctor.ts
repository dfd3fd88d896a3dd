import type { Complaint, FoundWell } from '../model/doctor/check.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, optional } from './operation.ts'

/** What was looked at, what is to be mended, and what was found well. */
export interface DoctorReport {
  readonly about: { readonly what: 'server' | 'cluster' | 'fleet' | 'configuration'; readonly name: string }
  readonly servers: readonly InstanceKey[]
  /** Those for which one run had no more time: nothing is said about them. */
  readonly unexamined: readonly InstanceKey[]
  readonly complaints: readonly Complaint[]
  readonly well: readonly FoundWell[]
  /** Nothing is bad; warnings may be there. */
  readonly isWell: boolean
}

export const doctor = operation<DoctorReport>()({
  name: 'doctor',
  says: 'What is set so that it will go wrong one day, and how it is mended: of a server, of a cluster, of everything, or of the configuration when nothing is named.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: {
    instance: optional.instance('One server.'), cluster: optional.cluster('All servers of a cluster.'),
    all: optional.boolean('All known servers, and the configuration.'),
  },
  former: { routes: [], commands: ['doctor'], section: 'Meta', answers: 'bare' },
})
