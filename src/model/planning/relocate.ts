import { canonicalJson, fingerprint } from '../../kit/fingerprint.ts'
import type { Reason } from '../../kit/reason.ts'
import { unreachable } from '../../kit/unreachable.ts'
import { type Instance, isReplicating } from '../topology/instance.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import type { Plan, PlannedStep, Refusal } from './plan.ts'
import { judgeOf, type Possible, type RelocatePolicy } from './relocate-judgement.ts'
import { relocateRemark } from './relocate-remarks.ts'
import type { Condition, Step } from './step.ts'

export interface RelocateRequest {
  readonly replica: InstanceKey
  readonly target: InstanceKey
}

/** Moving back is planRelocate to `formerSource`, judged like any other plan. */
export interface RelocatePlan extends Plan {
  readonly kind: 'relocate'
  readonly replica: InstanceKey
  readonly target: InstanceKey
  readonly formerSource: InstanceKey
}

/**
 * Makes a replica follow another server by GTID: below a sibling, up, or across. Nothing it has received is lost on the way
 * (beyond.md section 3), its threads end as they were, and the new source is only read. `now` is ms since 1970.
 */
export function planRelocate(topology: Topology, request: RelocateRequest, policy: RelocatePolicy, now: number): RelocatePlan | Refusal {
  const judged = judgeOf(topology, request.replica, policy, now).judge(request.target)
  return 'refused' in judged ? judged : planOf(judged, topology, policy)
}

function planOf(possible: Possible, topology: Topology, policy: RelocatePolicy): RelocatePlan {
  const { replica, link, target } = possible
  const relocation = relocationOf(possible, topology, policy)
  const names = { replica: replica.key, target: target.key }
  return {
    kind: 'relocate', ...names, formerSource: link.source, says: relocateRemark('make-replica-of', names), ...relocation, concerns: [replica.key, target.key],
    fingerprint: fingerprint(canonicalJson({
      kind: 'relocate', steps: relocation.steps.map(({ wave, step, requires, undo }) => ({ wave, step, requires, undo })), replica: assumed(replica), target: assumed(target),
    })),
  }
}

/** What a plan is made of, for plans of several relocations. */
export type Relocation = Pick<Plan, 'steps' | 'warnings' | 'checks' | 'method'>

export function relocationOf(possible: Possible, topology: Topology, policy: RelocatePolicy): Relocation {
  const { replica, link, target, way } = possible
  const steps = numbered(possible, relocateSteps(possible, topology.get(link.source), policy))
  const names = { replica: replica.key, target: target.key }
  const switched = way !== 'drain-mariadb' && link.gtid === 'none' ? [relocateRemark('auto-position-on', names)] : []
  const received = ({
    keep: 'received-kept', refetch: 'received-held', drain: 'received-drained', 'drain-mariadb': link.applier === 'running' ? 'received-drained' : 'received-applied',
  } as const)[way]
  return {
    steps, warnings: [...possible.warnings, ...switched, ...staysStopped(possible)],
    checks: [relocateRemark('source-logs', names), ...(way === 'drain-mariadb' ? [] : [relocateRemark('source-has-all', names)]), relocateRemark(received, names)],
    method: way === 'drain-mariadb' ? 'mariadb-gtid' : 'gtid',
  }
}

function staysStopped(possible: Possible): readonly Reason[] {
  const names = { replica: possible.replica.key, target: possible.target.key }
  const [receives, applies] = [intendsReceiver(possible), possible.link.applier === 'running']
  if (receives && applies) return []
  return [relocateRemark(receives ? 'applier-stays-stopped' : applies ? 'receiver-stays-stopped' : 'stays-stopped', names)]
}

/** What the plan takes for granted of a server. No GTID numbers and times, which move while nothing changes. */
const assumed = (instance: Instance): unknown => ({
  key: instance.key, serverUuid: instance.serverUuid, serverId: instance.serverId, version: instance.version.text, gtidMode: instance.gtidMode,
  source: instance.replication?.source, receiver: instance.replication?.receiver === 'stopped', applier: instance.replication?.applier, gtid: instance.replication?.gtid,
})

interface Draft {
  readonly step: Step
  readonly requires: readonly Condition[]
  readonly undo: readonly Step[]
  /** Worded when a plan is made, not when its steps are only counted. */
  readonly ifStoppedHere: StoppedHere
}

type StoppedHere = 'receiver-stands' | 'nothing-received' | 'replication-stands' | 'turned-not-started' | 'moved'

/** How many steps the plan would have, without making it. */
export const countRelocateSteps = (possible: Possible, topology: Topology, policy: RelocatePolicy): number =>
  relocateSteps(possible, topology.get(possible.link.source), policy).length

function numbered(possible: Possible, drafts: readonly Draft[]): readonly PlannedStep[] {
  const { replica, link, target } = possible
  const first: readonly Condition[] = [
    { holds: 'is-reachable', server: target.key }, { holds: 'replicates-from', server: replica.key, source: link.source },
    ...(possible.way === 'drain-mariadb' ? [] : [{ holds: 'can-auto-position', server: replica.key, source: target.key } as const]),
  ]
  return drafts.map((draft, index) => ({
    number: index + 1, wave: index + 1, step: draft.step, requires: index === 0 ? [...first, ...draft.requires] : draft.requires,
    ifStoppedHere: relocateRemark(draft.ifStoppedHere, { replica: replica.key, target: target.key, source: link.source }), onFailure: 'stop', undo: draft.undo,
  }))
}

