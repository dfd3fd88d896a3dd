import type { Contract } from '../../../contract/all.ts'
import type { MatchedBelow } from '../../../contract/pseudo-gtid.ts'
import type { NotMoved, ReplicasMoved } from '../../../contract/relocation.ts'
import { goPattern } from '../../../kit/go-pattern.ts'
import type { Reason } from '../../../kit/reason.ts'
import { ok, type Result } from '../../../kit/result.ts'
import { matchedPlace, planMatch, planMatchReplicas, planMatchUp, planMatchUpReplicas, planRematch } from '../../../model/planning/match.ts'
import type { MovesPlan, Planning } from '../../../model/planning/moves.ts'
import type { Plan, Planned, Refusal } from '../../../model/planning/plan.ts'
import { type BinlogCoordinates, coordinatesText } from '../../../model/topology/binlog-coordinates.ts'
import type { InstanceKey } from '../../../model/topology/instance-key.ts'
import type { Topology } from '../../../model/topology/topology.ts'
import type { PlanOutcome } from '../../execution/plan-outcome.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse } from '../refusals.ts'

interface About {
  readonly instance: InstanceKey
  readonly destination?: InstanceKey | undefined
  readonly pattern?: string | undefined
  readonly relayLogsOnly?: boolean | undefined
}

/** How long a question about logs may take. */
const searchMilliseconds = 10 * 60_000

const planningOf = (topology: Topology, parts: OperationParts, { relayLogsOnly }: About): Planning =>
  ({ topology, policy: { ...parts.policy().relocate, ...(relayLogsOnly === true ? { relayLogsOnly } : {}) }, now: parts.clock.now() })

function around({ instance, destination }: About, topology: Topology): readonly InstanceKey[] {
  const source = topology.get(instance)?.replication?.source
  const above = source === undefined ? undefined : topology.get(source)?.replication?.source
  return [...new Set([instance, destination, source, above])].flatMap(key => (key !== undefined && topology.instances.has(key) ? [key] : []))
}

const one = (plan: (input: About, planning: Planning) => Planned) => ({
  reads: around,
  plan: (input: About, topology: Topology, parts: OperationParts) => plan(input, planningOf(topology, parts, input)),
  output: ({ instance }: About, topology: Topology, outcome: PlanOutcome): Outcome<MatchedBelow> => {
    const replica = outcome.fresh.get(instance) ?? topology.get(instance)
    const source = replica?.replication?.source
    if (replica === undefined || source === undefined) return refuse(operationReason('replica-unknown', { instance }))
    return ok({ replica, source, at: outcome.bindings.get(matchedPlace(instance, source)) ?? ':0' })
  },
})

function matching(pattern: string | undefined): ((key: InstanceKey) => boolean) | Refusal {
  if (pattern === undefined || pattern === '') return () => true
  const compiled = goPattern(pattern)
  return compiled.ok ? key => compiled.value.test(key) : { refused: operationReason('pattern-invalid', { pattern, text: compiled.failure }) }
}

const many = (
  plan: (input: About, matches: (key: InstanceKey) => boolean, planning: Planning) => MovesPlan | Refusal, target: (input: About, topology: Topology) => InstanceKey,
) => ({
  reads: (input: About, topology: Topology) => [...new Set([...around(input, topology), ...topology.replicasOf(input.instance).map(({ key }) => key)])],
  plan: (input: About, topology: Topology, parts: OperationParts): Planned => {
    const matches = matching(input.pattern)
    return typeof matches === 'function' ? plan(input, matches, planningOf(topology, parts, input)) : matches
  },
  output: (input: About, topology: Topology, outcome: PlanOutcome, done: Plan): Outcome<ReplicasMoved> => {
    const { moves, left } = done as MovesPlan // the plan that this handler made
    const failed = moves.flatMap(({ replica }): NotMoved[] => {
      const why = outcome.parts.get(replica) ?? null
      return why === null ? [] : [{ replica, why }]
    })
    const moved = moves.filter(({ replica }) => outcome.parts.get(replica) === null).flatMap(({ replica }) => outcome.fresh.get(replica) ?? topology.get(replica) ?? [])
    const notMoved = [...left, ...failed]
    // The original calls it a failure when one of them did not move.
    if (notMoved.length > 0) {
      return refuse(operationReason('only-some-matched', {
        moved: moved.length, count: moved.length + notMoved.length, instance: input.instance, reasons: notMoved.map(({ why }) => why.text.trimEnd()).join('; '),
      }))
    }
    return ok({ of: input.instance, source: target(input, topology), moved, notMoved })
  },
})

