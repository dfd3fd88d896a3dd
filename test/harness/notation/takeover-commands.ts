import { banOf, defaultPromotionPolicy } from '../../../src/model/planning/promote-policy.ts'
import { planTakeover, planUndoTakeover, type TakeoverPolicy } from '../../../src/model/planning/takeover.ts'
import { bareInstance } from '../../../src/model/topology/fresh-instance.ts'
import { defaultReplicationPolicy } from '../../../src/model/topology/replication-rules.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import { caseKey } from './attributes.ts'
import type { Command } from './commands.ts'
import { planLines, plannedLines, reasonText } from './plan-text.ts'

const policyOf = (words: string): TakeoverPolicy => ({
  replication: defaultReplicationPolicy, reasonableLagSeconds: 20, catchUpMilliseconds: 20_000, startOldPrimary: !words.includes('old one stopped'),
  isBanned: instance => banOf(instance, defaultPromotionPolicy) !== null,
})

export const takeoverCommands: readonly Command[] = [
  {
    says: 'All parts of a graceful takeover as one plan, or why there is none; may end in ", old one stopped".',
    pattern: /^plan takeover (\S+) to ([^\s,]+)(?:, (.*))?$/,
    run: ({ topology }, [, oldText = '', successorText = '', words = '']) => {
      const [old, successor] = [caseKey(oldText), caseKey(successorText)]
      const planned = planTakeover(topology, topology.get(old) ?? bareInstance(old), topology.get(successor) ?? bareInstance(successor), policyOf(words))
      if ('refused' in planned) return { lines: plannedLines(planned) }
      const { whole, siblingsLeft } = planned
      const followers = [old, ...topology.replicasOf(old).map(({ key }) => key)].filter(key => key !== successor && !siblingsLeft.some(left => left.key === key))
      return {
        lines: [...planLines(whole), ...siblingsLeft.map(({ key, reason }) => `left ${key}: ${reasonText(reason)}`)],
        planned: {
          // The undo of the first part holds for that part alone: once the successor takes writes, the old one must not.
          plan: { ...whole, steps: whole.steps.map(step => ({ ...step, undo: [] })) }, mayRing: new Set([old, successor]),
          wish: `${successor} as writable primary of ${followers.join(', ')}`, wished: after => notTakenOver(after, successor, followers),
        },
      }
    },
  },
  {
    says: 'The part of a takeover that stops writes, with its undo.',
    pattern: /^plan takeover-fence (\S+) to (\S+)$/,
    run: ({ topology }, [, oldText = '', successorText = '']) => {
      const [old, successor] = [caseKey(oldText), caseKey(successorText)]
      const planned = planTakeover(topology, topology.get(old) ?? bareInstance(old), topology.get(successor) ?? bareInstance(successor), policyOf(''))
      if ('refused' in planned) return { lines: plannedLines(planned) }
      return { lines: planLines(planned.fence), planned: { plan: planned.fence, mustPutBack: true, wish: `${old} read-only`, wished: after => (after.get(old)?.readOnly === true ? [] : [`${old} takes writes`]) } }
    },
  },
  {
    says: 'The plan that gives writes back to the old primary of a takeover that failed.',
    pattern: /^plan undo-takeover (\S+) to (\S+)$/,
    run: ({ topology }, [, old = '', successor = '']) => {
      const plan = planUndoTakeover(topology, caseKey(old), caseKey(successor))
      return { lines: planLines(plan), planned: { plan, wish: `${caseKey(old)} writable`, wished: after => (after.get(caseKey(old))?.readOnly === false ? [] : [`${old} is read-only`]) } }
    },
  },
]

function notTakenOver(after: Topology, successor: InstanceKey, followers: readonly InstanceKey[]): readonly string[] {
  const wrong: string[] = []
  const primary = after.get(successor)
  if (primary?.readOnly !== false) wrong.push(`${successor} is read-only`)
  if (primary?.replication !== null) wrong.push(`${successor} still names a source`)
  for (const key of followers) {
    const follower = after.get(key)
    if (follower?.replication?.source !== successor) wrong.push(`${key} follows ${follower?.replication?.source ?? 'nobody'}`)
    if (follower?.readOnly !== true) wrong.push(`${key} takes writes`)
  }
  return wrong
}
