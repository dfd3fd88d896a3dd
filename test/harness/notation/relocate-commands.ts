import { isRefusal } from '../../../src/model/planning/plan.ts'
import { planRelocate } from '../../../src/model/planning/relocate.ts'
import { defaultRelocatePolicy } from '../../../src/model/planning/relocate-judgement.ts'
import { judgeTargets } from '../../../src/model/planning/targets.ts'
import { drawCluster } from '../../../src/model/topology/draw.ts'
import { defaultFreshnessPolicy } from '../../../src/model/topology/freshness.ts'
import type { InstanceKey } from '../../../src/model/topology/instance-key.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import { caseKey, caseNow } from './attributes.ts'
import type { Command } from './commands.ts'
import { plannedLines, reasonText } from './plan-text.ts'

const policyOf = (words: string): typeof defaultRelocatePolicy => ({
  ...defaultRelocatePolicy,
  replication: {
    ...defaultRelocatePolicy.replication, lowerReplicaVersionAllowed: words.includes('lower versions allowed'), verifyReplicationFilters: words.includes('filters verified'),
  },
})

export const relocateCommands: readonly Command[] = [
  {
    says: 'The plan to make a server follow another one, or why there is none; may end in ", lower versions allowed" or ", filters verified".',
    pattern: /^plan relocate (\S+) below ([^\s,]+)(?:, (.*))?$/,
    run: ({ topology }, [, replicaText = '', targetText = '', words = '']) => {
      const [replica, target] = [caseKey(replicaText), caseKey(targetText)]
      const plan = planRelocate(topology, { replica, target }, policyOf(words), caseNow)
      if (isRefusal(plan)) return { lines: plannedLines(plan) }
      return { lines: plannedLines(plan), planned: { plan, wish: `${replica} below ${target}`, wished: after => movedWrongly(topology, after, replica, target) } }
    },
  },
  {
    says: 'The verdict on every other server as new source of the named ones (separated by blanks).',
    pattern: /^targets of (.+)$/,
    run: ({ topology }, [, servers = '']) => ({
      lines: judgeTargets(topology, servers.split(' ').map(text => caseKey(text)), defaultRelocatePolicy, caseNow).map(({ target, verdict, method, steps, says, warnings }) =>
        [`${target}  ${verdict}`, ...(verdict === 'refused' ? [] : [`${method}, ${steps} steps`]), reasonText(says), ...warnings.map(reasonText)].join('  ')),
    }),
  },
  {
    says: 'The cluster of a server as the tree that users see; "as table" for the tabulated form.',
    pattern: /^draw (\S+)( as table)?$/,
    run: ({ topology }, [, server = '', asTable]) => {
      const clusterName = topology.get(caseKey(server))?.clusterName ?? ''
      return { lines: drawCluster(topology, clusterName, { policy: defaultFreshnessPolicy, now: caseNow, tabulated: asTable !== undefined }).split('\n') }
    },
  },
]

/** The replica follows the target, its threads are as they were, and nobody else moved. */
export const movedWrongly = (before: Topology, after: Topology, replica: InstanceKey, target: InstanceKey): readonly string[] =>
  allMovedWrongly(before, after, new Map([[replica, target]]))

/** The same of many: who follows whom in the end; null follows nobody. */
export function allMovedWrongly(before: Topology, after: Topology, sources: ReadonlyMap<InstanceKey, InstanceKey | null>): readonly string[] {
  const wrong: string[] = []
  for (const instance of after.instances.values()) {
    const [then, link] = [before.get(instance.key), instance.replication]
    const wanted = sources.has(instance.key) ? (sources.get(instance.key) ?? undefined) : then?.replication?.source
    if (link?.source !== wanted) wrong.push(`${instance.key} follows ${link?.source ?? 'nobody'} instead of ${wanted ?? 'nobody'}`)
    const receives = then?.replication?.receiver !== 'stopped' || then.replication.receiverError.number !== 0
    if (link !== null && then?.replication !== null && (link.applier !== then?.replication?.applier || (link.receiver !== 'stopped') !== receives)) {
      wrong.push(`threads of ${instance.key} are ${link.receiver} and ${link.applier}`)
    }
    if (instance.readOnly !== then?.readOnly) wrong.push(`${instance.key} became ${instance.readOnly ? 'read-only' : 'writable'}`)
  }
  return wrong
}
