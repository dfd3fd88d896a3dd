import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { isUnderMaintenance } from '../topology/freshness.ts'
import { canReplicate } from '../topology/replication-rules.ts'
import { refuseUnlessCanMove } from './can-move.ts'
import { planOf, type Row } from './failover-plan.ts'
import { moveRemark } from './move-remarks.ts'
import type { Planning } from './moves.ts'
import type { Plan, Refusal } from './plan.ts'
import { refuse } from './refusals.ts'
import type { Condition, CoordinatesReference, Step as PlanStep } from './step.ts'

/**
 * Moves by file and position, for a replica that does not use GTID: below the source of its source, below a sibling, or to its source anew. Its source
 * and it, or its sibling and it, are made to stand at the same place of the same log, and the place where that is in the other's own log is named.
 * It applies all that it has received before its source changes, so that nothing is thrown away (beyond.md section 3).
 * Null: that is not where it is to go. Source: contract refactoring.md section 8.
 */
export function planByPosition(instance: InstanceKey, target: InstanceKey, planning: Planning): Plan | Refusal | null {
  const { topology, policy: { freshness, replication }, now } = planning
  const [server, other] = [topology.get(instance), topology.get(target)]
  if (server?.replication?.gtid !== 'none' || other === undefined || server.isBinlogServer || other.isBinlogServer) return null
  const source = topology.sourceOf(server)
  const [isUp, isSibling, isSame] = [source?.replication?.source === target, other.replication?.source === source?.key, source?.key === target]
  if (source === undefined || (!isUp && !isSibling && !isSame)) return null
  // A source that uses GTID itself is not told what to execute by positions of its own log alone; it stands still and is read, which is all that is needed.
  if (isSibling && other.replication?.gtid !== 'none') return null
  if (isSame && server.version.flavour === 'MariaDB') return null
  const cannot = refuseUnlessCanMove(server, freshness, replication.reasonableMaintenanceLagSeconds, now)
    ?? (isSibling ? refuseUnlessCanMove(other, freshness, replication.reasonableMaintenanceLagSeconds, now) : null)
  if (cannot !== null) return cannot
  const may = canReplicate(server, other, replication)
  if (!may.allowed) return refuse('cannot-replicate', { replica: instance, target, obstacle: may.obstacle.text, rule: may.obstacle.code })
  const busy = [server, ...(isUp ? [source] : isSibling ? [other] : [])].find(one => isUnderMaintenance(one, now))
  if (busy?.maintenance !== undefined && busy.maintenance !== null) {
    return refuse('under-maintenance', { server: busy.key, owner: busy.maintenance.owner, why: busy.maintenance.reason, wanted: `move below ${target}` })
  }
  const rows = isSame ? againRows(server, target) : isUp ? upRows(server, source, target, planning) : belowRows(server, source, other, planning)
  return planOf(topology, {
    kind: 'relocate', says: moveRemark(isSame ? 'repoint' : isUp ? 'move-up' : 'move-below', { instance, target }), concerns: [instance, target, source.key], method: 'position',
    rows: rows.map((row, index) => ({ wave: index + 1, ...row })),
    checks: [moveRemark('method-position', { replica: instance }), moveRemark(isUp ? 'place-by-source' : isSibling ? 'place-by-sibling' : 'place-kept', { replica: instance, other: isUp ? source.key : target })],
    warnings: may.warning === null ? [] : [moveRemark('left-behind', { replica: instance, why: may.warning.text.trimEnd() })],
  })
}

type Step = Omit<Row, 'wave'>

/** The receiver reads on from where it is; nothing that was received is touched. */
function againRows({ key: on, replication }: Instance, target: InstanceKey): readonly Step[] {
  const names = { instance: on, target, source: replication?.source ?? '' }
  return [
    { step: { do: 'stop-receiver', on }, requires: [{ holds: 'is-reachable', server: target }, { holds: 'replicates-from', server: on, source: target }], undo: [{ do: 'start-receiver', on }], ifStoppedHere: moveRemark('applying-received', names) },
    { step: { do: 'change-source', on, to: target, way: 'read-position' }, requires: [{ holds: 'receiver-stopped', server: on }, { holds: 'applier-running', server: on }], ifStoppedHere: moveRemark('turned', names) },
    { step: { do: 'start-receiver', on }, requires: [{ holds: 'replicates-from', server: on, source: target }], ifStoppedHere: moveRemark('moved-there', names) },
  ]
}

/** All that was received is applied, and the replica stands. */
function drainRows(on: InstanceKey, names: { readonly instance: InstanceKey; readonly source: InstanceKey }, timeoutMilliseconds: number): readonly Step[] {
  return [
    { step: { do: 'stop-receiver', on }, requires: [{ holds: 'applier-running', server: on }], undo: [{ do: 'start-receiver', on }], ifStoppedHere: moveRemark('applying-received', names) },
    { step: { do: 'wait-position', on, upTo: 'read', timeoutMilliseconds }, requires: [{ holds: 'applier-running', server: on }], ifStoppedHere: moveRemark('applying-received', names) },
    { step: { do: 'stop-replication', on }, requires: [{ holds: 'executed-all-read', server: on }], undo: [{ do: 'start-applier', on }], ifStoppedHere: moveRemark('stands', names) },
  ]
}

