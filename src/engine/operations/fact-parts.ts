import type { Maintenance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Network } from '../../ports/network.ts'
import type { PollMetric } from '../discovery/poll-metrics.ts'
import type { FlushFigure } from '../inventory/save-behind.ts'
import type { QueueSample } from '../discovery/queue-samples.ts'

/** What handlers of facts beside replication reach for. */
export interface FactParts {
  readonly network: Network
  readonly hostNames: {
    /** `until` in ms since 1970. */
    entries(): ReadonlyMap<string, { readonly name: string; readonly until: number }>
    reset(): void
  }
  /** Polls since that time, ms since 1970. */
  pollsSince(from: number): readonly PollMetric[]
  /** Undefined for a queue that does not exist. */
  queueSamples(queue: string, seconds: number): readonly QueueSample[] | undefined
  /** Batches of read servers that were written to the store since that time. */
  flushesSince(from: number): readonly FlushFigure[]
  readonly buffer: { readonly size: number; readonly flushMilliseconds: number }
  setMaintenance(key: InstanceKey, maintenance: Maintenance | null): void
}
