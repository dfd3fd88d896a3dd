import { analyse, analyseOne } from '../../../src/model/analysis/analyse.ts'
import type { Finding } from '../../../src/model/analysis/finding.ts'
import { type AnalysisMemory, noMemory } from '../../../src/model/analysis/memory.ts'
import { type AnalysisPolicy, defaultAnalysisPolicy } from '../../../src/model/analysis/policy.ts'
import type { Instance } from '../../../src/model/topology/instance.ts'
import type { Topology } from '../../../src/model/topology/topology.ts'
import { caseKey, caseNow } from './attributes.ts'
import type { Command } from './commands.ts'
import { reasonText } from './plan-text.ts'

/** The words behind `analyse` and `may act`, separated by commas, that bend policy or memory. */
export function analysisWords(words: string, topology: Topology): { readonly policy: AnalysisPolicy; readonly memory: AnalysisMemory } {
  const seconds = (pattern: RegExp): number | null => {
    const found = pattern.exec(words)
    return found === null ? null : Number(found[1])
  }
  const suspected = seconds(/suspected for (\d+) s/)
  const restarted = seconds(/receivers restarted (\d+) s ago/)
  const stalled = seconds(/writes waiting for (\d+) s/)
  const isForDisk = words.includes('the disk is full')
  const [, successor = '', replaced] = /(\S+) took the place of (\S+?)(?:,|$)/.exec(words) ?? []
  const keys = [...topology.instances.values()]
  const isWritable = ({ readOnly, replication }: Instance): boolean => !readOnly && replication === null
  return {
    policy: {
      ...defaultAnalysisPolicy,
      replaces: { stalledWrites: words.includes('stalled primaries replaced'), fullDisk: words.includes('stalled primaries replaced') },
      enforceExactSemiSyncReplicas: words.includes('exact semi-sync'),
      recoverReadOnlyPrimary: words.includes('read-only primaries recovered'),
      silenceSeconds: words.includes('silence is nothing') ? 0 : defaultAnalysisPolicy.silenceSeconds,
      ignoredHosts: [...words.matchAll(/ignoring (\S+)/g)].map(([, pattern = '']) => new RegExp(pattern)),
    },
    memory: {
      suspectedLocks: suspected === null ? noMemory.suspectedLocks
        : new Map(keys.flatMap(({ key, binlogCoordinates }) => (binlogCoordinates === null ? [] : [[key, { coordinates: binlogCoordinates, since: caseNow - 1000 * suspected }] as const]))),
      writeWaits: stalled === null ? new Map()
        : new Map(keys.filter(isWritable).map(({ key }) => [key, { statements: 3, seconds: stalled, waitsFor: isForDisk ? 'Waiting for disk space' : words.includes('acknowledgements') ? 'Waiting for semi-sync ACK from replica' : 'Waiting for commit lock', isForDisk }])),
      deposed: replaced === undefined ? new Map() : new Map([[caseKey(replaced), caseKey(successor)]]),
      receiversRestartedAt: restarted === null ? noMemory.receiversRestartedAt : new Map(keys.map(({ key }) => [key, caseNow - 1000 * restarted])),
    },
  }
}

export const analysisCommands: readonly Command[] = [
  {
    says: 'All findings, downtimed ones too. Behind a comma: "exact semi-sync", "read-only primaries recovered", "suspected for 11 s", "receivers restarted 2 s ago", "silence is nothing", "writes waiting for 12 s", "the disk is full", "waiting for acknowledgements", "stalled primaries replaced", "db2 took the place of db1", "ignoring ^db1$", "and what is observed".',
    pattern: /^analyse(?:, (.*))?$/,
    run: ({ topology }, [, words = '']) => {
      const { policy, memory } = analysisWords(words, topology)
      const findings = analyse(topology, policy, caseNow, memory, { includeDowntimed: true, includeObserved: words.includes('and what is observed') })
      return { lines: findings.length === 0 ? ['nothing'] : findings.flatMap(findingLines) }
    },
  },
  {
    says: 'Who said what about a server.',
    pattern: /^evidence about ([^\s,]+)(?:, (.*))?$/,
    run: ({ topology }, [, server = '', words = '']) => {
      const { policy, memory } = analysisWords(words, topology)
      const finding = analyseOne(topology, caseKey(server), policy, caseNow, memory)
      return { lines: finding === null ? ['nothing'] : finding.evidence.map(({ witness, at, says }) => `${witness}  ${at === null ? 'never' : `${(caseNow - at) / 1000} s ago`}  ${reasonText(says)}`) }
    },
  },
]

function findingLines(finding: Finding): readonly string[] {
  const { key, code, remedy, isActionable, isDowntimed, isReplicasDowntimed, skippableDueToDowntime, warnings, observations } = finding
  const more = [
    ...(remedy === 'none' ? [] : [`remedy=${remedy}`]),
    ...(remedy !== 'none' && remedy !== 'report' && !isActionable ? ['not actionable yet'] : []),
    ...(isDowntimed ? ['downtimed'] : []), ...(isReplicasDowntimed ? ['replicas downtimed'] : []), ...(skippableDueToDowntime ? ['skippable'] : []),
  ]
  return [[key, code, ...more].join('  '), ...warnings.map(warning => `  warning ${warning}`), ...observations.map(reason => `  observed ${reasonText(reason)}`)]
}
