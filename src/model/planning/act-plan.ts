import type { Reason } from '../../kit/reason.ts'
import { type Instance, isReplica, type ReplicationLink } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { planOf, type Row } from './failover-plan.ts'
import type { Plan, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'

/** A row of an act: waves follow from the order. */
export type ActRow = Omit<Row, 'wave'>

export interface Act {
  readonly kind: string
  readonly says: Reason
  readonly rows: readonly ActRow[]
  readonly warnings?: readonly Reason[]
  readonly checks?: readonly Reason[]
  readonly method?: Plan['method']
  readonly concerns?: readonly InstanceKey[]
}

/** The steps of an act, one after another; the first one requires that its server answers. */
export function actPlan(topology: Topology, { kind, says, rows, warnings = [], checks = [], method = 'none', concerns = [] }: Act): Plan {
  const waved = rows.map((row, index): Row => {
    const requires = row.requires ?? []
    return { ...row, wave: index + 1, requires: index === 0 ? [{ holds: 'is-reachable', server: row.step.on }, ...requires] : requires }
  })
  return planOf(topology, { kind, says, rows: waved, warnings, checks, method, concerns })
}

/** The server, whatever it replicates from: for acts that touch no replication. */
export const anyServerOf = (topology: Topology, key: InstanceKey): Instance | Refusal => topology.get(key) ?? refuse('unknown-instance', { server: key })

/** The server, or why nothing is planned on it. */
export function serverOf(topology: Topology, key: InstanceKey): Instance | Refusal {
  const instance = topology.get(key)
  if (instance === undefined) return refuse('unknown-instance', { server: key })
  if (instance.channels.length > 1) return refuse('several-channels', { replica: key, channels: instance.channels.length })
  return instance
}

export interface Replica {
  readonly replica: Instance
  readonly link: ReplicationLink
}

/** The replica with its link, or why nothing is planned on it. */
export function replicaOf(topology: Topology, key: InstanceKey): Replica | Refusal {
  const replica = serverOf(topology, key)
  if ('refused' in replica) return replica
  const { replication: link } = replica
  return link === null || !isReplica(replica) ? refuse('not-a-replica', { replica: key }) : { replica, link }
}
