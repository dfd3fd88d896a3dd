import { coordinatesText, parseCoordinates } from '../topology/binlog-coordinates.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { executedName, type LeaderPlace, ownEndName } from './failover-position.ts'
import { positionFailoverReason as positionReason } from './failover-position-reasons.ts'
import type { Plan } from './plan.ts'

/** Writes the place into a plan that makes somebody a primary, for whoever finishes the work when this process ends in between; `rejoinsByIt`: the old primary, too, goes on from there. */
export function withPlace(plan: Plan, source: InstanceKey, successor: InstanceKey, place: LeaderPlace | null, rejoinsByIt = false): Plan {
  if (place === null) return plan
  const says = positionReason('leader-place', { successor, source, place: coordinatesText(place.executed), own: coordinatesText(place.ownEnd), rejoinsByIt })
  return { ...plan, checks: [...plan.checks, says] }
}

/** The place that such a plan tells; null when it tells none. */
export function placeIn(plan: Plan): (LeaderPlace & { readonly rejoinsByIt: boolean }) | null {
  const said = plan.checks.find(({ code }) => code === 'leader-place')?.parameters
  const [executed, ownEnd] = [parseCoordinates(String(said?.['place'] ?? '')), parseCoordinates(String(said?.['own'] ?? ''))]
  return executed === null || ownEnd === null ? null : { executed, ownEnd, rejoinsByIt: said?.['rejoinsByIt'] === true }
}

/** The place that the steps of a plan have read. */
export function boundPlace(bindings: ReadonlyMap<string, string>, successor: InstanceKey): LeaderPlace | null {
  const [executed, ownEnd] = [parseCoordinates(bindings.get(executedName(successor)) ?? ''), parseCoordinates(bindings.get(ownEndName(successor)) ?? '')]
  return executed === null || ownEnd === null ? null : { executed, ownEnd }
}