function upRows({ key: on }: Instance, source: Instance, target: InstanceKey, { policy: { drainMilliseconds } }: Planning): readonly Step[] {
  const names = { instance: on, source: source.key, target }
  const [own, executed, reached] = [`own end of ${source.key}`, `executed by ${source.key}`, `executed by ${on}`]
  const runs = source.replication?.receiver !== 'stopped' || source.replication.applier !== 'stopped'
  const stands = moveRemark('source-stands', names)
  const requires: readonly Condition[] = [
    { holds: 'is-reachable', server: target }, { holds: 'replicates-from', server: on, source: source.key }, { holds: 'replicates-from', server: source.key, source: target },
    { holds: 'applier-running', server: on },
  ]
  const stop: readonly Step[] = runs ? [{ step: { do: 'stop-replication', on: source.key }, requires, undo: [restart(source)], ifStoppedHere: stands }] : []
  return [
    ...stop,
    { step: { do: 'read-coordinates', on: source.key, which: 'own', as: own }, requires: runs ? [standing(source.key)] : [...requires, standing(source.key)], ifStoppedHere: stands },
    { step: { do: 'read-coordinates', on: source.key, which: 'executed', as: executed }, requires: [standing(source.key)], ifStoppedHere: stands },
    { step: { do: 'wait-position', on, upTo: { boundTo: own }, timeoutMilliseconds: drainMilliseconds }, requires: [{ holds: 'applier-running', server: on }], ifStoppedHere: stands },
    ...drainRows(on, names, drainMilliseconds),
    // Both stand at the same place; a source that was written to directly would be found out here.
    { step: { do: 'read-coordinates', on, which: 'executed', as: reached, mustBe: { boundTo: own } }, ifStoppedHere: moveRemark('stands', names) },
    {
      step: { do: 'change-source', on, to: target, way: 'coordinates', at: { boundTo: executed } },
      requires: [{ holds: 'executed-all-read', server: on }, { holds: 'replicates-from', server: on, source: source.key }],
      undo: backTo(on, source.key, { boundTo: own }, { boundTo: executed }), ifStoppedHere: moveRemark('turned', names),
    },
    { step: { do: 'start-replication', on }, requires: [{ holds: 'replicates-from', server: on, source: target }], ifStoppedHere: moveRemark('moved-there', names) },
    ...(runs ? [{ step: restart(source), onFailure: 'note' as const, ifStoppedHere: moveRemark('moved-there', names) }] : []),
  ]
}

function belowRows({ key: on }: Instance, source: Instance, sibling: Instance, { policy: { drainMilliseconds } }: Planning): readonly Step[] {
  const names = { instance: on, source: source.key, target: sibling.key }
  const [behind, place, met, own] = [`executed by ${sibling.key}`, `executed by ${on}`, `meeting of ${sibling.key}`, `own end of ${sibling.key}`]
  const [stands, both] = [moveRemark('sibling-stands', names), moveRemark('both-stand', names)]
  return [
    {
      step: { do: 'stop-replication', on: sibling.key }, undo: [restart(sibling)], ifStoppedHere: stands,
      requires: [
        { holds: 'replicates-from', server: on, source: source.key }, { holds: 'replicates-from', server: sibling.key, source: source.key }, { holds: 'applier-running', server: on },
      ],
    },
    { step: { do: 'read-coordinates', on: sibling.key, which: 'executed', as: behind }, ifStoppedHere: stands },
    { step: { do: 'wait-position', on, upTo: { boundTo: behind }, timeoutMilliseconds: drainMilliseconds }, ifStoppedHere: stands },
    ...drainRows(on, names, drainMilliseconds).map(row => ({ ...row, ifStoppedHere: both })),
    { step: { do: 'read-coordinates', on, which: 'executed', as: place }, ifStoppedHere: both },
    { step: { do: 'start-until', on: sibling.key, upTo: { boundTo: place }, timeoutMilliseconds: drainMilliseconds }, ifStoppedHere: both },
    { step: { do: 'read-coordinates', on: sibling.key, which: 'executed', as: met, mustBe: { boundTo: place } }, ifStoppedHere: both },
    { step: { do: 'read-coordinates', on: sibling.key, which: 'own', as: own }, requires: [standing(sibling.key)], ifStoppedHere: both },
    { step: { do: 'start-replication', on: sibling.key }, ifStoppedHere: moveRemark('stands', names) },
    {
      step: { do: 'change-source', on, to: sibling.key, way: 'coordinates', at: { boundTo: own } },
      requires: [{ holds: 'executed-all-read', server: on }, { holds: 'replicates-from', server: on, source: source.key }],
      undo: backTo(on, source.key, { boundTo: place }, { boundTo: own }), ifStoppedHere: moveRemark('turned', names),
    },
    { step: { do: 'start-replication', on }, requires: [{ holds: 'replicates-from', server: on, source: sibling.key }], ifStoppedHere: moveRemark('moved-there', names) },
  ]
}

/** What a server has logged and executed says where it stands only while it stands. */
const standing = (server: InstanceKey): Condition => ({ holds: 'applier-stopped', server })

/** Back below the former source, but only while it has executed nothing below the new one: else it would execute that a second time. */
const backTo = (on: InstanceKey, to: InstanceKey, at: CoordinatesReference, still: CoordinatesReference): readonly PlanStep[] => [
  { do: 'stop-replication', on }, { do: 'read-coordinates', on, which: 'executed', as: `undone by ${on}`, mustBe: still }, { do: 'change-source', on, to, way: 'coordinates', at },
]

/** Starts what ran. */
const restart = ({ key: on, replication }: Instance): Row['step'] =>
  replication?.applier === 'stopped' ? { do: 'start-receiver', on } : replication?.receiver === 'stopped' ? { do: 'start-applier', on } : { do: 'start-replication', on }
