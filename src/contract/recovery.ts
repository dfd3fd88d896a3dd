import type { BlockedRecovery, Detection, Recovery, RecoveryStep } from '../model/recovery/records.ts'
import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, optional, required } from './operation.ts'

/** What was acknowledged: how many, and the words of the answer. */
export interface Acknowledged {
  readonly count: number
  readonly what: { readonly cluster: string } | { readonly instance: InstanceKey } | { readonly id: string } | { readonly all: string }
}

const catchUp = optional.number('Seconds, 1 to 600: give up if the successor has not caught up within them; as long as ReasonableMaintenanceReplicationLagSeconds without it.')
const downtimeAfter = optional.duration('Begin a downtime of this length for the old primary once it is replaced; none without it.')
const acceptLoss = optional.text('Why writes may be lost that a durability policy protects; audited. Without it the policy is kept.')

export const recover = operation<Recovery>()({
  name: 'recover',
  says: 'Recover a failed server now, whatever blocks and filters say, if it needs it.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: false, foresees: 'recovery',
  input: {
    instance: required.instance('The failed server.'),
    candidate: optional.instance('Promote this one if possible.'),
    skipProcesses: optional.boolean('Run no hooks.'),
    reason: acceptLoss,
  },
  former: {
    routes: ['recover/:host/:port', 'recover/:host/:port/:candidateHost/:candidatePort'], commands: ['recover'], section: 'Recovery', answers: 'envelope',
  },
})

export const recoverLite = operation<Recovery>()({
  name: 'recover-lite',
  says: 'Recover a failed server now, without running hooks.',
  on: 'instance', access: 'write', dangerLevel: 3, plans: false, foresees: 'recovery',
  input: { instance: required.instance('The failed server.'), candidate: optional.instance('Promote this one if possible.'), reason: acceptLoss },
  former: {
    routes: ['recover-lite/:host/:port', 'recover-lite/:host/:port/:candidateHost/:candidatePort'],
    commands: ['recover-lite'], section: 'Recovery', answers: 'envelope',
  },
})

export const gracefulTakeover = operation<Recovery>()({
  name: 'graceful-takeover',
  says: 'Swap the live primary of a cluster for one of its replicas; the old primary follows the new one, with replication stopped.',
  on: 'cluster', access: 'write', dangerLevel: 3, plans: false, foresees: 'takeover',
  input: {
    cluster: required.cluster('The cluster.'), designated: optional.instance('The direct replica to promote; needed when there are several.'),
    seconds: catchUp, duration: downtimeAfter,
  },
  former: {
    routes: [
      'graceful-master-takeover/:host/:port', 'graceful-master-takeover/:host/:port/:designatedHost/:designatedPort',
      'graceful-master-takeover/:clusterHint', 'graceful-master-takeover/:clusterHint/:designatedHost/:designatedPort',
    ],
    commands: ['graceful-master-takeover'], section: 'Recovery', answers: 'envelope',
  },
})

export const gracefulTakeoverAuto = operation<Recovery>()({
  name: 'graceful-takeover-auto',
  says: 'Swap the live primary of a cluster for its best replica; the old primary follows the new one and replicates.',
  on: 'cluster', access: 'write', dangerLevel: 3, plans: false, foresees: 'takeover',
  input: {
    cluster: required.cluster('The cluster.'), designated: optional.instance('The direct replica to promote; the best one without it.'),
    seconds: catchUp, duration: downtimeAfter,
  },
  former: {
    routes: [
      'graceful-master-takeover-auto/:host/:port', 'graceful-master-takeover-auto/:host/:port/:designatedHost/:designatedPort',
      'graceful-master-takeover-auto/:clusterHint', 'graceful-master-takeover-auto/:clusterHint/:designatedHost/:designatedPort',
    ],
    commands: ['graceful-master-takeover-auto'], section: 'Recovery', answers: 'envelope',
  },
})

export const forceFailover = operation<Recovery>()({
  name: 'force-failover',
  says: 'Replace the primary of a cluster now, whether it lives or not; the server that replaces it is chosen. Writes that nobody has received are lost.',
  on: 'cluster', access: 'write', dangerLevel: 3, plans: false, foresees: 'forced',
  input: { cluster: required.cluster('The cluster.'), reason: acceptLoss },
  former: {
    routes: ['force-master-failover/:host/:port', 'force-master-failover/:clusterHint'], commands: ['force-master-failover'], section: 'Recovery', answers: 'envelope',
  },
})

export const forceTakeover = operation<Recovery>()({
  name: 'force-takeover',
  says: 'Replace the primary of a cluster by a given direct replica now, whether it lives or not. Writes that nobody has received are lost.',
  on: 'cluster', access: 'write', dangerLevel: 3, plans: false, foresees: 'forced',
  input: { cluster: required.cluster('The cluster.'), designated: required.instance('The direct replica to promote.'), reason: acceptLoss },
  former: {
    routes: ['force-master-takeover/:host/:port/:designatedHost/:designatedPort', 'force-master-takeover/:clusterHint/:designatedHost/:designatedPort'],
    commands: ['force-master-takeover'], section: 'Recovery', answers: 'envelope',
  },
})

export const automatedRecoveryFilters = operation<{ readonly primary: readonly string[]; readonly intermediate: readonly string[]; readonly ignoredHosts: readonly string[] }>()({
  name: 'automated-recovery-filters',
  says: 'Which clusters are recovered automatically, as configured.',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['automated-recovery-filters'], commands: [], answers: 'envelope' },
})

