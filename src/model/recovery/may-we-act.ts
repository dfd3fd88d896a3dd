import type { Reason } from '../../kit/reason.ts'
import type { Finding, Outlook, Remedy } from '../analysis/finding.ts'
import type { Topology } from '../topology/topology.ts'
import { blockageOf, isBlocking } from './blocking.ts'
import { coveringFilter } from './cluster-filters.ts'
import type { Confirmation } from './confirmation.ts'
import type { RecoveryPolicy } from './policy.ts'
import { recoveryReason } from './reasons.ts'
import type { Recovery } from './records.ts'
import { filterSettings, remedies } from './remedies.ts'

export interface ActQuestion {
  readonly finding: Finding
  readonly topology: Topology
  readonly policy: RecoveryPolicy
  /** Every recovery that is active, or not ended. */
  readonly open: readonly Recovery[]
  /** Uids of recoveries this process is working on. */
  readonly underWay: ReadonlySet<string>
  /** What the evidence comes to; a forced recovery does not ask. */
  readonly confirmation: Confirmation
  /** A person named this server. Overrides filters, blocks, downtime, the switch and the evidence (contract recovery.md section 1). */
  readonly forced: boolean
  /** What stands in the way beyond all this, whoever asks. */
  readonly obstacle?: { readonly state: Outlook['state']; readonly because: Reason } | null
  readonly now: number
}

export type Verdict =
  /** `acknowledge`: completed recoveries of the same server to acknowledge first, because a person asked again. */
  | { readonly act: true; readonly remedy: Remedy; readonly because: Reason; readonly acknowledge: readonly Recovery[] }
  | { readonly act: false; readonly state: Outlook['state']; readonly because: Reason; readonly blockedBy: readonly Recovery[]; readonly at: number | null }

const refuse = (state: Outlook['state'], because: Reason, more: { readonly blockedBy?: readonly Recovery[]; readonly at?: number | null } = {}): Verdict =>
  ({ act: false, state, because, blockedBy: more.blockedBy ?? [], at: more.at ?? null })

/** May the finding's remedy be carried out now? The first obstacle is the answer, the one that lasts longest first. */
export function mayWeAct(question: ActQuestion): Verdict {
  const { finding, topology, policy, open, underWay, forced, now } = question
  const { remedy } = finding
  if (remedy === 'none' || remedy === 'report') return refuse(...nothingToDo(finding, topology, now))
  const facts = remedies[remedy]
  const overrides = forced && facts.obeysForce
  // Decided before anything is registered: a record of doing nothing would block others (known-pains.md D1).
  if (remedy === 'repair-semi-sync' && !policy.repairsSemiSync) return refuse('not-covered', recoveryReason('semi-sync-not-repaired', { server: finding.key }))
  const refusal = forced ? null : automaticRefusal(question, remedy)
  if (refusal !== null) return refusal

  const blockage = overrides ? null : blockageOf(finding, open, now, policy, underWay)
  if (blockage !== null) return refuse('blocked', blockage.because, { blockedBy: blockage.by, at: blockage.until })
  const ofServer = open.filter(recovery => recovery.key === finding.key && isBlocking(recovery, now, policy, underWay))
  const unfinished = ofServer.filter(recovery => recovery.endedAt === null)
  if (unfinished.length > 0) return refuse('blocked', recoveryReason('unfinished-recovery', { server: finding.key, plan: facts.plan }), { blockedBy: unfinished })
  const waiting = forced ? null : evidenceRefusal(question)
  if (waiting !== null) return waiting
  if (question.obstacle) return refuse(question.obstacle.state, question.obstacle.because)
  return { act: true, remedy, because: forced ? recoveryReason('asked-for', {}) : question.confirmation.because, acknowledge: overrides ? ofServer : [] }
}

/** Owner and comment of the acknowledgement that a person's command implies (contract recovery.md 2.2, rule 4). */
export const impliedAcknowledgement = (server: string): { readonly by: string; readonly comment: string } => ({
  by: 'orchestrator',
  comment: `implicit acknowledge due to user invocation of recovery on same instance: ${server}`,
})

/** A detection is registered, and its hooks run, for everything that has a remedy or is to be reported, unless a downtime excuses it. */
export const isDetectionDue = (finding: Finding, forced: boolean): boolean => finding.remedy !== 'none' && (forced || !finding.skippableDueToDowntime)

function nothingToDo(finding: Finding, topology: Topology, now: number): [Outlook['state'], Reason] {
  if (finding.code === 'NoProblem') return ['none-needed', recoveryReason('no-problem', {})]
  const { facts, key } = finding
  const lastSeenAt = topology.get(key)?.check.lastSeenAt ?? null
  if (!facts.lastCheckValid && facts.validReplicatingReplicas > 0 && lastSeenAt !== null) {
    const seconds = Math.max(0, Math.round((now - lastSeenAt) / 1000))
    return ['waiting-for-evidence', recoveryReason('suspected', { server: key, seconds, linked: facts.validReplicatingReplicas, replicas: facts.replicas, lastSeenAt })]
  }
  return ['no-remedy', recoveryReason(finding.remedy === 'report' ? 'report-only' : 'no-remedy', { analysis: finding.code })]
}

/** What keeps an automatic recovery away, whatever the evidence. */
function automaticRefusal({ finding, topology, policy }: ActQuestion, remedy: Remedy): Verdict | null {
  const { key, clusterName } = finding
  if (finding.skippableDueToDowntime) {
    const downtime = topology.get(key)?.downtime ?? null
    if (!finding.isDowntimed || downtime === null) return refuse('downtimed', recoveryReason('replicas-downtimed', { server: key }))
    return refuse('downtimed', recoveryReason('server-downtimed', { server: key, owner: downtime.owner, reason: downtime.reason, until: downtime.endsAt }), { at: downtime.endsAt })
  }
  const off = topology.decisions.recoveriesDisabled
  if (off !== null) return refuse('off', recoveryReason('recoveries-off', { by: off.by, since: off.since }))
  const { filter } = remedies[remedy]
  if (filter === null) return null
  const filters = filter === 'primary' ? policy.primaryFilters : policy.intermediateFilters
  const alias = topology.aliasOf(clusterName)
  if (coveringFilter(filters, { name: clusterName, alias }) !== null) return null
  return refuse('not-covered', recoveryReason('not-covered', { cluster: alias, clusterName, setting: filterSettings[filter] }))
}

function evidenceRefusal({ finding, confirmation }: ActQuestion): Verdict | null {
  if (!finding.isActionable) return refuse('waiting-for-evidence', recoveryReason('receivers-restarted', { server: finding.key }))
  return confirmation.confirmed ? null : refuse('waiting-for-evidence', confirmation.because, { at: confirmation.at })
}
