import type { DurabilityPolicy } from '../../../src/model/planning/durability.ts'
import { feederFor, planDrain, planFeed, planFence, planPromotion, planRepoint, planStopReceivers, replicasToSave } from '../../../src/model/planning/failover.ts'
import { joinPlans } from '../../../src/model/planning/failover-plan.ts'
import { failoverReason } from '../../../src/model/planning/failover-reasons.ts'
import type { Plan } from '../../../src/model/planning/plan.ts'
import { decidePromotion, promotionQuestion } from '../../../src/model/planning/promote.ts'
import { awaitPositions, firstAwaited, listCandidates, nextAwaited, soonWithin } from '../../../src/model/planning/promote-waiting.ts'
import { banOf, defaultPromotionPolicy, promotionIgnores, type PromotionPolicy } from '../../../src/model/planning/promote-policy.ts'
import { lostIfPromoted, rankCandidates } from '../../../src/model/planning/promote-rank.ts'
import { planReplaceIntermediate } from '../../../src/model/planning/replace-intermediate.ts'
import { bareInstance } from '../../../src/model/topology/fresh-instance.ts'
import type { Instance } from '../../../src/model/topology/instance.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import { caseKey } from './attributes.ts'
import type { Command } from './commands.ts'
import { runPlan } from './interruption.ts'
import { planLines, plannedLines, reasonText } from './plan-text.ts'

interface Wish {
  readonly policy: PromotionPolicy
  readonly designated: InstanceKey | null
  readonly durability: DurabilityPolicy
}

function wishOf(words: string): Wish {
  const designated = /asked for ([^\s,]+)/.exec(words)?.[1]
  return {
    designated: designated === undefined ? null : caseKey(designated),
    durability: words.includes('under cross-dc-semi-sync') ? 'cross-dc-semi-sync' : words.includes('under semi-sync') ? 'semi-sync' : 'none',
    policy: {
      ...defaultPromotionPolicy,
      preventCrossDataCenter: words.includes('no other data center'),
      preventCrossRegion: words.includes('no other region'),
      failOnLagMinutes: Number(/not if (\d+) minutes behind/.exec(words)?.[1] ?? 0),
      failIfApplierBehind: words.includes('only if all is applied'),
      ignored: promotionIgnores([...words.matchAll(/ignoring ([^\s,]+)/g)].map(([, pattern = '']) => pattern)).accepted,
    },
  }
}

const drainLimit = 10_000

export const promoteCommands: readonly Command[] = [
  {
    says: 'Of those that may take over below a dead server: what each has to execute before it takes writes, and for whom is waited. Behind a comma: "asked for db3".',
    pattern: /^who is waited for below ([^\s,]+)(?:, (.*))?$/,
    run: ({ topology }, [, server = '', words = '']) => {
      const { policy, designated } = wishOf(words)
      const [failed, replicas] = [topology.get(caseKey(server)) ?? bareInstance(caseKey(server)), topology.replicasOf(caseKey(server))]
      const byPosition = replicas.every(({ replication }) => replication?.gtid === 'none')
      const listed = byPosition ? awaitPositions(replicas) : listCandidates(topology, failed, replicas, replicas, policy, { designated })
      if ('refused' in listed) return { lines: [`nobody: ${reasonText(listed.refused)}`] }
      const first = firstAwaited(listed, soonWithin(drainLimit, byPosition ? 'bytes' : 'transactions'))
      const next = nextAwaited(listed, listed.filter(({ candidate }) => candidate !== first?.candidate))
      return {
        lines: [
          ...listed.map(({ candidate, left, unit }) => `${candidate.key}  ${left === null ? 'does not come by itself, or it is not known when' : `${left} ${unit} left`}`),
          `first: ${first?.candidate.key ?? 'nobody'}`, ...(first?.remarks ?? []).map(reason => `  ${reasonText(reason)}`), `then: ${next?.candidate.key ?? 'nobody'}`,
        ],
      }
    },
  },
  {
    says: 'Every replica of a server with the verdict on it as the next primary. Behind a comma: "asked for db3", "no other data center", "no other region", "not if 5 minutes behind", "only if all is applied", "ignoring ^db1:".',
    pattern: /^candidates for ([^\s,]+)(?:, (.*))?$/,
    run: ({ topology }, [, server = '', words = '']) => {
      const { policy, designated } = wishOf(words)
      const question = promotionQuestion(topology, topology.get(caseKey(server)) ?? bareInstance(caseKey(server)), policy, designated)
      const decision = decidePromotion(question)
      return {
        lines: [
          ...rankCandidates(question).map(({ rank, key, verdict, reasons }) => `${rank}  ${key}  ${verdict}: ${reasons.map(({ text }) => text).join('; ')}`),
          ...(decision.isFirstChoiceIdeal ? [`the first choice ${decision.choice.candidate?.key} is ideal`] : []),
          ...(decision.replacement === null ? [] : [`second step: ${reasonText(decision.replacement.because)}`]),
          ...(decision.refused === null ? [] : [`nobody: ${reasonText(decision.refused)}`]),
          ...lostIfPromoted(decision, policy).map(({ key, reason }) => `lost ${key}: ${reasonText(reason)}`),
        ],
      }
    },
  },
  {
    says: 'All stages of replacing a dead primary, each planned on what the one before it made of the servers. The words are those of candidates, and "under semi-sync", "under cross-dc-semi-sync".',
    pattern: /^plan promote-replica ([^\s,]+)(?:, (.*))?$/,
    run: ({ topology }, [, server = '', words = '']) => {
      const staged = planStages(topology, caseKey(server), wishOf(words))
      if (!('plans' in staged)) return { lines: [staged.refused] }
      const { plans, successor, followers, lost } = staged
      const plan = joinPlans(topology, 'promote-replica', failoverReason('plan-promote', { candidate: successor }), plans)
      return {
        lines: [...planLines(plan), ...lost],
        planned: { plan, wish: `${successor} as writable primary of ${followers.join(', ') || 'nobody'}`, wished: after => notPromoted(after, successor, followers) },
      }
    },
  },
  {
    says: 'The plan that gives the replicas of a dead intermediate source another one. The words are those of candidates, "by Pseudo-GTID", and "postponing after 5 minutes".',
    pattern: /^plan replace-intermediate ([^\s,]+)(?:, (.*))?$/,
    run: ({ topology }, [, server = '', words = '']) => {
      const failed = caseKey(server)
      const pseudoGtid = words.includes('by Pseudo-GTID')
      const { policy } = wishOf(words.replace(/(, )?by Pseudo-GTID/, ''))
      const replaced = planReplaceIntermediate(topology, topology.get(failed) ?? bareInstance(failed), {
        replication: policy.replication, isBanned: instance => banOf(instance, policy) !== null, postponeMinutes: Number(/postponing after (\d+) minutes/.exec(words)?.[1] ?? 0), limits: { drainMilliseconds: 10_000, matchMilliseconds: 60_000, pseudoGtid },
      })
      if ('refused' in replaced) return { lines: plannedLines(replaced) }
      const moved = topology.replicasOf(failed).map(({ key }) => key).filter(key => !replaced.lost.some(lost => lost.key === key))
      return {
        lines: [`${replaced.way}: successor ${replaced.successor}`, ...planLines(replaced.plan), ...(replaced.later === null ? [] : ['behind the recovery:', ...planLines(replaced.later)]), ...replaced.lost.map(({ key, reason }) => `lost ${key}: ${reasonText(reason)}`)],
        planned: {
          plan: replaced.plan, wish: `nobody below ${failed}`,
          wished: after => moved.flatMap(key => (after.get(key)?.replication?.source === failed ? [`${key} still follows ${failed}`] : [])),
        },
      }
    },
  },
]

