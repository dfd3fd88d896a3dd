import type { Instance } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import { hasAppliedAllItRead } from '../topology/received.ts'
import type { ActRow } from './act-plan.ts'
import { hasUnapplied } from './failover-held.ts'
import { moveRemark } from './move-remarks.ts'
import type { Condition, CoordinatesReference, Step } from './step.ts'

// Steps by file and position, for replicas that do not use GTID. Whoever changes its source applies all that it has received before (beyond.md section 3).

/** The receiver reads on from where it is; nothing that was received is touched. */
export function readOnRows({ key: on, replication }: Instance, target: InstanceKey): readonly ActRow[] {
  const names = { instance: on, target, source: replication?.source ?? '' }
  return [
    {
      step: { do: 'stop-receiver', on }, undo: [{ do: 'start-receiver', on }], ifStoppedHere: moveRemark('applying-received', names),
      requires: [{ holds: 'is-reachable', server: target }, { holds: 'replicates-from', server: on, source: names.source as InstanceKey }],
    },
    { step: { do: 'change-source', on, to: target, way: 'read-position' }, requires: [{ holds: 'receiver-stopped', server: on }, { holds: 'applier-running', server: on }], ifStoppedHere: moveRemark('turned', names) },
    { step: { do: 'start-receiver', on }, requires: [{ holds: 'replicates-from', server: on, source: target }], ifStoppedHere: moveRemark('moved-there', names) },
  ]
}

/** The same for servers that change nothing while the applier runs: all is applied, and then it goes on from what it has executed. */
export function executeOnRows({ key: on, replication }: Instance, target: InstanceKey, timeoutMilliseconds: number): readonly ActRow[] {
  const names = { instance: on, target, source: replication?.source ?? '' }
  const [first, ...others] = drainRows(on, names, timeoutMilliseconds)
  return [
    ...(first === undefined ? [] : [{ ...first, requires: [...(first.requires ?? []), { holds: 'is-reachable', server: target } as const] }]), ...others,
    { step: { do: 'change-source', on, to: target, way: 'executed-position' }, requires: [{ holds: 'executed-all-read', server: on }], ifStoppedHere: moveRemark('turned', names) },
    { step: { do: 'start-replication', on }, requires: [{ holds: 'replicates-from', server: on, source: target }], ifStoppedHere: moveRemark('moved-there', names) },
  ]
}

type Names = Readonly<Record<string, string>> & { readonly instance: InstanceKey; readonly source: string }

/** All that was received is applied, and the replica stands. */
export function drainRows(on: InstanceKey, names: Names, timeoutMilliseconds: number, sourceAnswers = true): readonly ActRow[] {
  return [
    { step: { do: 'stop-receiver', on }, requires: [{ holds: 'applier-running', server: on }], undo: [{ do: 'start-receiver', on }], ifStoppedHere: moveRemark('applying-received', names) },
    { step: { do: 'wait-position', on, upTo: 'read', timeoutMilliseconds, ...(sourceAnswers ? { mayFetch: true } : {}) }, requires: [{ holds: 'applier-running', server: on }], ifStoppedHere: moveRemark('applying-received', names) },
    { step: { do: 'stop-replication', on }, requires: [{ holds: 'executed-all-read', server: on }], undo: [{ do: 'start-applier', on }], ifStoppedHere: moveRemark('stands', names) },
  ]
}

/** Steps of moves below the source of a source, which stands meanwhile: what stops it, what each replica does, what starts it again. */
export interface BelowStanding {
  readonly first: readonly ActRow[]
  readonly rows: readonly ActRow[]
  readonly last: readonly ActRow[]
}

export function upRows({ key: on }: Instance, source: Instance, target: InstanceKey, timeoutMilliseconds: number): BelowStanding {
  const names = { instance: on, source: source.key, target }
  const [own, executed] = [{ boundTo: `own end of ${source.key}` }, { boundTo: `executed by ${source.key}` }]
  const runs = source.replication?.receiver !== 'stopped' || source.replication.applier !== 'stopped'
  const stands = moveRemark('source-stands', names)
  const requires: readonly Condition[] = [{ holds: 'is-reachable', server: target }, { holds: 'replicates-from', server: source.key, source: target }]
  const stop: readonly ActRow[] = runs ? [{ step: { do: 'stop-replication', on: source.key }, requires, undo: [restart(source)], ifStoppedHere: stands }] : []
  return {
    first: [
      ...stop,
      { step: { do: 'read-coordinates', on: source.key, which: 'own', as: own.boundTo }, requires: [...(runs ? [] : requires), standing(source.key)], ifStoppedHere: stands },
      { step: { do: 'read-coordinates', on: source.key, which: 'executed', as: executed.boundTo }, requires: [standing(source.key)], ifStoppedHere: stands },
    ],
    rows: [
      {
        step: { do: 'wait-position', on, upTo: own, timeoutMilliseconds }, ifStoppedHere: stands,
        requires: [{ holds: 'replicates-from', server: on, source: source.key }, { holds: 'applier-running', server: on }],
      },
      ...drainRows(on, names, timeoutMilliseconds),
      // Both stand at the same place; a source that was written to directly would be found out here.
      { step: { do: 'read-coordinates', on, which: 'executed', as: `executed by ${on}`, mustBe: own }, ifStoppedHere: moveRemark('stands', names) },
      turnRow(on, source.key, target, { from: own, to: executed }),
      { step: { do: 'start-replication', on }, requires: [{ holds: 'replicates-from', server: on, source: target }], ifStoppedHere: moveRemark('moved-there', names) },
    ],
    last: runs ? [{ step: restart(source), onFailure: 'note' as const, ifStoppedHere: moveRemark('moved-there', names) }] : [],
  }
}

