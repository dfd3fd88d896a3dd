import { failureWithCode } from '../analysis/failures.ts'
import type { Finding } from '../analysis/finding.ts'
import { type Instance, isLastCheckValid } from '../topology/instance.ts'
import { type InstanceKey, isValidKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'

/** Something that was noticed and is worth more questions at once. */
export type Trigger =
  /** `probe-slow`: a reading has been under way for longer than an answer takes; nothing has failed yet. */
  | { readonly noticed: 'connection-lost' | 'probe-failed' | 'probe-slow'; readonly server: InstanceKey }
  /** Read from the replica: its receiver is not what it was. */
  | { readonly noticed: 'receiver-changed'; readonly replica: InstanceKey }

/** So many servers are asked for one trigger; with more replicas the rest is heard at its next poll. */
export const neighboursMax = 100

/** Whom to probe now: the server, its replicas (those that answered last time first), its source. */
export function neighbourhood(topology: Topology, trigger: Trigger, most: number = neighboursMax): readonly InstanceKey[] {
  if (trigger.noticed === 'receiver-changed') {
    const source = topology.get(trigger.replica)?.replication?.source
    if (source === undefined) return []
    return bounded([source, ...replicasOf(topology, source).filter(key => key !== trigger.replica)], most)
  }
  const { server } = trigger
  const source = topology.get(server)?.replication?.source
  return bounded([server, ...(source === undefined ? [] : [source]), ...replicasOf(topology, server)], most)
}

/** Whom a finding wants asked again before anything is decided. */
export function toLookAgain(topology: Topology, finding: Finding, most: number = neighboursMax): readonly InstanceKey[] {
  const { key } = finding
  const source = topology.get(key)?.replication?.source
  const asked = failureWithCode(finding.code).lookAgainAt.flatMap(neighbour =>
    neighbour === 'server' ? [key] : neighbour === 'source' ? (source === undefined ? [] : [source]) : replicasOf(topology, key))
  return bounded(asked, most)
}

/** The receiver stopped running, or began to fail otherwise; a first reading is no change. */
export function hasReceiverChanged(before: Instance | undefined, after: Instance): boolean {
  const [old, now] = [before?.replication, after.replication]
  if (!old || !now || old.source !== now.source) return false
  return old.receiver !== now.receiver || (now.receiver !== 'running' && old.receiverError.number !== now.receiverError.number)
}

function replicasOf(topology: Topology, key: InstanceKey): InstanceKey[] {
  const replicas = topology.replicasOf(key)
  return [...replicas.filter(isLastCheckValid), ...replicas.filter(replica => !isLastCheckValid(replica))].map(replica => replica.key)
}

const bounded = (keys: readonly InstanceKey[], most: number): readonly InstanceKey[] => [...new Set(keys.filter(isValidKey))].slice(0, most)
