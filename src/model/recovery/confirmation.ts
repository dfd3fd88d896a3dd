import type { Reason } from '../../kit/reason.ts'
import type { Finding } from '../analysis/finding.ts'
import { linkState } from '../analysis/link-state.ts'
import type { AnalysisPolicy } from '../analysis/policy.ts'
import { areShutOut } from '../analysis/shut-out.ts'
import { type Instance, isLastCheckValid, type ServerFailure } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import type { RecoveryPolicy } from './policy.ts'
import { recoveryReason } from './reasons.ts'

/** When servers were asked, kept by whoever asks. Times in ms since 1970. */
export interface Sightings {
  /** When the first evidence came since the server's last good answer: a connection lost, or the start of the first probe that failed. */
  readonly failingSince: ReadonlyMap<InstanceKey, number>
  /** When the newest ended probe of a server was begun. */
  readonly probedAt: ReadonlyMap<InstanceKey, number>
  /** When the receivers of a server's replicas were made to connect anew, where what they said of it may be believed. */
  readonly receiversRestartedAt: ReadonlyMap<InstanceKey, number>
}

export const noSightings: Sightings = { failingSince: new Map(), probedAt: new Map(), receiversRestartedAt: new Map() }

export type Confirmation =
  | { readonly confirmed: true; readonly because: Reason }
  /** Ask `askAgain` at once; `at` is when time alone may decide. */
  | { readonly confirmed: false; readonly because: Reason; readonly askAgain: readonly InstanceKey[]; readonly at: number | null }

/**
 * Is the server really gone? It is when our own probe failed, every replica that answers was asked *after* that, none of them is still
 * connected, and at least one has lost its connection — a replica that somebody stopped knows nothing. A server that refuses connections is
 * decided at once; one that gives no answer at all, when the deadline has passed, or when all replicas were made to connect anew and it has let in
 * neither them nor us. What only we cannot see is never acted upon.
 */
export function isConfirmed(
  finding: Finding, topology: Topology, sightings: Sightings, policy: RecoveryPolicy, analysis: AnalysisPolicy, now: number,
): Confirmation {
  const server = finding.key
  const instance = topology.get(server)
  // Findings about a server that answers (semi-sync, read-only, replicas that cannot connect) rest on what it and its replicas say.
  if (instance === undefined || finding.facts.lastCheckValid) return { confirmed: true, because: recoveryReason('state-is-evidence', { server }) }
  const failingSince = sightings.failingSince.get(server) ?? instance.check.lastCheckedAt ?? now
  const answering = topology.replicasOf(server).filter(isLastCheckValid)
  const waiting = answering.filter(replica => (sightings.probedAt.get(replica.key) ?? -Infinity) < failingSince).map(replica => replica.key)
  const replicas = answering.length
  if (waiting.length > 0) return { confirmed: false, because: recoveryReason('asking-again', { waiting: waiting.length, replicas }), askAgain: waiting, at: null }

  const states = answering.map(replica => stateOfLink(replica, now, analysis))
  const linked = states.filter(state => state === 'linked').length
  if (linked > 0) return { confirmed: false, because: recoveryReason('still-linked', { linked, replicas, server }), askAgain: [], at: null }
  const lost = states.filter(state => state === 'lost').length
  const witnesses = lost + states.filter(state => state === 'silent').length
  if (witnesses === 0) return { confirmed: false, because: recoveryReason('only-we-miss-it', { server, replicas }), askAgain: [server], at: null }

  const kind = instance.check.failure?.kind ?? 'timeout'
  if (isGone(kind) && lost === witnesses) return { confirmed: true, because: recoveryReason('lost-by-all', { server, kind, witnesses }) }
  if (letsNobodyIn(finding, failingSince, answering, sightings, analysis, now)) return { confirmed: true, because: recoveryReason('lets-nobody-in', { server, witnesses }) }
  const at = failingSince + policy.silentDeadlineSeconds * 1000
  if (now < at) return { confirmed: false, because: recoveryReason('deadline-not-reached', { server, kind, seconds: policy.silentDeadlineSeconds }), askAgain: [server], at }
  return { confirmed: true, because: recoveryReason('silent-for-all', { server, seconds: Math.round((now - failingSince) / 1000), witnesses, kind }) }
}

/** Not by what binlog servers say: they do not tell whether a receiver that was stopped had been let in, so that the recovery could not be called off. */
function letsNobodyIn(
  { key }: Finding, failingSince: number, answering: readonly Instance[], { probedAt, receiversRestartedAt }: Sightings, analysis: AnalysisPolicy, now: number,
): boolean {
  const restartedAt = receiversRestartedAt.get(key)
  const asked = (server: InstanceKey): number => probedAt.get(server) ?? -Infinity
  if (restartedAt === undefined || restartedAt < failingSince || asked(key) < restartedAt || answering.some(({ isBinlogServer }) => isBinlogServer)) return false
  return areShutOut(answering, restartedAt, replica => asked(replica.key), analysis, now)
}

const stateOfLink = ({ replication }: Instance, now: number, analysis: AnalysisPolicy): ReturnType<typeof linkState> =>
  replication === null ? 'stopped' : linkState(replication, now, analysis)

/** The host said that nobody is there; anything else may be the network, a hang, or our own rights. */
const isGone = (kind: ServerFailure['kind']): boolean => kind === 'refused' || kind === 'connection-lost'
