import type { Result } from '../kit/result.ts'
import type { CloneProgress } from '../model/recovery/clone-progress.ts'
import type { ServerFailure } from '../model/topology/instance.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'

/** Asks a server that is being cloned, on a connection of its own, how far it is. */
export interface Cloning {
  cloneProgress(key: InstanceKey, deadlineMilliseconds: number): Promise<Result<CloneProgress, ServerFailure>>
}
