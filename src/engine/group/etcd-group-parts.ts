import type { Clock } from '../../ports/clock.ts'
import type { Etcd } from '../../ports/etcd.ts'
import type { Random } from '../../ports/random.ts'
import type { StateMachine } from '../raft/state-machine.ts'
import type { EtcdGroupPolicy } from './etcd-policy.ts'

export interface EtcdGroupParts {
  readonly etcd: Etcd
  readonly clock: Clock
  readonly random: Random
  readonly machine: StateMachine
  readonly policy: EtcdGroupPolicy
  /** Keys of this group begin with it. */
  readonly prefix: string
  readonly name: string
  /** Where the others and their users reach this manager; null: not known. */
  readonly uri: string | null
  readonly events: {
    /** etcd did not answer, or not as it should; it is asked again. */
    trouble(text: string): void
    /** This manager takes no part any more, until it is started anew. */
    failed(text: string): void
  }
}