/** The receiver runs, tries to, or was ended by an error: it is meant to run, and is started below the new source. */
function intendsReceiver({ link }: Possible): boolean {
  return link.receiver !== 'stopped' || link.receiverError.number !== 0
}

function relocateSteps(possible: Possible, source: Instance | undefined, policy: RelocatePolicy): readonly Draft[] {
  const { replica, link, target, way } = possible
  const on = replica.key
  const [applierRuns, receives] = [link.applier === 'running', intendsReceiver(possible)]
  const startsReceiver: readonly Step[] = link.receiver === 'stopped' ? [] : [{ do: 'start-receiver', on }]

  const stopReceiver: readonly Draft[] = link.receiver === 'stopped' ? [] : [{
    step: { do: 'stop-receiver', on }, requires: applierRuns ? [{ holds: 'applier-running', server: on }] : [], undo: startsReceiver,
    ifStoppedHere: applierRuns ? 'receiver-stands' : 'nothing-received',
  }]
  const startReceiver: readonly Draft[] = receives
    ? [{ step: { do: 'start-receiver', on }, requires: [{ holds: 'replicates-from', server: on, source: target.key }], undo: [], ifStoppedHere: 'moved' }]
    : []
  const startAgain: readonly Draft[] = [{
    step: { do: receives ? 'start-replication' : 'start-applier', on }, requires: [{ holds: 'replicates-from', server: on, source: target.key }], undo: [],
    ifStoppedHere: 'moved',
  }]
  const receiverStopped: Condition = { holds: 'receiver-stopped', server: on }
  const change = (step: Extract<Step, { do: 'change-source' }>, requires: readonly Condition[], back: readonly Step[]): Draft =>
    ({ step, requires: [receiverStopped, ...requires], undo: back, ifStoppedHere: receives || (way !== 'keep' && applierRuns) ? 'turned-not-started' : 'moved' })
  const back = (changeWay: Extract<Step, { do: 'change-source' }>['way']): readonly Step[] => [
    { do: changeWay === 'receiver-only' ? 'stop-receiver' : 'stop-replication', on }, { do: 'change-source', on, to: link.source, way: changeWay },
  ]
  const readReceived: Draft = {
    step: { do: 'read-executed', on, as: 'received' }, requires: [receiverStopped], undo: [], ifStoppedHere: applierRuns ? 'receiver-stands' : 'nothing-received',
  }
  /** The new source comes to have all that the replica has; only a source that itself replicates can be behind. */
  const targetCatchesUp: Draft = {
    step: { do: 'wait-executed', on: target.key, what: { boundTo: 'received' }, timeoutMilliseconds: policy.drainMilliseconds }, requires: [], undo: [],
    ifStoppedHere: applierRuns ? 'receiver-stands' : 'nothing-received',
  }
  const canBeBehind = target.replication !== null && target.key !== link.source
  /** All that was received is applied, then both threads stop. */
  const drain = (alsoWaitFor: readonly Draft[]): readonly Draft[] => [
    ...stopReceiver,
    readReceived,
    {
      step: { do: 'wait-executed', on, what: { boundTo: 'received' }, timeoutMilliseconds: policy.drainMilliseconds },
      requires: [{ holds: 'applier-running', server: on }], undo: [], ifStoppedHere: 'receiver-stands',
    },
    ...alsoWaitFor,
    {
      step: { do: 'stop-replication', on }, requires: [receiverStopped, { holds: 'nothing-received-unapplied', server: on }], undo: [{ do: 'start-applier', on }],
      ifStoppedHere: 'replication-stands',
    },
  ]

  switch (way) {
    case 'keep':
      return [
        ...stopReceiver,
        change({ do: 'change-source', on, to: target.key, way: 'receiver-only' }, [{ holds: 'applier-running', server: on }], back('receiver-only')),
        ...startReceiver,
      ]
    case 'refetch': {
      const mayGoBack = link.gtid === 'mysql' || source?.gtidMode === 'ON'
      // What came in since both were last read is waited for. Errant transactions never come, so the condition alone judges a replica that has any.
      const waits = canBeBehind && isReplicating(target) && link.receiver === 'running' && replica.errantGtidSet === ''
      return [
        ...stopReceiver, ...(waits ? [readReceived, targetCatchesUp] : []),
        change({ do: 'change-source', on, to: target.key, way: 'auto-position' }, [{ holds: 'source-holds-received', server: on, source: target.key }],
          mayGoBack ? back('auto-position') : []),
        ...startReceiver,
      ]
    }
    case 'drain':
      return [
        ...drain([]),
        change({ do: 'change-source', on, to: target.key, way: 'auto-position' },
          [{ holds: 'nothing-received-unapplied', server: on }, { holds: 'can-auto-position', server: on, source: target.key }],
          source?.gtidMode === 'ON' ? back('auto-position') : []),
        ...startAgain,
      ]
    case 'drain-mariadb': {
      const changeWay = link.gtid === 'mariadb-current-pos' ? 'current-pos' : 'slave-pos'
      const turn = change({ do: 'change-source', on, to: target.key, way: changeWay }, [{ holds: 'nothing-received-unapplied', server: on }], back(changeWay))
      if (!applierRuns) return [...stopReceiver, turn, ...startReceiver]
      // The new source must already have what the replica has applied, or it answers that it does not know the position.
      return [...drain(canBeBehind ? [targetCatchesUp] : []), turn, ...startAgain]
    }
    default:
      return unreachable(way)
  }
}