/** Below a sibling, which stands until both stand at the same place of their source. */
export function belowRows({ key: on }: Instance, source: InstanceKey, sibling: Instance, timeoutMilliseconds: number): readonly ActRow[] {
  const names = { instance: on, source, target: sibling.key }
  const named = (what: string): { readonly boundTo: string } => ({ boundTo: `${what} ${sibling.key} for ${on}` })
  const [behind, place, met, own] = [named('executed by'), { boundTo: `executed by ${on}` }, named('meeting of'), named('own end of')]
  const [stands, both] = [moveRemark('sibling-stands', names), moveRemark('both-stand', names)]
  return [
    {
      step: { do: 'stop-replication', on: sibling.key }, undo: [restart(sibling)], ifStoppedHere: stands,
      requires: [
        { holds: 'replicates-from', server: on, source }, { holds: 'replicates-from', server: sibling.key, source }, { holds: 'applier-running', server: on },
      ],
    },
    { step: { do: 'read-coordinates', on: sibling.key, which: 'executed', as: behind.boundTo }, ifStoppedHere: stands },
    { step: { do: 'wait-position', on, upTo: behind, timeoutMilliseconds }, ifStoppedHere: stands },
    ...drainRows(on, names, timeoutMilliseconds).map(row => ({ ...row, ifStoppedHere: both })),
    { step: { do: 'read-coordinates', on, which: 'executed', as: place.boundTo }, ifStoppedHere: both },
    { step: { do: 'start-until', on: sibling.key, upTo: place, timeoutMilliseconds }, ifStoppedHere: both },
    { step: { do: 'read-coordinates', on: sibling.key, which: 'executed', as: met.boundTo, mustBe: place }, ifStoppedHere: both },
    { step: { do: 'read-coordinates', on: sibling.key, which: 'own', as: own.boundTo }, requires: [standing(sibling.key)], ifStoppedHere: both },
    { step: { do: 'start-replication', on: sibling.key }, ifStoppedHere: moveRemark('stands', names) },
    turnRow(on, source, sibling.key, { from: place, to: own }),
    { step: { do: 'start-replication', on }, requires: [{ holds: 'replicates-from', server: on, source: sibling.key }], ifStoppedHere: moveRemark('moved-there', names) },
  ]
}

/** A replica that stands, and has applied all it has read, turns to a place that is the same as where it stands. */
export function turnRow(on: InstanceKey, source: InstanceKey, target: InstanceKey, { from, to }: { readonly from: CoordinatesReference; readonly to: CoordinatesReference }): ActRow {
  return {
    step: { do: 'change-source', on, to: target, way: 'coordinates', at: to }, requires: [{ holds: 'executed-all-read', server: on }, { holds: 'replicates-from', server: on, source }],
    undo: backTo(on, source, from, to), ifStoppedHere: moveRemark('turned', { instance: on, target }),
  }
}

/** What a server has logged and executed says where it stands only while it stands. */
export const standing = (server: InstanceKey): Condition => ({ holds: 'applier-stopped', server })

/** Back below the former source, but only while it has executed nothing below the new one: else it would execute that a second time. */
export const backTo = (on: InstanceKey, to: InstanceKey, at: CoordinatesReference, still: CoordinatesReference): readonly Step[] => [
  { do: 'stop-replication', on }, { do: 'read-coordinates', on, which: 'executed', as: `undone by ${on}`, mustBe: still }, { do: 'change-source', on, to, way: 'coordinates', at },
]

/** Nothing waits in its relay log, neither by place nor, where it is told, by number. */
export const hasAppliedEverything = (server: Instance): boolean => hasAppliedAllItRead(server) && !hasUnapplied(server)

/** Starts what ran. */
export const restart = ({ key: on, replication }: Instance): Step =>
  replication?.applier === 'stopped' ? { do: 'start-receiver', on } : replication?.receiver === 'stopped' ? { do: 'start-applier', on } : { do: 'start-replication', on }