export const auditFailureDetection = operation<readonly Detection[]>()({
  name: 'audit-failure-detection',
  says: 'Failures that were noticed, newest first, 20 a page.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: { page: optional.page('0-based.'), id: optional.text('One detection.'), alias: optional.text('Those of one cluster, by alias.') },
  former: {
    routes: [
      'audit-failure-detection', 'audit-failure-detection/:page', 'audit-failure-detection/id/:id',
      'audit-failure-detection/alias/:clusterAlias', 'audit-failure-detection/alias/:clusterAlias/:page',
    ],
    commands: [], answers: 'bare',
  },
})

export const auditRecovery = operation<readonly Recovery[]>()({
  name: 'audit-recovery',
  says: 'Recoveries, newest first, 20 a page.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: {
    page: optional.page('0-based.'), id: optional.text('One recovery.'), uid: optional.text('One recovery.'),
    name: optional.text('Those of the cluster that had this exact name when it failed.'), alias: optional.text('Those of one cluster, by alias.'),
    unacknowledged: optional.boolean('Only those that nobody acknowledged.'),
  },
  former: {
    routes: [
      'audit-recovery', 'audit-recovery/:page', 'audit-recovery/id/:id', 'audit-recovery/uid/:uid', 'audit-recovery/cluster/:clusterName',
      'audit-recovery/cluster/:clusterName/:page', 'audit-recovery/alias/:clusterAlias', 'audit-recovery/alias/:clusterAlias/:page',
    ],
    commands: [], answers: 'bare',
  },
})

export const auditRecoverySteps = operation<readonly RecoveryStep[]>()({
  name: 'audit-recovery-steps',
  says: 'The steps of one recovery in order.',
  on: 'recovery', access: 'read', dangerLevel: 1, plans: false,
  input: { uid: required.text('The recovery.') },
  former: { routes: ['audit-recovery-steps/:uid'], commands: [], answers: 'bare' },
})

export const activeClusterRecovery = operation<readonly Recovery[]>()({
  name: 'active-cluster-recovery',
  says: 'Recoveries of a cluster that are in progress.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: { name: required.text('The exact name of the cluster.') },
  former: { routes: ['active-cluster-recovery/:clusterName'], commands: [], answers: 'bare' },
})

export const recentlyActiveClusterRecovery = operation<readonly Recovery[]>()({
  name: 'recently-active-cluster-recovery',
  says: 'Recoveries of a cluster that ended within the last five minutes, the last twenty of them.',
  on: 'cluster', access: 'read', dangerLevel: 1, plans: false,
  input: { name: required.text('The exact name of the cluster.') },
  former: { routes: ['recently-active-cluster-recovery/:clusterName'], commands: [], answers: 'bare' },
})

export const recentlyActiveInstanceRecovery = operation<readonly Recovery[]>()({
  name: 'recently-active-instance-recovery',
  says: 'Recoveries that ended within the last five minutes and promoted this server.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The promoted server.') },
  former: { routes: ['recently-active-instance-recovery/:host/:port'], commands: [], answers: 'bare' },
})

export const ackRecovery = operation<Acknowledged>()({
  name: 'ack-recovery',
  says: 'Acknowledge recoveries: one, those of a cluster, or those of a failed server.',
  on: 'recovery', access: 'write', dangerLevel: 1, plans: false,
  input: {
    id: optional.text('One recovery.'), uid: optional.text('One recovery.'), cluster: optional.cluster('All of a cluster.'),
    alias: optional.text('All of a cluster, by alias.'), instance: optional.instance('All in which this server failed.'),
    comment: optional.text('What you found; demanded.'),
  },
  former: {
    routes: [
      'ack-recovery/cluster/:clusterHint', 'ack-recovery/cluster/alias/:clusterAlias', 'ack-recovery/instance/:host/:port',
      'ack-recovery/:recoveryId', 'ack-recovery/uid/:uid',
    ],
    commands: ['ack-cluster-recoveries', 'ack-instance-recoveries'], section: 'Recovery', answers: 'envelope',
  },
})

export const ackAllRecoveries = operation<Acknowledged>()({
  name: 'ack-all-recoveries',
  says: 'Acknowledge all recoveries.',
  on: 'recovery', access: 'write', dangerLevel: 1, plans: false,
  input: { comment: optional.text('What you found; demanded.') },
  former: { routes: ['ack-all-recoveries'], commands: ['ack-all-recoveries'], section: 'Recovery', answers: 'envelope' },
})

export const blockedRecoveries = operation<readonly BlockedRecovery[]>()({
  name: 'blocked-recoveries',
  says: 'Recoveries that were held back by an earlier one.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: { name: optional.text('Those of the cluster of this exact name.') },
  former: { routes: ['blocked-recoveries', 'blocked-recoveries/cluster/:clusterName'], commands: [], answers: 'bare' },
})

export const disableGlobalRecoveries = operation<null>()({
  name: 'disable-global-recoveries',
  says: 'Switch automatic recovery off everywhere. Failures are still noticed.',
  on: 'service', access: 'write', dangerLevel: 2, plans: false,
  input: {},
  former: { routes: ['disable-global-recoveries'], commands: ['disable-global-recoveries'], section: '', answers: 'envelope' },
})

export const enableGlobalRecoveries = operation<null>()({
  name: 'enable-global-recoveries',
  says: 'Switch automatic recovery on.',
  on: 'service', access: 'write', dangerLevel: 2, plans: false,
  input: {},
  former: { routes: ['enable-global-recoveries'], commands: ['enable-global-recoveries'], section: '', answers: 'envelope' },
})

export const checkGlobalRecoveries = operation<{ readonly enabled: boolean }>()({
  name: 'check-global-recoveries',
  says: 'Is automatic recovery on?',
  on: 'service', access: 'read', dangerLevel: 1, plans: false,
  input: {},
  former: { routes: ['check-global-recoveries'], commands: ['check-global-recoveries'], section: '', answers: 'envelope' },
})
