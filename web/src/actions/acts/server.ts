import type { ServerView } from '../../../../src/contract/views.ts'
import { type Act, answering, replicaOr, type WhyNot } from './act.ts'

const group = 'groupServer'
const gtid = { group, submenu: 'gtid' } as const
const semiSync = { group, submenu: 'semiSync' } as const
const logs = { group, submenu: 'logs' } as const

const errant = replicaOr(server => (server.errantGtidSet === '' ? 'noErrant' : null))
const semiSyncIs = (side: 'sourceEnabled' | 'replicaEnabled', wished: boolean) =>
  answering((server: ServerView): WhyNot | null => (server.semiSync === null ? 'noSemiSync' : server.semiSync[side] === wished ? (wished ? 'alreadyOn' : 'alreadyOff') : null))
const logging = answering(server => (server.logBin ? null : 'noBinlog'))

/** One server by itself. What must be typed follows the policy for dangerous acts: a primary that refuses writes is level 3, a replica that takes them level 2. */
export const serverActs: readonly Act[] = [
  {
    group,
    does: 'plan-by-role',
    name: 'readOnly',
    operation: 'set-read-only',
    typed: { primary: 'cluster', replica: 'nothing' },
    whyNot: answering(server => (server.readOnly ? 'alreadyReadOnly' : null)),
  },
  {
    group,
    does: 'plan-by-role',
    name: 'writable',
    operation: 'set-writeable',
    typed: { primary: 'nothing', replica: 'server' },
    whyNot: answering(server => (server.readOnly ? null : 'alreadyWritable')),
  },
  { ...gtid, does: 'plan', name: 'enableGtid', operation: 'enable-gtid', typed: 'server', whyNot: replicaOr(server => (usesGtid(server) ? 'alreadyGtid' : null)) },
  { ...gtid, does: 'plan', name: 'disableGtid', operation: 'disable-gtid', typed: 'server', whyNot: replicaOr(server => (usesGtid(server) ? null : 'alreadyPosition')) },
  { ...gtid, does: 'answer', name: 'locateErrant', operation: 'locate-gtid-errant', lines: output => filesIn(output), whyNot: errant },
  { ...gtid, does: 'plan', name: 'injectErrant', operation: 'gtid-errant-inject-empty', typed: 'server', whyNot: errant },
  { ...gtid, does: 'plan', name: 'resetErrant', operation: 'gtid-errant-reset-master', typed: 'server', whyNot: errant },
  { ...semiSync, does: 'plan', name: 'semiSyncSourceOn', operation: 'enable-semi-sync-source', whyNot: semiSyncIs('sourceEnabled', true) },
  { ...semiSync, does: 'plan', name: 'semiSyncSourceOff', operation: 'disable-semi-sync-source', whyNot: semiSyncIs('sourceEnabled', false) },
  { ...semiSync, does: 'plan', name: 'semiSyncReplicaOn', operation: 'enable-semi-sync-replica', whyNot: semiSyncIs('replicaEnabled', true) },
  { ...semiSync, does: 'plan', name: 'semiSyncReplicaOff', operation: 'disable-semi-sync-replica', whyNot: semiSyncIs('replicaEnabled', false) },
  {
    ...logs,
    does: 'plan',
    name: 'flushLogs',
    operation: 'flush-binary-logs',
    fields: [{ name: 'logFile', kind: 'text', label: 'flushUntil', hint: 'flushUntilHint' }],
    whyNot: logging,
  },
  {
    ...logs,
    does: 'plan',
    name: 'purgeLogs',
    operation: 'purge-binary-logs',
    typed: 'server',
    fields: [
      { name: 'logFile', kind: 'text', label: 'logFile', hint: 'logFileHint', required: true },
      { name: 'force', kind: 'check', label: 'force' },
    ],
    whyNot: logging,
  },
  {
    ...logs,
    does: 'plan',
    name: 'killQuery',
    operation: 'kill-query',
    typed: 'server',
    fields: [{ name: 'process', kind: 'number', label: 'process', hint: 'processHint', required: true }],
    whyNot: answering(),
  },
]

const usesGtid = (server: ServerView): boolean => server.gtid === 'mysql' || server.gtid === 'mariadb'
/** The edge: what the operation's own entry of the contract says it answers. */
const filesIn = (output: unknown): readonly string[] => output as readonly string[]
