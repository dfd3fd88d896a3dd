import type { Reason } from '../../kit/reason.ts'
import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { type CandidateChoice, chooseCandidate, type Site } from './promote-choice.ts'
import { isIdeal } from './promote-ideal.ts'
import type { PromotionPolicy } from './promote-policy.ts'
import { promotionReason } from './promote-reasons.ts'
import { betterThanPromoted, type Replacement } from './promote-replacement.ts'
import { vetoOf } from './promote-veto.ts'

export interface PromotionQuestion {
  readonly failed: Site & Pick<Instance, 'key'>
  /** The failed server's replicas as last read, dead ones too. */
  readonly replicas: readonly Instance[]
  /** Other servers of the cluster that replicate from one of the replicas. */
  readonly further: readonly Instance[]
  readonly designated: InstanceKey | null
  readonly policy: PromotionPolicy
}

/** Who becomes primary, and how that was found. Supposes that every replica that can follow the first choice will. */
export interface PromotionDecision {
  readonly choice: CandidateChoice
  readonly isFirstChoiceIdeal: boolean
  /** Null: not looked for, because the first choice is ideal, or because there is none. */
  readonly replacement: Replacement | null
  readonly promoted: Instance | null
  /** Set when nobody is promoted. */
  readonly refused: Reason | null
}

export function decidePromotion({ failed, replicas, further, designated, policy }: PromotionQuestion): PromotionDecision {
  const choice = chooseCandidate(replicas, failed, policy)
  const isFirstChoiceIdeal = isIdeal(choice, failed, designated)
  const { candidate } = choice
  if (candidate === null) return { choice, isFirstChoiceIdeal, replacement: null, promoted: null, refused: choice.unfit ?? promotionReason('no-candidate', {}) }
  const moved = [...choice.equal, ...choice.later].map(replica => replica.key)
  const own = further.filter(member => member.replication?.source === candidate.key).map(member => member.key)
  const replacement =
    isFirstChoiceIdeal && designated === null
      ? null
      : betterThanPromoted({ promoted: candidate, members: [...replicas, ...further], followers: new Set([...moved, ...own]), failed, designated, policy })
  const promoted = replacement?.by ?? candidate
  const refused = vetoOf(promoted, failed, policy)
  return { choice, isFirstChoiceIdeal, replacement, promoted: refused === null ? promoted : null, refused }
}

/** Who would lead if the rules liked all alike and nobody named another one: the original promoted it first, and let the preferred one take its place then. */
export const firstChoice = (failed: Instance, replicas: readonly Instance[], policy: PromotionPolicy): InstanceKey | null => chooseCandidate(replicas, failed, policy).candidate?.key ?? null

/** The question about a server of a topology, as if it had died. */
export function promotionQuestion(topology: Topology, failed: Instance, policy: PromotionPolicy, designated: InstanceKey | null = null): PromotionQuestion {
  const replicas = topology.replicasOf(failed.key)
  return { failed, replicas, further: replicas.flatMap(replica => topology.replicasOf(replica.key)), designated, policy }
}
