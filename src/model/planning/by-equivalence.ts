import { type BinlogCoordinates, coordinatesText } from '../topology/binlog-coordinates.ts'
import { isDetachedFromSource } from '../topology/describe.ts'
import { isUnderMaintenance } from '../topology/freshness.ts'
import { isReplicating } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { canReplicate } from '../topology/replication-rules.ts'
import type { ActRow } from './act-plan.ts'
import { refuseUnlessReadLately } from './can-move.ts'
import { moveRemark } from './move-remarks.ts'
import type { Planning } from './moves.ts'
import type { Refusal } from './plan.ts'
import { drainRows, hasAppliedEverything, turnRow } from './position-rows.ts'
import { refuse } from './refusals.ts'
import type { WayTaken } from './ways.ts'

/** A place in the log of one server that is known to be the same as one in the log of another: what comes after it is the same on both. */
export interface Place {
  readonly server: InstanceKey
  readonly at: BinlogCoordinates
}

/** The places that are known to be the same as this one. */
export type Equivalents = (place: Place) => readonly Place[]

/**
 * A move of a replica without GTID that stands at a place of which the same is known on the new source: an earlier move of somebody found it out.
 * A running replica must have all that its source has written; when it has gone on by the time it stands, the plan is undone. Source: contract refactoring.md section 8, move-equivalent.
 */
export function wayByEquivalence(instance: InstanceKey, target: InstanceKey, { topology, policy, now, equivalents }: Planning): WayTaken | Refusal {
  const [server, other] = [topology.get(instance), topology.get(target)]
  if (server === undefined || other === undefined) return refuse('unknown-instance', { server: server === undefined ? instance : target })
  const { replication: link } = server
  if (link === null) return refuse('not-a-replica', { replica: instance })
  const names = { replica: instance, target }
  if (server.group?.memberRole === 'SECONDARY') return refuse('group-secondary', names)
  if (topology.isDescendant(target, instance)) return refuse('below-own-replica', names)
  if (isDetachedFromSource(server)) return refuse('detached', { replica: instance })
  if (server.channels.length > 1) return refuse('several-channels', { replica: instance, channels: server.channels.length })
  if (link.gtid !== 'none') return refuse('equivalence-uses-gtid', names)
  const here = link.executedCoordinates
  const there = here === null ? undefined : equivalents?.({ server: link.source, at: here }).find(place => place.server === target)
  if (here === null || there === undefined) {
    return refuse('equivalence-unknown', { ...names, source: link.source, position: here === null ? 'no position' : coordinatesText(here) })
  }
  const notRead = refuseUnlessReadLately(server, policy.freshness, now) ?? refuseUnlessReadLately(other, policy.freshness, now)
  if (notRead !== null) return notRead
  const may = canReplicate(server, other, policy.replication)
  if (!may.allowed) return refuse('cannot-replicate', { replica: instance, target, obstacle: may.obstacle.text, rule: may.obstacle.code })
  const { maintenance } = server
  if (maintenance !== null && isUnderMaintenance(server, now)) {
    return refuse('under-maintenance', { server: instance, owner: maintenance.owner, why: maintenance.reason, wanted: `move below ${target}` })
  }
  const stands = link.receiver === 'stopped' && link.applier === 'stopped'
  if (stands ? !hasAppliedEverything(server) : !isReplicating(server)) return refuse('received-not-applied', names)
  // A source that has written more sends it: the replica would have gone on before it stands.
  const end = topology.get(link.source)?.binlogCoordinates ?? null
  if (!stands && (end === null || coordinatesText(end) !== coordinatesText(here))) {
    return refuse('equivalence-goes-on', { ...names, source: link.source, position: coordinatesText(here), end: end === null ? 'an unknown position' : coordinatesText(end) })
  }
  const [from, to] = [{ place: coordinatesText(here) }, { place: coordinatesText(there.at) }]
  const stopped = { instance, source: link.source, target }
  const rows: readonly ActRow[] = [
    ...(stands ? [] : drainRows(instance, stopped, policy.drainMilliseconds)),
    {
      step: { do: 'read-coordinates', on: instance, which: 'executed', as: `executed by ${instance}`, mustBe: from },
      requires: stands ? [{ holds: 'is-reachable', server: target }, { holds: 'applier-stopped', server: instance }] : [], ifStoppedHere: moveRemark('stands', stopped),
    },
    turnRow(instance, link.source, target, { from, to }),
    ...(stands ? [] : [{
      step: { do: 'start-replication', on: instance } as const, requires: [{ holds: 'replicates-from', server: instance, source: target } as const], ifStoppedHere: moveRemark('moved-there', stopped),
    }]),
  ]
  return {
    method: 'equivalence', runs: 'alone', rows, because: moveRemark('method-equivalence', { replica: instance, source: link.source, here: from.place, target, there: to.place }),
    checks: [], warnings: may.warning === null ? [] : [moveRemark('lower-version-allowed', { replica: instance, why: may.warning.text.trimEnd() })],
  }
}
