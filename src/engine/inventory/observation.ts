import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { ProbeFailure, ServerFacts } from '../../ports/servers.ts'

interface Reading {
  /** The key that was asked; the server may have told another name. */
  readonly asked: InstanceKey
  /** On the monotonic clock: of two readings the one that began later counts. */
  readonly startedAtMonotonic: number
  /** ms since 1970, when the answer was there. */
  readonly at: number
  readonly latencyMilliseconds: number
}

/** What one probe came to. */
export type Observation =
  | (Reading & { readonly outcome: 'read'; readonly facts: ServerFacts })
  | (Reading & { readonly outcome: 'failed'; readonly failure: ProbeFailure })
