import type { Reason } from '../../kit/reason.ts'
import { isEmptyGtidSet } from '../topology/gtid-set.ts'
import type { Instance, ReplicationLink } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { hasAppliedAllItRead } from '../topology/received.ts'
import type { Topology } from '../topology/topology.ts'
import { actRemark } from './act-remarks.ts'
import type { ActRow, Replica } from './act-plan.ts'
import { hasUnapplied, holdsUnapplied, unappliedGtids } from './failover-held.ts'
import type { Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import type { Condition, Step } from './step.ts'

/** How long a replica may take to apply what it has received. */
export interface DrainPolicy {
  readonly drainMilliseconds: number
}

/** Steps after which both threads stand and nothing received is unapplied, or the source is shown to hold it; what the next step requires. */
export interface Quiet {
  readonly rows: readonly ActRow[]
  readonly requires: readonly Condition[]
  readonly checks: readonly Reason[]
}

/**
 * MySQL throws received transactions away when anything is changed of a link while both its threads stand (measured on 9.7, for SOURCE_DELAY and
 * the account too), a MariaDB by GTID even when anything is only started again. So a running applier applies all of it first; a stopped one must have nothing waiting, or its source must hold it; else refused.
 */
export function quieten(topology: Topology, { replica, link }: Replica, policy: DrainPolicy, holder: InstanceKey = link.source): Quiet | Refusal {
  const on = replica.key
  const receiverStopped: Condition = { holds: 'receiver-stopped', server: on }
  if (link.applier === 'running') {
    const limitSeconds = Math.floor(policy.drainMilliseconds / 1000)
    if (link.delaySeconds > limitSeconds) return refuse('delayed-too-long', { replica: on, delaySeconds: link.delaySeconds, limitSeconds })
    const applied: Condition = link.gtid === 'mysql' ? { holds: 'nothing-received-unapplied', server: on } : { holds: 'executed-all-read', server: on }
    const rows: readonly ActRow[] = [
      ...stopReceiver(link, replica),
      ...waitApplied(replica, link, policy),
      {
        step: { do: 'stop-replication', on }, requires: [receiverStopped, applied], undo: [{ do: 'start-applier', on }],
        ifStoppedHere: actRemark('still-replica-stopped', { server: on, source: link.source }),
      },
    ]
    return { rows, requires: [receiverStopped, { holds: 'applier-stopped', server: on }, applied], checks: [actRemark('applies-first', { server: on })] }
  }
  const held = heldElsewhere(topology, replica, link, holder)
  if ('refused' in held) return held
  const first = replica.mariadbGtid === null ? [] : held.requires.filter(({ holds }) => holds === 'source-holds-received')
  const rows = stopReceiver(link, replica).map(row => ({ ...row, requires: first }))
  return { rows, requires: [receiverStopped, ...held.requires], checks: held.checks }
}

/** The receiver stands at the end; started again when a later step fails. */
export function stopReceiver(link: ReplicationLink, { key: on }: Instance): readonly ActRow[] {
  if (link.receiver === 'stopped') return []
  const code = link.applier === 'running' ? 'still-replica' : 'still-replica-stopped'
  return [{ step: { do: 'stop-receiver', on }, undo: [{ do: 'start-receiver', on }], ifStoppedHere: actRemark(code, { server: on, source: link.source }) }]
}

/** All that the stopped receiver has read is applied: by GTID where the link uses it, else by position. */
export function waitApplied({ key: on }: Instance, link: ReplicationLink, { drainMilliseconds: timeoutMilliseconds }: DrainPolicy): readonly ActRow[] {
  const ifStoppedHere = actRemark('still-replica', { server: on, source: link.source })
  const requires: readonly Condition[] = [{ holds: 'receiver-stopped', server: on }, { holds: 'applier-running', server: on }]
  if (link.gtid !== 'mysql' && link.readCoordinates === null) return []
  // One that was connected until now may have been stopped inside a transaction, and fetches the rest; nobody else is to read from its source any more.
  const fetches = link.receiver === 'running' ? ({ mayFetch: true } as const) : {}
  if (link.gtid !== 'mysql') return [{ step: { do: 'wait-position', on, upTo: 'read', timeoutMilliseconds, ...fetches }, requires, ifStoppedHere }]
  return [
    { step: { do: 'read-executed', on, as: 'received' }, requires: [{ holds: 'receiver-stopped', server: on }], ifStoppedHere },
    { step: { do: 'wait-executed', on, what: { boundTo: 'received' }, timeoutMilliseconds }, requires: [{ holds: 'applier-running', server: on }], ifStoppedHere },
  ]
}

/** May the relay log of a replica whose applier stands be thrown away, because nothing waits in it or `holder` has all of it? */
export function heldElsewhere(
  topology: Topology, replica: Instance, link: ReplicationLink, holder: InstanceKey = link.source,
): { readonly requires: readonly Condition[]; readonly checks: readonly Reason[] } | Refusal {
  const on = replica.key
  const lost = refuse('received-would-be-lost', { replica: on, source: holder })
  const source = topology.get(holder)
  const heldBySource = { requires: [{ holds: 'source-holds-received', server: on, source: holder } as const], checks: [actRemark('held-by-source', { server: on, source: holder })] }
  if (link.gtid === 'mariadb-slave-pos' || link.gtid === 'mariadb-current-pos') {
    // Whatever comes in until its receiver stands comes from its source, and is thrown away as soon as anything is started again.
    if (link.receiver !== 'running' && !hasUnapplied(replica)) return { requires: [{ holds: 'executed-all-read', server: on }], checks: [] }
    return source !== undefined && source.check.failure === null && holdsUnapplied(source, replica) ? heldBySource : lost
  }
  if (link.gtid !== 'mysql') {
    // A fresh link has read nothing at all.
    if (link.readCoordinates === null && link.executedCoordinates === null) return { requires: [], checks: [] }
    return hasAppliedAllItRead(replica) ? { requires: [{ holds: 'executed-all-read', server: on }], checks: [] } : lost
  }
  const waiting = unappliedGtids(replica)
  if (isEmptyGtidSet(waiting)) return { requires: [{ holds: 'nothing-received-unapplied', server: on }], checks: [] }
  return source !== undefined && source.check.failure === null && holdsUnapplied(source, replica) ? heldBySource : lost
}

/** Starts what ran, or tried to, before. */
export function startAgain(on: InstanceKey, link: ReplicationLink): readonly Step[] {
  const receives = intendsReceiver(link)
  if (receives && link.applier === 'running') return [{ do: 'start-replication', on }]
  if (receives) return [{ do: 'start-receiver', on }]
  return link.applier === 'running' ? [{ do: 'start-applier', on }] : []
}

/** A receiver that runs, tries to, or was ended by an error is meant to run. */
export const intendsReceiver = (link: ReplicationLink): boolean => link.receiver !== 'stopped' || link.receiverError.number !== 0
