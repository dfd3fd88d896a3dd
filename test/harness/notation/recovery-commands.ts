import { analyseOne } from '../../../src/model/analysis/analyse.ts'
import { clusterFilters } from '../../../src/model/recovery/cluster-filters.ts'
import { isConfirmed } from '../../../src/model/recovery/confirmation.ts'
import { neighbourhood, type Trigger } from '../../../src/model/recovery/evidence.ts'
import { type ActQuestion, mayWeAct } from '../../../src/model/recovery/may-we-act.ts'
import { outlookOf } from '../../../src/model/recovery/outlook.ts'
import { defaultRecoveryPolicy, type RecoveryPolicy } from '../../../src/model/recovery/policy.ts'
import type { Recovery } from '../../../src/model/recovery/records.ts'
import type { Instance } from '../../../src/model/topology/instance.ts'
import { Topology } from '../../../src/model/topology/topology.ts'
import { analysisWords } from './analysis-commands.ts'
import { caseKey, caseNow } from './attributes.ts'
import type { Command } from './commands.ts'
import { reasonText } from './plan-text.ts'

export const recoveryCommands: readonly Command[] = [
  {
    says: 'May a finding be acted upon? Every cluster is covered, the server has failed for 2 s and everybody was asked since. Behind a comma: "by force", "covered by alias=x", "off", "db1 to db2 recovered 600 s ago", "db1 being recovered since 9 s", "failing for 5 s", "asked before", "semi-sync is left alone", "lesser ones block nothing", and the words of analyse.',
    pattern: /^may act on ([^\s,]+)(?:, (.*))?$/,
    run: ({ topology }, [, server = '', words = '']) => {
      const question = questionOf(topology, server, words)
      if (question === null) return { lines: ['nothing is known to be wrong'] }
      const { state, at, reason } = outlookOf(question)
      const verdict = mayWeAct(question)
      const acknowledged = verdict.act && verdict.acknowledge.length > 0 ? `, acknowledging ${verdict.acknowledge.map(({ id }) => `#${id}`).join(', ')}` : ''
      const line = verdict.act ? `proceed with ${verdict.remedy}${acknowledged}: ${reasonText(verdict.because)}` : `no: ${reasonText(verdict.because)}`
      const asked = question.confirmation.confirmed || question.confirmation.askAgain.length === 0 ? [] : [`asks again: ${question.confirmation.askAgain.join(', ')}`]
      return { lines: [`${question.finding.code}`, line, `outlook ${state}${at === null ? '' : ` in ${(at - caseNow) / 1000} s`}${reason.code === verdict.because.code ? '' : `: ${reasonText(reason)}`}`, ...asked] }
    },
  },
  {
    says: 'Whom to ask at once when something was noticed of a server: "connection-lost", "probe-failed", "receiver-changed".',
    pattern: /^ask around (\S+) after (connection-lost|probe-failed|receiver-changed)$/,
    run: ({ topology }, [, server = '', noticed]) => {
      const key = caseKey(server)
      const trigger: Trigger = noticed === 'receiver-changed' ? { noticed, replica: key } : { noticed: noticed === 'probe-failed' ? noticed : 'connection-lost', server: key }
      return { lines: [neighbourhood(topology, trigger).join(', ') || 'nobody'] }
    },
  },
]

function questionOf(given: Topology, server: string, words: string): ActQuestion | null {
  const key = caseKey(server)
  const recoveriesDisabled = /(^|, )off(,|$)/.test(words) ? { since: caseNow - 60_000, by: 'bob' } : null
  const topology = new Topology(given.number, given.instances, { ...given.decisions, recoveriesDisabled })
  const { policy: analysis, memory } = analysisWords(words, topology)
  const finding = analyseOne(topology, key, analysis, caseNow, memory)
  if (finding === null) return null
  const failingFor = Number(/failing for (\d+) s/.exec(words)?.[1] ?? 2)
  const askedAgo = words.includes('asked before') ? failingFor + 1 : failingFor
  const covered = clusterFilters([/covered by ([^\s,]*)/.exec(words)?.[1] ?? '*']).accepted
  const policy: RecoveryPolicy = {
    ...defaultRecoveryPolicy, primaryFilters: covered, intermediateFilters: covered,
    repairsSemiSync: !words.includes('semi-sync is left alone'), lesserBlocksPrimary: !words.includes('lesser ones block nothing'),
  }
  const open = recoveriesIn(words, topology)
  const sightings = {
    failingSince: new Map([[key, caseNow - 1000 * failingFor]]),
    probedAt: new Map([...topology.instances.keys()].map(each => [each, caseNow - 1000 * askedAgo])),
    receiversRestartedAt: new Map(),
  }
  const confirmation = isConfirmed(finding, topology, sightings, policy, analysis, caseNow)
  const underWay = new Set(open.filter(recovery => recovery.endedAt === null).map(recovery => recovery.uid))
  return { finding, topology, policy, open, underWay, confirmation, forced: words.includes('by force'), now: caseNow }
}

/** The recoveries that the words tell of, numbered in their order. */
function recoveriesIn(words: string, topology: Topology): readonly Recovery[] {
  const over = [...words.matchAll(/(\S+) to (\S+) recovered (\d+) s ago/g)].map(([, failed = '', successor = '', ago = '0']) => ({ failed, successor, ago: Number(ago), ended: true }))
  const running = [...words.matchAll(/(\S+) being recovered since (\d+) s/g)].map(([, failed = '', ago = '0']) => ({ failed, successor: null, ago: Number(ago), ended: false }))
  return [...over, ...running].map(({ failed, successor, ago, ended }, index): Recovery => {
    const known: Instance | undefined = topology.get(caseKey(failed))
    const startedAt = caseNow - 1000 * ago
    return {
      id: index + 1, uid: `uid-${index + 1}`, key: caseKey(failed), code: 'DeadMaster', kind: 'MasterRecovery', method: 'MasterRecoveryGTID', command: '', startedBy: '',
      clusterName: known?.clusterName ?? caseKey(failed), clusterAlias: '', replicas: [], successor: successor === null ? null : caseKey(successor), successorAlias: '',
      successorCoordinates: null, isSuccessful: ended, isActive: true, lostReplicas: [], participants: [], errors: [], startedAt, endedAt: ended ? startedAt + 1000 : null,
      acknowledged: null, detectionId: index + 1, nodeHostname: 'orc1', nodeToken: 't',
    }
  })
}
