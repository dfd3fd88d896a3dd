import type { Result } from '../../kit/result.ts'
import type { ConfigurationFacts, DoctorPolicy, Examination } from '../../model/doctor/subjects.ts'
import type { ServerFailure } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'

/** What the doctor reaches for. */
export interface DoctorParts {
  examine(key: InstanceKey): Promise<Result<Examination, ServerFailure>>
  policy(): DoctorPolicy
  /** Looks hooks up anew each time; what depends on the known clusters is added by the handler. */
  configuration(): Omit<ConfigurationFacts, 'filters' | 'knownClusters'>
  /** The settings that hold the recovery filters, by name. */
  readonly filterSettings: { readonly primary: string; readonly intermediate: string }
}