type Staged =
  | { readonly plans: readonly Plan[]; readonly successor: InstanceKey; readonly followers: readonly InstanceKey[]; readonly lost: readonly string[] }
  | { readonly refused: string }

function planStages(topology: Topology, failed: InstanceKey, { policy, designated, durability }: Wish): Staged {
  const plans: Plan[] = []
  let now = topology
  const run = (plan: Plan): void => {
    plans.push(plan)
    now = runPlan(now, plan).world.topology
  }
  const read = (key: InstanceKey): Instance => now.get(key) ?? bareInstance(key)
  const dead = read(failed)
  const saved = replicasToSave(topology, failed)
  run(planStopReceivers(now, failed))
  const reachable = saved.reachable.map(({ key }) => read(key))
  const decision = decidePromotion({ ...promotionQuestion(now, dead, policy, designated), replicas: reachable })
  const listed = listCandidates(now, dead, reachable, reachable, policy, { designated })
  const awaited = decision.promoted === null || 'refused' in listed ? null : firstAwaited(listed, soonWithin(drainLimit, 'transactions'))
  if (awaited === null) return { refused: `refused ${reasonText(decision.refused ?? failoverReason('no-candidate', { failed, text: '' }))}` }
  const successor = awaited.candidate.key
  const advanced = feederFor(awaited.candidate, reachable.filter(replica => replica.logBin))
  if (advanced !== null) run(planFeed(now, awaited.candidate, advanced.feeder, drainLimit))
  run(planDrain(now, read(successor), drainLimit))
  const others = saved.reachable.map(({ key }) => read(key))
  const repoint = planRepoint(now, others, read(successor), policy.replication, durability)
  run(planFence(now, failed))
  run(planPromotion(now, read(successor), durability))
  run(repoint.plan)
  const lost = [...saved.lost, ...repoint.lost]
  const followers = others.map(({ key }) => key).filter(key => key !== successor && !lost.some(each => each.key === key))
  return { plans, successor, followers, lost: lost.map(({ key, reason }) => `lost ${key}: ${reasonText(reason)}`) }
}

function notPromoted(after: Topology, successor: InstanceKey, followers: readonly InstanceKey[]): readonly string[] {
  const promoted = after.get(successor)
  return [
    ...(promoted?.replication === null ? [] : [`${successor} still names a source`]),
    ...(promoted?.readOnly === false ? [] : [`${successor} is read-only`]),
    ...followers.flatMap(key => (after.get(key)?.replication?.source === successor ? [] : [`${key} does not follow ${successor}`])),
  ]
}
