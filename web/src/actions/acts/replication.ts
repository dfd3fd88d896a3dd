import type { ServerView } from '../../../../src/contract/views.ts'
import { type Act, answering, replicaOr, type WhyNot } from './act.ts'

const isWhole = (server: ServerView): boolean => server.replication?.receiver === 'running' && server.replication.applier === 'running'
const isAllStopped = (server: ServerView): boolean => server.replication?.receiver === 'stopped' && server.replication.applier === 'stopped'
const runningOnly = replicaOr(server => (isAllStopped(server) ? 'stopped' : null))
/** As a primary is that was replaced and came back. */
const isAloneReadOnly = (server: ServerView): boolean => server.replication === null && server.readOnly
const group = 'groupReplication'
const submenu = 'moreReplication'

export type ReplicationChange = 'start' | 'stop'
/** Why there is nothing to start or to stop on a server; null: there is. */
export const whyNotReplication: Readonly<Record<ReplicationChange, (server: ServerView) => WhyNot | null>> = {
  start: replicaOr(server => (isWhole(server) ? 'running' : null)),
  stop: runningOnly,
}

/** One server as a replica. */
export const replicationActs: readonly Act[] = [
  { group, does: 'plan', name: 'start', operation: 'start-replica', whyNot: whyNotReplication.start },
  { group, does: 'plan', name: 'stop', operation: 'stop-replica', whyNot: whyNotReplication.stop },
  { group, does: 'plan', name: 'restart', operation: 'restart-replica', whyNot: replicaOr() },
  { group, submenu, does: 'plan', name: 'stopNice', operation: 'stop-replica-nice', whyNot: runningOnly },
  {
    group,
    submenu,
    does: 'plan',
    name: 'skip',
    operation: 'skip-query',
    typed: 'server',
    whyNot: replicaOr(server => (server.replication?.applierError === null ? 'noApplierError' : null)),
  },
  {
    group,
    submenu,
    does: 'plan',
    name: 'waitPosition',
    operation: 'source-position-wait',
    fields: [{ name: 'position', kind: 'text', label: 'position', hint: 'positionHint', required: true }],
    whyNot: replicaOr(),
  },
  { group, submenu, does: 'plan', name: 'detach', operation: 'detach-replica', whyNot: replicaOr(server => (server.replication?.isDetached === true ? 'alreadyDetached' : null)) },
  {
    group,
    submenu,
    does: 'plan',
    name: 'reattach',
    operation: 'reattach-replica',
    whyNot: replicaOr(server => (server.replication?.isDetached === true ? null : 'notDetached')),
  },
  {
    group,
    submenu,
    does: 'plan',
    name: 'delay',
    operation: 'delay-replication',
    fields: [{ name: 'seconds', kind: 'number', label: 'seconds', hint: 'secondsHint', required: true }],
    whyNot: replicaOr(),
  },
  { group, submenu, does: 'plan', name: 'credentials', operation: 'change-master-credentials', typed: 'server', whyNot: replicaOr() },
  {
    group,
    submenu,
    does: 'answer',
    name: 'restartStatements',
    operation: 'restart-replica-statements',
    fields: [{ name: 'statement', kind: 'text', label: 'statement', hint: 'statementHint' }],
    lines: output => statementsIn(output),
    whyNot: replicaOr(),
  },
  { group, does: 'plan', name: 'rejoin', operation: 'rejoin-primary', isOffered: isAloneReadOnly, whyNot: answering() },
  { group, submenu, does: 'plan', name: 'rejoinInjectEmpty', operation: 'rejoin-primary-inject-empty', typed: 'server', isOffered: isAloneReadOnly, whyNot: answering() },
  { group, submenu, does: 'plan', name: 'reprovision', operation: 'reprovision', typed: 'server', isOffered: isAloneReadOnly, whyNot: answering() },
  { group, submenu, does: 'plan', name: 'reset', operation: 'reset-replica', typed: 'server', whyNot: replicaOr() },
]

/** The edge: what the operation's own entry of the contract says it answers. */
const statementsIn = (output: unknown): readonly string[] => (output as { readonly statements: readonly string[] }).statements
