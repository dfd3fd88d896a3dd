import type { Result } from '../kit/result.ts'
import type { Examination } from '../model/doctor/subjects.ts'
import type { ServerFailure } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'

/** Looks at a server more closely than a poll does. Only on demand: it logs in anew, so that privileges are those that hold now. */
export interface Examiner {
  /** Login and all questions end within the deadline. */
  examine(key: InstanceKey, options: { readonly deadlineMilliseconds: number }): Promise<Result<Examination, ServerFailure>>
}
