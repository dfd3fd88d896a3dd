import type { Reason } from '../../kit/reason.ts'
import type { Finding } from '../../model/analysis/finding.ts'
import type { Recovery } from '../../model/recovery/records.ts'
import type { Instance } from '../../model/topology/instance.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import type { Lock } from '../execution/server-locks.ts'
import type { Fleet } from './fleet.ts'
import type { RecoveryParts } from './parts.ts'
import type { Policies } from './policies.ts'
import type { RecoveryStory } from './story.ts'

/** Who asked for a recovery; `command` '' means nobody did. */
export interface Asked {
  readonly by: string
  readonly command: string
  readonly candidate: InstanceKey | null
  readonly runHooks: boolean
  /** Why acknowledged writes may be lost that a durability policy would protect; left out: they may not. */
  readonly why?: string
  /** It is asked once more whether the server is gone when nobody fetches from it any more, and called off if it is not. */
  readonly rechecks?: true
}

/** What a remedy came to. */
export interface Outcome {
  readonly successor: Instance | null
  readonly lost: readonly InstanceKey[]
  readonly participants: readonly InstanceKey[]
  readonly errors: readonly string[]
  readonly background: readonly Promise<unknown>[]
  /** Replicas that are moved behind; each answers who could not be. */
  readonly later?: readonly Promise<readonly InstanceKey[]>[]
  /** Would have led if the successor had not been preferred to it. */
  readonly tookPlaceOf?: InstanceKey
  /** Why the recovery was called off before anything was done that cannot be undone: it blocks no other. */
  readonly calledOff?: Reason
  /** What a hook that runs only when it is sure has forbidden. */
  readonly forbidden?: Reason
  /** The failed server is well (a takeover): it is not put in a downtime. */
  readonly keepsFailed?: boolean
}

export const nothingDone = (error: string): Outcome => ({ successor: null, lost: [], participants: [], errors: [error], background: [] })

/** What a remedy needs to be carried out: the finding, and the servers locked for it. */
export interface RemedyJob {
  readonly parts: RecoveryParts
  readonly policies: Policies
  readonly fleet: Fleet
  readonly finding: Finding
  readonly registered: Recovery
  readonly asked: Asked
  readonly story: RecoveryStory
  readonly lock: Lock
  /** To be told in the moment another server takes writes. */
  leads(successor: InstanceKey): void
  /** Asked once it is sure that the server is replaced, where that is asked once more; left out: what may forbid it was asked before. */
  forbids?(): Promise<Reason | null>
}

export type RemedyWork = (job: RemedyJob) => Promise<Outcome>
