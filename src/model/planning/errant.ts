import { gtidSetText, subtractGtidSets } from '../topology/gtid-set.ts'
import type { Instance } from '../topology/instance.ts'
import { writablePrimaryOf } from '../topology/cluster.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { type ActRow, actPlan, serverOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import { readGtids } from './failover-held.ts'
import type { Planned, Refusal } from './plan.ts'
import { startAgain } from './quiesce.ts'
import { refuse } from './refusals.ts'
import { sizeOfSet } from './stands-at.ts'
import type { Condition } from './step.ts'

/** Each costs two round trips of the primary's disk; more than these are not the slip of a person but another data set. */
const injectedMax = 1000

/** The server with its errant transactions, or why there is nothing to do about them. */
function errantOf(topology: Topology, key: InstanceKey, command: string): { readonly server: Instance; readonly count: bigint } | Refusal {
  const server = serverOf(topology, key)
  if ('refused' in server) return server
  const count = sizeOfSet(server.errantGtidSet)
  if (count === null) return refuse('no-errant-gtid', { command, server: key })
  if (server.replication?.gtid !== 'mysql') return refuse('not-oracle-gtid', { command, server: key })
  return { server, count }
}

/** Commits an empty transaction on the cluster's primary under each number that only this server has: then everybody has it. */
export function planInjectErrant(topology: Topology, key: InstanceKey): Planned {
  const command = 'gtid-errant-inject-empty'
  const found = errantOf(topology, key, command)
  if ('refused' in found) return found
  const { server } = found
  const primary = writablePrimaryOf(topology, server.clusterName)
  if (primary === undefined) return refuse('no-writable-primary', { cluster: server.clusterName })
  if (primary.gtidMode !== 'ON') return refuse('primary-without-gtid', { primary: primary.key })
  const set = gtidSetText(subtractGtidSets(readGtids(server.errantGtidSet), readGtids(primary.executedGtidSet))).replaceAll(/\s+/g, '')
  const count = sizeOfSet(set) ?? 0n
  if (count > BigInt(injectedMax)) return refuse('errant-too-many', { command, server: key, count: String(count), limit: injectedMax })
  const says = { count: String(count), primary: primary.key, server: key }
  const rows: readonly ActRow[] = count === 0n ? [] : [{
    step: { do: 'inject-empty', on: primary.key, set },
    requires: [{ holds: 'is-writable', server: primary.key }, { holds: 'has-executed', server: key, set }],
    ifStoppedHere: actRemark('is-injected', { primary: primary.key }),
  }]
  return actPlan(topology, {
    kind: command, says: actRemark(command, says), rows, method: 'gtid', concerns: [key, primary.key], warnings: [actRemark('errant-data-stays', { server: key })],
  })
}

/**
 * Makes the server forget the transactions that only it has. Between throwing the binary logs away and naming what stays executed nothing may fail,
 * so nothing is undone there: a server that forgot everything must not start to replicate.
 */
export function planForgetErrant(topology: Topology, key: InstanceKey): Planned {
  const command = 'gtid-errant-reset-master'
  const found = errantOf(topology, key, command)
  if ('refused' in found) return found
  const { server: { replication: link, errantGtidSet }, count } = found
  const replicas = topology.replicasOf(key).length
  if (replicas > 0) return refuse('errant-has-replicas', { command, server: key, replicas })
  const set = errantGtidSet.replaceAll(/\s+/g, '')
  const still: readonly Condition[] = [{ holds: 'has-executed', server: key, set }, { holds: 'has-no-replicas', server: key }]
  const rows: ActRow[] = []
  if (link !== null && (link.receiver !== 'stopped' || link.applier !== 'stopped')) {
    rows.push({ step: { do: 'stop-replication', on: key }, requires: still, ifStoppedHere: actRemark('still-replica-stopped', { server: key, source: link.source }) })
  }
  rows.push({
    step: { do: 'forget-gtids', on: key, set }, ifStoppedHere: actRemark('is-forgotten', { server: key }),
    requires: [...still, { holds: 'receiver-stopped', server: key }, { holds: 'applier-stopped', server: key }],
  })
  for (const step of link === null ? [] : startAgain(key, link)) rows.push({ step, ifStoppedHere: actRemark('is-replica', { server: key, source: link?.source ?? '' }) })
  return actPlan(topology, {
    kind: command, says: actRemark(command, { server: key, count: String(count) }), rows, method: 'gtid',
    warnings: [actRemark('logs-gone', { server: key }), actRemark('errant-data-forgotten', { server: key })],
  })
}
