import type { Result } from '../kit/result.ts'
import type { WriteWait } from '../model/analysis/memory.ts'
import type { Instance, ServerFailure } from '../model/topology/instance.ts'

/** What keeps writes waiting on a server. */
export interface WriteWaits {
  /** Null: no write waits for a lock on all writes, for the disk, or for an acknowledgement. */
  writeWaits(on: Instance, deadlineMilliseconds: number): Promise<Result<WriteWait | null, ServerFailure>>
}
