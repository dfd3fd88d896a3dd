import type { Reason } from '../../kit/reason.ts'
import { type Instance, type ReplicationLink, isLastCheckValid } from '../topology/instance.ts'
import type { Evidence } from './finding.ts'
import { linkState } from './link-state.ts'
import type { AnalysisPolicy } from './policy.ts'
import { analysisReason } from './reasons.ts'

/** Who said what about a server, and when: our own probe first, then each replica, then the server about its own source. */
export function evidenceAbout(instance: Instance, replicas: readonly Instance[], isAnswering: boolean, policy: AnalysisPolicy, now: number): Evidence[] {
  return [
    { witness: 'orchestrator', at: instance.check.lastCheckedAt, says: ownProbe(instance, isAnswering, now) },
    ...replicas.map(replica => ({ witness: replica.key, at: replica.check.lastSeenAt, says: testimony(replica, policy, now) })),
    ...ownLink(instance),
  ]
}

const wholeSeconds = (now: number, then: number): number => Math.max(0, Math.round((now - then) / 1000))

function ownProbe(instance: Instance, isAnswering: boolean, now: number): Reason {
  const { lastSeenAt, failure, partialSuccess } = instance.check
  const since = lastSeenAt === null ? {} : { lastSeenAt, seconds: wholeSeconds(now, lastSeenAt) }
  if (isAnswering) return analysisReason('probe-answered', since)
  if (failure !== null) {
    return analysisReason(partialSuccess ? 'probe-failed-partly' : 'probe-failed', { ...since, kind: failure.kind, text: failure.text, number: failure.number ?? 0 })
  }
  if (lastSeenAt === null) return analysisReason('probe-never-answered', {})
  return analysisReason('probe-overdue', { lastSeenAt, seconds: wholeSeconds(now, lastSeenAt) })
}

/** What a replica says about the link to its source. */
function testimony(replica: Instance, policy: AnalysisPolicy, now: number): Reason {
  const { failure } = replica.check
  if (!isLastCheckValid(replica)) return analysisReason('replica-unreachable', { replica: replica.key, kind: failure?.kind ?? 'unknown', text: failure?.text ?? 'no good probe yet' })
  const link = replica.replication
  if (link === null) return analysisReason('replica-stopped', { replica: replica.key })
  const { number } = link.receiverError
  const heard = heardAgo(link, now)
  switch (linkState(link, now, policy)) {
    case 'lost':
      return number === 0 ? analysisReason('replica-connecting', { replica: replica.key, ...heard }) : analysisReason('replica-lost-link', { replica: replica.key, number, ...heard })
    case 'refused':
      return analysisReason('replica-refused', { replica: replica.key, number, ...heard })
    case 'stopped':
      return analysisReason('replica-stopped', { replica: replica.key, ...heard })
    case 'silent':
      return analysisReason('replica-silent', { replica: replica.key, seconds: 0, ...heard })
    case 'linked':
      if (link.applier !== 'running') return analysisReason('replica-applier-stopped', { replica: replica.key, number: link.applierError.number, ...heard })
      return heard === null ? analysisReason('replica-linked', { replica: replica.key }) : analysisReason('replica-linked-heard', { replica: replica.key, ...heard })
  }
}

const heardAgo = (link: ReplicationLink, now: number): { seconds: number; lastHeardAt: number } | null =>
  link.lastHeardAt === null ? null : { seconds: wholeSeconds(now, link.lastHeardAt), lastHeardAt: link.lastHeardAt }

function ownLink(instance: Instance): Evidence[] {
  const link = instance.replication
  if (link === null || link.receiver === 'running' || link.receiverError.number === 0) return []
  return [{ witness: instance.key, at: link.receiverError.at, says: analysisReason('own-link-lost', { source: link.source, number: link.receiverError.number }) }]
}