const destinationOf = ({ instance, destination }: About): InstanceKey => destination ?? instance

/** A question about logs: its answer, or the reason in the words of whoever looked. */
const answered = <Value, Output>(asked: Result<Value, Reason>, shape: (value: Value) => Output): Outcome<Output> => (asked.ok ? ok(shape(asked.value)) : refuse(asked.failure))

function placeIn(text: string | undefined): BinlogCoordinates | null | Outcome<never> {
  if (text === undefined || text === '') return null
  const [, file, position] = /^([^:]+):(\d{1,19})$/.exec(text) ?? []
  return file === undefined || position === undefined ? refuse(operationReason('place-invalid', { text })) : { file, position: BigInt(position) }
}

const lastPseudoGtid: Handler<Contract['last-pseudo-gtid']> = async ({ instance }, { matcher }) =>
  answered(await matcher.last(instance, searchMilliseconds), ({ at, text }) => ({ at: coordinatesText(at), text }))

const findBinlogEntry: Handler<Contract['find-binlog-entry']> = async ({ instance, pattern }, { matcher }) =>
  answered(await matcher.find(instance, pattern, searchMilliseconds), at => ({ at: coordinatesText(at), text: pattern }))

const correlateBinlogPosition: Handler<Contract['correlate-binlog-pos']> = async ({ instance, destination, position }, { matcher, ...parts }) => {
  const place = placeIn(position)
  if (place !== null && 'ok' in place) return place
  await parts.readAgain([instance])
  const limit = place ?? parts.topology().get(instance)?.binlogCoordinates ?? null
  if (limit === null) return refuse(operationReason('instance-unknown', { instance }))
  return answered(await matcher.match(instance, destination, searchMilliseconds, { limit }), ({ at }) => ({ at: coordinatesText(at), text: coordinatesText(limit) }))
}

const correlateRelayPosition: Handler<Contract['correlate-relaylog-pos']> = async ({ instance, destination, position }, { matcher }) => {
  const place = placeIn(position)
  if (place !== null && 'ok' in place) return place
  return answered(await matcher.correlateRelay(instance, destination, place, searchMilliseconds), ({ own, found, next }) =>
    ({ own: coordinatesText(own), found: coordinatesText(found), next: next === null ? `${found.file}:0` : coordinatesText(next) }))
}

const lastExecutedRelayEntry: Handler<Contract['last-executed-relay-entry']> = async ({ instance }, { matcher }) =>
  answered(await matcher.lastExecutedRelay(instance, searchMilliseconds), ({ file, position, endPosition, type, text }) =>
    ({ at: coordinatesText({ file, position }), nextPosition: String(endPosition), type, text }))

export const pseudoGtidHandlers = {
  'match': one((input, planning) => planMatch(input.instance, destinationOf(input), planning)),
  'match-up': one(({ instance }, planning) => planMatchUp(instance, planning)),
  'rematch': one(({ instance }, planning) => planRematch(instance, planning)),
  'match-replicas': many((input, matches, planning) => planMatchReplicas({ instance: input.instance, target: destinationOf(input), matches }, planning), destinationOf),
  'match-up-replicas': many(({ instance }, matches, planning) => planMatchUpReplicas({ instance, matches }, planning), ({ instance }, topology) => topology.get(instance)?.replication?.source ?? instance),
  'last-pseudo-gtid': lastPseudoGtid, 'find-binlog-entry': findBinlogEntry, 'correlate-binlog-pos': correlateBinlogPosition, 'correlate-relaylog-pos': correlateRelayPosition,
  'last-executed-relay-entry': lastExecutedRelayEntry,
}
